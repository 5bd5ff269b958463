import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite struct TransactionTests {
    let database: TestDatabase
    var pool: PostgresPool { database.pool }

    init() async throws {
        database = try await TestDatabase.makeEmpty()
        try await pool.execute("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)")
        try await pool.execute("INSERT INTO t VALUES (1, 0), (2, 0)")
    }

    struct Refusal: Error {}

    private func value(_ id: Int) async throws -> Int {
        try await pool.query("SELECT n FROM t WHERE id = \(id)")[0].get("n")
    }

    @Test func commits() async throws {
        let changed = try await pool.transaction { try await $0.execute("UPDATE t SET n = 5") }
        #expect(changed == 2)
        #expect(try await value(1) == 5)
    }

    @Test func rollsBackWhenTheBodyThrows() async throws {
        await #expect(throws: Refusal.self) {
            try await pool.transaction { connection in
                try await connection.execute("UPDATE t SET n = 5")
                throw Refusal()
            }
        }
        #expect(try await value(1) == 0)
    }

    @Test func readOnlyRefusesToWriteAndIsNotTrouble() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await pool.transaction(.readOnly) { try await $0.execute("UPDATE t SET n = 5") }
        }
        #expect(error?.sqlState == "25006")
    }

    @Test func readOnlySeesOneStateOfTheDatabase() async throws {
        let pool = pool
        try await pool.transaction(.readOnly) { connection in
            let before = try await connection.query("SELECT sum(n) AS sum FROM t")[0].get("sum", as: Int.self)
            _ = try await Task.detached { try await pool.execute("UPDATE t SET n = n + 1") }.value  // the count
            let after = try await connection.query("SELECT sum(n) AS sum FROM t")[0].get("sum", as: Int.self)
            #expect(before == after)
        }
        #expect(try await value(1) == 1)
    }

    @Test func failureThatTheBodySwallowsDoesNotCommit() async throws {
        let error = await #expect(throws: PostgresError.self) {
            try await pool.transaction { connection in
                try await connection.execute("UPDATE t SET n = 5")
                _ = try? await connection.execute("INSERT INTO t VALUES (1, 1)")  // the point of this test
            }
        }
        #expect(error?.description.contains("nothing was committed") == true)
        #expect(try await value(1) == 0)
    }

    @Test func deadlockIsRunAgain() async throws {
        let pool = pool
        let attempts = Locked(0)
        let meeting = Meeting()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for (first, second) in [(1, 2), (2, 1)] {
                tasks.addTask {
                    try await pool.transaction { connection in
                        attempts.withLock { $0 += 1 }
                        try await connection.execute("UPDATE t SET n = n + 1 WHERE id = \(first)")
                        await meeting.arrive()
                        try await connection.execute("UPDATE t SET n = n + 1 WHERE id = \(second)")
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(attempts.withLock { $0 } >= 3)
        #expect(try await value(1) == 2)
        #expect(try await value(2) == 2)
    }

    @Test func serializationFailureIsRunAgainABoundedNumberOfTimes() async throws {
        let attempts = Locked(0)
        let error = await #expect(throws: PostgresError.self) {
            try await pool.transaction { connection in
                attempts.withLock { $0 += 1 }
                try await connection.execute("DO $$ BEGIN RAISE serialization_failure; END $$")
            }
        }
        #expect(error?.sqlState == "40001")
        #expect(attempts.withLock { $0 } == 4)
    }

    @Test func cancelledBodyRollsBack() async throws {
        let pool = pool
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let working = Task {
            try await pool.transaction { connection in
                try await connection.execute("UPDATE t SET n = 5")
                start.finish()
                try await connection.query("SELECT pg_sleep(60)")
            }
        }
        for await _ in started {}
        working.cancel()
        await #expect(throws: CancellationError.self) { try await working.value }
        #expect(try await value(1) == 0)
        try await pool.execute("UPDATE t SET n = 6")
    }

    @Test func cancellationAfterTheBodyDoesNotTearTheCommit() async throws {
        let pool = pool
        let working = Task {
            try await pool.transaction { connection in
                try await connection.execute("UPDATE t SET n = 5")
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        try await working.value
        #expect(try await value(1) == 5)
    }

    @Test func deferredConstraintThatFailsAtCommitIsARefusal() async throws {
        try await pool.execute("ALTER TABLE t ADD m int CONSTRAINT late UNIQUE DEFERRABLE INITIALLY DEFERRED")
        let error = await #expect(throws: PostgresError.self) {
            try await pool.transaction { try await $0.execute("UPDATE t SET m = 1") }
        }
        #expect(error?.isUniqueViolation(constraint: "late") == true)
    }
}

/// Two tasks go on once both are there; whoever comes later does not wait.
private actor Meeting {
    private var waiting: CheckedContinuation<Void, Never>?
    private var isOver = false

    func arrive() async {
        if isOver { return }
        if let other = waiting {
            isOver = true
            other.resume()
        } else {
            await withCheckedContinuation { waiting = $0 }
        }
    }
}
