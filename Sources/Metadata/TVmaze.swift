public import HTTPClient

/// Shows and their episodes from TVmaze (https://www.tvmaze.com/api). The data is CC BY-SA 4.0: a page that shows it
/// links to `Show.url`.
public struct TVmaze: Sendable {
    private let http: HTTPClient
    private let baseURL: String

    /// How far back `updates` looks.
    public enum Period: String, Sendable {
        case day, week, month
    }

    /// A client for TVmaze, or for whatever else speaks like it.
    public init(http: HTTPClient, baseURL: String = "https://api.tvmaze.com") {
        self.http = http
        self.baseURL = baseURL
    }

    /// Shows whose name is like this, best first.
    public func search(_ text: String) async throws(MetadataError) -> [Show] {
        throw .status(501)
    }

    /// A show with all its episodes.
    public func show(_ id: Int) async throws(MetadataError) -> Show {
        throw .status(501)
    }

    /// The shows that changed, and when (Unix seconds).
    public func updates(since period: Period) async throws(MetadataError) -> [Int: Int] {
        throw .status(501)
    }
}
