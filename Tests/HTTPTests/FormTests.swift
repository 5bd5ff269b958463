import HTTPTypes
import Testing

@testable import HTTP

@Suite struct FormTests {
    func form(_ text: String) throws(FormError) -> Form { try Form.parse(text.utf8) }

    @Test func parses() throws {
        #expect(
            try form("a=1&b=%C3%A4+%2b&c=&d&=e&a=2")
                == Form([
                    ("a", "1"), ("b", "ä +"), ("c", ""), ("d", ""), ("", "e"), ("a", "2"),
                ]))
        #expect(try form("") == Form())
        #expect(try form("&&a=b=c&").pairs.map(\.1) == ["b=c"])
    }

    @Test func access() throws {
        let form = try form("a=1&b=2&b=3")
        #expect(form["a"] == "1")
        #expect(form["b"] == nil)
        #expect(form["c"] == nil)
        #expect(form.all("b") == ["2", "3"])
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "%=b", "a=%ff", "a=%00", "a=%C3"])
    func malformed(text: String) {
        #expect(throws: FormError.malformed) { try Form.parse(text.utf8) }
    }

    @Test func tooMany() {
        #expect(throws: FormError.tooManyFields) {
            try Form.parse(String(repeating: "a&", count: HTTPLimits.formPairs + 1).utf8)
        }
    }

    @Test func roundTrip() throws {
        let form = Form([("ä b", "1&2=3%"), ("x", "\r\n\"<>+")])
        #expect(try Form.parse(form.encoded().utf8) == form)
    }

    func request(_ type: String?, _ body: String) throws -> Request {
        let typeField = type.map { "Content-Type: \($0)\r\n" } ?? ""
        return Request(
            head: try head("POST / HTTP/1.1\r\nHost: a\r\n\(typeField)\r\n"), body: Array(body.utf8), peer: "::1",
            isSecure: false, id: RequestID(7))
    }

    @Test func formsOfRequests() throws {
        #expect(try request("Application/X-WWW-Form-Urlencoded; charset=UTF-8", "a=1").form()["a"] == "1")
        for type in [nil, "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx"] {
            #expect(throws: FormError.notAForm) { try request(type, "a=1").form() }
        }
        let doubled = try request("application/x-www-form-urlencoded", "role=a&role=b&q=1&q=2")
        #expect(throws: FormError.repeated("role")) { try doubled.form(repeated: ["q"]) }
        #expect(try doubled.form(repeated: ["q", "role"]).all("q") == ["1", "2"])
    }

    @Test func cookies() throws {
        func cookies(_ fields: String) throws -> [String: String] {
            let head = try head("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
            return Request(head: head, peer: "::1", isSecure: false, id: RequestID(7)).cookies
        }
        #expect(
            try cookies("Cookie: a=1; b=2;c=3\r\nCookie: d=4; a=5\r\n") == ["a": "1", "b": "2", "c": "3", "d": "4"])
        #expect(try cookies("Cookie: =x; ;; y; z=; w=a=b; v=%zz\r\n") == ["z": "", "w": "a=b"])
        let cookie = SetCookie("n", "ä;\" %,", isSecure: false)
        let sent = cookie.fieldValue.split(separator: ";").first ?? ""
        #expect(try cookies("Cookie: \(sent)\r\n") == ["n": "ä;\" %,"])
    }

    @Test func setCookie() {
        #expect(
            SetCookie("__Host-s", "abc", maxAge: 60, isSecure: true).fieldValue
                == "__Host-s=abc; Path=/; Max-Age=60; Secure; HttpOnly; SameSite=Lax")
        #expect(
            SetCookie("s", "", isSecure: false, isHTTPOnly: false, sameSite: .strict).fieldValue
                == "s=; Path=/; SameSite=Strict")
    }
}
