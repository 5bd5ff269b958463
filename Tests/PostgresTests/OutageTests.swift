import Logging
import Reactor
import TestSupport
import Testing

@testable import Postgres

/// What a pool makes of a server, or a way to it, that fails.
@Suite(.timeLimit(.minutes(10))) struct OutageTests {
    let database: TestDatabase
    let cluster: TestCluster
    private let name: String

    init() async throws {
        database = try await TestDatabase.makeEmpty()
        cluster = try await TestCluster.shared.value
        name = String(database.url.split(separator: "=").last ?? "")
    }

    private func makePool(
        _ url: String, _ change: (inout PostgresConfiguration) -> Void = { _ in }
    ) throws -> PostgresPool {
        var configuration = try PostgresConfiguration(url: url)
        configuration.connectTimeout = .seconds(2)
        configuration.queryDeadline = .seconds(1)
        change(&configuration)
        return PostgresPool(configuration, group: TestDatabase.group, logger: Logger(label: "test"))
    }

    /// Where the answer comes without waiting, even from a machine that is busy, long before any timeout.
    private static let patience = Duration.seconds(20)
    private static func patiently(_ configuration: inout PostgresConfiguration) {
        configuration.connectTimeout = .seconds(120)
        configuration.acquireTimeout = .seconds(120)
    }

    private func expectUnavailable(
        within limit: Duration, _ pool: PostgresPool, sourceLocation: SourceLocation = #_sourceLocation
    ) async {
        let start = ContinuousClock.now
        let error = await #expect(throws: PostgresError.self, sourceLocation: sourceLocation) {
            try await pool.query("SELECT 1")
        }
        #expect(error?.isUnavailable == true, sourceLocation: sourceLocation)
        #expect(ContinuousClock.now - start < limit, sourceLocation: sourceLocation)
    }

    @Test func killedServerIsUnavailableAndThenBack() async throws {
        let cluster = try await TestCluster.start()
        let pool = try makePool(cluster.url(database: "postgres"), Self.patiently)
        try await pool.execute("CREATE TABLE t (a int)")
        for _ in 0..<3 {
            try await pool.execute("INSERT INTO t VALUES (1)")
            try await cluster.kill()
            for _ in 0..<4 { await expectUnavailable(within: Self.patience, pool) }
            try await cluster.restart()
            try await pool.execute("INSERT INTO t VALUES (1)")
        }
        #expect(try await pool.query("SELECT FROM t").count == 6)
        await pool.shutdown()
    }

    @Test func nobodyThere() async throws {
        let pool = try makePool("host=/nonexistent dbname=x", Self.patiently)
        await expectUnavailable(within: Self.patience, pool)
        await pool.shutdown()
    }

    @Test func unknownDatabaseAndUnknownUser() async throws {
        for url in [cluster.url(database: "nonexistent"), "host=\(cluster.directory) user=nobody_here dbname=\(name)"] {
            let pool = try makePool(url, Self.patiently)
            await expectUnavailable(within: Self.patience, pool)
            await pool.shutdown()
        }
    }

    /// Of these deadlines, not of the minutes that TCP would wait; the rest is for a machine that is busy.
    @Test func silentServerCostsNoMoreThanTheDeadlines() async throws {
        let proxy = try await FaultProxy.start(before: cluster.directory)
        let pool = try makePool(proxy.url(database: name))
        try await pool.query("SELECT 1")
        proxy.behave(.silence)
        await expectUnavailable(within: .seconds(12), pool)
        await expectUnavailable(within: .seconds(12), pool)
        proxy.behave(.forward)
        try await pool.query("SELECT 1")
        await pool.shutdown()
    }

    @Test func connectionAtRestIsAskedBeforeUse() async throws {
        let proxy = try await FaultProxy.start(before: cluster.directory)
        let pool = try makePool(proxy.url(database: name)) {
            $0.maxConnections = 1
            $0.trustedRest = .zero
        }
        try await TestDatabase.group.loops[0].run {
            let first = try await pool.withConnection { try await $0.process }
            #expect(try await pool.withConnection { try await $0.process } == first)
            proxy.behave(.silence)
            await expectUnavailable(within: .seconds(20), pool)
            proxy.behave(.forward)
            #expect(try await pool.withConnection { try await $0.process } != first)
        }
        await pool.shutdown()
    }

    @Test func nextHostIsTriedAfterOneThatFails() async throws {
        let bad = try await FaultProxy.start(before: cluster.directory, .hangUp)
        let silent = try await FaultProxy.start(before: cluster.directory, .silence)
        let good = try await FaultProxy.start(before: cluster.directory)
        let pool = try makePool(
            """
            host=/nonexistent,127.0.0.1,127.0.0.1,localhost port=5432,\(bad.port),\(silent.port),\(good.port) \
            user=usher dbname=\(name)
            """)
        try await pool.query("SELECT 1")
        await pool.shutdown()
    }

    @Test func namesAreResolved() async throws {
        let proxy = try await FaultProxy.start(before: cluster.directory)
        let pool = try makePool("postgresql://usher@localhost:\(proxy.port)/\(name)")
        try await pool.query("SELECT 1")
        await pool.shutdown()
        let lost = try makePool("postgresql://usher@no-such-host.invalid/\(name)")
        await expectUnavailable(within: .seconds(12), lost)
        await lost.shutdown()
    }

    @Test func readingGoesOnWhereWritingIsRefused() async throws {
        try await database.pool.execute("CREATE TABLE t (a int)")
        try await database.pool.execute("ALTER DATABASE \(raw: name) SET default_transaction_read_only = on")
        let pool = try makePool(database.url)
        let elsewhere = try makePool(cluster.url(database: "postgres"))
        let error = await #expect(throws: PostgresError.self) { try await pool.execute("INSERT INTO t VALUES (1)") }
        #expect(error?.isUnavailable == true)
        #expect(try await pool.transaction(.readOnly) { try await $0.query("SELECT FROM t").count } == 0)
        try await elsewhere.execute("ALTER DATABASE \(raw: name) RESET default_transaction_read_only")
        try await pool.execute("INSERT INTO t VALUES (1)")
        await pool.shutdown()
        await elsewhere.shutdown()
    }

    @Test func commitThatIsNotAnsweredHasAnUnknownOutcome() async throws {
        try await database.pool.execute("CREATE TABLE t (a int)")
        let proxy = try await FaultProxy.start(before: cluster.directory)
        let pool = try makePool(proxy.url(database: name))
        let insert: @Sendable (PostgresConnection) async throws -> Int = {
            try await $0.execute("INSERT INTO t VALUES (1)")
        }
        let commit = "COMMIT\u{0}"  // and not BEGIN … READ COMMITTED
        for (behaviour, count) in [(FaultProxy.Behaviour.loseReply(to: commit), 1), (.loseRequest(commit), 1)] {
            proxy.behave(behaviour)
            let error = await #expect(throws: PostgresError.self) { try await pool.transaction(.readWrite, insert) }
            #expect(error?.isOutcomeUnknown == true)
            #expect(error?.isUnavailable == false)
            #expect(try await database.pool.query("SELECT FROM t").count == count)
        }
        proxy.behave(.loseRequest("INSERT"))
        let error = await #expect(throws: PostgresError.self) { try await pool.transaction(.readWrite, insert) }
        #expect(error?.isOutcomeUnknown == false)
        #expect(error?.isUnavailable == true)
        proxy.behave(.forward)
        #expect(try await pool.transaction(.readWrite, insert) == 1)
        await pool.shutdown()
    }
}

