import HTTP
import HTTPTypes
import Testing

@testable import HTTPServer

@Suite struct ForwardingTests {
    private func ask(_ fields: String, trusting proxies: [String]) async throws -> String {
        var configuration = ServerConfiguration()
        configuration.trustedProxies = proxies.compactMap { AddressBlock($0) }
        var answer = ""
        try await withServer(configuration, handler: { .text("\($0.peer) \($0.isSecure) \($0.authority ?? "")") }) {
            server in
            answer = try await server.client().exchange(
                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\(fields)\r\n")
        }
        return answer.split(separator: "\r\n\r\n").last.map(String.init) ?? ""
    }

    @Test(arguments: [
        ("", "127.0.0.1 false a"),
        ("X-Forwarded-For: 203.0.113.7\r\n", "203.0.113.7 false a"),
        // What the client wrote itself comes before what the proxy heard from.
        ("X-Forwarded-For: 1.1.1.1, 203.0.113.7\r\n", "203.0.113.7 false a"),
        ("X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 203.0.113.7, 10.1.2.3\r\n", "203.0.113.7 false a"),
        ("X-Forwarded-For: 2001:db8::7\r\nX-Forwarded-Proto: https\r\n", "2001:db8::7 true a"),
        ("X-Forwarded-For: 203.0.113.7:999\r\nX-Forwarded-Host: home.test\r\n", "203.0.113.7 false home.test"),
        ("X-Forwarded-For: nonsense\r\nX-Forwarded-Host: a/b\r\n", "127.0.0.1 false a"),
        ("X-Forwarded-For: 10.1.2.3\r\n", "10.1.2.3 false a"),
        ("X-Forwarded-Proto: https\r\nX-Forwarded-Host: home.test\r\n", "127.0.0.1 true home.test"),
        ("Forwarded: for=1.1.1.1, for=203.0.113.7;proto=HTTPS;host=home.test\r\n", "203.0.113.7 true home.test"),
        ("Forwarded: for=\"[2001:db8::7]:4711\";proto=https\r\n", "2001:db8::7 true a"),
        ("Forwarded: for=unknown;proto=https\r\n", "127.0.0.1 true a"),
        ("Forwarded: for=\"a,b;c\"\r\nX-Forwarded-For: 203.0.113.7\r\n", "127.0.0.1 false a"),
    ])
    func believesTrustedProxies(fields: String, seen: String) async throws {
        #expect(try await ask(fields, trusting: ["127.0.0.0/8", "10.0.0.0/8"]) == seen)
        #expect(try await ask(fields, trusting: ["10.0.0.0/8"]) == "127.0.0.1 false a")
        #expect(try await ask(fields, trusting: []) == "127.0.0.1 false a")
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false), ("10.0.0.0/15", "10.1.9.9", true),
        ("10.0.0.0/15", "10.2.0.0", false), ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("0.0.0.0/0", "8.8.8.8", true), ("0.0.0.0/0", "::1", false), ("2001:db8::/32", "2001:db8:1::2", true),
        ("::1", "::1", true), ("::1", "0.0.0.1", false),
    ])
    func blocks(block: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressBlock(block)).contains(address) == isInside)
    }

    @Test(arguments: ["", "a", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0/8", "::/129", "10.0.0.0/08", "/8"])
    func noBlocks(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}
