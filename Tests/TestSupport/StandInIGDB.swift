import Foundation
public import Reactor

/// IGDB on loopback, and the part of Twitch that gives out tokens, with games of a test's choosing in the shape of its own
/// answers.
public final class StandInIGDB: Sendable {
    /// A game.
    public struct Game: Sendable {
        /// Its number.
        public var id: Int
        /// Its title.
        public var name: String
        /// What else it is called.
        public var otherNames: [String]
        /// When it came out, in Unix seconds.
        public var date: Int
        /// What it runs on.
        public var platforms: [String]
        /// Its number at Steam; empty: none.
        public var steam: String
        /// Who rated it how: "PEGI", "12".
        public var ratings: [(String, String)]

        /// A game.
        public init(
            _ id: Int, _ name: String, date: Int, platforms: [String] = [], steam: String = "",
            ratings: [(String, String)] = [], otherNames: [String] = []
        ) {
            self.id = id
            self.otherNames = otherNames
            self.name = name
            self.date = date
            self.platforms = platforms
            self.steam = steam
            self.ratings = ratings
        }
    }

    /// Who may have a token.
    public static let client = "client-of-the-house"
    /// What shows that.
    public static let secret = "planted-secret"

    private struct State {
        var token = 0
    }

    private let state = Locked(State())
    private let server: StandInServer

    /// - Parameter lifetime: seconds for which a token is good.
    public init(games: [Game], lifetime: Int = 5_000_000) throws(SystemError) {
        let state = self.state
        server = try StandInServer { request in
            if request.path.hasPrefix("/igdb/image/upload/t_cover_big/") {
                return .reply(status: 200, fields: ["Content-Type": "image/png"], body: StandInCatalogue.poster)
            }
            if request.path == "/oauth2/token" { return Self.token(request, state, lifetime) }
            let token = state.withLock { $0.token }
            let isKnown =
                request.fields["authorization"] == "Bearer token-\(token)"
                && request.fields["client-id"] == Self.client
            guard isKnown else {
                return StandInTMDB.json(["message": "Authorization Failure. Have you tried:"], status: 401)
            }
            guard request.method == "POST", request.path == "/v4/games" else { return .text("[]", status: 404) }
            return Self.search(String(decoding: request.body, as: UTF8.self), games)
        }
    }

    /// Where it is.
    public var url: String { server.url }
    /// Every request so far.
    public var requests: [StandInRequest] { server.requests }

    /// No token that was given out is good any more.
    public func takeTokensBack() { state.withLock { $0.token += 1 } }

    /// Ends it.
    public func stop() { server.stop() }

    private static func token(
        _ request: StandInRequest, _ state: Locked<State>, _ lifetime: Int
    ) -> StandInServer.Answer {
        let form = Set(String(decoding: request.body, as: UTF8.self).split(separator: "&").map(String.init))
        guard request.method == "POST", form.contains("grant_type=client_credentials"),
            form.contains("client_id=\(client)")
        else { return StandInTMDB.json(["status": 400, "message": "invalid client"], status: 400) }
        guard form.contains("client_secret=\(secret)") else {
            return StandInTMDB.json(["status": 403, "message": "invalid client secret"], status: 403)
        }
        let token = state.withLock { state in
            state.token += 1
            return state.token
        }
        return StandInTMDB.json([
            "access_token": "token-\(token)", "expires_in": lifetime, "token_type": "bearer",
        ])
    }

    private static func search(_ question: String, _ games: [Game]) -> StandInServer.Answer {
        var text = ""
        if let start = question.firstRange(of: "search \"") {
            let rest = question[start.upperBound...]
            guard let end = rest.firstRange(of: "\"; fields ") else {
                return StandInTMDB.json([["title": "Syntax Error", "status": 400, "cause": "x"]], status: 400)
            }
            text = rest[..<end.lowerBound].replacing("\\\"", with: "\"").lowercased()
        }
        return StandInTMDB.json(
            games.filter { text.isEmpty || $0.name.lowercased().contains(text) }.map { game -> [String: Any] in
                [
                    "id": game.id, "name": game.name,
                    "alternative_names": game.otherNames.map { ["id": 9, "name": $0] as [String: Any] },
                    "slug": game.name.lowercased().replacing(" ", with: "-"),
                    "first_release_date": game.date, "summary": "About \(game.name).",
                    "cover": ["id": game.id, "image_id": "co\(game.id)"],
                    "genres": [["id": 31, "name": "Adventure"]],
                    "platforms": game.platforms.map { ["id": 6, "name": $0] as [String: Any] },
                    "external_games": game.steam.isEmpty
                        ? [] : [["id": 5, "uid": game.steam, "external_game_source": 1] as [String: Any]],
                    "age_ratings": game.ratings.map { organization, mark in
                        [
                            "id": 1, "organization": ["id": 1, "name": organization],
                            "rating_category": ["id": 1, "rating": mark],
                        ] as [String: Any]
                    },
                    "url": "https://www.igdb.com/games/\(game.id)",
                ]
            })
    }
}
