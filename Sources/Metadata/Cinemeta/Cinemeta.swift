import HTTP
public import HTTPClient

/// Movies from Cinemeta, the catalogue of the Stremio add-ons. Its terms are not published, so nobody asks it unless the
/// administrator says so.
public struct Cinemeta: TitleSource {
    /// Always Cinemeta.
    public let id = SourceID.cinemeta
    /// The way there.
    public let client: SourceClient

    /// A client for Cinemeta, or for whatever else speaks like it.
    public init(http: HTTPClient, baseURL: String = SourceAddresses()[.cinemeta]) {
        client = SourceClient(
            http: http, baseURL: baseURL, limit: RateLimit(10, per: .seconds(5)),
            pictureHosts: ["images.metahub.space", "image.tmdb.org", "m.media-amazon.com"])
    }

    /// Movies that are called like this.
    public func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work] {
        // Encoded once, a slash is a slash in the path all the same.
        let words = text.split { $0.isWhitespace || $0 == "/" || $0 == "\\" }.joined(separator: " ")
        let answer: Catalog = try await client.get(
            "/catalog/movie/top/search=\(PercentCoding.encode(words)).json", maxBytes: 4 << 20)
        return (answer.metas?.elements ?? []).compactMap(\.work)
    }
}

private struct Catalog: Decodable {
    let metas: Lossy<Meta>?

    struct Meta: Decodable {
        let id: String
        let type: String?
        let name: String
        let releaseInfo: String?
        let poster: String?
        let description: String?

        var work: Work? {
            guard type == "movie", id.hasPrefix("tt") else { return nil }
            return Work(
                source: .cinemeta, id: id, kind: .movie, name: name,
                year: releaseInfo.flatMap { Int($0.prefix(4)) }, ids: ["imdb": id],
                summary: description.flatMap(PlainText.init(html:))?.text, picture: poster,
                url: "https://www.imdb.com/title/\(id)/")
        }
    }
}
