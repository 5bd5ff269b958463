/// A release as an indexer offers it.
public struct Offer: Sendable, Equatable {
    /// What its name says.
    public private(set) var parsed: ParsedRelease
    /// The keys of all titles that its name gives.
    private(set) var titleKeys: Set<TitleKey>
    /// Bytes, where the indexer says.
    public var size: Int64?
    /// Who shares it now; nil is unknown, and not none.
    public var seeders: Int?
    /// 40 lower-case hex digits, where the indexer says.
    public var infohash: String?
    /// Torznab categories.
    public var categories: [Int]
    /// The indexer's priority as the administrator set it, 1 to 50; lower goes first.
    public var indexerPriority: Int
    /// The fewest seeders that the administrator accepts from this indexer; nil is the wish's own.
    public var minimumSeeders: Int?
    /// It failed for this wish before, whatever torrent it was.
    public var hasFailed = false
    /// What the indexer says it is of, as ``Wanted/outsideIDs``. Sites copy these from each other's mistakes.
    public var outsideIDs: [String: String] = [:]

    /// An offer; its name is read here.
    public init(
        name: String, size: Int64? = nil, seeders: Int? = nil, infohash: String? = nil, categories: [Int] = [],
        indexerPriority: Int = 25
    ) {
        let parsed = ParsedRelease(name)
        self.parsed = parsed
        titleKeys = Self.keys(of: parsed)
        self.size = size
        self.seeders = seeders
        self.infohash = infohash
        self.categories = categories
        self.indexerPriority = indexerPriority
    }

    /// The name as the indexer gave it.
    public var name: String { parsed.name }

    /// With its name read as of a film, where it may be of one.
    var asFilm: Offer {
        guard parsed.filmTitle != nil else { return self }
        var film = self
        film.parsed = parsed.asFilm
        film.titleKeys = Self.keys(of: film.parsed)
        return film
    }

    private static func keys(of release: ParsedRelease) -> Set<TitleKey> {
        release.titles.reduce(into: []) { $0.formUnion(TitleKey.all(of: $1, year: release.year)) }
    }
}
