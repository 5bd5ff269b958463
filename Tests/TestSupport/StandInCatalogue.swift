import Foundation
public import Metadata
public import Reactor

/// Wikidata, Cinemeta and Steam's store on loopback, all at one address, with works of a test's choosing, and pictures.
public final class StandInCatalogue: Sendable {
    /// A movie or a game. Each source knows those that have an id there.
    public struct Work: Sendable {
        /// Its title.
        public var name: String
        /// When it came out.
        public var year: Int?
        /// What it runs on; a movie has none.
        public var platforms: [String]
        /// "Q42".
        public var wikidata: String?
        /// "tt42".
        public var imdb: String?
        /// Whether Cinemeta has it, by its id at IMDb.
        public var isInCinemeta: Bool
        /// Its number at Steam.
        public var steam: Int?

        /// A work.
        public init(
            _ name: String, _ year: Int?, platforms: [String] = [], wikidata: String? = nil, imdb: String? = nil,
            isInCinemeta: Bool = false, steam: Int? = nil
        ) {
            self.name = name
            self.year = year
            self.platforms = platforms
            self.wikidata = wikidata
            self.imdb = imdb
            self.isInCinemeta = isInCinemeta
            self.steam = steam
        }
    }

    private struct State {
        var works: [Work]
        var answers: [SourceID: StandInServer.Answer] = [:]
        var pictures: [String: StandInServer.Answer] = [:]
    }

    private let state: Locked<State>
    private let server: StandInServer

    /// Starts it.
    public init(works: [Work] = []) throws(SystemError) {
        let state = Locked(State(works: works))
        self.state = state
        let port = Locked(0)
        server = try StandInServer { request in
            let now = state.withLock { $0 }
            let answers = Answers(works: now.works, url: "http://127.0.0.1:\(port.withLock { $0 })")
            switch request.path {
            case "/w/api.php": return now.answers[.wikidata] ?? answers.wikidata(request)
            case "/api/storesearch/": return now.answers[.steam] ?? answers.steam(request.query["term"] ?? "")
            case let path where path.hasPrefix("/catalog/movie/top/search="):
                return now.answers[.cinemeta] ?? answers.cinemeta(path)
            case let path: return now.pictures[path] ?? .text("", status: 404)
            }
        }
        port.withLock { [server] in $0 = server.port }
    }

    /// What stands in for each of the three.
    public var url: String { server.url }
    /// Every request so far.
    public var requests: [StandInRequest] { server.requests }

    /// What a source says to everything from now on; nil: what it should.
    public func behave(_ answer: StandInServer.Answer?, as source: SourceID) {
        state.withLock { $0.answers[source] = answer }
    }

    /// Has a picture, or something else, at a path.
    public func show(_ answer: StandInServer.Answer, at path: String) {
        state.withLock { $0.pictures[path] = answer }
    }

    /// Ends it: later connections are refused.
    public func stop() { server.stop() }

    /// A PNG of a few pixels.
    public static let poster = [UInt8](
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAUAAAAHCAIAAABPxRC5AAAAdklEQVR42gXBoQpCUQwA0H2OyfQwyII8DLIgYngsiB"
                + "hkQcQgC0MMsiCGYZLlm2/eB3oOzNDmZAPbUmylBgt0JB/ZN+JbdVhjEMWOY5I4aMAekymPnGfJiyacsAm1K7e7NNMG"
                + "N+xK/cH9Jf2tHZ5YTvXh+kr9tP4Exy1lCqtCegAAAABJRU5ErkJggg==")!)
}

extension SourceAddresses {
    /// Stand-ins; where there is none, nothing listens.
    public static func standIns(tvmaze: String = "http://127.0.0.1:1", others: String = "http://127.0.0.1:1") -> Self {
        var addresses = SourceAddresses()
        for source in SourceID.allCases { addresses[source] = source == .tvmaze ? tvmaze : others }
        return addresses
    }
}

private struct Answers {
    let works: [StandInCatalogue.Work]
    let url: String

