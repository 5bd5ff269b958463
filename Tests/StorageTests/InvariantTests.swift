import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@Suite("Invariants find what cannot be", .timeLimit(.minutes(10)))
struct InvariantTests {
    private static let hash = String(repeating: "5b", count: 20)
    private static let guarded: [SQL] = ["items", "requests", "events", "outbox", "transitions"]

    /// A request with one item on its way.
    private func household() async throws -> (fixture: Fixture, request: Int64, item: Int64, download: Int64) {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let download = try await fixture.startDownload(request, item, infohash: Self.hash)
        try await fixture.pool.withConnection { connection in
            try await Outbox.add([.fetch(download: download)], on: connection)
            // As when a process works.
            _ = try await Duties.take("watcher", by: "a test", for: 600, on: connection)
        }
        #expect(try await broken(fixture).isEmpty)
        return (fixture, request, item, download)
    }

    private func broken(_ fixture: Fixture) async throws -> Set<String> {
        try await fixture.pool.withConnection { connection in
            var names: Set<String> = []
            for invariant in Invariant.all where try await !invariant.check(on: connection).isEmpty {
                names.insert(invariant.name)
            }
            return names
        }
    }

    /// Does what only the tables' owner can: with the guards switched off.
    private func force(_ sql: SQL, on fixture: Fixture) async throws {
        try await fixture.pool.transaction { connection in
            for table in Self.guarded { try await connection.execute("ALTER TABLE \(table) DISABLE TRIGGER USER") }
            try await connection.execute(sql)
            // What the migration says at its end.
            try await connection.execute(
                """
                DO $$ DECLARE guard record; BEGIN
                    FOR guard IN SELECT tgrelid::regclass AS guarded, tgname AS name FROM pg_trigger
                        WHERE NOT tgisinternal AND tgenabled = 'D'
                    LOOP EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', guard.guarded, guard.name); END LOOP;
                END $$
                """)
        }
    }

    @Test(arguments: [
        ("fold", "UPDATE requests SET status = 'FOUND'", "UPDATE requests SET status = 'DOWNLOADING'"),
        (
            "queue",
            "UPDATE requests SET search_lease = now() - interval '1 h', next_search_at = now() - interval '1 h'",
            "UPDATE requests SET search_lease = NULL"
        ),
        ("queue", "UPDATE outbox SET due_at = now() - interval '1 h'", "UPDATE outbox SET done_at = now()"),
        // While none runs, nothing is forgotten: it waits.
        (
            "queue", "UPDATE outbox SET due_at = now() - interval '1 h'",
            "UPDATE duties SET until = now() - interval '1 s'"
        ),
        ("queue", "UPDATE untold SET at = now() - interval '1 h'", "DELETE FROM untold"),
        ("orders", "UPDATE outbox SET effect = 'abandon'", "UPDATE outbox SET effect = 'fetch'"),
        (
            "people", "DELETE FROM request_people",
            "INSERT INTO request_people (request_id, user_id) SELECT id, created_by FROM requests"
        ),
        (
            "moves", "INSERT INTO transitions VALUES ('expired', 'COMPLETED', 'PENDING')",
            "DELETE FROM transitions WHERE event = 'expired' AND from_status = 'COMPLETED'"
        ),
        (
            "moves", "DELETE FROM transitions WHERE event = 'expired' AND from_status = 'FOUND'",
            "INSERT INTO transitions VALUES ('expired', 'FOUND', 'EXPIRED')"
        ),
        (
            "guards", "ALTER TABLE items DISABLE TRIGGER items_guard",
            "ALTER TABLE items ENABLE ALWAYS TRIGGER items_guard"
        ),
        (
            "guards", "ALTER TABLE outbox ENABLE TRIGGER outbox_guard",
            "ALTER TABLE outbox ENABLE ALWAYS TRIGGER outbox_guard"
        ),
    ])
    func oneAtATime(name: String, breaking: String, mending: String) async throws {
        let (fixture, _, _, _) = try await household()
        // What concerns the guards themselves is done without them being switched on again behind it.
        let isAboutGuards = name == "guards"
        for (sql, found) in [(breaking, Set([name])), (mending, Set())] {
            if isAboutGuards {
                try await fixture.pool.execute("\(raw: sql)")
            } else {
                try await force("\(raw: sql)", on: fixture)
            }
            #expect(try await broken(fixture) == found, "\(sql)")
        }
    }

