public import HTTPClient

/// Asks Torznab indexers (Jackett, Prowlarr, or a tracker's own).
public struct TorznabClient: Sendable {
    private let http: HTTPClient

    /// A client over this HTTP client.
    public init(http: HTTPClient) {
        self.http = http
    }

    /// What the indexer can be asked (`t=caps`).
    public func capabilities(_ endpoint: Endpoint) async throws(TorznabError) -> Capabilities {
        throw .status(501)
    }

    /// One page of results. Sends only what the indexer says it understands.
    public func search(
        _ endpoint: Endpoint, _ query: Query, capabilities: Capabilities
    ) async throws(TorznabError) -> [Item] {
        throw .status(501)
    }

    /// Follows a download link to the magnet link or the `.torrent` behind it.
    public func resolve(_ endpoint: Endpoint, item link: String) async throws(TorznabError) -> Resolved {
        throw .status(501)
    }
}