    private func works(like text: String) -> [StandInCatalogue.Work] {
        let words = text.lowercased().split(separator: " ")
        return works.filter { work in words.allSatisfy(work.name.lowercased().contains) }
    }

    func wikidata(_ request: StandInRequest) -> StandInServer.Answer {
        if request.query["list"] == "search" {
            let text = request.query["srsearch"] ?? ""
            let words = text.split(separator: " ").filter { !$0.hasPrefix("haswbstatement:") }.joined(separator: " ")
            // By whole words, as the real one.
            let ids = works(like: words).filter { work in
                let own = Set(work.name.lowercased().split(separator: " "))
                return words.lowercased().split(separator: " ").allSatisfy(own.contains)
            }.compactMap(\.wikidata)
            return json(["query": ["search": ids.map { ["ns": 0, "title": $0] }]])
        }
        if request.query["action"] == "wbsearchentities" {
            let text = (request.query["search"] ?? "").lowercased()
            let ids = works.filter { $0.name.lowercased().hasPrefix(text) }.compactMap(\.wikidata)
            return json(["search": ids.map { ["id": $0] }, "success": 1])
        }
        var entities: [String: Any] = [:]
        for id in (request.query["ids"] ?? "").split(separator: "|").map(String.init) {
            if let work = works.first(where: { $0.wikidata == id }) {
                entities[id] = entity(id, work)
            } else {
                // A platform: its name is in its number.
                entities[id] = ["id": id, "labels": label(id.replacing("Q-", with: ""))]
            }
        }
        return json(["entities": entities, "success": 1])
    }

    private func label(_ text: String) -> [String: Any] { ["en": ["language": "en", "value": text]] }

    private func entity(_ id: String, _ work: StandInCatalogue.Work) -> [String: Any] {
        func statement(_ value: Any) -> [String: Any] {
            ["mainsnak": ["snaktype": "value", "datavalue": ["value": value]], "rank": "normal"]
        }
        let isGame = !work.platforms.isEmpty
        var claims: [String: Any] = [
            "P31": [statement(["id": isGame ? "Q7889" : "Q11424"])],
            "P400": work.platforms.map { statement(["id": "Q-\($0)"]) },
        ]
        if let year = work.year { claims["P577"] = [statement(["time": "+\(year)-03-08T00:00:00Z", "precision": 11])] }
        if let imdb = work.imdb { claims["P345"] = [statement(imdb)] }
        if let steam = work.steam { claims["P1733"] = [statement(String(steam))] }
        return [
            "id": id, "labels": label(work.name), "claims": claims,
            "descriptions": label("\(work.year.map { "\($0) " } ?? "")\(isGame ? "video game" : "film")"),
        ]
    }

    func cinemeta(_ path: String) -> StandInServer.Answer {
        let text = path.dropFirst("/catalog/movie/top/search=".count).dropLast(".json".count)
        let found = works(like: String(text)).filter(\.isInCinemeta)
        return json([
            "metas": found.map { work -> [String: Any] in
                let id = work.imdb ?? "tt0"
                return [
                    "id": id, "type": "movie", "name": work.name, "releaseInfo": work.year.map(String.init) ?? "",
                    "poster": "\(url)/poster/\(id)",
                ]
            }
        ])
    }

    func steam(_ text: String) -> StandInServer.Answer {
        json([
            "items": works(like: text).compactMap { work -> [String: Any]? in
                guard let id = work.steam else { return nil }
                return [
                    "type": "app", "name": work.name, "id": id, "tiny_image": "\(url)/apps/\(id)/capsule.jpg?t=1",
                    "platforms": ["windows": true, "mac": false, "linux": true],
                ]
            }
        ])
    }

    private func json(_ value: Any) -> StandInServer.Answer {
        do {
            let body = try JSONSerialization.data(withJSONObject: value)
            return .reply(status: 200, fields: ["Content-Type": "application/json"], body: Array(body))
        } catch {
            return .text("\(error)", status: 500)
        }
    }
}
