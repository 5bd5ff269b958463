public import HTTPClient

/// Why an indexer could not be used.
public enum TorznabError: Error, Sendable, Hashable {
    /// There was no answer.
    case http(HTTPClientError)
    /// The key is missing, wrong or not allowed to (100 to 107, or HTTP 401 and 403).
    case wrongKey
    /// The indexer asks for a pause.
    case rateLimited(retryAfter: Duration?)
    /// The indexer refused, with a code and words of its own.
    case answered(code: Int, description: String)
    /// An HTTP status that is no success.
    case status(Int)
    /// Something else came, for instance "an HTML page".
    case notXML(hint: String)
    /// XML that is broken, or not what the specification says.
    case malformed(reason: String)
    /// More than is taken from an indexer.
    case tooLarge
    /// The download link leads nowhere.
    case deadLink(reason: String)

    /// Stable, for storing: `wrongKey`, `rateLimited`, …
    public var code: String {
        switch self {
        case .http(.cancelled): "cancelled"
        case .http: "unreachable"
        case .wrongKey: "wrongKey"
        case .rateLimited: "rateLimited"
        case .answered(let code, _): "answered\(code)"
        case .status(let status): "status\(status)"
        case .notXML: "notXML"
        case .malformed: "malformed"
        case .tooLarge: "tooLarge"
        case .deadLink: "deadLink"
        }
    }

    /// The reason in words for the administrator of a household. Never holds the key.
    public var sentence: String { code }
}
