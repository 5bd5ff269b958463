/// An outside source of titles.
public enum SourceID: String, Codable, CaseIterable, Sendable {
    case tvmaze, wikidata, cinemeta, steam

    /// What people call it.
    public var name: String {
        switch self {
        case .tvmaze: "TVmaze"
        case .wikidata: "Wikidata"
        case .cinemeta: "Cinemeta"
        case .steam: "Steam"
        }
    }

    /// What it knows.
    public var kinds: [Work.Kind] {
        switch self {
        case .tvmaze: [.show]
        case .wikidata: [.movie, .game]
        case .cinemeta: [.movie]
        case .steam: [.game]
        }
    }

    /// Its page, for the attribution.
    public var home: String {
        switch self {
        case .tvmaze: "https://www.tvmaze.com/"
        case .wikidata: "https://www.wikidata.org/"
        case .cinemeta: "https://v3-cinemeta.strem.io/"
        case .steam: "https://store.steampowered.com/"
        }
    }

    /// The licence that its data come with; `nil`: none is stated.
    public var licence: String? {
        switch self {
        case .tvmaze: "CC BY-SA"
        case .wikidata: "CC0"
        case .cinemeta, .steam: nil
        }
    }
}

/// A movie, show or game as one source knows it. Coded as it is kept in the database.
public struct Work: Codable, Hashable, Sendable {
    /// What it is.
    public enum Kind: String, Codable, CaseIterable, Sendable {
        case movie, show, game
    }

    /// Who says so.
    public var source: SourceID
    /// Its id there.
    public var id: String
    /// What it is.
    public var kind: Kind
    /// Its title.
    public var name: String
    /// When it came out, or a show began.
    public var year: Int?
    /// Its ids by source: `imdb` (with `tt`), `tvdb`, `tvmaze`, `tmdb_movie`, `wikidata`, `steam`, `igdb`.
    public var ids: [String: String]
    /// What it is about, or what tells it from its namesakes: plain text.
    public var summary: String?
    /// Words like a broadcaster or platforms.
    public var details: [String]
    /// The address of a picture of it.
    public var picture: String?
    /// Its page at the source.
    public var url: String?

    /// A work.
    public init(
        source: SourceID, id: String, kind: Kind, name: String, year: Int? = nil, ids: [String: String],
        summary: String? = nil, details: [String] = [], picture: String? = nil, url: String? = nil
    ) {
        self.source = source
        self.id = id
        self.kind = kind
        self.name = name
        self.year = year
        self.ids = ids
        self.summary = summary
        self.details = details
        self.picture = picture
        self.url = url
    }
}
