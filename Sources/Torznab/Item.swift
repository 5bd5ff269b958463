public import FoundationEssentials

/// A torrent that an indexer offers. What the indexer does not say, or says in a way that cannot be true, is nil.
public struct Item: Sendable, Hashable {
    /// The release's name.
    public var title: String
    /// The indexer's own name for the item.
    public var guid: String
    /// Where the torrent is to be had, by way of `TorznabClient.resolve`. Carries the indexer's key: never for pages,
    /// never for logs.
    public var link: String?
    /// A magnet link, where the indexer gives one.
    public var magnet: String?
    /// 40 hex digits in lower case.
    public var infohash: String?
    /// Bytes of the payload.
    public var size: Int64?
    /// Who has all of it.
    public var seeders: Int?
    /// Everybody, seeders included.
    public var peers: Int?
    /// How many times it was fetched.
    public var grabs: Int?
    /// When the indexer got it.
    public var published: Date?
    /// Torznab categories.
    public var categories: [Int]
    /// The item's page at the site, for people.
    public var infoPage: String?
    /// With `tt`.
    public var imdb: String?
    /// The show at TheTVDB.
    public var tvdb: Int?
    /// The show at TVmaze.
    public var tvmaze: Int?
    /// As the indexer says; the name may say otherwise.
    public var season: Int?
    /// As the indexer says; the name may say otherwise.
    public var episode: Int?
    /// How much a download counts at the site; 0 is free.
    public var downloadFactor: Double?

    /// An item.
    public init(
        title: String, guid: String, link: String? = nil, magnet: String? = nil, infohash: String? = nil,
        size: Int64? = nil, seeders: Int? = nil, peers: Int? = nil, grabs: Int? = nil, published: Date? = nil,
        categories: [Int] = [], infoPage: String? = nil, imdb: String? = nil, tvdb: Int? = nil, tvmaze: Int? = nil,
        season: Int? = nil, episode: Int? = nil, downloadFactor: Double? = nil
    ) {
        self.title = title
        self.guid = guid
        self.link = link
        self.magnet = magnet
        self.infohash = infohash
        self.size = size
        self.seeders = seeders
        self.peers = peers
        self.grabs = grabs
        self.published = published
        self.categories = categories
        self.infoPage = infoPage
        self.imdb = imdb
        self.tvdb = tvdb
        self.tvmaze = tvmaze
        self.season = season
        self.episode = episode
        self.downloadFactor = downloadFactor
    }
}

/// What a download link led to.
public enum Resolved: Sendable, Hashable {
    /// A magnet link, as the indexer gave it.
    case magnet(String)
    /// The bytes of a `.torrent`, not looked into.
    case torrent([UInt8])
}
