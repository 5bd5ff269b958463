/// A Torznab indexer as the administrator configured it.
public struct Endpoint: Sendable, Hashable {
    /// Its address, with or without `/api`.
    public let url: String
    /// Its key; goes with every request and into no sentence.
    public let apiKey: String?

    /// An endpoint; throws what is wrong with the address.
    public init(url: String, apiKey: String? = nil) throws(EndpointError) {
        self.url = url
        self.apiKey = apiKey
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

    /// The reason in words for people.
    public var sentence: String {
        switch self {
        case .empty: "Enter the indexer’s address."
        case .malformed: "This is not a web address. It looks like http://192.168.1.5:9696/1/api."
        case .scheme(let scheme): "The address must begin with http:// or https://, not \(scheme)."
        }
    }
}
