import FoundationEssentials

// TVmaze's JSON. Everything may be null but ids and names; what is odd in one element does not spoil the others.

struct WireFound: Decodable, Sendable {
    let show: WireShow
}

struct WireShow: Decodable, Sendable {
    let id: Int
    let url: String?
    let name: String
    let status: String?
    let genres: [String]?
    let runtime: Int?
    let averageRuntime: Int?
    let premiered: String?
    let network: Channel?
    let webChannel: Channel?
    let externals: Externals?
    let image: Image?
    let summary: String?
    let updated: Int?

    struct Channel: Decodable, Sendable {
        let name: String?
    }

    struct Externals: Decodable, Sendable {
        let thetvdb: Int?
        let imdb: String?
    }

    struct Image: Decodable, Sendable {
        let medium: String?
        let original: String?
    }
}

/// One of its names, in some country or of some language.
struct WireName: Decodable, Sendable {
    let name: String
}

struct WireEpisode: Decodable, Sendable {
    let id: Int
    let name: String?
    let season: Int
    let number: Int?
    let airdate: String?
    let airstamp: String?
    let runtime: Int?
}

/// `{"82": 1795060800}`, or `[]` for none, as PHP writes an empty map.
struct WireUpdates: Decodable, Sendable {
    let stamps: [Int: Int]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let none = try? container.decode([Int].self), none.isEmpty {  // the map is tried next
            stamps = [:]
            return
        }
        let texts = try container.decode([String: Int].self)
        stamps = Dictionary(texts.compactMap { id, stamp in Int(id).map { ($0, stamp) } }) { max($0, $1) }
    }
}

extension Show {
    init(_ wire: WireShow) {
        self.init(
            id: wire.id, name: wire.name, year: wire.premiered.flatMap { Int($0.prefix(4)) },
            status: wire.status.flatMap(Status.init) ?? .undecided,
            network: wire.network?.name ?? wire.webChannel?.name,
            summary: wire.summary.flatMap(PlainText.init(html:))?.text,
            runtime: [wire.averageRuntime, wire.runtime].lazy.compactMap { $0 }.first { $0 > 0 },
            genres: wire.genres ?? [], imdb: wire.externals?.imdb.flatMap { $0.hasPrefix("tt") ? $0 : nil },
            tvdb: wire.externals?.thetvdb, image: (wire.image?.medium ?? wire.image?.original).flatMap(Self.web),
            url: wire.url.flatMap(Self.web) ?? "https://www.tvmaze.com/shows/\(wire.id)", updated: wire.updated ?? 0)
    }

    /// A link that may stand on a page.
    private static func web(_ link: String) -> String? {
        link.hasPrefix("https://") || link.hasPrefix("http://") ? link : nil
    }
}

extension Episode {
    init(_ wire: WireEpisode) {
        self.init(
            id: wire.id, name: wire.name ?? "", season: wire.season, number: wire.number,
            airs: wire.airstamp.flatMap { try? Date($0, strategy: .iso8601) },  // unreadable is unknown
            airdate: wire.airdate.flatMap { $0.isEmpty ? nil : $0 }, runtime: wire.runtime)
    }

    /// By season and number, a season's specials behind its episodes; each id once.
    static func inOrder(_ wire: [WireEpisode]) -> [Episode] {
        var seen: Set<Int> = []
        return wire.filter { $0.season >= 0 && $0.number ?? 0 >= 0 && seen.insert($0.id).inserted }.map(Episode.init)
            .sorted { $0.position < $1.position }
    }

    private var position: (Int, Int, String, Int) { (season, number ?? .max, airdate ?? "", id) }
}
