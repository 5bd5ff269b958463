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
    public var sentence: String {
        switch self {
        case .http(let error): "The indexer did not answer. \(error.sentence)"
        case .wrongKey: "The indexer refuses the API key. Copy it again from the indexer’s own page."
        case .rateLimited(let pause):
            "The indexer says that it was asked too often."
                + (pause.map { " It wants to be left alone for \(Self.words(for: $0))." } ?? "")
        case .answered(let code, let description): Self.sentence(for: code) + Self.quoted(description)
        case .status(let status): Self.sentence(forStatus: status)
        case .notXML(let hint):
            "The indexer answered with \(hint) instead of a list. The address may lead to a sign-in page, "
                + "or to a protection against robots."
        case .malformed(let reason): "The indexer’s answer cannot be read: \(reason)."
        case .tooLarge: "The indexer sent more than any answer should hold."
        case .deadLink(let reason): "The download link does not work: \(reason)."
        }
    }

    private static func sentence(for code: Int) -> String {
        switch code {
        case 200, 201, 203: "The indexer does not understand this search (error \(code))."
        case 202: "The indexer cannot do this kind of search (error 202)."
        case 300: "The indexer does not have this any more (error 300)."
        case 410: "The indexer is switched off where it is managed (error 410)."
        case 910: "The indexer’s interface for programs is switched off (error 910)."
        default: "The indexer met an error of its own (\(code))."
        }
    }

    private static func sentence(forStatus status: Int) -> String {
        switch status {
        case 300..<400:
            "The indexer sends us elsewhere (status \(status)), usually to a sign-in page. Check the address."
        case 404: "There is no indexer at this address (status 404). Check the path."
        case 500...: "The indexer is in trouble (status \(status))."
        default: "The indexer refuses the request (status \(status))."
        }
    }

    private static func quoted(_ description: String) -> String {
        description.isEmpty ? "" : " It says: “\(description)”"
    }

    private static func words(for pause: Duration) -> String {
        let seconds = pause.components.seconds
        if seconds < 120 { return "\(seconds) seconds" }
        return seconds < 7200 ? "\(seconds / 60) minutes" : "\(seconds / 3600) hours"
    }
}
