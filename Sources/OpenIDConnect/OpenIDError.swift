public import HTTPClient

/// Why nobody is signed in by the provider.
public enum OpenIDError: Error, Sendable, Equatable {
    /// It cannot be asked; with the reason.
    case away(HTTPClientError)
    /// It answers with this status where it should not; with its own word for it, if it has one.
    case refused(status: Int, code: String?)
    /// What it says cannot be read; what it was about.
    case unreadable(String)
    /// It is not the one that was configured, or is set up otherwise; in what.
    case misconfigured(String)
    /// The token cannot be believed; why.
    case token(String)

    /// A sentence for the log.
    public var sentence: String {
        switch self {
        case .away(let error): "The provider does not answer. \(error.sentence)"
        case .refused(let status, let code):
            "The provider refuses with status \(status)\(code.map { " (\($0))" } ?? "")."
        case .unreadable(let what): "What the provider says cannot be read: \(what)."
        case .misconfigured(let what): "The provider is not as configured: \(what)."
        case .token(let why): "The provider's token is not believed: \(why)."
        }
    }
}
