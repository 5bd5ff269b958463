import Glibc
import Reactor

/// A TCP address in front of the test cluster that can be told to misbehave.
package final class FaultProxy: Sendable {
    package enum Behaviour: Sendable, Equatable {
        case forward
        /// Accepts, and hangs up at once.
        case hangUp
        /// Takes everything and answers nothing.
        case silence
        /// Forwards what contains this text, and hangs up when the server answers to it.
        case loseReply(to: String)
        /// Hangs up when a client sends this text, which the server never sees.
        case loseRequest(String)
        /// Forwards all but what comes for those that listen for notifications: they are told nothing any more.
        case deafListeners
    }

    /// Where it listens, on 127.0.0.1.
    package let port: Int
    private let socketPath: String
    private let loop: EventLoop
    private let behaviour: Locked<Behaviour>
    /// Every client's socket, and whether it listens for notifications.
    private let clients = Locked<[CInt: Bool]>([:])

    /// Starts one before the server whose socket lies in the directory.
    package static func start(before directory: String, _ behaviour: Behaviour = .forward) async throws -> FaultProxy {
        let loop = try EventLoopGroup(threads: 1).loops[0]
        let listener = try systemCall("socket") {
            socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                try systemCall("bind") { bind(listener, generic, length) }
                try systemCall("listen") { listen(listener, 16) }
                try systemCall("getsockname") { getsockname(listener, generic, &length) }
            }
        }
        let proxy = FaultProxy(
            port: Int(UInt16(bigEndian: address.sin_port)), socketPath: directory + "/.s.PGSQL.5432", loop: loop,
            behaviour: behaviour)
        loop.spawn { await proxy.acceptAll(listener) }
        return proxy
    }

    private init(port: Int, socketPath: String, loop: EventLoop, behaviour: Behaviour) {
        self.port = port
        self.socketPath = socketPath
        self.loop = loop
        self.behaviour = Locked(behaviour)
    }

    /// Behaves like this from now on, towards connections there are as well.
    package func behave(_ behaviour: Behaviour) {
        self.behaviour.withLock { $0 = behaviour }
    }

    /// Ends connections that there are: all, or those that listen for notifications.
    package func cut(onlyListeners: Bool = false) {
        clients.withLock { clients in
            // Under the lock: a number that is not in the table may be somebody else's already.
            for (client, listens) in clients where listens || !onlyListeners { shutdown(client, CInt(SHUT_RDWR)) }
        }
    }

    /// How to reach a database through it.
    package func url(database: String, user: String = "usher") -> String {
        "host=127.0.0.1 port=\(port) user=\(user) dbname=\(database)"
    }

    private func acceptAll(_ listener: CInt) async {
        do {
            let readiness = try Readiness(listener, on: loop)
            while true {
                try await readiness.readable()
                let client = accept(listener, nil, nil)
                guard client >= 0 else { continue }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)  // of an open descriptor this cannot fail
                try makeNonBlocking(client)
                guard behaviour.withLock({ $0 }) != .hangUp else {
                    close(client)
                    continue
                }
                loop.spawn { await self.serve(client) }
            }
        } catch {
            preconditionFailure("the proxy's listener: \(error)")
        }
    }

    private func serve(_ client: CInt) async {
        // Whatever fails here is the end of a connection, which is what a proxy passes on.
        guard let server = try? connectToServer() else {
            close(client)
            return
        }
        let isHangingUp = Locked(false)
        clients.withLock { $0[client] = false }
        do {
            let (near, far) = (try Readiness(client, on: loop), try Readiness(server, on: loop))
            await withTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await self.pump(from: client, near, to: server, far, isHangingUp, of: client) }
                tasks.addTask { await self.pump(from: server, far, to: client, near, isHangingUp, of: client) }
                await tasks.next()
                near.close()
                far.close()
                tasks.cancelAll()
            }
        } catch {}
        clients.withLock { $0[client] = nil }
        close(client)
        close(server)
    }

    private func pump(
        from source: CInt, _ readable: Readiness, to sink: CInt, _ writable: Readiness, _ isHangingUp: Locked<Bool>,
        of client: CInt
    ) async {
        let fromClient = source == client
        var buffer = [UInt8](repeating: 0, count: 65536)
        do {
            while true {
                try await readable.readable()
                let count = read(source, &buffer, buffer.count)
                guard count > 0 else { return }
                if fromClient, contains(buffer[..<count], "LISTEN") { clients.withLock { $0[client] = true } }
                switch behaviour.withLock({ $0 }) {
                case .forward: break
                case .hangUp: return
                case .silence: continue
                case .deafListeners:
                    if !fromClient, clients.withLock({ $0[client] ?? false }) { continue }
                case .loseReply(let text):
                    if fromClient, contains(buffer[..<count], text) { isHangingUp.withLock { $0 = true } }
                    if !fromClient, isHangingUp.withLock({ $0 }) { return }
                case .loseRequest(let text):
                    if fromClient, contains(buffer[..<count], text) { return }
                }
                var sent = 0
                while sent < count {
                    let more = buffer[sent..<count].withUnsafeBytes { write(sink, $0.baseAddress, $0.count) }
                    if more > 0 {
                        sent += more
                    } else {
                        guard errno == EAGAIN || errno == EINTR else { return }
                        try await writable.writable()
                    }
                }
            }
        } catch {}
    }

    private func contains(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
        String(decoding: bytes, as: UTF8.self).contains(text)
    }

    private func connectToServer() throws -> CInt {
        let server = try systemCall("socket") { socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
        do {
            // A server that is frozen and has its hands full must not keep everybody waiting here.
            try makeNonBlocking(server)
            try withUnsafePointer(to: &address) { pointer in
                try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                    _ = try systemCall("connect") {  // zero
                        connect(server, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
                    }
                }
            }
        } catch {
            close(server)
            throw error
        }
        return server
    }

    private func makeNonBlocking(_ descriptor: CInt) throws {
        try systemCall("fcntl") { fcntl(descriptor, F_SETFL, O_NONBLOCK) }
    }
}
