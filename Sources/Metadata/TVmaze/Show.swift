public import FoundationEssentials

/// A show as TVmaze knows it.
public struct Show: Sendable, Hashable {
    /// TVmaze's number.
    public var id: Int
    /// Its title.
    public var name: String
    /// What it is called elsewhere; nil where that was not asked for.
    public var otherNames: [String]?
    /// The year of its first episode.
    public var year: Int?
    /// Whether it goes on.
    public var status: Status
    /// Where it is shown.
    public var network: String?
    /// What it is about, as plain text.
    public var summary: String?
    /// Minutes of an episode.
    public var runtime: Int?
    /// Words like "Drama".
    public var genres: [String]
    /// With `tt`.
    public var imdb: String?
    /// Its number at TheTVDB.
    public var tvdb: Int?
    /// A poster.
    public var image: String?
    /// Its page at TVmaze, for the attribution that the licence asks for.
    public var url: String
    /// TVmaze's stamp of its last change, Unix seconds.
    public var updated: Int
    /// All episodes in order, specials among them; nil where they were not asked for.
    public var episodes: [Episode]?

    /// Whether more episodes may come.
    public enum Status: String, Sendable, Hashable {
        /// More are coming.
        case running = "Running"
        /// No more are coming.
        case ended = "Ended"
        /// Nobody knows.
        case undecided = "To Be Determined"
        /// None has been shown yet.
        case inDevelopment = "In Development"
    }

    /// A show.
    public init(
        id: Int, name: String, year: Int? = nil, status: Status = .undecided, network: String? = nil,
        summary: String? = nil, runtime: Int? = nil, genres: [String] = [], imdb: String? = nil, tvdb: Int? = nil,
        image: String? = nil, url: String, updated: Int = 0, episodes: [Episode]? = nil
    ) {
        self.id = id
        self.name = name
        self.year = year
        self.status = status
        self.network = network
        self.summary = summary
        self.runtime = runtime
        self.genres = genres
        self.imdb = imdb
        self.tvdb = tvdb
        self.image = image
        self.url = url
        self.updated = updated
        self.episodes = episodes
    }
}

/// An episode as TVmaze knows it.
public struct Episode: Sendable, Hashable {
    /// TVmaze's number; stays when seasons are numbered anew.
    public var id: Int
    /// Its title; "TBA" while it has none.
    public var name: String
    /// From 1; some shows have seasons by year.
    public var season: Int
    /// Within the season; nil for a special.
    public var number: Int?
    /// The moment it is shown, if that is known.
    public var airs: Date?
    /// The day it is shown, "2026-11-19", in the place where it is shown.
    public var airdate: String?
    /// Minutes.
    public var runtime: Int?

    /// Outside the numbered episodes.
    public var isSpecial: Bool { number == nil }

    /// An episode.
    public init(
        id: Int, name: String, season: Int, number: Int?, airs: Date? = nil, airdate: String? = nil,
        runtime: Int? = nil
    ) {
        self.id = id
        self.name = name
        self.season = season
        self.number = number
        self.airs = airs
        self.airdate = airdate
        self.runtime = runtime
    }
}
