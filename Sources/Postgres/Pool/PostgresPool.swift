public import Logging
public import Reactor

/// Connections to the database, shared by the whole process.
///
/// Each event loop has connections of its own, so that a statement is sent and its answer read on the thread that asked.
/// A caller that is on no loop is served by any of them.
public final class PostgresPool: Sendable {
    private let group: EventLoopGroup
    private let pools: [ObjectIdentifier: LoopPool]
    let configuration: PostgresConfiguration
    let servers = Servers()
    let health: PoolHealth
    let logger: Logger

    /// A pool that connects when it is first used.
    public init(_ configuration: PostgresConfiguration, group: EventLoopGroup, logger: Logger) {
        self.configuration = configuration
        self.group = group
        self.logger = logger
        let limit = max(1, configuration.maxConnections / group.loops.count)
        health = PoolHealth(logger: logger)
        pools = Dictionary(
            uniqueKeysWithValues: group.loops.map { [servers] loop in
                (
                    ObjectIdentifier(loop),
                    LoopPool(loop: loop, configuration: configuration, limit: limit, servers: servers)
                )
            })
    }

    /// Lends a connection. Whoever has one must not ask for a second: the last ones might be waiting for each other.
    /// Who only reads is served by a standby while there is no primary.
    @discardableResult
    public func withConnection<Success: Sendable>(
        for access: Access = .readWrite, _ body: (PostgresConnection) async throws -> Success
    ) async throws -> Success {
        let loop = group.next()
        guard let pool = pools[ObjectIdentifier(loop)] else { preconditionFailure("a loop without connections") }
        do {
            let success = try await loop.run { try await pool.withConnection(for: access, body) }
            if access == .readWrite { health.noteSuccess() }
            return success
        } catch {
            if let error = error as? PostgresError, error.isUnavailable || error.isOutcomeUnknown,
                error != LoopPool.shuttingDown
            {
                servers.noteTrouble()
                health.noteFailure(error)
            }
            throw error
        }
    }

    /// The rows that a statement returns.
    @discardableResult
    public func query(_ sql: SQL) async throws -> Rows {
        try await withConnection { try await $0.query(sql) }
    }

    /// How many rows a statement has changed.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        try await withConnection { try await $0.execute(sql) }
    }

    /// How many connections there are, and who waits for one.
    public func usage() async -> PoolUsage {
        var sum = PoolUsage(open: 0, idle: 0, waiting: 0)
        for loop in group.loops {
            guard let usage = await loop.run({ self.pools[ObjectIdentifier(loop)]?.usage }) else { continue }
            sum = PoolUsage(
                open: sum.open + usage.open, idle: sum.idle + usage.idle, waiting: sum.waiting + usage.waiting)
        }
        return sum
    }

    /// Refuses new work, and returns when what was under way has ended and every connection is closed.
    public func shutdown() async {
        for loop in group.loops {
            await loop.run { await self.pools[ObjectIdentifier(loop)]?.shutdown() }
        }
    }

    var nextLoop: EventLoop { group.next() }
}

/// Connections of a pool at a moment.
public struct PoolUsage: Sendable, Equatable {
    /// All there are, or that are being established.
    public var open: Int
    /// Those that nobody uses.
    public var idle: Int
    /// Callers who wait for one.
    public var waiting: Int
}
