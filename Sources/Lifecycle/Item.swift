/// What the machine knows of an item: the movie, the game (on a platform), or one episode.
public struct Item: Equatable, Sendable {
    /// The item's id.
    public var id: Int64
    /// The status it has now.
    public var status: Status
    /// Season and number, for an episode. Season 0 holds the specials.
    public var episode: EpisodeNumber?
    /// The platform, for a game that is wanted on each of several.
    public var platform: String?
    /// The download it is on (DOWNLOADING) or came from (COMPLETED).
    public var download: Int64?

    /// Makes an item.
    public init(
        id: Int64, status: Status, episode: EpisodeNumber? = nil, platform: String? = nil, download: Int64? = nil
    ) {
        self.id = id
        self.status = status
        self.episode = episode
        self.platform = platform
        self.download = download
    }
}

/// A season and a number in it; ordered as they are watched.
public struct EpisodeNumber: Hashable, Comparable, Sendable {
    /// The season; 0 for specials.
    public var season: Int
    /// The number in the season.
    public var number: Int

    /// Makes a number.
    public init(season: Int, number: Int) {
        self.season = season
        self.number = number
    }

    /// Earlier season first, then lower number.
    public static func < (left: EpisodeNumber, right: EpisodeNumber) -> Bool {
        (left.season, left.number) < (right.season, right.number)
    }
}
