public import HTTP
public import HTTPTypes

/// What an application adds to the server's own work.
public struct ServerHooks: Sendable {
    /// An answer for which nobody has to be waited for, a file in memory for instance; `nil`: the handler answers.
    /// Asked only where it saves something: the handler has to answer the same.
    public var atOnce: @Sendable (_ request: Request) -> Response?
    /// How long a body may be, asked before it is read; beyond it 413.
    public var bodyLimit: @Sendable (_ head: RequestHead) -> Int
    /// The page for an answer of the server's own: a request that cannot be understood, is too large or too slow.
    public var refusal: @Sendable (_ status: HTTPResponse.Status, _ requestID: String) -> Response
    /// Header fields of every answer, refusals included.
    public var standing: StandingFields
    /// The same for answers that go over TLS.
    public var secureStanding: StandingFields

    /// Nothing at once, 64 KiB, a line of text, no fields.
    public init(
        atOnce: @escaping @Sendable (Request) -> Response? = { _ in nil },
        bodyLimit: @escaping @Sendable (RequestHead) -> Int = { _ in defaultBodyLimit },
        refusal: @escaping @Sendable (HTTPResponse.Status, String) -> Response = { status, id in
            .text("\(status.code) \(status.reasonPhrase)\nRequest \(id)\n", status: status)
        },
        standing: StandingFields = StandingFields(), secureStanding: StandingFields = StandingFields()
    ) {
        self.atOnce = atOnce
        self.bodyLimit = bodyLimit
        self.refusal = refusal
        self.standing = standing
        self.secureStanding = secureStanding
    }
}

/// The length of a body where nothing else is said, in bytes.
public let defaultBodyLimit = 64 << 10
