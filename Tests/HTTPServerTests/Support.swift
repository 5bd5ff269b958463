import COpenSSL
import Cryptography
import Glibc
import HTTP
import HTTPTypes
import Logging
import Testing

@testable import HTTPServer
@testable import Reactor

/// A server on a free port, stopped with the test.
final class TestServer: Sendable {
    let group: EventLoopGroup
    let server: Server
    let port: Int
    /// Where plain HTTP leads to HTTPS, if that was asked for.
    let redirectPort: Int

    init(
        _ configuration: ServerConfiguration = ServerConfiguration(), threads: Int = 2,
        hooks: ServerHooks = ServerHooks(), handler: Server.Handler? = nil
    ) async throws {
        var (configuration, hooks) = (configuration, hooks)
        // Answers come both ways, and nobody can tell.
        if handler == nil { hooks.atOnce = { echoed($0) } }
        if configuration.sockets.isEmpty { configuration.listen = ["127.0.0.1:0"] }
        if configuration.timeouts == .init() {
            // Not what is tested: a busy machine must not run into one.
            (configuration.timeouts.head, configuration.timeouts.body) = (.seconds(60), .seconds(60))
        }
        group = try EventLoopGroup(threads: threads)
        server = Server(
            configuration: configuration, group: group, logger: Logger(label: "test"), hooks: hooks,
            handler: handler ?? echo)
        let bound = try await server.start()
        (port, redirectPort) = (bound.first?.port ?? 0, bound.last?.port ?? 0)
    }

    func client(tls: TestTLS? = nil) async throws -> Client {
        try await Client(port: port, tls: tls, on: group.loops[0])
    }

    /// Waits until the server has no connection left.
    func untilEmpty() async throws {
        try await poll { self.server.connectionCount == 0 }
    }
}

/// Runs a test with a server, and stops the server whatever comes of it.
func withServer(
    _ configuration: ServerConfiguration = ServerConfiguration(), threads: Int = 2, hooks: ServerHooks = ServerHooks(),
    handler: Server.Handler? = nil, _ body: (TestServer) async throws -> Void
) async throws {
    let server = try await TestServer(configuration, threads: threads, hooks: hooks, handler: handler)
    do {
        try await body(server)
    } catch {
        await server.server.shutdown(grace: .zero)
        throw error
    }
    await server.server.shutdown(grace: .zero)
    server.group.stop()
}

/// Method, path, and body come back.
@Sendable func echo(_ request: Request) async -> Response { echoed(request) }

@Sendable func echoed(_ request: Request) -> Response {
    .text("\(request.method.rawValue) \(request.path) \(String(decoding: request.body, as: UTF8.self))")
}

/// A stream that a task writes, which is cancelled when the stream is over.
func writtenByTask(
    heartbeat: Duration = .seconds(20), _ body: @escaping @Sendable (EventStream) async throws -> Void
) -> Response {
    .eventStream(heartbeat: heartbeat) { stream in
        let task = Task {
            try await body(stream)
            stream.end()
        }
        return { task.cancel() }
    }
}

