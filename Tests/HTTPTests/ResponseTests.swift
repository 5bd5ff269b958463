import HTTPTypes
import Testing

@testable import HTTP

@Suite struct ResponseTests {
    let date = HTTPDate.format(secondsSince1970: 784_111_777)

    func encode(
        _ response: Response, _ method: HTTPRequest.Method = .get, minorVersion: Int = 1, keepsAlive: Bool = true
    ) -> (text: String, transfer: ResponseEncoder.Transfer, keepsAlive: Bool) {
        var encoder = ResponseEncoder(method: method, minorVersion: minorVersion, keepsAlive: keepsAlive)
        let output = encoder.encode(response, date: date)
        return (String(decoding: output, as: UTF8.self), encoder.transfer, encoder.keepsAlive)
    }

    @Test func page() {
        let (text, transfer, _) = encode(.html(Array("hello".utf8)))
        #expect(
            text == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                + "Content-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n\r\nhello")
        #expect(transfer == .plain)
    }

    @Test func aReasonIsTheAnswersOwn() {
        let status = HTTPResponse.Status(code: 200, reasonPhrase: "As you wish")
        #expect(encode(Response(status: status)).text.hasPrefix("HTTP/1.1 200 As you wish\r\n"))
    }

    @Test func standingFieldsGiveWayToTheAnswersOwn() {
        let standing = StandingFields([.xContentTypeOptions: "nosniff", .cacheControl: "no-store"])
        func encode(_ fields: HTTPFields) -> String {
            var encoder = ResponseEncoder(method: .get, minorVersion: 1, keepsAlive: true)
            return String(
                decoding: encoder.encode(Response(fields: fields), standing: standing, date: date), as: UTF8.self)
        }
        #expect(encode([.eTag: "1"]).contains("X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\n"))
        let own = encode([.cacheControl: "no-cache"])
        #expect(own.contains("Cache-Control: no-cache\r\nX-Content-Type-Options: nosniff\r\n"))
        #expect(!own.contains("no-store"))
    }

    @Test func headHasTheLengthAndNoBody() {
        let (text, transfer, _) = encode(.text("hello"), .head)
        #expect(text.contains("Content-Length: 5\r\n"))
        #expect(transfer == .none)
    }

    @Test(arguments: [204, 304]) func noBody(status: Int) {
        let (text, transfer, _) = encode(.text("hello", status: HTTPResponse.Status(code: status)))
        #expect(!text.contains("Content-Length") && !text.contains("Transfer-Encoding"))
        #expect(transfer == .none)
    }

    @Test func emptyBodyHasALength() {
        #expect(encode(.redirect(to: "/x")).text.contains("Location: /x\r\nContent-Length: 0\r\n"))
    }

    @Test func streams() {
        let stream = Response(body: .stream { _ in {} })
        #expect(encode(stream).text.contains("Transfer-Encoding: chunked\r\n"))
        #expect(encode(stream).transfer == .chunked)
        let old = encode(stream, minorVersion: 0)
        #expect(!old.text.contains("chunked") && old.text.contains("Connection: close\r\n"))
        #expect(old.transfer == .plain && !old.keepsAlive)
        #expect(encode(stream, .head).transfer == .none)
    }

    @Test func connection() {
        #expect(!encode(.text("")).text.contains("Connection"))
        #expect(encode(.text(""), keepsAlive: false).text.contains("Connection: close\r\n"))
        #expect(encode(.text(""), minorVersion: 0).text.contains("Connection: keep-alive\r\n"))
    }

    @Test func theServersFieldsAreTheServers() {
        let response = Response(
            fields: [
                .contentLength: "77", .transferEncoding: "gzip", .connection: "upgrade", .date: "x", .eTag: "\"1\"",
            ], body: .bytes([1]))
        let text = encode(response).text
        #expect(text.contains("Content-Length: 1\r\n") && text.contains("ETag: \"1\"\r\n"))
        #expect(!text.contains("77") && !text.contains("gzip") && !text.contains("upgrade") && !text.contains(": x"))
    }

    @Test func nothingSplitsAResponse() {
        var response = Response.redirect(to: "/a\r\nSet-Cookie: x=y ä")
        response.fields[HTTPField.Name("X-Test")!] = "a\r\nb: c"
        let text = encode(response).text
        #expect(text.contains("Location: /a%0D%0ASet-Cookie:%20x=y%20%C3%A4\r\n"))
        #expect(text.contains("X-Test: a  b: c\r\n"))
    }

    @Test func chunks() {
        var output: [UInt8] = []
        ResponseEncoder.appendChunk(Array("0123456789abcdef".utf8), to: &output)
        ResponseEncoder.appendChunk([], to: &output)
        ResponseEncoder.appendLastChunk(to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "10\r\n0123456789abcdef\r\n0\r\n\r\n")
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"), (4_102_444_800, "Fri, 01 Jan 2100 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
    ])
    func dates(seconds: Int, text: String) {
        #expect(HTTPDate.format(secondsSince1970: seconds) == text)
    }
}
