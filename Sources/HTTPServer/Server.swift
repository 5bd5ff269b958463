import Glibc
public import HTTP
public import Logging
public import Reactor
import Synchronization

/// An HTTP/1.1 server.
///
///     Listener ─► admit ─► Connection, on a loop for its whole life ─► handler
///
/// Every connection is one task on one loop; there is nothing that two loops share but the number of connections.
public final class Server: Sendable {
    /// Answers a request. It does not throw: what goes wrong is a page too.
    public typealias Handler = @Sendable (Request) async -> Response

    let configuration: ServerConfiguration
    let hooks: ServerHooks
    let logger: Logger
    let handler: Handler
    let forwarding: Forwarding
    /// Asked once: to ask a logger takes as long as to route a request.
    let logsRequests: Bool
    private let group: EventLoopGroup
    private let connections: [LoopConnections]
    private let state = Locked(State())
    /// Of the state what every request asks for.
    private let keeps = Atomic(true)

    private struct State {
        var phase = Phase.idle
        /// For connections to come.
        var tls: TLSContext?
        var listeners: [Listening] = []
        var count = 0
        /// The most there were since memory was given back.
        var most = 0
        var perAddress: [String: Int] = [:]
        var turn = 0
        var isFull = false
        var whenEmpty: [AsyncStream<Never>.Continuation] = []
    }

    private enum Phase { case idle, running, draining }

    /// From so many connections on it matters what they leave behind.
    private static let flood = 256

    struct Listening {
        /// What is spoken at an address.
        enum Kind {
            case plain, tls
            case redirect(toPort: Int)
        }

        let listener: Listener
        let loop: EventLoop
    }

    /// A server that does nothing yet.
    public init(
        configuration: ServerConfiguration, group: EventLoopGroup, logger: Logger, hooks: ServerHooks = ServerHooks(),
        handler: @escaping Handler
    ) {
        self.configuration = configuration
        self.group = group
        self.logger = logger
        logsRequests = logger.logLevel <= .info
        self.hooks = hooks
        self.handler = handler
        forwarding = Forwarding(trusted: configuration.trustedProxies)
        connections = group.loops.map { LoopConnections($0) }
    }

    /// Listens, and returns the addresses with their ports. Throws `ServerError`; then nothing listens.
    public func start() async throws -> [BoundAddress] {
        Signals.ignoreBrokenPipes()
        try readCertificates()
        let isFirst = state.withLock { state in
            defer { state.phase = .running }
            return state.phase == .idle
        }
        precondition(isFirst, "a server starts once")
        var bound: [BoundAddress] = []
        do {
            let kind: Listening.Kind = configuration.tls.isEmpty ? .plain : .tls
            for socket in configuration.sockets { bound.append(try await listen(on: socket, kind)) }
            if bound.isEmpty {
                for text in configuration.listen { bound += try await listen(at: text, kind) }
            }
            let port = bound.first?.port ?? 443
            for text in configuration.redirect { bound += try await listen(at: text, .redirect(toPort: port)) }
        } catch {
            await stopListening()
            throw error
        }
        return bound
    }

    /// Reads the certificates and keys again, for connections to come; those there are go on as they are. Throws
    /// `ServerError` if they cannot be used; then everything stays as it was.
    public func readCertificates() throws {
        guard !configuration.tls.isEmpty else { return }
        do {
            let tls = try TLSContext(configuration.tls)
            state.withLock { $0.tls = tls }
        } catch {
            throw ServerError("\(error)")
        }
    }

    /// A name may stand for an address that this system does not have (`localhost` without IPv6): the others are enough.
    private func listen(at text: String, _ kind: Listening.Kind) async throws -> [BoundAddress] {
        var bound: [BoundAddress] = []
        var missing: SystemError?
        for address in try await BlockingPool.shared.run({ try SocketAddress.resolve(text) }) {
            do {
                bound.append(try await listen(at: address, kind))
            } catch let error as SystemError {
                guard error.number == EADDRNOTAVAIL || error.number == EAFNOSUPPORT else {
                    throw ServerError("\(text): \(error)")
                }
                missing = error
            }
        }
        if bound.isEmpty, let missing { throw ServerError("\(text): \(missing)") }
        return bound
    }

    private func listen(at address: SocketAddress, _ kind: Listening.Kind) async throws -> BoundAddress {
        let descriptor = try address.listen()
        return try await listen(on: descriptor.take(), kind)
    }

