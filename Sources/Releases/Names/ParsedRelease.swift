/// What a release's name says of it. Absent (`nil`, empty, false) is what the name does not say.
public struct ParsedRelease: Sendable, Equatable {
    /// The name as it was given.
    public let name: String
    /// What it is of. A name that gives no sign is taken for a movie.
    public internal(set) var kind: ReleaseKind = .movie
    /// The title, with spaces between its words.
    public internal(set) var title = ""
    /// Further titles the name gives: after `AKA`, or in brackets right after the first.
    public internal(set) var otherTitles: [String] = []
    /// The title if it is a film after all: of `Title 2013 Part 2` only who looks for one knows.
    var filmTitle: String?
    /// The year of the movie or game, or the one that tells a show from its namesakes.
    public internal(set) var year: Int?
    /// The year stands before the season: it is when the show began, not when the season did.
    var isYearOfTitle = false
    /// Seasons, ascending.
    public internal(set) var seasons: [Int] = []
    /// Episodes of the one season, ascending; or numbers without a season (see ``seasons``).
    public internal(set) var episodes: [Int] = []
    /// Whole seasons, every episode of them.
    public internal(set) var isFullSeason = false
    /// A part of a season: `S02 Part 1`, `S02 Vol.1`.
    public internal(set) var isPartialSeason = false
    /// A season's extras or subtitles, or a sample: never what was asked for.
    public internal(set) var isExtra = false
    /// The name says "sample".
    public internal(set) var isSample = false
    /// The day of a show that is known by its days.
    public internal(set) var dailyDate: Day?
    /// The picture's height.
    public internal(set) var resolution: Resolution?
    /// Where the picture was taken from.
    public internal(set) var source: Source?
    /// What was done to the source.
    public internal(set) var modifier: Modifier?
    /// How the picture is encoded.
    public internal(set) var codec: Codec?
    /// Languages of sound and subtitles, in the order in which the name gives them.
    public internal(set) var languages: [Language] = []
    /// Which cut it is.
    public internal(set) var edition: Edition?
    /// How light and dark are told apart, where it is said.
    public internal(set) var dynamicRange: [DynamicRange] = []
    /// How the sound is encoded, in the order in which the name says it.
    public internal(set) var audio: [Audio] = []
    /// The sound's channels: `5.1`.
    public internal(set) var channels: String?
    /// Where it was streamed or broadcast.
    public internal(set) var network: Network?
    /// Who made the release.
    public internal(set) var group: String?
    /// It replaces a bad release of another group.
    public internal(set) var isProper = false
    /// It replaces a bad release of the same group.
    public internal(set) var isRepack = false
    /// How often the name says `REAL`.
    public internal(set) var real = 0
    /// 1 for the first, 2 for a `PROPER`, `REPACK` or `v2`, 3 for a `REPACK2`.
    public internal(set) var revision = 1
    /// What the game runs on, as named. Nothing named is Windows.
    public internal(set) var platforms: [Platform] = []
    /// How much of the game it holds; for games only.
    public internal(set) var content: GameContent?
    /// The game's genres, where the name gives them: `(2022, RPG)`.
    public internal(set) var genres: [Genre] = []
    /// The game's version or build, as named: `1.0.3`, `18353366`.
    public internal(set) var version: String?
    /// Every season of the show, without saying which: `Complete Series`.
    public internal(set) var isCompleteSeries = false
    /// A whole disc, menus and all, Blu-ray or DVD.
    public internal(set) var isRawDisc = false
    /// The country that tells a show from its namesakes: `US`, `UK`.
    public internal(set) var country: String?
    /// The name says nothing: a hash, a password, scrambled letters. Nothing else is then set.
    public internal(set) var isNoise = false

    /// Reads a name; at most its first 1,024 bytes, in time linear in them.
    public init(_ name: String) {
        self.name = name
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(name.utf8.count, Self.longestName))
        for byte in name.utf8 {
            if bytes.count == Self.longestName { break }
            bytes.append(byte)
        }
        var reader = NameReader(bytes)
        reader.read(into: &self)
    }

    /// Read as a film, where it may be one.
    var asFilm: ParsedRelease {
        guard let filmTitle else { return self }
        var film = self
        (film.kind, film.title, film.filmTitle) = (.movie, filmTitle, nil)
        (film.otherTitles, film.episodes) = ([], [])
        return film
    }

    /// Bytes of a name that are looked at.
    static let longestName = 1_024
}

/// A day of the calendar.
public struct Day: Sendable, Hashable, Comparable {
    /// The year, 4 digits.
    public let year: Int
    /// The month, from 1.
    public let month: Int
    /// The day of the month, from 1.
    public let day: Int

    /// The day of these numbers; nil where there cannot be one.
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...2099).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of this text, `2014-11-03`; nil where it is none.
    public init?(_ text: String) {
        let numbers = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false).map {
            Int(Substring($0))
        }
        guard text.utf8.count == 10, numbers.count == 3, let year = numbers[0], let month = numbers[1],
            let day = numbers[2]
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Days since a day long ago, so that the days between two can be counted (Fliegel and Van Flandern, 1968).
    public var number: Int {
        let early = month <= 2 ? 1 : 0
        return 1461 * (year + 4800 - early) / 4 + 367 * (month - 2 + 12 * early) / 12
            - 3 * ((year + 4900 - early) / 100) / 4 + day - 32075
    }

    /// `2014-11-03`.
    public var text: String { "\(year)-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)" }

    /// Earlier is less.
    public static func < (a: Day, b: Day) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }
}
