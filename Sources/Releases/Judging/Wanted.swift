/// One episode of a show.
public struct EpisodeNumber: Sendable, Hashable, Comparable {
    /// The season; 0 holds the specials.
    public let season: Int
    /// The number in its season, from 1.
    public let episode: Int

    /// The episode of these numbers.
    public init(season: Int, episode: Int) {
        self.season = season
        self.episode = episode
    }

    /// In order of seasons, then of episodes.
    public static func < (a: EpisodeNumber, b: EpisodeNumber) -> Bool {
        (a.season, a.episode) < (b.season, b.episode)
    }
}

/// What a request asks for, as far as a release can be judged by it.
public struct Wanted: Sendable, Equatable {
    /// What sort of title.
    public var kind: ReleaseKind
    /// The title's name, then its other names and spellings.
    public var titles: [String]
    /// The year of the movie or game, or the one in which the show began.
    public var year: Int?
    /// Another year that a movie goes by: the one in which it was first shown anywhere.
    public var otherYear: Int?
    /// Qualities that will do; empty for any.
    public var qualities: Set<Quality>
    /// Formats that will do, codecs and sources each among themselves; empty for any.
    public var formats: Set<Format>
    /// Platforms that will do; empty for any.
    public var platforms: Set<Platform>
    /// Genres that will do; empty for any. Few names say theirs.
    public var genres: Set<Genre>
    /// The episodes that are wanted now; of a movie or game, nothing.
    public var episodes: Set<EpisodeNumber>
    /// Every episode known of each season, so that the size of a pack can be judged.
    public var knownEpisodes: [Int: Set<Int>]
    /// The day on which an episode was first shown, for shows known by their days.
    public var airDates: [Day: [EpisodeNumber]]
    /// Minutes of the movie, or of one episode.
    public var runtimeMinutes: Int?
    /// Fewer than this is refused; an unknown number is not.
    public var minimumSeeders: Int
    /// Torrents that failed for this request, 40 lower-case hex digits each.
    public var blockedInfohashes: Set<String>
    /// Torrents that are on their way for this request, 40 lower-case hex digits each.
    public var downloadingInfohashes: Set<String> = []
    /// How many episodes of a season are out, where it is still airing.
    public var airedSoFar: [Int: Int] = [:]
    /// The title's ids elsewhere, by the names of their makers: `imdb`, `tvdb`, `tvmaze`.
    public var outsideIDs: [String: String] = [:]
    /// What the house wants of the words in a name.
    public var houseWords = NameWords()
    /// What the request wants of them; where the two contradict each other, this holds.
    public var words = NameWords()
    /// Fewer than this the request refuses; nil is the indexer's, and then ``minimumSeeders``.
    public var ownMinimumSeeders: Int?
    /// Bytes that the request wants the movie, the game or one episode to have at least.
    public var smallestSize: Int64?
    /// Bytes that the request allows it at most.
    public var largestSize: Int64?
    /// What the house wants at least, where the request says nothing.
    public var houseSmallestSize: Int64?
    /// What the house allows at most, where the request says nothing.
    public var houseLargestSize: Int64?

    /// A wish; everything but kind and titles may be left open.
    public init(
        kind: ReleaseKind, titles: [String], year: Int? = nil, qualities: Set<Quality> = [], formats: Set<Format> = [],
        platforms: Set<Platform> = [], genres: Set<Genre> = [], episodes: Set<EpisodeNumber> = [],
        knownEpisodes: [Int: Set<Int>] = [:], airDates: [Day: [EpisodeNumber]] = [:], runtimeMinutes: Int? = nil,
        minimumSeeders: Int = 1, blockedInfohashes: Set<String> = []
    ) {
        self.kind = kind
        self.titles = titles
        self.year = year
        self.qualities = qualities
        self.formats = formats
        self.platforms = platforms
        self.genres = genres
        self.episodes = episodes
        self.knownEpisodes = knownEpisodes
        self.airDates = airDates
        self.runtimeMinutes = runtimeMinutes
        self.minimumSeeders = minimumSeeders
        self.blockedInfohashes = blockedInfohashes
    }
}
