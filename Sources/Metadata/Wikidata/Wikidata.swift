import HTTP
public import HTTPClient
import Reactor

/// Movies and games from Wikidata (https://www.wikidata.org/w/api.php). The data are CC0.
///
/// A search is two or three calls: which items, what they are, and what the platforms among that are called.
public struct Wikidata: TitleSource {
    private static let maxHits = 20
    /// Items that much is said about have hundreds of kilobytes each.
    private static let maxEntityBytes = 24 << 20
    private static let maxWaiting = 8
    private static let maxLabels = 4096

    /// Always Wikidata.
    public let id = SourceID.wikidata
    /// The way there. Wikidata asks for one question at a time.
    public let client: SourceClient
    private let turns = OneAtATime()
    /// What items are called; that does not change often enough to be asked again.
    private let labels = Locked<[String: String]>([:])

    /// A client for Wikidata, or for whatever else speaks like it.
    public init(http: HTTPClient, baseURL: String = SourceAddresses()[.wikidata]) {
        client = SourceClient(
            http: http, baseURL: baseURL, limit: RateLimit(10, per: .seconds(5)),
            pictureHosts: ["commons.wikimedia.org", "upload.wikimedia.org"])
    }

    /// Movies and games that are called like this.
    public func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work] {
        // What means something to its search engine is no part of a title.
        let words = text.split { !$0.isLetter && !$0.isNumber && $0 != "'" && $0 != "’" && $0 != "." }
        guard !words.isEmpty else { return [] }
        let classes = Wikidata.movies + Wikidata.games
        let condition = "haswbstatement:" + classes.map { "P31=\($0)" }.joined(separator: "|")
        return try await turns.run(waitingAtMost: Self.maxWaiting) { () throws(MetadataError) in
            let found: WireSearch = try await ask([
                ("action", "query"), ("list", "search"),
                ("srsearch", words.joined(separator: " ") + " " + condition), ("srlimit", String(Self.maxHits)),
                ("srprop", ""),
            ])
            var ids = (found.query?.search ?? []).map(\.title)
            // It goes by whole words. What is still being typed may be the beginning of a label.
            if ids.isEmpty, text.utf8.count >= 3 { ids = try await labelled(words.joined(separator: " ")) }
            guard !ids.isEmpty else { return [] }
            let entities = try await entities(ids, props: "labels|aliases|descriptions|claims")
            let works = ids.compactMap { entities[$0]?.work }
            let names = try await names(of: Set(works.flatMap(\.platforms)))
            return works.map { work, platforms in
                var work = work
                work.details = platforms.compactMap { names[$0] }
                return work
            }
        }
    }

    /// Items of any class whose label begins so.
    private func labelled(_ text: String) async throws(MetadataError) -> [String] {
        let found: WireLabelled = try await ask([
            ("action", "wbsearchentities"), ("search", text), ("language", "en"), ("type", "item"),
            ("limit", String(Self.maxHits)), ("props", ""),
        ])
        return (found.search ?? []).map(\.id)
    }

    private func names(of items: Set<String>) async throws(MetadataError) -> [String: String] {
        let known = labels.withLock { $0 }
        let missing = items.filter { known[$0] == nil }.sorted().prefix(50)
        guard !missing.isEmpty else { return known }
        let entities = try await entities(Array(missing), props: "labels")
        return labels.withLock { labels in
            if labels.count > Self.maxLabels { labels = [:] }
            for (id, entity) in entities { labels[id] = entity.label }
            return labels
        }
    }

    private func entities(_ ids: [String], props: String) async throws(MetadataError) -> [String: WireEntity] {
        let answer: WireEntities = try await ask([
            ("action", "wbgetentities"), ("ids", ids.joined(separator: "|")), ("props", props), ("languages", "en"),
            ("languagefallback", "1"),
        ])
        return answer.entities ?? [:]
    }

    private func ask<Answer: WikidataAnswer>(_ pairs: [(String, String)]) async throws(MetadataError) -> Answer {
        let answer: Answer = try await client.get(
            "/w/api.php?\(Form(pairs + [("format", "json")]).encoded())", maxBytes: Self.maxEntityBytes)
        // Its errors come with status 200.
        switch answer.error?.code {
        case nil: return answer
        case "ratelimited"?, "maxlag"?: throw .rateLimited(retryAfter: nil)
        default: throw .malformed
        }
    }
}
