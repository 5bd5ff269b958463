import HTTP
import HTTPServer
import HTTPTypes
import Reactor
import Testing

@testable import Web

/// Somebody with a browser: keeps cookies, and sends the token of the page that it saw last.
final class Browser: Sendable {
    let cookies = Locked<[String: String]>([:])
    private let token = Locked("")
    private let web: WebApplication
    private let isSecure: Bool
    private let address: String

    init(_ web: WebApplication, isSecure: Bool = false, address: String = "192.0.2.7") {
        self.web = web
        self.isSecure = isSecure
        self.address = address
    }

    /// The name of all its requests.
    static let requestID = RequestID(0x5ee5_ee5e_e5ee_5ee5)

    func get(_ target: String, fields: HTTPFields = [:]) async throws -> Page {
        try await send(.get, target, fields: fields, body: [])
    }

    /// Sends a form with the token of the page seen last; `token` sends another one.
    func post(
        _ target: String, _ form: [(String, String)] = [], token other: String? = nil, fields: HTTPFields = [:]
    ) async throws -> Page {
        let pairs = form + [("csrf", other ?? token.withLock { $0 })]
        var fields = fields
        fields[.contentType] = "application/x-www-form-urlencoded"
        return try await send(.post, target, fields: fields, body: Array(Form(pairs).encoded().utf8))
    }

    func send(_ method: HTTPRequest.Method, _ target: String, fields: HTTPFields, body: [UInt8]) async throws -> Page {
        let page = Page(try await response(method, to: target, fields: fields, body: body))
        if let fresh = page.formToken { token.withLock { $0 = fresh } }
        return page
    }

    func response(
        _ method: HTTPRequest.Method = .get, to target: String, fields: HTTPFields = [:], body: [UInt8] = []
    ) async throws -> Response {
        var text = "\(method.rawValue) \(target) HTTP/1.1\r\nHost: usher.test\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        let cookie = cookies.withLock { $0.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }
        if !cookie.isEmpty { text += "Cookie: \(cookie)\r\n" }
        var parser = RequestHeadParser()
        let head = try #require(try parser.parse(Array((text + "\r\n").utf8).span))
        var response = await web.respond(
            to: HTTP.Request(head: head, body: body, peer: address, isSecure: isSecure, id: Self.requestID))
        // As the server sends it.
        let standing = isSecure ? web.hooks.secureStanding : web.hooks.standing
        for field in standing.fields where !response.fields.contains(field.name) {
            response.fields.append(field)
        }
        keep(response.fields[values: .setCookie])
        return response
    }

    private func keep(_ fields: [String]) {
        cookies.withLock { cookies in
            for field in fields {
                let pair = field.prefix { $0 != ";" }
                guard let equals = pair.firstIndex(of: "=") else { continue }
                let value = String(pair[pair.index(after: equals)...])
                cookies[String(pair[..<equals])] = field.contains("Max-Age=0") ? nil : value
            }
        }
    }
}

/// An answer, asked by meaning.
struct Page: Sendable {
    let status: Int
    let fields: HTTPFields
    let html: String

    init(_ response: Response) {
        status = response.status.code
        fields = response.fields
        if case .bytes(let bytes) = response.body { html = String(decoding: bytes, as: UTF8.self) } else { html = "" }
    }

    var location: String? { fields[.location] }

    /// What a person reads.
    var text: String { Self.text(of: html) }

    var title: String? { between("<h1>", "</h1>").map(Self.text) }

    /// The status of the request that the page is about.
    var badge: String? { between("class=\"status status-", "\"") }

    /// The reason at a field; nil when it has none.
    func error(at field: String) -> String? { between("id=\"\(field)-error\"", "</p>").map { Self.text(of: "<" + $0) } }

    /// What stands in a field.
    func value(of field: String) -> String? {
        for input in html.split(separator: "<input ") {
            let input = String(input.prefix { $0 != ">" })
            guard input.contains("name=\"\(field)\"") else { continue }
            // The search field of the frame is called q too.
            guard !input.contains("data-search") else { continue }
            return Self.between("value=\"", "\"", in: input).map(Self.unescaped)
        }
        return nil
    }

    /// Whether a box or a button of a choice is ticked.
    func isTicked(_ field: String, _ value: String) -> Bool {
        between("name=\"\(field)\" value=\"\(value)\"", ">")?.contains("checked") ?? false
    }

    /// Whether the page has a form that goes there.
    func hasForm(to action: String) -> Bool { html.contains("action=\"\(action)\"") }

    var formToken: String? { between("name=\"csrf\" value=\"", "\"") }

    /// The first thing between two others.
    func between(_ start: String, _ end: String) -> String? { Self.between(start, end, in: html) }

    static func between(_ start: String, _ end: String, in html: String) -> String? {
        guard let first = html.firstRange(of: start) else { return nil }
        let rest = html[first.upperBound...]
        guard let last = rest.firstRange(of: end) else { return nil }
        return String(rest[..<last.lowerBound])
    }

    private static func text(of html: String) -> String {
        var text = ""
        var isTag = false
        for character in html {
            if character == "<" {
                isTag = true
            } else if character == ">" {
                isTag = false; text += " "
            } else if !isTag {
                text.append(character)
            }
        }
        return unescaped(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    private static func unescaped(_ text: String) -> String {
        var text = text
        for (reference, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text.replace(reference, with: character)
        }
        return text
    }
}
