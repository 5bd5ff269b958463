import FoundationEssentials

/// An outside source of titles.
public enum SourceID: String, Codable, CaseIterable, Sendable {
    case tvmaze, wikidata, cinemeta, steam, tmdb, igdb

    /// What people call it.
    public var name: String {
        switch self {
        case .tvmaze: "TVmaze"
        case .wikidata: "Wikidata"
        case .cinemeta: "Cinemeta"
        case .steam: "Steam"
        case .tmdb: "TMDB"
        case .igdb: "IGDB"
        }
    }

    /// What it knows.
    public var kinds: [Work.Kind] {
        switch self {
        case .tvmaze: [.show]
        case .wikidata: [.movie, .game]
        case .cinemeta: [.movie]
        case .steam, .igdb: [.game]
        case .tmdb: [.movie, .show]
        }
    }

    /// Its page, for the attribution.
    public var home: String {
        switch self {
        case .tvmaze: "https://www.tvmaze.com/"
        case .wikidata: "https://www.wikidata.org/"
        case .cinemeta: "https://v3-cinemeta.strem.io/"
        case .steam: "https://store.steampowered.com/"
        case .tmdb: "https://www.themoviedb.org/"
        case .igdb: "https://www.igdb.com/"
        }
    }

    /// The licence that its data come with; `nil`: none is stated.
    public var licence: String? {
        switch self {
        case .tvmaze: "CC BY-SA"
        case .wikidata: "CC0"
        case .cinemeta, .steam, .tmdb, .igdb: nil
        }
    }

    /// What its terms ask to be said beside its data; `nil`: nothing more than its name.
    public var statement: String? {
        self == .tmdb ? "This product uses the TMDB API but is not endorsed or certified by TMDB." : nil
    }

    /// Whether it answers only to those who have a key. Then it is asked when there is one, and else when it is switched on.
    public var needsKey: Bool { self == .tmdb || self == .igdb }
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
    /// Its titles in other places and languages, as far as they are told; `nil`: not asked for, or not told.
    public var otherNames: [String]?
    /// When it came out, or a show began.
    public var year: Int?
    /// Of a movie or a game: the first day on which it came or comes out anywhere, as ISO 8601 has it ("2026-05-12");
    /// `nil`: not known to the day.
    public var released: String?
    /// Its ids by source: `imdb` (with `tt`), `tvdb`, `tvmaze`, `tmdb_movie`, `tmdb_tv`, `wikidata`, `steam`, `igdb` (the
    /// name in its address there).
    public var ids: [String: String]
    /// What it is about, or what tells it from its namesakes: plain text.
    public var summary: String?
    /// Words like a broadcaster or platforms.
    public var details: [String]
    /// Minutes of the movie, or of an episode; `nil`: not told.
    public var runtime: Int?
    /// Of a show: how many episodes each of its seasons has, without specials.
    public var seasons: [Int: Int]?
    /// The age in years that it is for, by a rating; `nil`: the source names none that is known.
    public var age: Int?
    /// The address of a picture of it.
    public var picture: String?
    /// Its page at the source.
    public var url: String?

    /// A work.
    public init(
        source: SourceID, id: String, kind: Kind, name: String, otherNames: [String]? = nil, year: Int? = nil,
        released: String? = nil,
        ids: [String: String], summary: String? = nil, details: [String] = [], runtime: Int? = nil,
        seasons: [Int: Int]? = nil, age: Int? = nil, picture: String? = nil, url: String? = nil
    ) {
        self.source = source
        self.id = id
        self.kind = kind
        self.name = name
        self.otherNames = otherNames
        self.year = year
        self.released = released
        self.ids = ids
        self.summary = summary
        self.details = details
        self.runtime = runtime
        self.seasons = seasons
        self.age = age
        self.picture = picture
        self.url = url
    }

    /// The day with which a moment begins ("2026-05-12T00:00:00Z"), if there is such a day.
    static func day(_ text: String) -> String? {
        let day = text.prefix(10)
        let parts = day.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let number = Int(parts[2]), 1870...2200 ~= year
        else { return nil }
        let components = DateComponents(
            calendar: Calendar(identifier: .gregorian), timeZone: .gmt, year: year, month: month, day: number)
        return components.isValidDate ? String(day) : nil
    }
}
