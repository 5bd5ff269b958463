import HTTP
public import HTTPClient

/// A Torznab indexer as the administrator configured it.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
    /// Its address, put into one form: it ends in `/api`, and has no query.
    public let url: String
    /// Its key; goes with every request and into no sentence.
    public let apiKey: String?
    /// The host and port that the administrator vouches for.
    public let origin: Origin

    /// An endpoint; throws what is wrong with the address. It may end in `/api` or not, and may be one that was copied
    /// from an indexer's page with a query: then the key in it is taken if no other is given.
    public init(url: String, apiKey: String? = nil) throws(EndpointError) {
        let text = url.trimmed
        guard !text.isEmpty else { throw .empty }
        guard let parsed = WebURL(text) else {
            let scheme = text.prefix { $0 != ":" }
            guard scheme != text, text.dropFirst(scheme.count).hasPrefix("://"), !scheme.hasPrefix("http") else {
                throw .malformed
            }
            throw .scheme(String(scheme))
        }
        guard !parsed.hasCredentials else { throw .credentials }
        var path = parsed.path
        while path.hasSuffix("/") { path.removeLast() }
        if !path.lowercased().hasSuffix("/api") { path += "/api" }
        let host = parsed.origin.host.contains(":") ? "[\(parsed.origin.host)]" : parsed.origin.host
        let isUsual = parsed.origin.port == (parsed.scheme == "https" ? 443 : 80)
        self.url = "\(parsed.scheme)://\(host)\(isUsual ? "" : ":\(parsed.origin.port)")\(path)"
        self.apiKey = apiKey?.trimmed.nonEmpty ?? parsed.query.flatMap(Self.key)
        origin = parsed.origin
    }

    /// The address; what is printed by accident must not hold the key.
    public var description: String { url }

    private static func key(in query: String) -> String? {
        let form = try? Form.parse(query.utf8)  // a query that cannot be read holds no key
        return form?.all("apikey").first?.nonEmpty
    }

    /// The address with these parameters and the key.
    func request(_ parameters: [(String, String)]) -> String {
        let key = apiKey.map { [("apikey", $0)] } ?? []
        return "\(url)?\(Form(parameters + key).encoded())"
    }

    /// The text without the key, wherever it is in it.
    func withoutKey(_ text: String) -> String {
        guard let apiKey else { return text }
        return text.split(separator: apiKey, omittingEmptySubsequences: false).joined(separator: "…")
    }
}

/// What is wrong with an indexer's address.
public enum EndpointError: Error, Sendable, Hashable {
    /// There is none.
    case empty
    /// It cannot be read as a URL.
    case malformed
    /// It is another scheme than http or https.
    case scheme(String)
    /// A user name or password is in it.
    case credentials

    /// The reason in words for people.
    public var sentence: String {
        switch self {
        case .empty: "Enter the indexer’s address."
        case .malformed: "This is not a web address. It looks like http://192.168.1.5:9696/1/api."
        case .scheme(let scheme): "The address must begin with http:// or https://, not \(scheme)://."
        case .credentials: "Leave the user name and password out of the address."
        }
    }
}
