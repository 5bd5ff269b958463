/// One search.
public struct Query: Sendable, Hashable {
    /// A way of searching.
    public enum Mode: String, Sendable, Hashable, Codable, CaseIterable, CodingKeyRepresentable {
        /// By text, among everything (`t=search`).
        case search
        /// Among shows (`t=tvsearch`).
        case tv
        /// Among movies (`t=movie`).
        case movie
    }

    /// The way.
    public var mode: Mode
    /// Words of the title.
    public var text: String?
    /// Of a show.
    public var season: Int?
    /// Of a show; needs a season.
    public var episode: Int?
    /// Of a show that is known by its days, in place of season and episode: "2026-11-19".
    public var day: String?
    /// Of a movie's release.
    public var year: Int?
    /// With or without `tt`.
    public var imdb: String?
    /// The show at TheTVDB.
    public var tvdb: Int?
    /// The show at TVmaze.
    public var tvmaze: Int?
    /// Any of these; none is any.
    public var categories: [Int]
    /// The most items wanted, if less than the indexer's own limit.
    public var limit: Int?
    /// How many items to pass over.
    public var offset: Int

    /// A search.
    public init(
        mode: Mode, text: String? = nil, season: Int? = nil, episode: Int? = nil, day: String? = nil,
        year: Int? = nil,
        imdb: String? = nil, tvdb: Int? = nil, tvmaze: Int? = nil, categories: [Int] = [], limit: Int? = nil,
        offset: Int = 0
    ) {
        self.mode = mode
        self.text = text
        self.season = season
        self.episode = episode
        self.day = day
        self.year = year
        self.imdb = imdb
        self.tvdb = tvdb
        self.tvmaze = tvmaze
        self.categories = categories
        self.limit = limit
        self.offset = offset
    }
}
