import FoundationEssentials
import Lifecycle
import Postgres
import Storage
import TestSupport

/// What people and workers ask for often, in a house with many requests and beside that in one with 1,000.
///
/// `REQUESTS` in the environment says how many are many (1,000,000 when left out); each has ten events.
struct Growth: Benchmark {
    let name = "growth"
    let notes = "All triggers and constraints are on in what is measured; all that a page asks for in its transaction."
    private static let few = 1000

    func run() async throws -> [Outcome] {
        let many = ProcessInfo.processInfo.environment["REQUESTS"].flatMap { Int($0) } ?? 1_000_000
        print("Filling two databases, with \(Self.few) and \(many) requests")
        let small = try await house(of: Self.few)
        let large = try await house(of: many)
        var outcomes: [Outcome] = []
        for (name, work) in Self.work {
            print("  \(name)")
            let times = try await alternate(rounds: 15) {
                try await seconds(repetitions: 10) { try await large.pool.transaction { try await work($0, many) } }
            } _: {
                try await seconds(repetitions: 10) { try await small.pool.transaction { try await work($0, Self.few) } }
            }
            outcomes.append(
                .time(
                    "\(name): \(figure(Double(many))) requests, \(figure(Double(many * 10))) events", times,
                    beside: "\(figure(Double(Self.few))) requests", under: 1.5))
        }
        return outcomes
    }

    private typealias Work = @Sendable (PostgresConnection, _ requests: Int) async throws -> Void

    private static let work: [(String, Work)] = [
        (
            "requests list",
            { connection, _ in
                _ = try await RequestSummaries.count(.init(), on: connection)
                _ = try await RequestSummaries.countsByStatus(under: nil, on: connection)
                _ = try await RequestSummaries.list(.init(), seenBy: 1, limit: 49, on: connection)
            }
        ),
        (
            "requests list, half way down",
            { connection, requests in
                let middle = RequestSummaries.Mark.changed(
                    Date(timeIntervalSinceNow: -Double(requests / 2)), 0)
                _ = try await RequestSummaries.list(.init(), .below(middle), seenBy: 1, limit: 49, on: connection)
            }
        ),
        (
            "requests list, by title",
            { connection, _ in
                _ = try await RequestSummaries.list(.init(), .first(.title), seenBy: 1, limit: 49, on: connection)
            }
        ),
        (
            "one request",
            { connection, requests in
                _ = try await RequestDetails.load(.random(in: 1...Int64(requests)), seenBy: 1, on: connection)
            }
        ),
        (
            "queue claim",
            { connection, _ in
                let claim = try await SearchQueue.claim(by: "bench", lease: 60, on: connection)
                if let claim { try await SearchQueue.release(claim, by: "bench", on: connection) }
            }
        ),
        (
            "expiry dashboard",
            { connection, _ in
                _ = try await RequestSummaries.list(
                    .init(), .first(.expiry), seenBy: 1, limit: 100, on: connection)
                _ = try await RequestSummaries.list(.init(part: .expired), seenBy: 1, limit: 100, on: connection)
            }
        ),
        ("what is overdue", { connection, _ in _ = try await Items.overdue(on: connection) }),
    ]

    /// A database with so many requests. A fifth waits for the queue and a fifth for a choice, a third of both overdue: in
    /// either house more than are looked at in one go.
    private func house(of requests: Int) async throws -> TestDatabase {
        let database = try await TestDatabase.make()
        try await database.pool.withConnection { connection in
            // History is made by the shortest way: what is measured is reading it.
            try await connection.execute(Self.guards(from: "A", to: "DISABLE"))
            _ = try await connection.query("SELECT set_config('session_replication_role', 'replica', false)")
            _ = try await connection.query("SELECT set_config('statement_timeout', '0', false)")
            for statement in Self.filling(requests) { try await connection.execute(statement, within: .seconds(3600)) }
            _ = try await connection.query("SELECT set_config('session_replication_role', 'origin', false)")
            try await connection.execute(Self.guards(from: "D", to: "ENABLE ALWAYS"))
        }
        return database
    }

    /// The door's guards hold in sessions that replicate as well (`tgenabled` A), so that filling has to take them away.
    private static func guards(from state: String, to action: String) -> SQL {
        SQL(
            raw: """
                DO $$
                DECLARE door record;
                BEGIN
                    FOR door IN SELECT tgrelid::regclass AS guarded, tgname AS name FROM pg_trigger
                        WHERE tgenabled = '\(state)' AND NOT tgisinternal
                    LOOP
                        EXECUTE format('ALTER TABLE %s \(action) TRIGGER %I', door.guarded, door.name);
                    END LOOP;
                END $$
                """)
    }

    private static func filling(_ requests: Int) -> [SQL] {
        [
            """
            INSERT INTO users (name, password_hash, role)
            SELECT 'person ' || n, 'none', 'member' FROM generate_series(1, 10) AS n
            """,
            """
            INSERT INTO titles (kind, identity, name, year, source)
            SELECT (ARRAY['movie', 'show', 'game'])[1 + n % 3], 'growth:' || n, 'Title ' || n, 2000 + n % 25, 'hand'
            FROM generate_series(1, \(requests)) AS n
            """,
            """
            INSERT INTO requests (title_id, scope, status, created_by, created_at, changed_at, next_search_at)
            SELECT n, 'whole', (ARRAY['PENDING', 'FOUND', 'EXPIRED', 'CANCELLED', 'CANCELLED'])[1 + n % 5], 1 + n % 10,
                now() - n * interval '1 s', now() - n * interval '1 s',
                CASE WHEN n % 5 < 2 THEN now() + (n - \(requests) / 2) * interval '1 s' END
            FROM generate_series(1, \(requests)) AS n
            """,
            """
            INSERT INTO request_people (request_id, user_id)
            SELECT n, 1 + n % 10 FROM generate_series(1, \(requests)) AS n
            """,
            """
            INSERT INTO items (request_id, season, number, status, created_at, last_searched_at)
            SELECT requests.id, CASE WHEN kind = 'show' THEN 1 END, CASE WHEN kind = 'show' THEN 1 END, status,
                requests.created_at, now() - requests.id % 28 * interval '1 day'
                    - CASE WHEN requests.id % 3 = 0 THEN interval '29 days' ELSE interval '0' END
            FROM requests JOIN titles ON titles.id = title_id
            """,
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status, at)
            SELECT 1 + n % \(requests), 1 + n % \(requests), 'searchedNothing', 'PENDING', 'PENDING',
                now() - n * interval '0.1 s'
            FROM generate_series(1, 10 * \(requests)) AS n
            """,
            "VACUUM ANALYZE",
        ]
    }
}
