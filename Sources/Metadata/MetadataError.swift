public import HTTPClient

/// Why a source of titles could not be used.
public enum MetadataError: Error, Sendable, Hashable {
    /// There was no answer.
    case http(HTTPClientError)
    /// There is no such title.
    case notFound
    /// Too many questions; asked again already, and still.
    case rateLimited(retryAfter: Duration?)
    /// It is not answered to this key, or there is none; with what the source says of that.
    case keyRefused(said: String?)
    /// An HTTP status that is no success.
    case status(Int)
    /// Not the JSON that was expected.
    case malformed

    /// The reason in words for people.
    public func sentence(of source: SourceID) -> String {
        switch self {
        case .http(let error): "\(source.name) cannot be reached. \(error.sentence)"
        case .notFound: "\(source.name) does not know this title."
        case .rateLimited: "\(source.name) asks for a pause. Try again in a minute."
        case .keyRefused(let said): "\(source.name) does not take the key." + (said.map { " It says: \($0)" } ?? "")
        case .status(let status): "\(source.name) is in trouble and answered with status \(status)."
        case .malformed: "\(source.name) gave an answer that cannot be read."
        }
    }
}
