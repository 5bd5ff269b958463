import HTTP
public import HTTPClient

/// Shows and their episodes from TVmaze (https://www.tvmaze.com/api). The data is CC BY-SA 4.0: a page that shows it
/// links to `Show.url`.
public struct TVmaze: TitleSource {
    /// Daily soaps have ten thousand episodes.
    private static let maxEpisodeBytes = 16 << 20
    private static let maxUpdateBytes = 8 << 20

    /// Always TVmaze.
    public let id = SourceID.tvmaze
    /// The way there. TVmaze grants 20 calls in ten seconds to an address.
    public let client: SourceClient

    /// How far back `updates` looks.
    public enum Period: String, Sendable {
        /// A day.
        case day
        /// Seven days.
        case week
        /// Thirty days.
        case month
    }

    /// A client for TVmaze, or for whatever else speaks like it. One for a process: it keeps TVmaze's limit of calls.
    public init(http: HTTPClient, baseURL: String = "https://api.tvmaze.com") {
        self.init(http: http, baseURL: baseURL, retryPause: .seconds(1))
    }

    init(http: HTTPClient, baseURL: String, retryPause: Duration) {
        client = SourceClient(
            http: http, baseURL: baseURL, limit: RateLimit(18, per: .seconds(10)),
            pictureHosts: ["static.tvmaze.com"], retryPause: retryPause)
    }

    /// Shows whose name is like this, best first; without their episodes.
    public func search(_ text: String) async throws(MetadataError) -> [Show] {
        let found: Lossy<WireFound> = try await client.get(
            "/search/shows?\(Form([("q", text)]).encoded())")
        return found.elements.map { Show($0.show) }
    }

    /// A show with all its episodes and names.
    public func show(_ id: Int) async throws(MetadataError) -> Show {
        let wire: WireShow = try await client.get("/shows/\(id)")
        let episodes: Lossy<WireEpisode> = try await client.get(
            "/shows/\(id)/episodes?specials=1", maxBytes: Self.maxEpisodeBytes)
        var show = Show(wire)
        show.episodes = Episode.inOrder(episodes.elements)
        show.otherNames = await otherNames(of: id)
        return show
    }

    /// Nil when they cannot be had: they help, and are not needed.
    private func otherNames(of show: Int) async -> [String]? {
        do {
            let names: Lossy<WireName> = try await client.get("/shows/\(show)/akas")
            return names.elements.map(\.name)
        } catch {
            return nil
        }
    }

    /// The shows that changed, and when (Unix seconds).
    public func updates(since period: Period) async throws(MetadataError) -> [Int: Int] {
        let wire: WireUpdates = try await client.get(
            "/updates/shows?since=\(period.rawValue)", maxBytes: Self.maxUpdateBytes)
        return wire.stamps
    }

    /// Shows that are called like this.
    public func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work] {
        try await search(text).map(Work.init)
    }
}

extension Work {
    init(_ show: Show) {
        var ids = ["tvmaze": String(show.id)]
        ids["imdb"] = show.imdb
        ids["tvdb"] = show.tvdb.map(String.init)
        self.init(
            source: .tvmaze, id: String(show.id), kind: .show, name: show.name, otherNames: show.otherNames,
            year: show.year, ids: ids,
            summary: show.summary, details: [show.network, show.status == .ended ? "ended" : nil].compactMap(\.self),
            runtime: show.runtime, picture: show.image, url: show.url)
    }
}
