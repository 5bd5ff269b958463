import HTTP
import HTTPTypes
import Testing

@testable import HTTPServer

/// Byte by byte what RFC 9110 and 9112 say, over real sockets: plain and over TLS, alone, between other requests in one
/// packet, and in packets of one byte.
@Suite(.timeLimit(.minutes(10)), .serialized) struct StrictTests {
    enum Delivery: CaseIterable { case alone, pipelined, byteByByte }

    static let get = "GET /z HTTP/1.1\r\nHost: a\r\n\r\n"
    static let post = "POST /p HTTP/1.1\r\nHost: a\r\n"
    static let chunked = post + "Transfer-Encoding: chunked\r\n\r\n"

    private func withStrictServer(isSecure: Bool, _ body: (TestServer, TestTLS?) async throws -> Void) async throws {
        let tls = isSecure ? try await TestTLS() : nil
        var configuration = ServerConfiguration(tls: tls.map { [$0.files] } ?? [])
        (configuration.timeouts.head, configuration.timeouts.body) = (.seconds(60), .seconds(60))
        configuration.timeouts.linger = .seconds(30)  // until the client has read its answer and closes
        try await withServer(configuration) { try await body($0, tls) }
    }

    private func deliver(_ request: String, _ delivery: Delivery, _ client: Client) async throws -> String {
        switch delivery {
        case .alone: try await client.send(request)
        case .pipelined: try await client.send(Self.get + request + Self.get)
        case .byteByByte: for byte in request.utf8 { try await client.send([byte]) }
        }
        await client.finish()
        return try await client.receiveAll()
    }

    @Test(arguments: Delivery.allCases, [false, true])
    func refused(_ delivery: Delivery, isSecure: Bool) async throws {
        try await withStrictServer(isSecure: isSecure) { server, tls in
            for (request, status) in Self.refusals {
                let client = try await server.client(tls: tls)
                var answer = Substring(try await deliver(request, delivery, client))
                if delivery == .pipelined {
                    #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"), "\(request.debugDescription)")
                    answer = answer.firstRange(of: "GET /z ").map { answer[$0.upperBound...] } ?? answer
                }
                // The one error path: one answer, dated, and the last.
                #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(request.debugDescription): \(answer.prefix(40))")
                #expect(answer.contains("\r\nConnection: close\r\n") && answer.contains("\r\nDate: "))
                #expect(String(answer).count(of: "HTTP/1.1 ") == 1, "\(request.debugDescription)")
                await client.close()
            }
            try await server.untilEmpty()
        }
    }

    @Test(arguments: Delivery.allCases, [false, true])
    func accepted(_ delivery: Delivery, isSecure: Bool) async throws {
        try await withStrictServer(isSecure: isSecure) { server, tls in
            for (request, body) in Self.acceptances {
                let client = try await server.client(tls: tls)
                let answer = try await deliver(request, delivery, client)
                #expect(answer.contains("\r\n\r\n" + body), "\(request.debugDescription): \(answer)")
                let goesOn = !answer.contains("Connection: close")
                #expect(answer.count(of: "HTTP/1.1 200 OK\r\n") == (delivery != .pipelined ? 1 : goesOn ? 3 : 2))
                await client.close()
            }
            try await server.untilEmpty()
        }
    }

    /// RFC 9110 §9.3.2: whatever is wrong with it, an answer to HEAD has no content.
    @Test(arguments: [
        ("HEAD / HTTP/1.1\r\n\r\n", 400), ("HEAD /% HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("HEAD / HTTP/3.0\r\n\r\n", 505), ("HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999\r\n\r\n", 413),
    ])
    func headIsRefusedWithoutContent(request: String, status: Int) async throws {
        try await withStrictServer(isSecure: false) { server, _ in
            let answer = try await deliver(request, .alone, try await server.client())
            #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.hasSuffix("\r\n\r\n"))
            #expect(answer.contains("\r\nContent-Length: "))
        }
    }

    /// RFC 9110 §15.4.5, §15.3.5: neither has content, whatever the handler says; 1xx is never a handler's to send.
    @Test(arguments: [(304, 304), (204, 204), (100, 500)]) func answersWithoutContent(code: Int, sent: Int) async throws
    {
        let handler: Server.Handler = { _ in .text("content", status: .init(code: code)) }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send(Self.get + Self.get)
            await client.finish()
            let answer = try await client.receiveAll()
            #expect(answer.count(of: "HTTP/1.1 \(sent) ") == 2)
            #expect(answer.contains("content") == (sent == 500) && answer.contains("Content-Length") == (sent == 500))
        }
    }

    static let refusals: [(String, Int)] =
        [
            // The request line (RFC 9112 §3)
            ("GET /\r\n\r\n", 400), ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            (" GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400),
            ("GET / http/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400),
            ("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET / HTTP/0.9\r\n\r\n", 505),
            ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            // Methods (RFC 9110 §9.1)
            ("BREW / HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("get / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            ("\(String(repeating: "A", count: 9000)) / HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            ("TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 501), ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 501),
            // Forms of the target (RFC 9112 §3.2)
            ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET http://b@c/ HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /#a HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /\u{e4} HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /% HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /a%2fb HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /a%5Cb HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400), ("GET /?%00 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET /%c0%af HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            // Lines (RFC 9112 §2.2)
            ("GET / HTTP/1.1\nHost: a\n\n", 400), ("GET / HTTP/1.1\r\nHost: a\n\r\n", 400),
            ("GET / HTTP/1.1\rHost: a\r\r", 400), ("GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n", 400), ("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: b\u{1}c\r\n\r\n", 400), ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: b\u{7f}\r\n\r\n", 400),
            (String(repeating: "\r\n", count: 9) + get, 400),
            // Fields (RFC 9112 §5)
            ("GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", 400), ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400), ("GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\u{e4}: b\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nX;: b\r\n\r\n", 400),
            // Expect (RFC 9110 §10.1.1)
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417),
            // Sizes
            ("GET /\(String(repeating: "a", count: 8192)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 16 << 10))\r\n\r\n", 431),
            ("GET / HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 100))\r\n", 431),
            (post + "Content-Length: 65537\r\n\r\n", 413),
            (post + "Content-Length: 999999999999999999\r\n\r\n", 413),
            (chunked + "10001\r\n", 413),
        ]
        // Host (RFC 9112 §3.2)
        + [
            "", "Host:\r\n", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host: a, b\r\n", "Host: a/b\r\n",
            "Host: b@a\r\n", "Host: a:b\r\n", "Host: a:65536\r\n", "Host: [::1\r\n", "Host: ::1\r\n", "Host: a b\r\n",
            "Host: http://a\r\n", "Host: :80\r\n", "Host: %61\r\n", "Host: a#b\r\n", "Host: a?b\r\n",
        ].map { ("GET / HTTP/1.1\r\n\($0)\r\n", 400) }
        // The body's end (RFC 9112 §6)
        + [
            "Content-Length: 3\r\nContent-Length: 3", "Content-Length: 3\r\nContent-Length: 4", "Content-Length: 3, 3",
            "Content-Length: +3", "Content-Length: -3", "Content-Length: 0x3", "Content-Length: 03", "Content-Length:",
            "Content-Length: 3 3", "Content-Length: 9223372036854775808", "Content-Length: 18446744073709551619",
            "Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3",
            "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: identity", "Transfer-Encoding: gzip", "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: xchunked", "Transfer-Encoding: chunked;q=1", "Transfer-Encoding:",
            "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked,", "Transfer-Encoding: , chunked",
            "Transfer-Encoding: @, chunked", "Transfer-Encoding: gzip;, chunked",
        ].map { (post + $0 + "\r\n\r\nabc", 400) }
        + [
            (post + "Transfer-Encoding: gzip, chunked\r\n\r\n", 501),
            ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        ]
        // Chunks (RFC 9112 §7.1)
        + [
            "x\r\n", "\r\n", "-1\r\n", "+1\r\n", "0x1\r\na\r\n", " 1\r\na\r\n", "1 \r\na\r\n", "1\na\r\n0\r\n\r\n",
            "1\r\nab\r\n", "1\r\na\n0\r\n\r\n", "1\r\na0\r\n\r\n", "1;\r\na\r\n", "1;=\r\n", "1;a=\r\n", "1;a=\"b\r\n",
            "1;a\0\r\n", "10000000000000000\r\n", "ffffffffffffffff1\r\n", "0\r\nX : y\r\n\r\n", "0\r\n x: y\r\n\r\n",
            "0\r\nX\r\n\r\n", "0\r\nX: \0\r\n\r\n", "0\r\n\n", "1;\(String(repeating: "a", count: 4096))\r\na\r\n",
        ].map { (chunked + $0, 400) } + [
            (chunked + "0\r\n" + String(repeating: "X: \(String(repeating: "y", count: 1000))\r\n", count: 17), 431)
        ]

    static let acceptances: [(String, String)] = [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "), ("\r\nGET /a HTTP/1.1\r\nhost:a\r\n\r\n", "GET /a "),
        ("GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY: \t b \t\r\nX: \u{e4}\r\n\r\n", "GET / "),
        ("GET / HTTP/1.9\r\nHost: a\r\n\r\n", "GET / "), ("GET /a HTTP/1.0\r\n\r\n", "GET /a "),
        ("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET /a "),
        ("GET /a HTTP/1.1\r\nHost: a\r\nConnection: x, CLOSE\r\n\r\n", "GET /a "),
        ("GET http://b:1/c?d HTTP/1.1\r\nHost: a\r\n\r\n", "GET /c "),
        ("GET HTTP://b HTTP/1.1\r\nHost: a\r\n\r\n", "GET / "),
        ("GET /a/../../b/./c/%2e%2e/%64 HTTP/1.1\r\nHost: [::1]:80\r\n\r\n", "GET /b/d "),
        ("POST /p HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc", "POST /p abc"),
        (post + "Content-Length: 0\r\n\r\n", "POST /p "), (post + "Content-Length: 3\r\n\r\nabc", "POST /p abc"),
        (post + "transfer-encoding: CHUNKED\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "POST /p abc"),
        (chunked + "0003;a;b=c ; d=\"e\\\"f;\"\r\nabc\r\n00\r\nX: y\r\nZ:\r\n\r\n", "POST /p abc"),
        (chunked + "1\r\n\r\r\n1\r\n\n\r\n0\r\n\r\n", "POST /p \r\n"),
        ("GET / HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: upgrade\r\n\r\n", "GET / "),
        ("POST /p HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc", "POST /p abc"),
        ("OPTIONS /a HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS /a "),
    ]

    /// RFC 9110 §7.4: an `https` target is refused on a connection that is not secured, and only there.
    @Test func httpsTargetNeedsTLS() async throws {
        let request = "GET https://a/b HTTP/1.1\r\nHost: a\r\n\r\n"
        try await withStrictServer(isSecure: false) { server, _ in
            let answer = try await deliver(request, .alone, try await server.client())
            #expect(answer.hasPrefix("HTTP/1.1 421 "))
        }
        try await withStrictServer(isSecure: true) { server, tls in
            let answer = try await deliver(request, .alone, try await server.client(tls: tls))
            #expect(answer.hasSuffix("GET /b "))
        }
    }
}
