/// How much a client may send before it is refused. Bytes, where nothing else is said.
public struct HTTPLimits: Sendable, Equatable {
    /// Request line and fields together; beyond it 431.
    public var head = 16 << 10
    /// The request target; beyond it 414.
    public var target = 8 << 10
    /// Number of fields; beyond it 431.
    public var fields = 100
    /// Number of empty lines before a request line (RFC 9112 §2.2: at least one must be ignored).
    public var emptyLines = 8
    /// The line that starts a chunk.
    public var chunkLine = 4 << 10
    /// All chunk extensions of a body.
    public var chunkExtensions = 16 << 10
    /// All trailer fields of a body.
    public var trailers = 16 << 10
    /// Number of name–value pairs of a form or a query.
    public static let formPairs = 10_000

    /// The usual ones.
    public init() {}
}
