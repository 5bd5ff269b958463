import DequeModule
import Reactor

/// The connections of one event loop. Used on its thread.
///
/// `open` counts every connection there is or that is being established, so it is the right to have one: whoever closes
/// a connection passes that right to the first who waits, or lowers the count.
final class LoopPool: @unchecked Sendable {
    private let loop: EventLoop
    private let configuration: PostgresConfiguration
    private let limit: Int
    private let servers: Servers
    private var idle: [PostgresConnection] = []
    private var open = 0
    private var waiters = Deque<Waiter>()
    private var nextWaiter: UInt64 = 0
    private var isShutDown = false
    private var drained: [CheckedContinuation<Void, Never>] = []

    private struct Waiter {
        let id: UInt64
        /// Gets a connection, or `nil` for the right to open one.
        let continuation: UnsafeContinuation<PostgresConnection?, any Error>
        let timer: LoopTimer
    }

    init(loop: EventLoop, configuration: PostgresConfiguration, limit: Int, servers: Servers) {
        self.loop = loop
        self.configuration = configuration
        self.limit = limit
        self.servers = servers
    }

    deinit {
        loop.execute { [idle] in
            for connection in idle { connection.close() }
        }
    }

    func withConnection<Success>(
        for access: Access, _ body: (PostgresConnection) async throws -> Success
    ) async throws -> Success {
        let connection = try await acquire(for: access)
        defer { release(connection) }
        return try await body(connection)
    }

    /// Its connections and who waits for one, at this moment.
    var usage: PoolUsage { PoolUsage(open: open, idle: idle.count, waiting: waiters.count) }

    func shutdown() async {
        isShutDown = true
        while let waiter = waiters.first { fail(waiter.id, Self.shuttingDown) }
        for connection in idle { connection.close() }
        open -= idle.count
        idle = []
        guard open > 0 else { return }
        await withCheckedContinuation { drained.append($0) }
    }

    static let shuttingDown = PostgresError(.unavailable("shutting down"))

    private func acquire(for access: Access) async throws -> PostgresConnection {
        try Task.checkCancellation()
        guard !isShutDown else { throw Self.shuttingDown }
        while let connection = idle.popLast() {
            let isDoubtful = servers.hadTrouble(since: connection.lastUsed)
            if servers.objection(to: connection.server) == nil,
                await connection.isUsable(askAfter: isDoubtful ? .zero : configuration.trustedRest)
            {
                return connection
            }
            // The others have rested for longer. To ask each would take a second each if the server is silent.
            let others = idle
            idle = []
            for connection in others + [connection] { discard(connection) }
        }
        if open < limit {
            open += 1
            return try await connect(for: access)
        }
        return if let connection = try await wait() { connection } else { try await connect(for: access) }
    }

    /// Opens a connection, the right to which is ours.
    private func connect(for access: Access) async throws -> PostgresConnection {
        do {
            return try await Connector(configuration: configuration, servers: servers, loop: loop).connect(for: access)
        } catch {
            passOnRight()
            throw error
        }
    }

    private func wait() async throws -> PostgresConnection? {
        guard waiters.count < configuration.maxWaiters else {
            throw PostgresError(.unavailable("all connections are in use and too many wait for one"))
        }
        nextWaiter += 1
        let id = nextWaiter
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                let timer = loop.schedule(at: .now + configuration.acquireTimeout) { [weak self] in
                    self?.fail(id, PostgresError(.unavailable("all connections are in use")))
                }
                waiters.append(Waiter(id: id, continuation: continuation, timer: timer))
            }
        } onCancel: {
            loop.execute { self.fail(id, CancellationError()) }
        }
    }

    private func fail(_ id: UInt64, _ error: any Error) {
        guard let index = waiters.firstIndex(where: { $0.id == id }) else { return }
        let waiter = waiters.remove(at: index)
        waiter.timer.cancel()
        waiter.continuation.resume(throwing: error)
    }

    private func grantFirst(_ connection: PostgresConnection?) -> Bool {
        guard let waiter = waiters.popFirst() else { return false }
        waiter.timer.cancel()
        waiter.continuation.resume(returning: connection)
        return true
    }

    private func release(_ connection: PostgresConnection) {
        // A transaction that was left open is rolled back by the server when the connection closes. A server that is
        // read-only was for want of a better, which may be there the next time.
        if connection.isClosed || connection.isInTransaction || !connection.isWritable || isShutDown
            || servers.objection(to: connection.server) != nil
        {
            discard(connection)
        } else if !grantFirst(connection) {
            idle.append(connection)
        }
    }

    private func discard(_ connection: PostgresConnection) {
        connection.close()
        passOnRight()
    }

    private func passOnRight() {
        if grantFirst(nil) { return }
        open -= 1
        guard isShutDown, open == 0 else { return }
        for continuation in drained { continuation.resume() }
        drained = []
    }
}
