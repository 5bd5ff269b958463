import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@Suite("The database refuses what does not go through its door", .timeLimit(.minutes(10)))
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
        try await fixture.pool.withConnection { try await Outbox.add([.fetch(download: download)], on: $0) }
        for (sql, state) in [
            ("UPDATE items SET status = 'COMPLETED' WHERE id = \(item)", "US002"),
            // Its place in the show is what the fold goes by.
            ("UPDATE items SET season = 1, number = 1 WHERE id = \(item)", "US002"),
            ("UPDATE items SET platform = 'linux' WHERE id = \(item)", "US002"),
            ("MERGE INTO items USING users ON true WHEN MATCHED THEN UPDATE SET status = 'FOUND'", "US002"),
            (
                """
                INSERT INTO items (request_id) VALUES (\(request))
                ON CONFLICT (request_id, season, number, platform) DO UPDATE SET status = 'FOUND'
                """, "US002"
            ),
            ("INSERT INTO transitions VALUES ('expired', 'COMPLETED', 'PENDING')", "US003"),
            ("UPDATE transitions SET to_status = 'FOUND'", "US003"), ("DELETE FROM transitions", "US003"),
            ("TRUNCATE transitions CASCADE", "US003"), ("DELETE FROM outbox", "US003"), ("TRUNCATE outbox", "US003"),
            ("TRUNCATE downloads CASCADE", "US003"), ("DELETE FROM downloads", "23503"),
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
            ("INSERT INTO requests (title_id, scope, status) VALUES (1, 'whole', 'FOUND')", "US002"),
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
        // DOWNLOADING on nothing, or on what was chosen for another request.
        try await fixture.record([Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request)
        #expect(try await fixture.refusal(of: insert("selected", "FOUND", "DOWNLOADING", of: request)) == "23514")
        let foreign = try await fixture.download(other)
        for (event, to) in [("selected", "DOWNLOADING"), ("cancelled", "CANCELLED")] {
            let sql: SQL = """
                INSERT INTO events (request_id, item_id, event, from_status, to_status, download_id)
                VALUES (\(request), \(item), \(event), 'FOUND', \(to), \(foreign))
                """
            #expect(try await fixture.refusal(of: sql) == "23503")
        }
        #expect(
            try await fixture.refusal(
                of: """
                    INSERT INTO downloads (request_id, release_id)
                    SELECT \(request), release_id FROM downloads WHERE id = \(foreign)
                    """) == "23503")
        // Twice in one statement.
        let twice: SQL = """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            SELECT \(request), \(item), 'searchedNothing', 'FOUND', 'FOUND' FROM generate_series(1, 2)
            """
        #expect(try await fixture.refusal(of: twice) == "US001")
        #expect(try await fixture.status(item) == .found)
        #expect(try await fixture.count("events") == 1)
    }

    /// From inside another trigger, where a guard that counted the depth of triggers would be fooled.
    @Test func aTriggerOfSomebodyElseIsRefusedAsWell() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let download = try await fixture.download(request)
        try await fixture.record([Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request)
        for sql in [
            "UPDATE items SET status = 'COMPLETED', download_id = \(download)",
            "UPDATE items SET status = 'PENDING', last_event_id = (SELECT max(id) FROM events)",
            "UPDATE requests SET status = 'COMPLETED'",
            "UPDATE events SET user_id = NULL, reason = 'another'",
            "DELETE FROM events",
            "INSERT INTO outbox (effect, download_id) VALUES ('fetch', \(download))",
        ] {
            // PL/pgSQL takes no parameters in its body.
            try await fixture.pool.execute(
                """
                CREATE OR REPLACE FUNCTION mischief() RETURNS trigger LANGUAGE plpgsql AS
                $body$ BEGIN \(raw: sql); RETURN NULL; END $body$
                """)
            try await fixture.pool.execute("DROP TRIGGER IF EXISTS mischief ON settings")
            try await fixture.pool.execute(
                "CREATE TRIGGER mischief AFTER UPDATE ON settings EXECUTE FUNCTION mischief()")
            let state = try await fixture.refusal(of: "UPDATE settings SET retry_failed = retry_failed")
            #expect(state?.hasPrefix("US") == true, "\(sql)")
        }
        #expect(try await fixture.status(item) == .found)
    }

    /// Replication switches ordinary triggers and foreign keys off; a superuser may claim to replicate.
    @Test func aSessionThatReplicatesIsNoException() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let download = try await fixture.startDownload(request, item)
        for sql in [
            "UPDATE items SET status = 'COMPLETED'", "UPDATE requests SET status = 'COMPLETED'",
            "DELETE FROM items", "DELETE FROM events", "TRUNCATE events CASCADE",
            "DELETE FROM transitions",
            "INSERT INTO items (request_id, status) VALUES (\(request), 'FOUND')",
            "INSERT INTO outbox (effect, download_id) VALUES ('place', \(download))",
            // Here no foreign key says that this move does not exist.
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            VALUES (\(request), \(item), 'expired', 'DOWNLOADING', 'EXPIRED')
            """,
        ] as [SQL] {
            let refused = await #expect(throws: PostgresError.self, "\(sql)") {
                try await fixture.pool.transaction { connection in
                    try await connection.execute("SET LOCAL session_replication_role = replica")
                    try await connection.execute(sql)
                }
            }
            #expect(refused?.sqlState?.hasPrefix("US") == true, "\(sql)")
        }
        #expect(try await fixture.status(item) == .downloading)
        #expect(try await fixture.count("events") == 2)
    }

    /// By hand, without the lock that Usher takes: what one has not committed yet, the fold of the other does not miss.
    @Test(arguments: ["event", "item"])
    func twoWhoDoNotLock(second: String) async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request(.show, scope: .selection)
        let early = try await fixture.item(request, EpisodeNumber(season: 1, number: 1))
        let late = try await fixture.item(request, EpisodeNumber(season: 1, number: 3))
        func cancel(_ item: Int64) -> SQL {
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            VALUES (\(request), \(item), 'cancelled', 'PENDING', 'CANCELLED')
            """
        }
        let other: SQL =
            second == "event"
            ? cancel(early) : "INSERT INTO items (request_id, season, number) VALUES (\(request), 1, 2)"
        let task = try await fixture.pool.transaction { connection in
            try await connection.execute(cancel(late))
            let task = Task { try await fixture.pool.execute(other) }
            let waiting: SQL = """
                SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            let deadline = ContinuousClock.now + .seconds(30)
            while try await fixture.pool.query(waiting).isEmpty {
                guard ContinuousClock.now < deadline else { throw TestSupportError("the second does not wait") }
                try await Task.sleep(for: .milliseconds(10))
            }
            return task
        }
        _ = try await task.value
        let stored = try await fixture.pool.withConnection { try await Requests.find(request, on: $0)?.status }
        #expect(stored == .cancelled)
        for invariant in Invariant.all {
            #expect(try await fixture.pool.withConnection { try await invariant.check(on: $0) } == [])
        }
    }

    @Test func anEventCannotBeUsedTwice() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        for (event, from, to) in [
            (Event.cancelled, Status.pending, Status.cancelled), (.requeued, .cancelled, .pending),
        ] {
            try await fixture.record([Step(item: item, event: event, from: from, to: to)], of: request)
        }
        let again: SQL = """
            UPDATE items SET status = 'CANCELLED', last_event_id = (SELECT min(id) FROM events) WHERE id = \(item)
            """
        #expect(try await fixture.refusal(of: again) == "US002")
        #expect(try await fixture.status(item) == .pending)
    }

    @Test func whatComesByCopyIsNoException() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        for (table, line) in [
            ("items (request_id, status)", "\(request)\tFOUND"),
            ("requests (title_id, scope, status)", "\(request)\twhole\tFOUND"),
        ] {
            let source = "/bin/echo -e '\(line.replacing("\t", with: "\\t"))'"
            let state = try await fixture.refusal(
                of: "COPY \(raw: table) FROM PROGRAM '\(raw: source.replacing("'", with: "''"))'")
            #expect(state == "US002", "\(table)")
        }
    }

    @Test func anOrderNeedsItsEvent() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let unchosen = try await fixture.download(request)
        for effect in ["fetch", "abandon", "place"] {
            #expect(
                try await fixture.refusal(
                    of: "INSERT INTO outbox (effect, download_id) VALUES (\(effect), \(unchosen))") == "US004")
        }
        let chosen = try await fixture.startDownload(request, item)
        for (effect, state) in [("abandon", "US004"), ("place", "US004"), ("fetch", nil)] {
            #expect(
                try await fixture.refusal(
                    of: "INSERT INTO outbox (effect, download_id) VALUES (\(effect), \(chosen))") == state)
        }
        #expect(try await fixture.refusal(of: "UPDATE outbox SET effect = 'place'") == "US004")
        try await fixture.record(
            [Step(item: item, event: .downloadCompleted, from: .downloading, to: .completed)], of: request)
        #expect(
            try await fixture.refusal(of: "INSERT INTO outbox (effect, download_id) VALUES ('place', \(chosen))") == nil
        )
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
        #expect(try await fixture.refusal(of: "UPDATE events SET user_id = NULL") == "US003")
        try await fixture.pool.execute("DELETE FROM users WHERE id = \(fixture.user)")
        let rows = try await fixture.pool.query("SELECT user_id FROM events")
        #expect(rows.count == 1)
        #expect(try rows[0].get("user_id", as: Int64?.self) == nil)
    }
}
