import Logging
import Reactor
import TestSupport
import Testing

@testable import Postgres

/// A primary is lost, and its standby takes over.
@Suite(.timeLimit(.minutes(10)), .serialized) struct FailoverTests {
    private let log = LogCollector()

    /// - Parameter patience: short only where a server is silent and the test waits for that to be noticed.
    private func makePool(_ url: String, patience: Duration = .seconds(15)) throws -> PostgresPool {
        var configuration = try PostgresConfiguration(url: url)
        configuration.queryDeadline = patience
        configuration.connectTimeout = patience
        return PostgresPool(configuration, group: TestDatabase.group, logger: log.logger())
    }

    private func insert(_ value: Int, _ pool: PostgresPool) async throws {
        try await pool.execute("INSERT INTO t VALUES (\(value))")
    }

    /// Inserts again and again until it succeeds; only that the database cannot be used is borne with meanwhile.
    private func insertEventually(_ value: Int, _ pool: PostgresPool) async throws {
        try await eventually(within: .seconds(60)) {
            do {
                try await insert(value, pool)
                return true
            } catch let error as PostgresError where error.isUnavailable || error.isOutcomeUnknown {
                return false
            }
        }
    }

    /// What a server has, a standby as well. The table may not have come to it yet.
    private func values(_ cluster: TestCluster) async throws -> [Int] {
        let database = try TestDatabase(url: cluster.url(database: "postgres"))
        let values: [Int]
        do {
            values = try await database.pool.transaction(.readOnly) { connection in
                try await connection.query("SELECT DISTINCT a FROM t ORDER BY a").map { try $0.get("a") }
            }
        } catch let error as PostgresError where error.sqlState == "42P01" {
            values = []
        }
        await database.pool.shutdown()
        return values
    }

    /// It never succeeds, and soon says why. The first failure may be that of a connection which has just been lost.
    private func expectUnavailable(
        _ reason: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
    ) async throws {
        try await eventually(
            within: .seconds(30),
            {
                let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) {
                    try await body()
                }
                guard let error, error.isUnavailable || error.isOutcomeUnknown else {
                    Issue.record("not a sign of an outage: \(error.debugDescription)", sourceLocation: sourceLocation)
                    return true
                }
                return error.reason.contains(reason)
            }, sourceLocation: sourceLocation)
    }

    /// The server answers a commit with success and a warning when the wait for the standby is broken off.
    @Test func aCommitThatDidNotReachTheStandbyIsNoSuccess() async throws {
        let pair = try await TestPair.start(synchronous: true)
        let pool = try makePool(pair.url(database: "postgres"))
        try await pool.execute("CREATE TABLE t (a int)")
        try await pair.second.kill()
        func breakOff() async throws {
            try await eventually(within: .seconds(60)) {
                let database = try TestDatabase(url: pair.first.url(database: "postgres"))
                let count: Int = try await database.pool.query(
                    """
                    SELECT count(pg_cancel_backend(pid)) AS n FROM pg_stat_activity WHERE wait_event = 'SyncRep'
                    """)[0].get("n")
                await database.pool.shutdown()
                return count > 0
            }
        }
        let inTransaction = Task { try await pool.transaction { try await $0.execute("INSERT INTO t VALUES (1)") } }
        try await breakOff()
        var error = await #expect(throws: PostgresError.self) { try await inTransaction.value }
        #expect(error?.isOutcomeUnknown == true)
        let alone = Task { try await insert(2, pool) }
        try await breakOff()
        error = await #expect(throws: PostgresError.self) { try await alone.value }
        #expect(error?.isOutcomeUnknown == true)
        #expect(try await values(pair.first) == [1, 2])
        await pool.shutdown()
    }

    @Test func writesGoOnAtThePromotedStandbyAndBack() async throws {
        let pair = try await TestPair.start(synchronous: true)
        let pool = try makePool(pair.url(database: "postgres"))
        try await pool.execute("CREATE TABLE t (a int)")
        try await insert(1, pool)
        try await pair.first.kill()
        try await pair.promote(pair.second)
        try await insertEventually(2, pool)
        #expect(try await values(pair.second) == [1, 2])

        try await pair.rejoin(pair.first, following: pair.second, synchronous: true)
        try await insert(3, pool)
        try await pair.second.kill()
        try await pair.promote(pair.first)
        try await insertEventually(4, pool)
        #expect(try await values(pair.first) == [1, 2, 3, 4])
        await pool.shutdown()
    }

    @Test func primaryThatComesBackIsNotWritten() async throws {
        let pair = try await TestPair.start()
        let url = pair.url(database: "postgres")
        let pool = try makePool(url)
        try await pool.execute("CREATE TABLE t (a int)")
        try await insert(1, pool)
        try await eventually(within: .seconds(60)) { try await values(pair.second) == [1] }
        try await pair.first.kill()
        try await pair.promote(pair.second)
        try await insertEventually(2, pool)
        // As it was, and so it takes itself for the primary. It is the first that the URL names.
        try await pair.first.restart()
        let newcomer = try makePool(url)
        for value in 3...6 {
            try await insert(value, pool)
            try await insert(value, newcomer)
        }
        try await pair.second.kill()
        for pool in [pool, newcomer] {
            try await expectUnavailable("primary of the past") { try await insert(7, pool) }
            try await expectUnavailable("primary of the past") {
                _ = try await pool.transaction(.readOnly) { try await $0.query("SELECT FROM t") }
            }
        }
        try await pair.second.restart()
        try await insertEventually(8, pool)
        try await insertEventually(8, newcomer)
        #expect(try await values(pair.first) == [1])
        #expect(try await values(pair.second) == [1, 2, 3, 4, 5, 6, 8])
        await pool.shutdown()
        await newcomer.shutdown()
    }

    @Test func frozenPrimaryIsLeftAndNotWrittenWhenItThaws() async throws {
        let pair = try await TestPair.start()
        let pool = try makePool(pair.url(database: "postgres"), patience: .seconds(2))
        try await pool.execute("CREATE TABLE t (a int)")
        // Every loop has a connection to the first.
        for loop in TestDatabase.group.loops { try await loop.run { try await insert(1, pool) } }
        try await eventually(within: .seconds(60)) { try await values(pair.second) == [1] }
        try await pair.first.freeze()
        try await pair.promote(pair.second)
        try await insertEventually(2, pool)
        try await pair.first.thaw()
        for value in 3...6 {
            for loop in TestDatabase.group.loops { try await loop.run { try await insertEventually(value, pool) } }
        }
        // The statement that the frozen server had taken in may have been done by it; none of those that came later.
        #expect(try await values(pair.first).max() ?? 0 <= 2)
        #expect(try await values(pair.second) == [1, 2, 3, 4, 5, 6])
        await pool.shutdown()
    }

    @Test func primarySetToReadOnlyIsLeft() async throws {
        let pair = try await TestPair.start()
        let pool = try makePool(pair.url(database: "postgres"))
        try await pool.execute("CREATE TABLE t (a int)")
        try await insert(1, pool)
        try await eventually(within: .seconds(60)) { try await values(pair.second) == [1] }
        try await pool.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        try await pool.query("SELECT pg_reload_conf()")
        try await eventually {
            do {
                try await insert(1, pool)
                return false
            } catch let error as PostgresError where error.isUnavailable {
                return true
            }
        }
        try await pair.promote(pair.second)
        try await insertEventually(2, pool)
        #expect(try await values(pair.second) == [1, 2])
        await pool.shutdown()
    }

    @Test func readingGoesOnAtTheStandbyAndListeningAfterwards() async throws {
        let pair = try await TestPair.start(synchronous: true)
        let pool = try makePool(pair.url(database: "postgres"))
        var notifications = pool.notifications(["news"]).makeAsyncIterator()
        #expect(await notifications.next() == .reconnected)
        try await pool.execute("CREATE TABLE t (a int)")
        try await pair.first.kill()
        // What the connection that was left has to say is no connection to the standby yet.
        try await eventually(within: .seconds(60)) {
            (try? await pool.transaction(.readOnly) { try await $0.query("SELECT FROM t").count }) == 0
        }
        try await expectUnavailable("read-only") { try await insert(1, pool) }
        try await pair.promote(pair.second)
        try await insertEventually(1, pool)
        #expect(await notifications.next() == .reconnected)
        try await pool.query("SELECT pg_notify('news', 'here')")
        #expect(await notifications.next() == .notify(channel: "news", payload: "here"))
        // One line when it was lost; it is back only when nothing has failed for a while.
        #expect(log.lines.count { $0.contains("cannot be used") } == 1, "\(log.lines)")
        await pool.shutdown()
    }

    @Test func anotherClusterIsNotThePrimary() async throws {
        let (mine, another) = (try await TestCluster.start(), try await TestCluster.start())
        let pool = try makePool(
            "host=\(mine.directory),\(another.directory) port=5432 user=usher dbname=postgres")
        try await pool.execute("CREATE TABLE t (a int)")
        try await mine.kill()
        try await expectUnavailable("is another cluster") { try await insert(1, pool) }
        try await mine.restart()
        try await insertEventually(1, pool)
        await pool.shutdown()
    }
}
