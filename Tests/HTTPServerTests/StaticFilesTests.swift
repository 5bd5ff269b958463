import HTTP
import HTTPTypes
import Testing

@testable import HTTPServer

@Suite struct StaticFilesTests {
    private static let text = Array(String(repeating: "a house style ", count: 200).utf8)
    private let files = StaticFiles([
        StaticFile(path: "/static/a.1.css", contentType: "text/css", bytes: text),
        StaticFile(path: "/static/b.png", contentType: "image/png", bytes: [1, 2, 3], isImmutable: false),
    ])

    private func ask(_ path: String, _ fields: String = "") throws -> Response? {
        var parser = RequestHeadParser()
        let head = try #require(
            try parser.parse(Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8).span))
        return files.response(for: Request(head: head, peer: "", isSecure: false, id: RequestID(7)))
    }

    private func bytes(_ response: Response) -> [UInt8] {
        if case .bytes(let bytes) = response.body { bytes } else { [] }
    }

    @Test(arguments: ["gzip", "br, gzip;q=0.5", "*", "GZIP"]) func compressed(accepts: String) throws {
        let response = try #require(try ask("/static/a.1.css", "Accept-Encoding: \(accepts)\r\n"))
        #expect(response.fields[.contentEncoding] == "gzip" && response.fields[.vary] == "Accept-Encoding")
        #expect(response.fields[.cacheControl]?.contains("immutable") == true)
        #expect(bytes(response).starts(with: [0x1f, 0x8b]) && bytes(response).count < Self.text.count / 10)
    }

    @Test(arguments: [
        "", "Accept-Encoding: br\r\n", "Accept-Encoding: gzip;q=0\r\n", "Accept-Encoding: *, gzip; q=0.0\r\n",
    ])
    func asItIs(fields: String) throws {
        let response = try #require(try ask("/static/a.1.css", fields))
        #expect(response.fields[.contentEncoding] == nil && bytes(response) == Self.text)
        #expect(response.fields[.vary] == "Accept-Encoding")
    }

    @Test func eachEncodingHasItsTag() throws {
        let plain = try #require(try ask("/static/a.1.css")?.fields[.eTag])
        let gzip = try #require(try ask("/static/a.1.css", "Accept-Encoding: gzip\r\n")?.fields[.eTag])
        #expect(plain != gzip)
        #expect(try ask("/static/a.1.css", "If-None-Match: \(plain)\r\n")?.status == .notModified)
        #expect(
            try ask("/static/a.1.css", "If-None-Match: W/\(gzip)\r\nAccept-Encoding: gzip\r\n")?.status == .notModified)
        #expect(try ask("/static/a.1.css", "If-None-Match: \(gzip)\r\n")?.status == .ok)
        // RFC 9110 §13.1.1, §13.2.2: If-Match goes first, and W/ is no match.
        #expect(try ask("/static/a.1.css", "If-Match: \"x\" , \(plain)\r\n")?.status == .ok)
        #expect(try ask("/static/a.1.css", "If-Match: *\r\nIf-None-Match: \(plain)\r\n")?.status == .notModified)
        for other in ["\"x\"", "W/\(plain)", gzip, ""] {
            let fields = "If-Match: \(other)\r\nIf-None-Match: \(plain)\r\n"
            #expect(try ask("/static/a.1.css", fields)?.status == .preconditionFailed, "\(other)")
        }
    }

    @Test func whatIsSmallOrElsewhere() throws {
        let response = try #require(try ask("/static/b.png", "Accept-Encoding: gzip\r\n"))
        #expect(bytes(response) == [1, 2, 3] && response.fields[.vary] == nil)
        #expect(try ask("/static/c.png") == nil && ask("/static/../etc/passwd") == nil)
    }
}
