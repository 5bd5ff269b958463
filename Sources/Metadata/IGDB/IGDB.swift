import HTTP
public import HTTPClient
import HTTPTypes
import Reactor

/// Games from IGDB (https://api-docs.igdb.com), for those who have registered an application at Twitch. Its terms: not
/// commercial, its name beside the data.
public struct IGDB: KeyedSource {
    private static let mostHits = 20
    /// A token is not used in its last minutes.
    private static let margin = 300
    private static let mostWaiting = 32

    private struct Token {
        let key: SourceKey
        let value: String
        let until: ContinuousClock.Instant
    }

    /// Always IGDB.
    public let id = SourceID.igdb
    /// The way there. IGDB answers four questions a second.
    public let client: SourceClient
    private let twitch: SourceClient
    private let pictures: String
    private let token = Locked<Token?>(nil)
    private let renewals = OneAtATime()

    /// A client for IGDB, or for whatever else speaks like it; that gives out tokens and has the pictures too.
    public init(http: HTTPClient, baseURL: String = SourceAddresses()[.igdb]) {
        let isItself = baseURL == SourceAddresses()[.igdb]
        client = SourceClient(
            http: http, baseURL: baseURL, limit: RateLimit(4, per: .seconds(1)), pictureHosts: ["images.igdb.com"])
        twitch = SourceClient(
            http: http, baseURL: isItself ? "https://id.twitch.tv" : baseURL, limit: RateLimit(4, per: .seconds(1)))
        pictures = isItself ? "https://images.igdb.com" : baseURL
    }

    /// Games that are called like this; no other editions of the same.
    public func works(like text: String, key: SourceKey?) async throws(MetadataError) -> [Work] {
        guard let key else { throw .keyRefused(said: nil) }
        let words = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let question = """
            search "\(words)"; fields name,alternative_names.name,slug,url,first_release_date,summary,cover.image_id,genres.name,\
            platforms.name,external_games.uid,external_games.external_game_source,age_ratings.organization.name,\
            age_ratings.rating_category.rating; where version_parent = null; limit \(Self.mostHits);
            """
        let games: Lossy<WireGame>
        do throws(MetadataError) {
            games = try await ask(question, key)
        } catch .keyRefused {
            // The token may have been taken back before its time.
            token.withLock { $0 = nil }
            games = try await ask(question, key)
        }
        return games.elements.map { $0.work(pictures: pictures) }
    }

    /// Has Twitch give out a token, and asks IGDB one small question with it.
    public func test(_ key: SourceKey) async throws(MetadataError) {
        token.withLock { $0 = nil }
        let _: Lossy<WireGame> = try await ask("fields name; limit 1;", key)
    }

    private func ask(_ question: String, _ key: SourceKey) async throws(MetadataError) -> Lossy<WireGame> {
        guard let name = HTTPField.Name("Client-ID") else { preconditionFailure("a field name") }
        return try await client.get(
            "/v4/games",
            fields: [
                name: key.client ?? "", .authorization: "Bearer \(try await token(key))", .contentType: "text/plain",
            ], posting: question)
    }

    /// A token that is good for a while; who wants one while it is renewed waits for that.
    private func token(_ key: SourceKey) async throws(MetadataError) -> String {
        try await renewals.run(waitingAtMost: Self.mostWaiting) { () throws(MetadataError) in
            if let known = token.withLock({ $0 }), known.key == key, known.until > .now { return known.value }
            let answer: WireToken = try await newToken(key)
            let lifetime = Duration.seconds(max(answer.expires_in - Self.margin, 0))
            token.withLock { $0 = Token(key: key, value: answer.access_token, until: .now + lifetime) }
            return answer.access_token
        }
    }

    private func newToken(_ key: SourceKey) async throws(MetadataError) -> WireToken {
        let form = Form([
            ("client_id", key.client ?? ""), ("client_secret", key.secret), ("grant_type", "client_credentials"),
        ])
        do throws(MetadataError) {
            return try await twitch.get(
                "/oauth2/token", fields: [.contentType: "application/x-www-form-urlencoded"], posting: form.encoded())
        } catch .status(400) {
            throw .keyRefused(said: "Twitch knows no such client.")
        }
    }
}
