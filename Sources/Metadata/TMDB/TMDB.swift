import HTTP
public import HTTPClient
import HTTPTypes
import Reactor

/// Movies and shows from TMDB (https://developer.themoviedb.org), for those who have a key. Its terms: not commercial, its
/// name and a sentence beside the data, nothing kept for more than six months.
///
/// A search names works without their ids elsewhere and their ratings, so the first of them are looked at one by one.
public struct TMDB: KeyedSource {
    private static let mostDetailed = 10
    private static let mostKept = 2048
    /// How long a work, and where the pictures are, is not asked for again.
    private static let freshness = Duration.seconds(24 * 3600)
    private static let posterSize = "w342"

    /// Always TMDB.
    public let id = SourceID.tmdb
    /// The way there. TMDB stops those who ask some 40 times a second.
    public let client: SourceClient
    private let details = Locked<[String: (work: Work, until: ContinuousClock.Instant)]>([:])
    private let pictures = Locked<(url: String, until: ContinuousClock.Instant)?>(nil)

    /// A client for TMDB, or for whatever else speaks like it.
    public init(http: HTTPClient, baseURL: String = SourceAddresses()[.tmdb]) {
        client = SourceClient(
            http: http, baseURL: baseURL, limit: RateLimit(20, per: .seconds(1)), pictureHosts: ["image.tmdb.org"])
    }

    /// Movies and shows that are called like this.
    public func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work] {
        guard let key else { throw .keyRefused(said: nil) }
        let pictures = try await pictures(key)
        let page: WirePage = try await ask("/search/multi", [("query", text), ("include_adult", "false")], key)
        let found = page.results.elements.compactMap { $0.work(pictures: pictures) }
        let detailed = await withTaskGroup(of: (Int, Work).self) { group in
            for (index, work) in found.prefix(Self.mostDetailed).enumerated() {
                group.addTask { (index, await self.detailed(work, pictures: pictures, key)) }
            }
            return await group.reduce(into: found) { works, one in works[one.0] = one.1 }
        }
        return detailed
    }

    /// Asks where the pictures are: that costs nothing and needs a key.
    public func test(_ key: SourceKey) async throws(MetadataError) {
        let _: WireConfiguration = try await ask("/configuration", [], key)
    }

    /// A work with what the search leaves out; as the search has it when that cannot be had.
    private func detailed(_ work: Work, pictures: String, _ key: SourceKey) async -> Work {
        if let known = details.withLock({ $0[work.id] }), known.until > .now { return known.work }
        let extra = "external_ids,alternative_titles," + (work.kind == .movie ? "release_dates" : "content_ratings")
        let answer: WireWork
        do {
            answer = try await ask("/\(work.id)", [("append_to_response", extra)], key)
        } catch {
            return work
        }
        guard let full = answer.work(kind: work.kind, pictures: pictures) else { return work }
        details.withLock { details in
            if details.count >= Self.mostKept { details = [:] }
            details[work.id] = (full, .now + Self.freshness)
        }
        return full
    }

    /// What the paths of posters are to be put behind.
    private func pictures(_ key: SourceKey) async throws(MetadataError) -> String {
        if let known = pictures.withLock({ $0 }), known.until > .now { return known.url }
        let answer: WireConfiguration = try await ask("/configuration", [], key)
        let url = answer.images.secure_base_url + Self.posterSize
        pictures.withLock { $0 = (url, .now + Self.freshness) }
        return url
    }

    /// A key of the third version of the interface stands in the address, a token of the fourth in a field.
    private func ask<Answer: Decodable & Sendable>(
        _ path: String, _ pairs: [(String, String)], _ key: SourceKey
    ) async throws(MetadataError) -> Answer {
        let isShort = key.secret.utf8.count == 32
        let query = Form(pairs + (isShort ? [("api_key", key.secret)] : [])).encoded()
        return try await client.get(
            "/3\(path)\(query.isEmpty ? "" : "?\(query)")",
            fields: isShort ? [:] : [.authorization: "Bearer \(key.secret)"])
    }
}
