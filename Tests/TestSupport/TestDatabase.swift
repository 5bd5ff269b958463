import Logging
public import Postgres
public import Reactor
import Storage

/// A database that a suite has to itself, in the cluster that all share.
public final class TestDatabase: Sendable {
    /// How to reach it.
    public let url: String
    /// Connections to it, on loops that all tests share.
    public let pool: PostgresPool

    /// The loops of `pool`.
    public static let group: EventLoopGroup = {
        do {
            return try EventLoopGroup(threads: 2)
        } catch {
            fatalError("no event loops: \(error)")
        }
    }()

    /// A database with Usher's schema.
    public static func make() async throws -> TestDatabase {
        try await make(template: await Templates.shared.migrated())
    }

    /// A database with nothing in it.
    public static func makeEmpty() async throws -> TestDatabase {
        try await make(template: "template0")
    }

    private static func make(template: String) async throws -> TestDatabase {
        let cluster = try await TestCluster.shared.value
        let name = "test_" + String(UInt64.random(in: 0...UInt64.max), radix: 36)
        try await administer("CREATE DATABASE \(raw: name) TEMPLATE \(raw: template)", on: cluster)
        return try TestDatabase(url: cluster.url(database: name))
    }

    fileprivate static func administer(_ sql: SQL, on cluster: TestCluster) async throws {
        let database = try TestDatabase(url: cluster.url(database: "postgres"))
        try await database.pool.withConnection { connection in
            _ = try await connection.query("SELECT set_config('statement_timeout', '0', false)")
            try await connection.execute(sql, within: .seconds(60))
        }
        await database.pool.shutdown()
    }

    /// A database by its URL.
    public init(url: String) throws {
        self.url = url
        var configuration = try PostgresConfiguration(url: url)
        configuration.maxConnections = 8
        // Suites share the machine: waiting for a turn is not what they are about.
        configuration.acquireTimeout = .seconds(300)
        configuration.connectTimeout = .seconds(20)
        configuration.queryDeadline = .seconds(30)
        pool = PostgresPool(configuration, group: Self.group, logger: Logger(label: "test"))
    }

    deinit {
        Task { [pool] in await pool.shutdown() }
    }
}

/// Makes the template of `TestDatabase.make` once.
private actor Templates {
    static let shared = Templates()
    private var template: Task<String, any Error>?

    func migrated() async throws -> String {
        if let template { return try await template.value }
        let making = Task {
            let cluster = try await TestCluster.shared.value
            try await TestDatabase.administer("CREATE DATABASE migrated", on: cluster)
            let database = try TestDatabase(url: cluster.url(database: "migrated"))
            try await Schema.migrator.run(on: database.pool)
            await database.pool.shutdown()
            return "migrated"
        }
        template = making
        return try await making.value
    }
}
