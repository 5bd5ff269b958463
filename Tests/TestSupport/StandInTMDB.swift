import Foundation
public import Reactor

/// TMDB on loopback, with works of a test's choosing, in the shape of its own answers. It answers to those who have its key.
public final class StandInTMDB: Sendable {
    /// A movie or, when it has seasons, a show.
    public struct Work: Sendable {
        /// Its number among the movies or the shows.
        public var id: Int
        /// Its title.
        public var name: String
        /// What else it is called.
        public var otherNames: [String]
        /// When it came out, or began.
        public var year: Int
        /// Its id at IMDb; empty: none.
        public var imdb: String
        /// Episodes by season; 0 are specials.
        public var seasons: [Int: Int]
        /// What it is rated by country.
        public var ratings: [String: String]

        /// A work.
        public init(
            _ id: Int, _ name: String, _ year: Int, imdb: String = "", seasons: [Int: Int] = [:],
            ratings: [String: String] = [:], otherNames: [String] = []
        ) {
            self.id = id
            self.otherNames = otherNames
            self.name = name
            self.year = year
            self.imdb = imdb
            self.seasons = seasons
            self.ratings = ratings
        }
    }

    /// A key of the third version.
    public static let key = "0123456789abcdef0123456789abcdef"
    /// A token of the fourth.
    public static let token = "eyJhbGciOiJIUzI1NiJ9.stand-in.token"

    private let behaviour = Locked<StandInServer.Answer?>(nil)
    private let server: StandInServer

    /// Starts it.
    public init(works: [Work]) throws(SystemError) {
        let behaviour = self.behaviour
        let port = Locked(0)
        server = try StandInServer { request in
            if request.path.hasPrefix("/t/p/w342/") {
                return .reply(status: 200, fields: ["Content-Type": "image/png"], body: StandInCatalogue.poster)
            }
            if let answer = behaviour.withLock({ $0 }) { return answer }
            let isKnown =
                request.query["api_key"] == Self.key || request.fields["authorization"] == "Bearer \(Self.token)"
            guard isKnown else {
                return Self.refusal(7, "Invalid API key: You must be granted a valid key.", status: 401)
            }
            return Self.answer(request, works, url: "http://127.0.0.1:\(port.withLock { $0 })")
        }
        port.withLock { [server] in $0 = server.port }
    }

    /// Where it is.
    public var url: String { server.url }
    /// Every request so far.
    public var requests: [StandInRequest] { server.requests }

    /// What it says to everything but pictures from now on; nil: what it should.
    public func behave(_ answer: StandInServer.Answer?) { behaviour.withLock { $0 = answer } }

    /// Ends it.
    public func stop() { server.stop() }

    private static func answer(_ request: StandInRequest, _ works: [Work], url: String) -> StandInServer.Answer {
        let path = request.path.split(separator: "/").map(String.init)
        switch path.dropFirst().first {
        case "configuration":
            return json([
                "images": [
                    "base_url": "\(url)/t/p/", "secure_base_url": "\(url)/t/p/", "poster_sizes": ["w342", "original"],
                ]
            ])
        case "search":
            let text = (request.query["query"] ?? "").lowercased()
            let found = works.filter { $0.name.lowercased().contains(text) }
            let person: [String: Any] = [
                "adult": false, "id": 5, "name": "A. Example", "media_type": "person", "profile_path": NSNull(),
            ]
            return json([
                "page": 1, "results": found.map { brief($0) } + [person], "total_pages": 1,
                "total_results": found.count + 1,
            ])
        case "movie", "tv":
            let isMovie = path[1] == "movie"
            guard let work = works.first(where: { String($0.id) == path.last && $0.seasons.isEmpty == isMovie }) else {
                return refusal(34, "The resource you requested could not be found.", status: 404)
            }
            return json(full(work))
        default: return refusal(34, "The resource you requested could not be found.", status: 404)
        }
    }

    private static func brief(_ work: Work) -> [String: Any] {
        let isMovie = work.seasons.isEmpty
        return [
            "adult": false, "id": work.id, "media_type": isMovie ? "movie" : "tv",
            isMovie ? "title" : "name": work.name, isMovie ? "original_title" : "original_name": work.name,
            "overview": "About \(work.name).", "poster_path": "/p\(work.id).jpg",
            isMovie ? "release_date" : "first_air_date": "\(work.year)-03-08",
        ]
    }

    private static func full(_ work: Work) -> [String: Any] {
        var full = brief(work)
        full["media_type"] = nil
        full["external_ids"] = ["imdb_id": work.imdb.isEmpty ? NSNull() : work.imdb as Any, "wikidata_id": NSNull()]
        let names = work.otherNames.map { ["iso_3166_1": "DE", "title": $0, "type": ""] }
        full["alternative_titles"] = [work.seasons.isEmpty ? "titles" : "results": names]
        if work.seasons.isEmpty {
            full["release_dates"] = [
                "results": work.ratings.map { country, mark in
                    [
                        "iso_3166_1": country,
                        "release_dates": [["certification": mark, "type": 3], ["certification": "", "type": 4]],
                    ]
                }
            ]
        } else {
            full["status"] = "Returning Series"
            full["networks"] = [["id": 1, "logo_path": NSNull(), "name": "Test Network"]]
            full["seasons"] = work.seasons.map { ["season_number": $0, "episode_count": $1, "id": $0] }
            full["content_ratings"] = ["results": work.ratings.map { ["iso_3166_1": $0, "rating": $1] }]
        }
        return full
    }

    private static func refusal(_ code: Int, _ message: String, status: Int) -> StandInServer.Answer {
        json(["status_code": code, "status_message": message, "success": false], status: status)
    }

    static func json(_ value: Any, status: Int = 200) -> StandInServer.Answer {
        do {
            let body = try JSONSerialization.data(withJSONObject: value)
            return .reply(status: status, fields: ["Content-Type": "application/json;charset=utf-8"], body: Array(body))
        } catch {
            return .text("\(error)", status: 500)
        }
    }
}