@Suite struct ConfigurationTests {
    @Test func hostsAndPorts() throws {
        func hosts(_ url: String) throws -> [PostgresConfiguration.Host] { try PostgresConfiguration(url: url).hosts }
        #expect(try hosts("dbname=x") == [.init()])
        #expect(try hosts("postgresql://u:p@a,b/x") == [.init(name: "a"), .init(name: "b")])
        #expect(try hosts("postgresql://a:1,b:2/x") == [.init(name: "a", port: "1"), .init(name: "b", port: "2")])
        #expect(try hosts("host=a,b port=7") == [.init(name: "a", port: "7"), .init(name: "b", port: "7")])
        #expect(try hosts("hostaddr=127.0.0.1 host=a") == [.init(name: "a", address: "127.0.0.1")])
        #expect(throws: PostgresError.self) { try hosts("host=a,b port=1,2,3") }
        #expect(throws: PostgresError.self) { try hosts("host=a,b hostaddr=127.0.0.1") }
    }

    @Test func errorDoesNotRepeatThePassword() {
        let error = #expect(throws: PostgresError.self) {
            try PostgresConfiguration(url: "postgresql://u:hunter2@host:port:/x?nonsense=1")
        }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func onlyNamesAreResolved() {
        typealias Host = PostgresConfiguration.Host
        #expect(Host(name: "db.example").needsResolving)
        #expect(!Host(name: "/run/postgresql").needsResolving)
        #expect(!Host(name: "db.example", address: "10.0.0.1").needsResolving)
        #expect(!Host().needsResolving)
    }

    @Test func givenSettingsWinOverOurs() throws {
        let configuration = try PostgresConfiguration(url: "application_name=other options='-c work_mem=1MB'")
        let parameters = configuration.parameters(for: .init())
        #expect(parameters["application_name"] == "other")
        #expect(parameters["options"]?.hasPrefix("-c work_mem=1MB -c statement_timeout=6000 ") == true)
    }
}
