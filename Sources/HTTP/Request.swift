public import HTTPTypes

/// A request, complete with its body.
public struct Request: Sendable {
    /// Its line and its fields. What is below the base path, and who a proxy speaks for, is put in place before the
    /// application sees it.
    public var head: RequestHead
    /// The body, without transfer coding.
    public var body: [UInt8]
    /// The address that the connection comes from, without port.
    public var peer: String
    /// Whether it was a trusted proxy that sent it: then other fields that the proxy writes may be believed, too.
    public var isFromProxy = false
    /// Whether the connection is TLS.
    public var isSecure: Bool
    private let name: RequestID

    /// A request with this head and body.
    public init(head: consuming RequestHead, body: [UInt8] = [], peer: String, isSecure: Bool, id: RequestID) {
        self.head = head
        self.body = body
        self.peer = peer
        self.isSecure = isSecure
        name = id
    }

    /// Names this request in the log and on error pages.
    public var id: String { name.description }
    /// GET, HEAD, POST, …
    public var method: HTTPRequest.Method { head.method }
    /// The request target as it came.
    public var target: String { head.target }
    /// The path, percent-decoded, without dot segments; starts with a slash.
    public var path: String { head.path }
    /// What follows the question mark, as a form.
    public var query: Form { head.query }
    /// Host and port as the client knows them, the `Host` field in short; `nil` only in HTTP/1.0.
    public var authority: String? { head.authority }
    /// The header fields, without `Host`.
    public var fields: HTTPFields { head.fields }

    /// The cookies by name (RFC 6265 §5.4), as `SetCookie` wrote them. Of two with one name the first counts.
    public var cookies: [String: String] {
        var cookies: [String: String] = [:]
        for (name, value) in fields[values: .cookie].flatMap(parseCookies) where cookies[name] == nil {
            cookies[name] = value
        }
        return cookies
    }

    /// The body as a form. Only `application/x-www-form-urlencoded` is read as one, and a field that occurs twice is
    /// refused unless it is among `repeated`: which of two values counts must not be a matter of luck.
    public func form(repeated: Set<String> = []) throws(FormError) -> Form {
        let type = (fields[.contentType] ?? "").split(separator: ";", maxSplits: 1).first ?? ""
        guard type.trimmingBlanks.lowercased() == "application/x-www-form-urlencoded" else { throw .notAForm }
        let form = try Form.parse(body)
        var seen: Set<String> = []
        for (name, _) in form.pairs where !seen.insert(name).inserted && !repeated.contains(name) {
            throw .repeated(name)
        }
        return form
    }
}

/// The name of a request: a number until somebody wants to read it, which of most nobody does.
public struct RequestID: Sendable, CustomStringConvertible {
    private let number: UInt64

    /// Any number; neighbours may look alike, so let them be far apart.
    public init(_ number: UInt64) {
        self.number = number
    }

    /// Thirteen letters and digits of five bits each, the lowest first.
    public var description: String {
        String(unsafeUninitializedCapacity: 13) { text in
            for place in 0..<13 {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(place * 5)) & 31
                text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 13
        }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at both ends (OWS, RFC 9110 §5.6.3).
    var trimmingBlanks: SubSequence {
        guard let first = firstIndex(where: { $0 != " " && $0 != "\t" }),
            let last = lastIndex(where: { $0 != " " && $0 != "\t" })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
