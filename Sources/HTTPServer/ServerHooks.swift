public import HTTP
public import HTTPTypes

/// What an application adds to the server's own work.
public struct ServerHooks: Sendable {
    /// How long a body may be, asked before it is read; beyond it 413.
    public var bodyLimit: @Sendable (_ head: RequestHead) -> Int
    /// The page for an answer of the server's own: a request that cannot be understood, is too large or too slow.
    public var refusal: @Sendable (_ status: HTTPResponse.Status, _ requestID: String) -> Response
    /// Header fields of every answer, refusals included.
    public var standing: @Sendable (_ isSecure: Bool) -> StandingFields

    /// 64 KiB, a line of text, nothing.
    public init(
        bodyLimit: @escaping @Sendable (RequestHead) -> Int = { _ in defaultBodyLimit },
        refusal: @escaping @Sendable (HTTPResponse.Status, String) -> Response = { status, id in
            .text("\(status.code) \(status.reasonPhrase)\nRequest \(id)\n", status: status)
        },
        standing: @escaping @Sendable (Bool) -> StandingFields = { _ in StandingFields() }
    ) {
        self.bodyLimit = bodyLimit
        self.refusal = refusal
        self.standing = standing
    }
}

/// The length of a body where nothing else is said, in bytes.
public let defaultBodyLimit = 64 << 10
