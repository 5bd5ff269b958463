import Postgres

/// Two PostgreSQL servers, of which one follows the other, as whoever wants to survive the loss of one has them.
///
/// `first` begins as the primary. Which one is it after a promotion is for the test to remember: a server that was
/// killed and started again as it was (`restart`) takes itself for the primary it was.
public final class TestPair: Sendable {
    /// The primary in the beginning.
    public let first: TestCluster
    /// Its standby in the beginning.
    public let second: TestCluster

    /// Starts both, and returns when the standby follows.
    ///
    /// - Parameter synchronous: whether a commit waits for the standby (`synchronous_standby_names`), so that nothing
    ///   committed is lost with the primary. A primary without its standby then commits nothing.
    public static func start(synchronous: Bool = false) async throws -> TestPair {
        let first = try await TestCluster.start("primary")
        let pair = TestPair(first: first, second: try await TestCluster.start(first.directory))
        try await pair.waitUntilFollowing(first, synchronous: synchronous)
        return pair
    }

    private init(first: TestCluster, second: TestCluster) {
        self.first = first
        self.second = second
    }

    /// How to reach a database of whichever of the two is the primary.
    public func url(database: String) -> String {
        "host=\(first.directory),\(second.directory) port=5432 user=usher dbname=\(database)"
    }

    /// Makes a primary of a standby; it takes writes when this returns. Promote only when the other is killed or frozen:
    /// otherwise there are two.
    public func promote(_ standby: TestCluster) async throws {
        try await standby.promote()
        // It may have been copied from a primary that waited for its standby, and has none itself.
        try await administer(standby) { database in
            try await database.execute("ALTER SYSTEM RESET synchronous_standby_names")
            try await database.query("SELECT pg_reload_conf()")
        }
    }

    /// Has a server that was killed start again as a standby of the other, with a fresh copy.
    public func rejoin(_ old: TestCluster, following primary: TestCluster, synchronous: Bool = false) async throws {
        try await old.follow(primary)
        try await waitUntilFollowing(primary, synchronous: synchronous)
    }

    private func waitUntilFollowing(_ primary: TestCluster, synchronous: Bool) async throws {
        try await administer(primary) { database in
            if synchronous {
                // After the copy was made: promoted, the standby must not wait for one of its own.
                try await database.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
                try await database.query("SELECT pg_reload_conf()")
            }
            let state = synchronous ? "sync" : "async"
            let deadline = ContinuousClock.now + .seconds(60)
            while try await database.query(
                "SELECT FROM pg_stat_replication WHERE state = 'streaming' AND sync_state = \(state)"
            ).isEmpty {
                guard ContinuousClock.now < deadline else { throw TestSupportError("The standby does not follow") }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    private func administer(_ cluster: TestCluster, _ body: (PostgresPool) async throws -> Void) async throws {
        let database = try TestDatabase(url: cluster.url(database: "postgres"))
        let result: Result<Void, any Error>
        do { result = .success(try await body(database.pool)) } catch { result = .failure(error) }
        await database.pool.shutdown()
        try result.get()
    }
}
