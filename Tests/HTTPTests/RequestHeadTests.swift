import HTTPTypes
import Testing

@testable import HTTP

@Suite struct RequestHeadTests {
    @Test func complete() throws {
        let text =
            "POST /a%20b/c?x=1&y=%C3%A4+z HTTP/1.1\r\nHost: usher.local:8080\r\nX-Test:  a b \t\r\n"
            + "Content-Length: 3\r\n\r\n"
        let head = try head(text)
        #expect(head.method == .post)
        #expect(head.target == "/a%20b/c?x=1&y=%C3%A4+z")
        #expect(head.path == "/a b/c")
        #expect(head.query == Form([("x", "1"), ("y", "ä z")]))
        #expect(head.authority == "usher.local:8080")
        #expect(head.fields[HTTPField.Name("X-Test")!] == "a b")
        #expect(head.framing == .length(3))
        #expect(head.keepsAlive)
        guard case .head(_, let rest) = outcome(text + "abcGET") else { throw RequestError(.badRequest, "") }
        #expect(rest == 6)
    }

    @Test(arguments: [
        "", "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\r", "\r\n", "\r",
    ])
    func incomplete(text: String) {
        #expect(outcome(text) == .incomplete)
    }

    @Test func emptyLinesBefore() throws {
        #expect(try head("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n").path == "/")
        #expect(status(String(repeating: "\r\n", count: 9) + "GET / HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test(arguments: [
        // Request line
        "GET /\r\n\r\n", "GET / HTTP/1.1 \r\n", " GET / HTTP/1.1\r\n", "GET  / HTTP/1.1\r\n", "GET /  HTTP/1.1\r\n",
        "GET\t/ HTTP/1.1\r\n", "GET / a HTTP/1.1\r\n", "GET / http/1.1\r\n", "GET / HTTP/1.10\r\n",
        "GET / HTTP/11\r\n", "GET / HTTP/1,1\r\n", "GET / HTTP /1.1\r\n", "GET / \r\n", "G(T / HTTP/1.1\r\n",
        "/ HTTP/1.1\r\n", "HTTP/1.1\r\n", "GET / HTTPS/1.1\r\n", "GET / HTTP/1.\r\n", "GET / HTTP/a.1\r\n",
        // Line ends and control bytes
        "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\rHost: a\r\r",
        "GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n", "GET /\0 HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: a\u{7f}\r\n", "\nGET / HTTP/1.1\r\n", "\rGET / HTTP/1.1\r\n",
        "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n", "\0",
        // Fields
        "GET / HTTP/1.1\r\nHost : a\r\n", "GET / HTTP/1.1\r\n Host: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n b\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n\tb: c\r\n", "GET / HTTP/1.1\r\nHost: a\r\n: b\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nabc\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX Y: b\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\u{e4}: b\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX[]: b\r\n",
        // Target
        "GET a HTTP/1.1\r\n", "GET * HTTP/1.1\r\n", "GET ftp://a/ HTTP/1.1\r\n", "GET http:// HTTP/1.1\r\n",
        "GET http://a@b/ HTTP/1.1\r\n", "GET a:80 HTTP/1.1\r\n", "GET /#a HTTP/1.1\r\n", "GET /\u{e4} HTTP/1.1\r\n",
        "GET /%zz HTTP/1.1\r\n", "GET /%4 HTTP/1.1\r\n", "GET /% HTTP/1.1\r\n", "GET /a%2fb HTTP/1.1\r\n",
        "GET /a%2Fb HTTP/1.1\r\n", "GET /a%5cb HTTP/1.1\r\n", "GET /a\\b HTTP/1.1\r\n", "GET /%00 HTTP/1.1\r\n",
        "GET /%0a HTTP/1.1\r\n", "GET /%ff HTTP/1.1\r\n", "GET /?a=%ff HTTP/1.1\r\n", "GET /?a=%00 HTTP/1.1\r\n",
        "GET /?a=% HTTP/1.1\r\n", "GET /\"<> HTTP/1.1\r\n", "GET ?a HTTP/1.1\r\n", "OPTIONS ** HTTP/1.1\r\n",
    ])
    func malformed(text: String) {
        #expect(status(text) == 400, "\(text.debugDescription)")
    }

    @Test(arguments: [
        "", "Host:\r\n", "Host: \r\n", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host: a b\r\n",
        "Host: a/b\r\n", "Host: a@b\r\n", "Host: a:b\r\n", "Host: a:99999\r\n", "Host: a:1:2\r\n", "Host: [::1\r\n",
        "Host: [zz]\r\n", "Host: [::1]a\r\n", "Host: ::1\r\n", "Host: a,b\r\n", "Host: http://a\r\n", "Host: a?b\r\n",
        "Host: a#b\r\n", "Host: \u{e4}\r\n", "Host: :80\r\n", "Host: %61\r\n", "Host: a\\b\r\n", "Host: a:-1\r\n",
    ])
    func badHost(fields: String) {
        #expect(status("GET / HTTP/1.1\r\n\(fields)\r\n") == 400, "\(fields)")
    }

    @Test(arguments: ["a", "a:80", "a:", "127.0.0.1:8080", "[::1]", "[::1]:80", "[::ffff:1.2.3.4]", "a-b.c_d~e", "A.B"])
    func goodHost(host: String) throws {
        #expect(try head("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n").authority == host)
    }

    @Test func absoluteFormOverridesHost() throws {
        let absolute = try head("GET HTTP://b:81/x?y=1 HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(absolute.authority == "b:81")
        #expect(absolute.path == "/x")
        #expect(try head("GET http://b?y=1 HTTP/1.1\r\nHost: a\r\n\r\n").path == "/")
        #expect(status("GET http://b/ HTTP/1.1\r\n\r\n") == 400)
    }

    @Test func otherForms() throws {
        #expect(try head("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").path == "*")
        #expect(try head("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n").method == .connect)
    }

    @Test(arguments: [
        ("/", "/"), ("/a", "/a"), ("/a/", "/a/"), ("/a/../b", "/b"), ("/a/./b", "/a/b"), ("/..", "/"), ("/.", "/"),
        ("/../../etc/passwd", "/etc/passwd"), ("/a/%2e%2E/b", "/b"), ("/a/..", "/"), ("/a/b/..", "/a/"),
        ("/a/.", "/a/"), ("//a", "//a"), ("//", "//"), ("//..", "/"), ("/...", "/..."), ("/.a/b.c", "/.a/b.c"),
        ("/%E2%82%AC", "/€"), ("/a|[b]", "/a|[b]"), ("/a+b", "/a+b"), ("/a%20b/?c=..", "/a b/"),
    ])
    func paths(target: String, path: String) throws {
        #expect(try head("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n").path == path)
    }

    @Test func versions() throws {
        let old = try head("GET / HTTP/1.0\r\n\r\n")
        #expect(old.minorVersion == 0 && !old.keepsAlive && old.authority == nil)
        #expect(try head("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keepsAlive)
        #expect(try head("GET / HTTP/1.7\r\nHost: a\r\n\r\n").minorVersion == 1)
        #expect(status("GET / HTTP/2.0\r\n\r\n") == 505)
        #expect(status("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505)
        #expect(status("GET / HTTP/0.9\r\n\r\n") == 505)
        #expect(status("GET / HTTP/1.0\r\nHost: \r\n\r\n") == 400)
    }

    @Test func connectionIsAListOfTokens() throws {
        #expect(try !head("GET / HTTP/1.1\r\nHost: a\r\nConnection: te, CLOSE\r\n\r\n").keepsAlive)
        #expect(try !head("GET / HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n").keepsAlive)
        #expect(try head("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n").keepsAlive)
        #expect(try !head("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n").keepsAlive)
    }

    @Test(arguments: [
        "Content-Length: -1", "Content-Length: +1", "Content-Length: 1 2", "Content-Length: 0x1", "Content-Length: ",
        "Content-Length: 1,1", "Content-Length: 1\r\nContent-Length: 1", "Content-Length: 1\r\nContent-Length: 2",
        "Content-Length: 01", "Content-Length: 9223372036854775808", "Content-Length: 99999999999999999999",
        "Content-Length: 1a", "Content-Length: \u{ff11}", "Content-Length: 1.0",
        "Content-Length: 3\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 3",
        "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, gzip", "Transfer-Encoding: gzip", "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding:",
        "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: chunked,", "Transfer-Encoding: , chunked",
        "Transfer-Encoding: @, chunked", "Transfer-Encoding: gzip;, chunked",
    ])
    func badFraming(field: String) {
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n") == 400, "\(field)")
    }

    @Test func framing() throws {
        let start = "POST / HTTP/1.1\r\nHost: a\r\n"
        #expect(try head(start + "\r\n").framing == .none)
        #expect(try head(start + "Content-Length: 0\r\n\r\n").framing == .none)
        #expect(
            try head(start + "Content-Length: 999999999999999999\r\n\r\n").framing == .length(999_999_999_999_999_999))
        #expect(try head(start + "Transfer-Encoding: Chunked\r\n\r\n").framing == .chunked)
        #expect(status(start + "Transfer-Encoding: gzip, chunked\r\n\r\n") == 501)
        #expect(status("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
    }

    @Test func expect() throws {
        #expect(try head("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").expectsContinue)
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n") == 417)
        #expect(try !head("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expectsContinue)
    }

    @Test func limits() throws {
        let long = String(repeating: "a", count: 8191)
        #expect(try head("GET /\(long) HTTP/1.1\r\nHost: a\r\n\r\n").path.utf8.count == 8192)
        #expect(status("GET /\(long)a HTTP/1.1\r\nHost: a\r\n\r\n") == 414)
        #expect(status("GET /" + String(repeating: "a", count: 20000)) == 414)
        // RFC 9112 §3: a method longer than any.
        #expect(status(String(repeating: "a", count: 20000)) == 501)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)\(long)\r\n\r\n") == 431)
        let fields = String(repeating: "X: y\r\n", count: 99)
        #expect(try head("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n").fields.count == 99)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\n\(fields)X: y\r\n\r\n") == 431)
    }

    @Test func headOfExactlyTheLimit() throws {
        var limits = HTTPLimits()
        let text = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
        limits.head = text.utf8.count
        guard case .head = outcome(text + "GET", limits: limits) else { throw RequestError(.badRequest, "") }
        // Empty lines before it are no part of it.
        guard case .head = outcome("\r\n\r\n" + text, limits: limits) else { throw RequestError(.badRequest, "") }
        limits.head -= 1
        #expect(outcome(text, limits: limits) == .refused(431))
        #expect(outcome("\r\n" + text, limits: limits) == .refused(431))
    }

    @Test func randomBytesAreNeitherAcceptedNorFatal() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("GET / HTTP/1.1\r\n\r\nHost: a\r\n:%\0\u{7f}é".utf8)
        for _ in 0..<300 {
            let bytes = (0..<200).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let whole = parse(bytes, piece: bytes.count)
            #expect(whole == parse(bytes, piece: 1))
        }
    }
}
