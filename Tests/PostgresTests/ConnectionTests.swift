import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite struct ConnectionTests {
    let database: TestDatabase
    var pool: PostgresPool { database.pool }

    init() async throws {
        database = try await TestDatabase.makeEmpty()
    }

    @Test func rowsAndCounts() async throws {
        try await pool.execute("CREATE TABLE t (id int PRIMARY KEY, name text)")
        #expect(try await pool.execute("INSERT INTO t SELECT n, 'n' || n FROM generate_series(1, 100) n") == 100)
        let rows = try await pool.query("SELECT * FROM t ORDER BY id")
        #expect(try rows.map { try $0.get("id", as: Int.self) } == Array(1...100))
        #expect(try rows.last?.get("name", as: String.self) == "n100")
        #expect(try await pool.query("SELECT * FROM t WHERE id = \(-1)").first == nil)
        #expect(try await pool.execute("DELETE FROM t WHERE id > \(50)") == 50)
        let error = #expect(throws: PostgresError.self) { try rows[0].get("nmae", as: String.self) }
        #expect(error?.description.contains("\"nmae\"") == true)
    }

    @Test func refusalsNameWhatTheyAreAbout() async throws {
        try await pool.execute("CREATE TABLE owners (id int PRIMARY KEY)")
        try await pool.execute(
            """
            CREATE TABLE pets (
                name text CONSTRAINT one_of_a_name UNIQUE,
                age int CONSTRAINT not_that_old CHECK (age < 40),
                owner int CONSTRAINT has_owner REFERENCES owners
            )
            """)
        try await pool.execute("INSERT INTO pets (name) VALUES ('Rex')")
        func refusal(_ sql: SQL) async -> PostgresError? {
            await #expect(throws: PostgresError.self) { try await pool.execute(sql) }
        }
        let unique = await refusal("INSERT INTO pets (name) VALUES (\("Rex"))")
        #expect(unique?.isUniqueViolation() == true)
        #expect(unique?.isUniqueViolation(constraint: "one_of_a_name") == true)
        #expect(unique?.isUniqueViolation(constraint: "another") == false)
        #expect(unique?.isUnavailable == false)
        #expect(
            await refusal("INSERT INTO pets (age) VALUES (50)")?.isCheckViolation(constraint: "not_that_old") == true)
        #expect(
            await refusal("INSERT INTO pets (owner) VALUES (1)")?.isForeignKeyViolation(constraint: "has_owner") == true
        )
        #expect(await refusal("SELEC 1")?.sqlState == "42601")
        #expect(await refusal("SELECT 1 / \(0)")?.sqlState == "22012")
        guard case .server(let details) = unique?.kind else { return }
        #expect(details.table == "pets")
        #expect(details.detail?.contains("Rex") == true)
    }

    @Test func connectionSurvivesARefusal() async throws {
        try await pool.withConnection { connection in
            let process = try await connection.process
            await #expect(throws: PostgresError.self) { try await connection.query("SELECT * FROM nowhere") }
            #expect(try await connection.process == process)
        }
    }

    @Test func statementsArePreparedOnce() async throws {
        try await pool.withConnection { connection in
            for number in 0..<10 {
                let rows = try await connection.query("SELECT \(number) AS number")
                #expect(try rows[0].get("number", as: Int.self) == number)
            }
            let prepared = try await connection.query(
                "SELECT count(*) AS count FROM pg_prepared_statements WHERE statement = 'SELECT $1 AS number'")
            #expect(try prepared[0].get("count", as: Int.self) == 1)
        }
    }

    @Test func manyDifferentStatementsDoNotPileUp() async throws {
        try await pool.withConnection { connection in
            for number in 0..<600 { try await connection.query("SELECT \(raw: String(number))") }
            let prepared = try await connection.query("SELECT count(*) AS count FROM pg_prepared_statements")
            #expect(try prepared[0].get("count", as: Int.self) <= 256)
        }
    }

    @Test func preparedStatementFollowsAChangedTable() async throws {
        try await pool.execute("CREATE TABLE t (a int)")
        try await pool.execute("INSERT INTO t VALUES (1)")
        try await pool.withConnection { connection in
            #expect(try await connection.query("SELECT * FROM t").count == 1)
            try await connection.execute("ALTER TABLE t ADD b text DEFAULT 'x'")
            #expect(try await connection.query("SELECT * FROM t")[0].get("b", as: String.self) == "x")
            try await connection.execute("DEALLOCATE ALL")
            #expect(try await connection.query("SELECT * FROM t").count == 1)
        }
        // On one loop the same connection is lent again. A transaction that meets the change is run again as a whole.
        let attempts = Locked(0)
        try await TestDatabase.group.loops[0].run {
            try await pool.query("SELECT * FROM t")
            try await pool.execute("ALTER TABLE t ADD c text DEFAULT 'y'")
            let rows = try await pool.transaction { connection in
                attempts.withLock { $0 += 1 }
                return try await connection.query("SELECT * FROM t")
            }
            #expect(try rows[0].get("c", as: String.self) == "y")
        }
        #expect(attempts.withLock { $0 } == 2)
    }

    @Test func bigStatementAndBigResult() async throws {
        let value = [UInt8](repeating: 7, count: 3_000_000)
        let rows = try await pool.query("SELECT \(value) AS value, length(\(value)) AS length")
        #expect(try rows[0].get("length", as: Int.self) == value.count)
        #expect(try rows[0].get("value", as: [UInt8].self).count == value.count)
    }

    @Test func deadlineEndsTheStatementHereAndThere() async throws {
        let process = Locked(0)
        let start = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self) {
            try await pool.withConnection { connection in
                let number = try await connection.process
                process.withLock { $0 = number }
                try await connection.query("SELECT pg_sleep(60)", within: .milliseconds(100))
            }
        }
        #expect(error?.isUnavailable == true)
        #expect(ContinuousClock.now - start < .seconds(3))
        let number = process.withLock { $0 }
        try await eventually {
            try await pool.query("SELECT FROM pg_stat_activity WHERE pid = \(number)").isEmpty
        }
    }

    @Test func cancelledTaskEndsTheStatementHereAndThere() async throws {
        let pool = pool
        let waiting = Task { try await pool.query("SELECT pg_sleep(60), 'cancel me'") }
        let isRunning: SQL =
            "SELECT FROM pg_stat_activity WHERE query LIKE '%cancel me%' AND state = 'active' AND pid <> pg_backend_pid()"
        try await eventually { try await !pool.query(isRunning).isEmpty }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        try await eventually { try await pool.query(isRunning).isEmpty }
    }

    @Test func serverEndsWhatOutlivesUs() async throws {
        let rows = try await pool.query(
            """
            SELECT current_setting('statement_timeout') AS statement,
                current_setting('idle_in_transaction_session_timeout') AS idle,
                current_setting('TimeZone') AS zone, current_setting('application_name') AS name
            """)
        let later = pool.configuration.queryDeadline + .seconds(1)
        #expect(try rows[0].get("statement", as: String.self) == "\(later.components.seconds)s")
        #expect(try rows[0].get("idle", as: String.self) == "30s")
        #expect(try rows[0].get("zone", as: String.self) == "UTC")
        #expect(try rows[0].get("name", as: String.self) == "usher")
    }

    @Test func oneStatementAtATime() async throws {
        try await pool.withConnection { connection in
            async let first = connection.query("SELECT pg_sleep(0.05)")
            async let second = connection.query("SELECT pg_sleep(0.05)")
            do {
                _ = try await (first, second)
                Issue.record("both went on at the same time")
            } catch let error as PostgresError {
                #expect(error.description.contains("under way"))
            }
        }
    }

    @Test func copyIsRefused() async throws {
        await #expect(throws: PostgresError.self) { try await pool.query("COPY (SELECT 1) TO STDOUT") }
        #expect(try await pool.query("SELECT 1").count == 1)
    }

    @Test func workStaysOnTheLoopThatAsks() async throws {
        let loop = TestDatabase.group.loops[1]
        try await loop.run {
            try await pool.withConnection { connection in
                #expect(loop.isCurrent)
                try await connection.query("SELECT 1")
                #expect(loop.isCurrent)
            }
            #expect(loop.isCurrent)
        }
    }
}

extension PostgresConnection {
    /// The server's process that serves this connection.
    var process: Int {
        get async throws { try await query("SELECT pg_backend_pid() AS pid")[0].get("pid") }
    }
}

/// Asks until the answer is yes; an issue if it never is.
func eventually(
    within limit: Duration = .seconds(10), _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("it did not come to pass within \(limit)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
