import HTTP

// Wikidata's JSON: only what is used of it. What is odd in one statement does not spoil the others.

protocol WikidataAnswer: Decodable, Sendable {
    var error: WireWikidataError? { get }
}

struct WireWikidataError: Decodable, Sendable {
    let code: String
}

struct WireSearch: WikidataAnswer {
    let error: WireWikidataError?
    let query: Query?

    struct Query: Decodable, Sendable {
        let search: [Item]
    }

    struct Item: Decodable, Sendable {
        let title: String
    }
}

struct WireLabelled: WikidataAnswer {
    let error: WireWikidataError?
    let search: [Item]?

    struct Item: Decodable, Sendable {
        let id: String
    }
}

struct WireEntities: WikidataAnswer {
    let error: WireWikidataError?
    let entities: [String: WireEntity]?
}

struct WireEntity: Decodable, Sendable {
    let id: String?
    let labels: [String: Text]?
    let descriptions: [String: Text]?
    /// `[]` for none, as PHP writes an empty map.
    let aliases: Aliases?
    let claims: Claims?

    struct Text: Decodable, Sendable {
        let value: String
    }

    struct Aliases: Decodable, Sendable {
        let english: [Text]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            english = (try? container.decode([String: [Text]].self))?["en"] ?? []  // an odd alias is none
        }
    }

    /// English, or what stands in for it.
    var label: String? { labels?["en"]?.value }

    /// The properties that are used, by their numbers.
    struct Claims: Decodable, Sendable {
        let P31, P345, P400, P577, P1476, P1733, P2047, P3383, P4947, P5794: Lossy<Statement>?
    }

    struct Statement: Decodable, Sendable {
        let mainsnak: Snak
        let rank: String?
    }

    struct Snak: Decodable, Sendable {
        let datavalue: Value?
    }

    /// A text, also one of a language, an item, a moment or a quantity, each as a text; of a moment the year, where no day is
    /// known; a quantity with the address of its unit.
    struct Value: Decodable, Sendable {
        let text: String

        init(from decoder: any Decoder) throws {
            let value = try decoder.container(keyedBy: Key.self)
            if let text = try? value.decode(String.self, forKey: .value) {  // else it is one of the others
                self.text = text
            } else {
                let parts = try value.decode(Parts.self, forKey: .value)
                // 11: to the day (https://www.wikidata.org/wiki/Help:Dates#Precision).
                let time = parts.time.map { (parts.precision ?? 0) < 11 ? String($0.prefix(5)) : $0 }
                let quantity = parts.amount.map { "\($0) \(parts.unit ?? "")" }
                guard let text = parts.id ?? time ?? parts.text ?? quantity else {
                    throw DecodingError.dataCorruptedError(forKey: .value, in: value, debugDescription: "unknown value")
                }
                self.text = text
            }
        }

        private enum Key: CodingKey { case value }

        private struct Parts: Decodable {
            let id, time, text, amount, unit: String?
            let precision: Int?
        }
    }
}

extension Wikidata {
    /// Films, television films, animated and short films.
    static let movies = ["Q11424", "Q506240", "Q202866", "Q24862", "Q24869"]
    /// Games, and expansions that stand alone.
    static let games = ["Q7889", "Q16070115"]

    /// Where a file lies at Wikimedia Commons, in a width that is made there for many.
    static func poster(_ file: String) -> String {
        "https://commons.wikimedia.org/wiki/Special:FilePath/\(PercentCoding.encode(file))?width=330"
    }
}

extension WireEntity {
    /// What it is, with the items that are its platforms; nil for what is neither movie nor game, or has no name.
    var work: (work: Work, platforms: [String])? {
        let classes = Set(values(\.P31))
        let isMovie = !classes.isDisjoint(with: Wikidata.movies)
        guard let id, let name = label, isMovie || !classes.isDisjoint(with: Wikidata.games) else { return nil }
        var ids = ["wikidata": id]
        ids["imdb"] = values(\.P345).first { $0.hasPrefix("tt") }
        ids["tmdb_movie"] = isMovie ? values(\.P4947).first : nil
        ids["steam"] = values(\.P1733).first
        ids["igdb"] = values(\.P5794).first
        // "+2024-03-08T00:00:00Z"; where and how often it came out, the first time counts.
        let moments = values(\.P577).filter { $0.hasPrefix("+") }.map { String($0.dropFirst()) }
        let years = moments.compactMap { Int($0.prefix(4)) }
        let work = Work(
            source: .wikidata, id: id, kind: isMovie ? .movie : .game, name: name,
            otherNames: values(\.P1476) + (aliases?.english ?? []).map(\.value),
            year: years.filter { 1870...2200 ~= $0 }.min(), released: moments.compactMap(Work.day).min(), ids: ids,
            summary: descriptions?["en"]?.value, runtime: isMovie ? minutes : nil,
            picture: isMovie ? values(\.P3383).first.map(Wikidata.poster) : nil,
            url: "https://www.wikidata.org/wiki/\(id)")
        return (work, isMovie ? [] : values(\.P400))
    }

    /// "+112 http://www.wikidata.org/entity/Q7727": of several cuts the first that is told in minutes.
    private var minutes: Int? {
        values(\.P2047).lazy.filter { $0.hasSuffix("/Q7727") }
            .compactMap { Int($0.prefix { $0 != "." && $0 != " " }) }.first { $0 > 0 }
    }

    private func values(_ property: KeyPath<Claims, Lossy<Statement>?>) -> [String] {
        (claims?[keyPath: property]?.elements ?? []).filter { $0.rank != "deprecated" }
            .compactMap { $0.mainsnak.datavalue?.text }
    }
}