    /// On a socket that listens.
    private func listen(on raw: CInt, _ kind: Listening.Kind) async throws -> BoundAddress {
        let loop = group.next()
        return try await loop.run {
            let descriptor = Descriptor(owning: raw)
            try systemCall("fcntl") { fcntl(raw, F_SETFL, O_NONBLOCK) }
            try systemCall("fcntl") { fcntl(raw, F_SETFD, FD_CLOEXEC) }
            let bound = try SocketAddress.filled { (address, length) throws(SystemError) in
                try systemCall("getsockname") { getsockname(raw, address, length) }
            }
            let listener = try Listener(descriptor, on: loop, logger: logger) { [weak self] connection, peer in
                self?.admit(connection, from: peer, kind) ?? false
            }
            state.withLock { $0.listeners.append(Listening(listener: listener, loop: loop)) }
            return BoundAddress(host: bound.host, port: bound.port)
        }
    }

    /// Ends the server: accepts no more, lets requests under way finish and closes after them; event streams end at once.
    /// Connections without a request get a moment too, for one that is on its way already; only those that stay silent
    /// are closed. What is left after `grace` is cut off.
    public func shutdown(grace: Duration = .seconds(10)) async {
        await stopListening()
        for connections in connections { connections.onLoop { $0.endStreams() } }
        await waitUntilEmpty(atMost: min(.seconds(1), grace / 4))
        for connections in connections { connections.onLoop { $0.closeIdle(evenNew: true) } }
        await waitUntilEmpty(atMost: grace)
        for connections in connections { connections.onLoop { $0.cancel() } }
        await waitUntilEmpty(atMost: .seconds(1))
    }

    private func stopListening() async {
        let listeners = state.withLock { state in
            state.phase = .draining
            keeps.store(false, ordering: .relaxed)
            defer { state.listeners = [] }
            return state.listeners
        }
        for listening in listeners {
            await listening.loop.run { listening.listener.close() }
        }
    }

    private func waitUntilEmpty(atMost limit: Duration) async {
        let (stream, continuation) = AsyncStream.makeStream(of: Never.self)
        let isEmpty = state.withLock { state in
            if state.count > 0 { state.whenEmpty.append(continuation) }
            return state.count == 0
        }
        guard !isEmpty else { return }
        await withTaskGroup { tasks in
            tasks.addTask { for await _ in stream {} }
            tasks.addTask {
                // Cancelled when the server is empty before that.
                try? await Task.sleep(for: limit)
            }
            await tasks.next()
            tasks.cancelAll()
        }
    }

    // MARK: For connections

    /// Whether the server is about to end.
    var isDraining: Bool { state.withLock { $0.phase == .draining } }

    /// Whether connections may go on after the request at hand: not at the end, and not while others wait for room.
    var keepsConnections: Bool { keeps.load(ordering: .relaxed) }

    /// How many connections there are.
    public var connectionCount: Int { state.withLock { $0.count } }

    private func admit(_ descriptor: consuming Descriptor, from peer: String, _ kind: Listening.Kind) -> Bool {
        let limit = forwarding.isTrusted(peer) ? configuration.maxConnections : configuration.maxConnectionsPerAddress
        let (turn, fromHere, isFull, tls) = state.withLock { state in
            let fromHere = state.perAddress[peer, default: 0] + 1
            guard fromHere <= limit * 2 else { return (0, fromHere, state.isFull, state.tls) }
            state.perAddress[peer] = fromHere
            state.count += 1
            state.most = max(state.most, state.count)
            state.turn = (state.turn + 1) % connections.count
            state.isFull = state.count >= configuration.maxConnections
            if state.isFull { keeps.store(false, ordering: .relaxed) }
            return (state.turn, fromHere, state.isFull, state.tls)
        }
        guard fromHere <= limit * 2 else { return !isFull }
        let raw = descriptor.take()
        connections[turn].onLoop { connections in
            connections.start(
                Descriptor(owning: raw), from: peer, kind, isTooMany: fromHere > limit, tls: tls, server: self)
        }
        // Room for whoever waits at the door: those who neither ask nor are being answered leave.
        if isFull { for connections in connections { connections.onLoop { $0.closeIdle() } } }
        return !isFull
    }

    func connectionEnded(from peer: String) {
        let (resumed, finished, hasEbbed) = state.withLock { state in
            state.count -= 1
            let left = state.perAddress[peer, default: 0] - 1
            state.perAddress[peer] = left > 0 ? left : nil
            let hasRoom = state.isFull && state.count < configuration.maxConnections
            if hasRoom { state.isFull = false }
            if hasRoom, state.phase != .draining { keeps.store(true, ordering: .relaxed) }
            let hasEbbed = state.most >= Self.flood && state.count < state.most / 4
            if hasEbbed { state.most = state.count }
            defer { if state.count == 0 { state.whenEmpty = [] } }
            return (hasRoom ? state.listeners : [], state.count == 0 ? state.whenEmpty : [], hasEbbed)
        }
        if hasEbbed { Task { try await BlockingPool.shared.run { giveMemoryBack() } } }
        for listening in resumed { listening.loop.execute { listening.listener.resume() } }
        for continuation in finished { continuation.finish() }
    }
}
