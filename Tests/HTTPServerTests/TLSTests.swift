import COpenSSL
import Glibc
import HTTP
import Reactor
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    private let lastGet = "GET /z HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION]) func serves(version: CInt) async throws {
        let tls = try await TestTLS(maxVersion: version)
        try await withServer(ServerConfiguration(tls: [tls.files]), handler: { .text("\($0.path) \($0.isSecure)") }) {
            server in
            let client = try await server.client(tls: tls)
            try await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receive(until: "/a true").hasPrefix("HTTP/1.1 200 OK"))
            #expect(try await client.exchange(lastGet).hasSuffix("/z true"))
            try await server.untilEmpty()
        }
    }

    @Test func largeBodiesBothWays() async throws {
        let tls = try await TestTLS()
        var hooks = ServerHooks()
        hooks.bodyLimit = { _ in 4 << 20 }
        try await withServer(ServerConfiguration(tls: [tls.files]), hooks: hooks, handler: { .html($0.body) }) {
            server in
            let client = try await server.client(tls: tls)
            let body = Array("abcdefghijklmnopqrstuvwxyz".utf8).flatMap { [UInt8](repeating: $0, count: 100_003) }
            try await client.send(
                Array("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(body.count)\r\n\r\n".utf8)
                    + body)
            #expect(Array(try await client.receiveAllBytes().suffix(body.count)) == body)
        }
    }

    @Test func oldVersionsAndOtherProtocolsAreRefused() async throws {
        let old = try await TestTLS(maxVersion: TLS1_1_VERSION)
        let other = try await TestTLS(protocols: ["h2"])
        try await withServer(ServerConfiguration(tls: [old.files])) { server in
            await #expect(throws: TLSError.self) { try await server.client(tls: old) }
        }
        try await withServer(ServerConfiguration(tls: [other.files])) { server in
            await #expect(throws: TLSError.self) { try await server.client(tls: other) }
            try await server.untilEmpty()
        }
    }

    private func isServed(_ server: TestServer, _ tls: TestTLS) async throws {
        let answer = try await server.client(tls: tls).exchange(lastGet)
        #expect(answer.hasSuffix("GET /z "))
    }

    /// RFC 8446 §2.2, RFC 5077.
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION]) func sessionsAreResumed(version: CInt) async throws {
        let tls = try await TestTLS(maxVersion: version)
        try await withServer(ServerConfiguration(tls: [tls.files])) { server in
            try await isServed(server, tls)
            #expect(!tls.wasResumed)
            tls.resume()
            try await isServed(server, tls)
            #expect(tls.wasResumed)
        }
    }

    /// Each client checks that the certificate is for the host that it asks for.
    @Test func eachHostHasItsCertificate() async throws {
        let (one, other) = (try await TestTLS(host: "one.test"), try await TestTLS(host: "other.test"))
        try await withServer(ServerConfiguration(tls: [one.files, other.files])) { server in
            for tls in [one, other] {
                try await isServed(server, tls)
            }
            let unknown = try await TestTLS(host: "unknown.test")
            await #expect(throws: TLSError.self) { try await server.client(tls: unknown) }
        }
    }

    @Test func certificatesAreReadAgain() async throws {
        let tls = try await TestTLS()
        try await withServer(ServerConfiguration(tls: [tls.files])) { server in
            let old = try await server.client(tls: tls)
            let before = tls.serial
            try tls.renew()
            try server.server.readCertificates()
            try await isServed(server, tls)
            #expect(tls.serial != before && !before.isEmpty)
            #expect(try await old.exchange(lastGet).hasSuffix("GET /z "))
            // What cannot be used changes nothing.
            unlink(tls.files.keyFile)
            #expect(throws: ServerError.self) { try server.server.readCertificates() }
            try await isServed(server, tls)
        }
    }

    @Test func plainHTTPIsLedToHTTPS() async throws {
        let tls = try await TestTLS()
        var configuration = ServerConfiguration(tls: [tls.files])
        configuration.redirect = ["127.0.0.1:0"]
        try await withServer(configuration) { server in
            let client = try await Client(port: server.redirectPort, on: server.group.loops[0])
            let answer = try await client.exchange(
                "GET /a?b=c HTTP/1.1\r\nHost: home.test:80\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 308 "))
            #expect(answer.contains("\r\nLocation: https://home.test:\(server.port)/a?b=c\r\n"))
            let numeric = try await Client(port: server.redirectPort, on: server.group.loops[0])
            let six = try await numeric.exchange("GET / HTTP/1.1\r\nHost: [::1]:80\r\nConnection: close\r\n\r\n")
            #expect(six.contains("\r\nLocation: https://[::1]:\(server.port)/\r\n"))
        }
    }

    /// Whatever the method, and however little of it there is yet.
    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "DELETE /a HTTP/1.1\r\n", "CONNECT a:1 HTTP/1.1\r\n", "p", "PRI ",
    ])
    func plainRequestIsToldSo(request: String) async throws {
        let tls = try await TestTLS()
        try await withServer(ServerConfiguration(tls: [tls.files])) { server in
            let answer = try await server.client().exchange(request)
            #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("https://"))
            #expect(answer.contains("\r\nDate: ") && answer.contains("\r\nConnection: close\r\n"))
            try await server.untilEmpty()
        }
    }

    @Test func silentHandshakeEnds() async throws {
        let tls = try await TestTLS()
        var configuration = ServerConfiguration(tls: [tls.files])
        configuration.timeouts.head = .milliseconds(50)
        try await withServer(configuration) { server in
            let client = try await server.client()
            try await client.send([0x16, 0x03])
            #expect(try await client.receiveAll() == "")
            try await server.untilEmpty()
        }
    }

    @Test func eventStreamOverTLS() async throws {
        let tls = try await TestTLS()
        let handler: Server.Handler = { _ in
            writtenByTask { events in
                events.send(data: "hello")
                try await Task.sleep(for: .seconds(3600))
            }
        }
        try await withServer(ServerConfiguration(tls: [tls.files]), handler: handler) { server in
            let client = try await server.client(tls: tls)
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receive(until: "data: hello\n\n").contains("text/event-stream"))
            await client.finish()
            try await server.untilEmpty()
        }
    }

    @Test func badFiles() async throws {
        let tls = try await TestTLS()
        let other = try await TestTLS()
        var files = tls.files
        files.keyFile = other.files.keyFile
        for wrong in [files, .init(certificateFile: "/nowhere", keyFile: files.keyFile)] {
            #expect(throws: TLSError.self) { try TLSContext([wrong]) }
        }
    }
}
