import Logging
import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct PoolTests {
    let database: TestDatabase
    private let loop = TestDatabase.group.loops[0]

    init() async throws {
        database = try await TestDatabase.makeEmpty()
    }

    /// A pool with so many connections on each of the two loops.
    private func makePool(
        _ url: String? = nil, connections: Int = 1, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) throws -> PostgresPool {
        var configuration = try PostgresConfiguration(url: url ?? database.url)
        configuration.maxConnections = connections * TestDatabase.group.loops.count
        change(&configuration)
        return PostgresPool(configuration, group: TestDatabase.group, logger: Logger(label: "test"))
    }

    @Test func waitersAreServedInOrder() async throws {
        let pool = try makePool()
        let order = Locked<[Int]>([])
        await loop.run {
            await withTaskGroup(of: Void.self) { tasks in
                for number in 0..<20 {
                    tasks.addTask {
                        do {
                            try await pool.withConnection { connection in
                                try await connection.query("SELECT 1")
                                order.withLock { $0.append(number) }
                            }
                        } catch {
                            Issue.record(error)
                        }
                    }
                }
            }
        }
        #expect(order.withLock { $0 } == Array(0..<20))
        await pool.shutdown()
    }

    @Test func exhaustedPoolRefusesInTime() async throws {
        let pool = try makePool { $0.acquireTimeout = .milliseconds(50) }
        try await loop.run {
            try await pool.withConnection { _ in
                let start = ContinuousClock.now
                let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
                #expect(error?.isUnavailable == true)
                #expect(ContinuousClock.now - start >= .milliseconds(50))
            }
            try await pool.query("SELECT 1")
        }
        await pool.shutdown()
    }

    @Test func tooManyWaitersAreRefusedAtOnce() async throws {
        let pool = try makePool { $0.maxWaiters = 3 }
        let refused = Locked(0)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        try await loop.run {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                try await pool.withConnection { connection in
                    try await connection.query("SELECT 1")
                    for _ in 0..<10 {
                        tasks.addTask {
                            do {
                                try await pool.query("SELECT 1")
                            } catch let error as PostgresError where error.isUnavailable {
                                refused.withLock { $0 += 1 }
                                if refused.withLock({ $0 }) == 7 { release.finish() }
                            }
                        }
                    }
                    for await _ in released {}
                }
                try await tasks.waitForAll()
            }
        }
        #expect(refused.withLock { $0 } == 7)
        await pool.shutdown()
    }

    @Test func cancelledWaiterLeavesTheQueue() async throws {
        let pool = try makePool { $0.acquireTimeout = .seconds(60) }
        try await loop.run {
            try await pool.withConnection { _ in
                let waiting = Task(executorPreference: loop) { try await pool.query("SELECT 1") }
                await Task.yield()
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
            }
            try await pool.query("SELECT 1")
        }
        await pool.shutdown()
    }

    @Test func transactionLeftOpenDoesNotReachTheNext() async throws {
        let pool = try makePool()
        try await loop.run {
            try await pool.withConnection { connection in
                try await connection.execute("BEGIN")
                try await connection.execute("CREATE TABLE left_open (a int)")
            }
            #expect(try await pool.query("SELECT 1 WHERE to_regclass('left_open') IS NULL").count == 1)
        }
        await pool.shutdown()
    }

    @Test func terminatedConnectionsAreReplaced() async throws {
        let pool = try makePool(connections: 3)
        for _ in 0..<5 {
            for _ in 0..<6 { try await pool.query("SELECT 1") }
            try await database.pool.execute(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
            for _ in 0..<6 { try await pool.query("SELECT 1") }
        }
        await pool.shutdown()
    }

    @Test func terminatedWhileAtWorkIsUnavailable() async throws {
        let pool = try makePool()
        let working = Task { try await pool.query("SELECT pg_sleep(60), 'terminate me'") }
        try await eventually {
            try await database.pool.query(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE query LIKE '%terminate me%' AND pid <> pg_backend_pid() AND state = 'active'
                """
            ).count == 1
        }
        let error = await #expect(throws: PostgresError.self) { try await working.value }
        #expect(error?.isUnavailable == true)
        #expect(error?.description.contains("57P01") == true)
        await pool.shutdown()
    }

    @Test func shutdownWaitsForWorkAndRefusesMore() async throws {
        let pool = try makePool()
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let working = Task {
            try await pool.withConnection { connection in
                start.yield()
                return try await connection.query("SELECT pg_sleep(0.1)").count
            }
        }
        for await _ in started { break }
        await pool.shutdown()
        #expect(try await working.value == 1)
        let error = await #expect(throws: PostgresError.self) { try await pool.query("SELECT 1") }
        #expect(error?.isUnavailable == true)
        // The server's process ends a moment after its connection.
        try await eventually {
            try await database.pool.query(
                """
                SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND query LIKE '%pg_sleep%'
                """
            ).isEmpty
        }
    }

    @Test func manyTasksOnFewConnections() async throws {
        let pool = try makePool(connections: 2) { $0.acquireTimeout = .seconds(30) }
        let sum = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for number in 0..<400 {
                tasks.addTask { try await pool.query("SELECT \(number) AS number")[0].get("number") }
            }
            return try await tasks.reduce(0, +)
        }
        #expect(sum == 400 * 399 / 2)
        await pool.shutdown()
    }
}
