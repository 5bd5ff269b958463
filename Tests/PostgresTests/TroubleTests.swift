import Logging
import Reactor
import TestSupport
import Testing

@testable import Postgres

/// A server that is there, and in trouble: it drops sessions, stands still, is at its limit, or does not let us in.
@Suite(.timeLimit(.minutes(10))) struct TroubleTests {
    private let log = LogCollector()

    private func makePool(
        _ url: String, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) throws -> PostgresPool {
        var configuration = try PostgresConfiguration(url: url)
        configuration.connectTimeout = .seconds(2)
        configuration.queryDeadline = .seconds(2)
        change(&configuration)
        return PostgresPool(configuration, group: TestDatabase.group, logger: log.logger())
    }

    /// Whether it succeeded. That the database cannot be used is the only other outcome.
    private func attempts(_ body: () async throws -> Void) async throws -> Bool {
        do {
            try await body()
            return true
        } catch let error as PostgresError where error.isUnavailable {
            return false
        }
    }

    private func lost() -> Int { log.lines.count { $0.contains("PostgreSQL cannot be used") } }

    /// Nothing has failed for some seconds, and so it is said that it is over.
    private func expectOneOutage(_ pool: PostgresPool) async throws {
        try await eventually(within: .seconds(60)) {
            _ = try await attempts { try await pool.query("SELECT 1") }
            return log.lines.contains { $0.contains("PostgreSQL is back") }
        }
        #expect(lost() == 1, "\(log.lines)")
    }

    @Test func sessionsThatAreDroppedLoseOrDoubleNothing() async throws {
        let database = try await TestDatabase.makeEmpty()
        // The same key twice is refused: what was done is not done again unnoticed.
        try await database.pool.execute("CREATE TABLE t (key int, half int, PRIMARY KEY (key, half))")
        let pool = try makePool("\(database.url) application_name=dropped")
        let isOver = Locked(false)
        async let wrecking: Void = {
            defer { isOver.withLock { $0 = true } }
            for _ in 0..<40 {
                try await database.pool.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name = 'dropped'
                    """)
                try await Task.sleep(for: .milliseconds(25))
            }
        }()
        let outcomes = try await withThrowingTaskGroup(of: [Int: Bool?].self) { tasks in
            for task in 0..<4 {
                tasks.addTask {
                    var outcomes: [Int: Bool?] = [:]
                    var key = task * 1_000_000
                    while !isOver.withLock({ $0 }) {
                        key += 1
                        let mine = key
                        do {
                            try await pool.transaction { connection in
                                for half in 0..<2 {
                                    try await connection.execute("INSERT INTO t VALUES (\(mine)::int, \(half)::int)")
                                }
                            }
                            outcomes[key] = true
                        } catch let error as PostgresError where error.isUnavailable {
                            outcomes[key] = false
                        } catch let error as PostgresError where error.isOutcomeUnknown {
                            outcomes[key] = .some(nil)
                        }
                    }
                    return outcomes
                }
            }
            return try await tasks.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
        }
        try await wrecking
        let stored = Dictionary(
            uniqueKeysWithValues: try await database.pool.query("SELECT key, count(*) AS n FROM t GROUP BY key").map {
                (try $0.get("key", as: Int.self), try $0.get("n", as: Int.self))
            })
        #expect(stored.values.allSatisfy { $0 == 2 })
        for (key, outcome) in outcomes {
            guard let outcome else { continue }
            #expect((stored[key] != nil) == outcome, "\(key) was \(outcome ? "done" : "not done")")
        }
        #expect(outcomes.values.contains(true))
        #expect(try await attempts { try await pool.query("SELECT 1") })
        await pool.shutdown()
    }

    @Test func frozenServerCostsDeadlinesAndNoConnections() async throws {
        let cluster = try await TestCluster.start()
        let pool = try makePool(cluster.url(database: "postgres")) { $0.maxConnections = 8 }
        let all: @Sendable () async throws -> Int = {
            try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for _ in 0..<32 {
                    tasks.addTask { try await attempts { try await pool.query("SELECT pg_sleep(0.01)") } }
                }
                return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        #expect(try await all() == 32)
        try await cluster.freeze()
        for _ in 0..<3 {
            let start = ContinuousClock.now
            #expect(try await all() == 0)
            // Waiting for a connection, making one, a statement: two seconds each.
            #expect(start.duration(to: .now) < .seconds(45))
        }
        try await cluster.thaw()
        try await eventually(within: .seconds(60)) { try await all() == 32 }
        try await expectOneOutage(pool)
        await pool.shutdown()
    }

    @Test func limitOfConnections() async throws {
        let database = try await TestDatabase.makeEmpty()
        let role = "limited_\(UInt32.random(in: 0 ... .max))"
        try await database.pool.execute("CREATE ROLE \(raw: role) LOGIN CONNECTION LIMIT 1")
        let pool = try makePool(database.url.replacing("user=usher", with: "user=\(role)"))
        let all: @Sendable () async throws -> Int = {
            try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for _ in 0..<16 {
                    tasks.addTask { try await attempts { try await pool.query("SELECT pg_sleep(0.05)") } }
                }
                return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
        }
        for _ in 0..<3 { #expect((1..<16).contains(try await all())) }
        try await database.pool.execute("ALTER ROLE \(raw: role) CONNECTION LIMIT -1")
        try await eventually(within: .seconds(60)) { try await all() == 16 }
        try await expectOneOutage(pool)
        #expect(log.lines.contains { $0.contains("too many connections for role") }, "\(log.lines)")
        await pool.shutdown()
        try await database.pool.execute("DROP ROLE \(raw: role)")
    }

    @Test func passwordThatIsNotRightAnyMore() async throws {
        let cluster = try await TestCluster.start()
        let house = try makePool(cluster.url(database: "postgres"))
        try await house.execute("CREATE ROLE guest LOGIN PASSWORD 'first'")
        // Whoever is not the owner needs a password from now on.
        try await house.execute(
            """
            COPY (VALUES ('local all usher trust'), ('local all all scram-sha-256'))
            TO \(raw: "'\(cluster.directory)/data/pg_hba.conf'")
            """)
        try await house.query("SELECT pg_reload_conf()")
        let pool = try makePool("host=\(cluster.directory) user=guest password=first dbname=postgres")
        try await eventually(within: .seconds(60)) { try await attempts { try await pool.query("SELECT 1") } }
        try await house.execute("ALTER ROLE guest PASSWORD 'second'")
        try await house.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guest'")
        try await eventually(within: .seconds(60)) {
            _ = try await attempts { try await pool.query("SELECT 1") }
            return lost() == 1
        }
        for _ in 0..<5 { #expect(try await !attempts { try await pool.query("SELECT 1") }) }
        try await house.execute("ALTER ROLE guest PASSWORD 'first'")
        #expect(try await attempts { try await pool.query("SELECT 1") })
        try await expectOneOutage(pool)
        #expect(!log.lines.joined().contains("first"), "a password in the log")
        await pool.shutdown()
        await house.shutdown()
    }

    @Test func transactionThatStandsStillLetsGoOfItsLocks() async throws {
        let database = try await TestDatabase.makeEmpty()
        try await database.pool.execute("CREATE TABLE t (a int)")
        try await database.pool.execute("INSERT INTO t VALUES (1)")
        let pool = try makePool(database.url) { $0.idleInTransactionTimeout = .seconds(2) }
        let error = await #expect(throws: PostgresError.self) {
            try await pool.transaction { connection in
                try await connection.execute("UPDATE t SET a = a + 1")
                // As a process that is frozen here. Meanwhile somebody else gets at the row.
                try await database.pool.withConnection {
                    _ = try await $0.execute("UPDATE t SET a = a + 10", within: .seconds(60))
                }
                try await connection.execute("UPDATE t SET a = a + 100")
            }
        }
        #expect(error?.isUnavailable == true)
        #expect(try await database.pool.query("SELECT a FROM t")[0].get("a", as: Int.self) == 11)
        try await pool.transaction { _ = try await $0.execute("UPDATE t SET a = a + 100") }
        await pool.shutdown()
    }

    @Test func readingBearsThatItsCommitIsNotAnswered() async throws {
        let database = try await TestDatabase.makeEmpty()
        let proxy = try await FaultProxy.start(before: try await TestCluster.shared.value.directory)
        let pool = try makePool(proxy.url(database: String(database.url.split(separator: "=").last ?? "")))
        proxy.behave(.loseReply(to: "COMMIT\u{0}"))
        let error = await #expect(throws: PostgresError.self) {
            _ = try await pool.transaction(.readOnly) { try await $0.query("SELECT 1") }
        }
        #expect(error?.isUnavailable == true)
        await pool.shutdown()
    }
}
