import Logging
import Reactor
import TestSupport
import Testing

@testable import Postgres

/// A primary is lost, and its standby takes over.
@Suite(.timeLimit(.minutes(3)), .serialized) struct FailoverTests {
    private func makePool(
        _ url: String, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) throws -> PostgresPool {
        var configuration = try PostgresConfiguration(url: url)
        configuration.connectTimeout = .seconds(3)
        change(&configuration)
        return PostgresPool(configuration, group: TestDatabase.group, logger: Logger(label: "test"))
    }

    @Test func writesGoOnAtTheStandbyThatWasPromoted() async throws {
        let pair = try await TestPair.start(synchronous: true)
        let pool = try makePool(pair.url(database: "postgres"))
        try await pool.execute("CREATE TABLE t (a int)")
        try await pool.execute("INSERT INTO t VALUES (1)")
        try await pair.first.kill()
        try await pair.promote(pair.second)
        try await pool.execute("INSERT INTO t VALUES (2)")
        #expect(try await pool.query("SELECT FROM t").count == 2)
        try await pair.rejoin(pair.first, following: pair.second, synchronous: true)
        try await pool.execute("INSERT INTO t VALUES (3)")
        try await pair.second.kill()
        try await pair.promote(pair.first)
        try await pool.execute("INSERT INTO t VALUES (4)")
        #expect(try await pool.query("SELECT FROM t").count == 4)
        await pool.shutdown()
    }
}
