public import HTTPTypes

/// An answer. Framing, `Date` and `Connection` are the server's business; what is set here of those is passed over.
public struct Response: Sendable {
    /// The status, 200 or more.
    public var status: HTTPResponse.Status
    /// The header fields.
    public var fields: HTTPFields
    /// The body.
    public var body: ResponseBody

    /// An answer of these parts.
    public init(status: HTTPResponse.Status = .ok, fields: HTTPFields = [:], body: ResponseBody = .none) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// A page.
    public static func html(_ bytes: [UInt8], status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, fields: [.contentType: "text/html; charset=utf-8"], body: .bytes(bytes))
    }

    /// Plain text.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, fields: textFields, body: .bytes(Array(text.utf8)))
    }

    private static let textFields: HTTPFields = [.contentType: "text/plain; charset=utf-8"]

    /// 303: see there, with GET. What cannot be in an address is percent-encoded.
    public static func redirect(to location: String) -> Response {
        let address = PercentCoding.encode(location) { 0x21...0x7e ~= $0 && $0 != UInt8(ascii: "\"") }
        return Response(status: .seeOther, fields: [.location: address])
    }

    /// Adds a `Set-Cookie` field.
    public mutating func set(_ cookie: SetCookie) {
        fields.append(HTTPField(name: .setCookie, value: cookie.fieldValue))
    }
}

/// The body of an answer.
public enum ResponseBody: Sendable {
    /// Nothing.
    case none
    /// All of it at once.
    case bytes([UInt8])
    /// As it comes. The function is called when the head is on its way, and returns at once; what it returns is called
    /// once, when the stream is over, whoever has ended it.
    case stream(@Sendable (any BodyWriter) -> @Sendable () -> Void)
}

/// Takes the body of an answer piece by piece, from any thread. Nothing waits: a client that does not take what there is
/// for it loses the stream, and what comes after the end is dropped.
public protocol BodyWriter: Sendable {
    /// Adds a piece.
    func write(_ bytes: [UInt8])
    /// Nothing more will come.
    func end()
}
