import HTTP
public import HTTPClient

/// Games from Steam's store. This is no documented interface, so nobody asks it unless the administrator says so.
public struct Steam: TitleSource {
    /// Always Steam.
    public let id = SourceID.steam
    /// The way there. Steam grants some 200 calls in five minutes to an address.
    public let client: SourceClient

    /// A client for Steam's store, or for whatever else speaks like it.
    public init(http: HTTPClient, baseURL: String = SourceAddresses()[.steam]) {
        client = SourceClient(
            http: http, baseURL: baseURL, limit: RateLimit(3, per: .seconds(5)), pictureHosts: [".steamstatic.com"])
    }

    /// Games that are called like this.
    public func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work] {
        let query = Form([("term", text), ("l", "english"), ("cc", "US")])
        let answer: Store = try await client.get("/api/storesearch/?\(query.encoded())")
        return (answer.items?.elements ?? []).compactMap(\.work)
    }
}

private struct Store: Decodable {
    let items: Lossy<Item>?

    struct Item: Decodable {
        let type: String?
        let name: String
        let id: Int
        let tiny_image: String?
        let platforms: Platforms?

        struct Platforms: Decodable {
            let windows, mac, linux: Bool?
        }

        var work: Work? {
            guard type == "app" else { return nil }
            let systems = [
                platforms?.windows == true ? "Windows" : nil, platforms?.mac == true ? "macOS" : nil,
                platforms?.linux == true ? "Linux" : nil,
            ].compactMap(\.self)
            return Work(
                source: .steam, id: String(id), kind: .game, name: name, ids: ["steam": String(id)], details: systems,
                picture: cover, url: "https://store.steampowered.com/app/\(id)/")
        }

        /// The upright picture beside the small one that the search names; not all games have one.
        private var cover: String? {
            tiny_image.flatMap(WebURL.init)?.resolving(
                "/store_item_assets/steam/apps/\(id)/library_600x900.jpg")?.text
        }
    }
}