    @Test func aStatusWithoutItsEvent() async throws {
        let (fixture, _, _, _) = try await household()
        try await force("UPDATE items SET status = 'COMPLETED'", on: fixture)
        #expect(try await broken(fixture) == ["fold", "history", "orders"])
        try await force("UPDATE items SET status = 'DOWNLOADING', last_event_id = NULL", on: fixture)
        #expect(try await broken(fixture) == ["history"])
    }

    @Test func anEventThatIsGone() async throws {
        let (fixture, _, _, _) = try await household()
        try await force("DELETE FROM events WHERE event = 'searchedFound'", on: fixture)
        #expect(try await broken(fixture) == ["history"])
    }

    @Test func aMoveThatTheMachineRefuses() async throws {
        let (fixture, request, item, _) = try await household()
        try await force("ALTER TABLE events DROP CONSTRAINT events_event_from_status_to_status_fkey", on: fixture)
        try await force(
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            VALUES (\(request), \(item), 'expired', 'DOWNLOADING', 'EXPIRED')
            """, on: fixture)
        #expect(try await broken(fixture) == ["history", "moves"])
    }

    @Test func anItemOnAForeignDownload() async throws {
        let (fixture, _, _, _) = try await household()
        let other = try await fixture.request()
        try await fixture.startDownload(other, try await fixture.item(other))
        try await force("ALTER TABLE items DROP CONSTRAINT items_request_id_download_id_fkey", on: fixture)
        try await force(
            "UPDATE items SET download_id = (SELECT min(id) FROM downloads) WHERE request_id = \(other)", on: fixture)
        #expect(try await broken(fixture) == ["downloads", "orders"])
    }

    @Test func aGuardThatIsGone() async throws {
        let (fixture, _, _, _) = try await household()
        try await fixture.pool.execute("DROP TRIGGER transitions_stay ON transitions")
        #expect(try await broken(fixture) == ["guards"])
    }

    @Test func anEventOfAForeignItem() async throws {
        let (fixture, _, _, _) = try await household()
        let other = try await fixture.request()
        try await force("UPDATE events SET request_id = \(other) WHERE event = 'searchedFound'", on: fixture)
        #expect(try await broken(fixture) == ["downloads"])
    }

    @Test func aDownloadThatNobodyOrderedAway() async throws {
        let (fixture, request, item, download) = try await household()
        try await fixture.record(
            [Step(item: item, event: .cancelled, from: .downloading, to: .cancelled)], of: request)
        #expect(try await broken(fixture) == ["orders"])
        try await fixture.pool.withConnection { try await Outbox.add([.abandon(download: download)], on: $0) }
        #expect(try await broken(fixture).isEmpty)
    }

    @Test func locksThatNobodyUses() async throws {
        let (fixture, request, _, _) = try await household()
        let idle: SQL = """
            SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database()
            AND state LIKE 'idle in transaction%' AND backend_xid IS NOT NULL
            """
        try await fixture.pool.transaction { connection in
            _ = try await connection.query("SELECT id FROM requests WHERE id = \(request) FOR UPDATE")
            // Young as it is, it is no contradiction.
            #expect(try await fixture.pool.query(idle)[0].get("n") == 1)
            #expect(try await broken(fixture).isEmpty)
        }
        #expect(try await fixture.pool.query(idle)[0].get("n") == 0)
    }

    @Test func anItemThatIsCompletedTwice() async throws {
        let (fixture, request, item, _) = try await household()
        try await force(
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            SELECT \(request), \(item), 'downloadCompleted', 'DOWNLOADING', 'COMPLETED' FROM generate_series(1, 2)
            """, on: fixture)
        #expect(try await broken(fixture).contains("completions"))
    }
}
