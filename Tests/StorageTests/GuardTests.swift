import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@Suite("The database refuses what does not go through its door", .timeLimit(.minutes(1)))
struct GuardTests {
    @Test func itsTableOfTransitionsIsTheMachines() async throws {
        let fixture = try await Fixture.make()
        let rows = try await fixture.pool.query("SELECT event, from_status, to_status FROM transitions")
        let table = try rows.map { row -> Transitions.Move in
            Transitions.Move(
                event: try #require(Event(rawValue: try row.get("event"))), from: try row.get("from_status"),
                to: try row.get("to_status"))
        }
        #expect(Set(table) == Set(Transitions.all))
        #expect(table.count == Transitions.all.count)
    }

    @Test func whoeverMovesAnItemDirectlyIsRefused() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let other = try await fixture.request()
        let download = try await fixture.startDownload(request, item)
        for (sql, state) in [
            ("UPDATE items SET status = 'COMPLETED' WHERE id = \(item)", "US002"),
            ("UPDATE items SET status = status", "US002"),
            ("UPDATE items SET download_id = NULL WHERE id = \(item)", "US002"),
            ("UPDATE items SET last_event_id = NULL WHERE id = \(item)", "US002"),
            ("UPDATE items SET request_id = \(other) WHERE id = \(item)", "US002"),
            ("UPDATE requests SET status = 'COMPLETED' WHERE id = \(request)", "US002"),
            ("INSERT INTO items (request_id, status) VALUES (\(other), 'FOUND')", "US002"),
            (
                "INSERT INTO items (request_id, status, download_id) VALUES (\(other), 'COMPLETED', \(download))",
                "US002"
            ),
            ("DELETE FROM items WHERE id = \(item)", "US003"), ("DELETE FROM requests WHERE id = \(other)", "US003"),
            ("UPDATE events SET reason = 'another'", "US003"), ("DELETE FROM events", "US003"),
            ("TRUNCATE events CASCADE", "US003"), ("TRUNCATE items CASCADE", "US003"),
        ] as [(SQL, String)] {
            #expect(try await fixture.refusal(of: sql) == state, "\(sql)")
        }
        #expect(try await fixture.status(item) == .downloading)
        #expect(try await fixture.count("events") == 2)
    }

    @Test func anEventThatDoesNotFitIsRefused() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        func insert(_ event: String, _ from: String, _ to: String, of request: Int64) -> SQL {
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            VALUES (\(request), \(item), \(event), \(from), \(to))
            """
        }
        // Not where the item is; not in the table; no such event; not this request's item.
        #expect(try await fixture.refusal(of: insert("searchedFound", "FOUND", "FOUND", of: request)) == "US001")
        #expect(try await fixture.refusal(of: insert("searchedFound", "PENDING", "COMPLETED", of: request)) == "23503")
        #expect(try await fixture.refusal(of: insert("wished", "PENDING", "PENDING", of: request)) == "23503")
        let other = try await fixture.request()
        #expect(try await fixture.refusal(of: insert("searchedFound", "PENDING", "FOUND", of: other)) == "US001")
        // DOWNLOADING on nothing.
        try await fixture.record([Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request)
        #expect(try await fixture.refusal(of: insert("selected", "FOUND", "DOWNLOADING", of: request)) == "23514")
        // Twice in one statement.
        let twice: SQL = """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            SELECT \(request), \(item), 'searchedNothing', 'FOUND', 'FOUND' FROM generate_series(1, 2)
            """
        #expect(try await fixture.refusal(of: twice) == "US001")
        #expect(try await fixture.status(item) == .found)
        #expect(try await fixture.count("events") == 1)
    }

    @Test func anAccountThatGoesLeavesTheHistory() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        try await fixture.pool.withConnection {
            try await Events.record(
                [Step(item: item, event: .cancelled, from: .pending, to: .cancelled)], of: request, by: fixture.user,
                reason: nil, on: $0)
        }
        try await fixture.pool.execute("DELETE FROM users WHERE id = \(fixture.user)")
        let rows = try await fixture.pool.query("SELECT user_id FROM events")
        #expect(rows.count == 1)
        #expect(try rows[0].get("user_id", as: Int64?.self) == nil)
    }
}
