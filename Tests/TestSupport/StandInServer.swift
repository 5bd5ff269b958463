import Foundation
import Glibc
public import Reactor

/// A small HTTP server on loopback that answers as a test tells it to, well or badly. One blocking thread a connection.
/// It ends with `stop()` or with its last reference.
public final class StandInServer: Sendable {
    /// What to do about a request.
    public enum Answer: Sendable {
        /// An ordinary response; the connection is kept.
        case reply(status: Int, fields: [String: String], body: [UInt8])
        /// Exactly these bytes, and then the end of the connection.
        case exactly([UInt8])
        /// These bytes one at a time, with a pause before each.
        case slowly([UInt8], pause: Duration)
        /// The first bytes, and then the second ones again and again for as long as they are taken.
        case endlessly([UInt8], then: [UInt8])
        /// Nothing, until the other side goes away.
        case silence
        /// The end of the connection at once.
        case close

        /// A response with a text body.
        public static func text(
            _ body: String, status: Int = 200, type: String = "text/plain; charset=utf-8",
            fields: [String: String] = [:]
        ) -> Answer {
            .reply(
                status: status, fields: fields.merging(["Content-Type": type]) { given, _ in given },
                body: Array(body.utf8))
        }

        /// A redirect.
        public static func redirect(to location: String, status: Int = 302) -> Answer {
            .reply(status: status, fields: ["Location": location], body: [])
        }
    }

    private let listener: CInt
    /// Where it listens.
    public let address: String
    /// Where it listens; chosen by the system.
    public let port: Int
    private let state: Locked<State>

    private struct State {
        var requests: [StandInRequest] = []
        var connections = 0
        var open: Set<CInt> = []
        var isStopped = false
        var waiting: [(isMet: @Sendable (State) -> Bool, resume: @Sendable () -> Void)] = []
    }

    /// Starts to listen on an IPv4 address of this machine.
    public init(
        address: String = "127.0.0.1", handler: @escaping @Sendable (StandInRequest) -> Answer
    ) throws(SystemError) {
        let listener = try systemCall("socket") {
            socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        self.listener = listener
        self.address = address
        let state = Locked(State())
        self.state = state
        do {
            port = try Self.bind(listener, to: address)
            try systemCall("listen") { listen(listener, 128) }
        } catch {
            close(listener)
            throw error
        }
        // The thread holds what it needs and not the server, which ends with its last reference.
        Thread.detachNewThread {
            Self.accept(on: listener, state: state, handler: handler)
        }
    }

    deinit {
        stop()
    }

    /// The address to send requests to, without a slash at the end.
    public var url: String { "http://\(address):\(port)" }

    /// Every request so far.
    public var requests: [StandInRequest] { state.withLock { $0.requests } }

    /// How many connections were made.
    public var connections: Int { state.withLock { $0.connections } }

    /// Ends every connection. Later ones are refused.
    public func stop() {
        state.withLock { state in
            guard !state.isStopped else { return }
            state.isStopped = true
            shutdown(listener, CInt(SHUT_RDWR))  // wakes the thread, which closes it
            // Under the lock: a thread that is done takes its number out before it closes it, and a closed number is
            // soon somebody else's.
            for connection in state.open { shutdown(connection, CInt(SHUT_RDWR)) }
        }
    }

    /// Waits until so many requests have come.
    public func requests(atLeast count: Int) async {
        await wait { $0.requests.count >= count }
    }

    /// Waits until no connection is open.
    public func allConnectionsClosed() async {
        await wait { $0.open.isEmpty }
    }

    private func wait(until isMet: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMetNow = state.withLock { state in
                if isMet(state) { return true }
                state.waiting.append((isMet, { continuation.resume() }))
                return false
            }
            if isMetNow { continuation.resume() }
        }
    }

    // MARK: Threads

    private static func bind(_ listener: CInt, to address: String) throws(SystemError) -> Int {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        inet_pton(AF_INET, address, &place.sin_addr)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &place) { place throws(SystemError) in
            try place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place throws(SystemError) in
                try systemCall("bind") { Glibc.bind(listener, place, size) }
                try systemCall("getsockname") { getsockname(listener, place, &size) }
            }
        }
        return Int(UInt16(bigEndian: place.sin_port))
    }

    private static func accept(
        on listener: CInt, state: Locked<State>, handler: @escaping @Sendable (StandInRequest) -> Answer
    ) {
        while true {
            let socket = Glibc.accept(listener, nil, nil)
            if socket < 0, errno == EINTR || errno == ECONNABORTED { continue }
            guard socket >= 0 else {
                // Stopped; or out of descriptors, which passes.
                if state.withLock({ $0.isStopped }) { break }
                usleep(10_000)
                continue
            }
            let isStopped = change(state) { state in
                state.connections += 1
                if !state.isStopped { state.open.insert(socket) }
                return state.isStopped
            }
            guard !isStopped else {
                close(socket)
                break
            }
            Thread.detachNewThread {
                let connection = StandInConnection(socket)
                while let request = connection.read() {
                    change(state) { $0.requests.append(request) }
                    guard connection.write(handler(request), to: request) else { break }
                }
                change(state) { $0.open.remove(socket) }
                shutdown(socket, CInt(SHUT_RDWR))  // a child of this process may hold a copy of it
                close(socket)
            }
        }
        close(listener)
    }

    @discardableResult
    private static func change<Result>(_ state: Locked<State>, _ body: (inout State) -> Result) -> Result {
        let (result, met) = state.withLock { state in
            let result = body(&state)
            let waiting = state.waiting
            state.waiting = []
            state.waiting = waiting.filter { !$0.isMet(state) }
            return (result, waiting.filter { $0.isMet(state) })
        }
        for waiter in met { waiter.resume() }
        return result
    }
}