/// Waits for a condition, for half a minute at most.
func poll(_ condition: @Sendable () async -> Bool) async throws {
    let deadline: ContinuousClock.Instant = .now + .seconds(30)
    while await !condition() {
        guard .now < deadline else { throw TimedOut() }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// The other end of a connection.
final class Client: Sendable {
    private let transport: Transport
    private let loop: EventLoop
    private var deadline: ContinuousClock.Instant { .now + .seconds(30) }

    init(port: Int, tls: TestTLS? = nil, receiveBuffer: CInt? = nil, on loop: EventLoop) async throws {
        self.loop = loop
        transport = try await loop.run {
            let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
            let raw = try systemCall("socket") { socket(AF_INET, type, 0) }
            let descriptor = Descriptor(owning: raw)
            if var receiveBuffer {
                setsockopt(raw, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<CInt>.size))
            }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = inet_addr("127.0.0.1")
            try systemCall("connect") {
                withUnsafePointer(to: address) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
            }
            try systemCall("fcntl") { fcntl(raw, F_SETFL, O_NONBLOCK) }
            var on: CInt = 1  // each write is a packet
            setsockopt(raw, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
            let channel: any Channel = try tls?.session(over: raw) ?? PlainChannel(raw)
            return try Transport(descriptor, channel, on: loop)
        }
        if tls != nil {
            try await loop.run { try await transport.handshake(until: self.deadline) }
        }
    }

    deinit {
        let transport = transport
        loop.execute { transport.close() }
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await loop.run { try await transport.write(bytes, within: .seconds(30)) }
    }

    /// What comes until the text is there.
    func receive(until end: String) async throws -> String {
        try await loop.run {
            while !String(decoding: transport.input.all, as: UTF8.self).contains(end) {
                guard try await transport.fill(until: deadline) else { throw ConnectionLost() }
            }
            let text = String(decoding: transport.input.all, as: UTF8.self)
            let range = text.utf8.count - (text.range(after: end) ?? 0)
            return String(decoding: transport.input.take(transport.input.count - range), as: UTF8.self)
        }
    }

    /// What comes until the server finishes.
    func receiveAll() async throws -> String {
        String(decoding: try await receiveAllBytes(), as: UTF8.self)
    }

    func receiveAllBytes() async throws -> [UInt8] {
        try await loop.run {
            while try await transport.fill(until: deadline) {}
            return transport.input.take(transport.input.count)
        }
    }

    /// Says that nothing more will come.
    func finish() async { await loop.run { transport.finish() } }

    func close() async { await loop.run { transport.close() } }

    func abort() async { await loop.run { transport.abort() } }

    /// Sends, and takes what comes until the server finishes.
    func exchange(_ text: String) async throws -> String {
        try await send(text)
        return try await receiveAll()
    }
}

extension String {
    /// How many bytes there are up to the end of the first occurrence.
    fileprivate func range(after other: String) -> Int? {
        let (bytes, wanted) = (Array(utf8), Array(other.utf8))
        return (0...max(0, bytes.count - wanted.count)).first { bytes[$0...].starts(with: wanted) }.map {
            $0 + wanted.count
        }
    }

    /// How often the other occurs.
    func count(of other: String) -> Int {
        let (bytes, wanted) = (Array(utf8), Array(other.utf8))
        return bytes.indices.count { bytes[$0...].starts(with: wanted) }
    }
}

/// TLS for clients that trust one certificate, made for the test.
final class TestTLS: @unchecked Sendable {
    let files: ServerConfiguration.TLSFiles
    private let context: OpaquePointer
    private let directory: String
    private let host: String
    private let latest = Locked<OpaquePointer?>(nil)
    private let resumed = Locked<OpaquePointer?>(nil)

    /// For a host of this name, and 127.0.0.1.
    init(
        maxVersion: CInt = TLS1_3_VERSION, protocols: [String] = ["h2", "http/1.1"], host: String = "localhost"
    ) async throws {
        self.host = host
        var template = Array("/tmp/usher-tls-XXXXXX".utf8CString)
        directory = String(cString: try #require(mkdtemp(&template)))
        try Self.writeCertificate(for: host, to: directory)
        files = ServerConfiguration.TLSFiles(
            certificateFile: directory + "/cert.pem", keyFile: directory + "/key.pem")
        context = try #require(SSL_CTX_new(TLS_client_method()))
        SSL_CTX_ctrl(context, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(maxVersion), nil)
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        try #require(SSL_CTX_load_verify_file(context, files.certificateFile) == 1)
        let offer = protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        try #require(SSL_CTX_set_alpn_protos(context, offer, CUnsignedInt(offer.count)) == 0)
    }

    deinit {
        SSL_CTX_free(context)
        latest.withLock { SSL_free($0) }
        resumed.withLock { SSL_SESSION_free($0) }
        for name in ["cert.pem", "key.pem"] { unlink("\(directory)/\(name)") }
        rmdir(directory)
    }

    func session(over descriptor: CInt) throws -> TLSSession {
        let session = try #require(SSL_new(context))
        SSL_set_fd(session, descriptor)
        SSL_set_connect_state(session)
        SSL_set1_host(session, host)
        copenssl_name_server(session, host)
        resumed.withLock { if let resumed = $0 { SSL_set_session(session, resumed) } }
        SSL_up_ref(session)
        latest.withLock {
            SSL_free($0)
            $0 = session
        }
        return TLSSession(session)
    }

    /// Sessions to come go on with the latest one.
    func resume() {
        let session = latest.withLock { SSL_get1_session($0) }
        resumed.withLock { $0 = session }
    }

    /// Whether the latest session went on with an earlier one.
    var wasResumed: Bool { latest.withLock { SSL_session_reused($0) == 1 } }

    /// What the latest session would send of this. Called on its loop.
    func record(of text: String) throws -> [UInt8] {
        try latest.withLock { session in
            let (socket, memory) = (SSL_get_wbio(session), try #require(BIO_new(BIO_s_mem())))
            BIO_up_ref(socket)
            SSL_set0_wbio(session, memory)
            SSL_write(session, text, CInt(text.utf8.count))
            var record = [UInt8](repeating: 0, count: 1024)
            record.removeLast(record.count - Int(BIO_read(memory, &record, CInt(record.count))))
            SSL_set0_wbio(session, socket)
            return record
        }
    }

    /// To the server, through no TLS.
    func sendAsItIs(_ bytes: ArraySlice<UInt8>) throws {
        let descriptor = latest.withLock { SSL_get_fd($0) }
        let count = try bytes.withUnsafeBytes { bytes in
            try systemCall("send") { send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL)) }
        }
        #expect(count == bytes.count)
    }

    /// Another certificate in the place of this one. Clients trust both.
    func renew() throws {
        try Self.writeCertificate(for: host, to: directory)
        try #require(SSL_CTX_load_verify_file(context, files.certificateFile) == 1)
    }

    /// The serial number of the certificate that the server of the latest session showed.
    var serial: [UInt8] {
        latest.withLock { session in
            guard let number = X509_get0_serialNumber(SSL_get0_peer_certificate(session)) else { return [] }
            return Array(
                UnsafeBufferPointer(start: ASN1_STRING_get0_data(number), count: Int(ASN1_STRING_length(number))))
        }
    }

    private static func writeCertificate(for host: String, to directory: String) throws {
        let made = try SelfSignedCertificate(names: [host, "127.0.0.1"], days: 2)
        for (name, text) in [("cert.pem", made.certificate), ("key.pem", made.key)] {
            let file = open("\(directory)/\(name)", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
            defer { Glibc.close(file) }
            try #require(write(file, text, text.utf8.count) == text.utf8.count)
        }
    }
}
