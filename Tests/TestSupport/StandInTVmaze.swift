public import Foundation
public import Reactor

/// A TVmaze on loopback with shows of a test's choosing, which can change while it runs.
public final class StandInTVmaze: Sendable {
    /// A show.
    public struct Show: Sendable {
        /// TVmaze's number.
        public var id: Int
        /// Its title.
        public var name: String
        /// What it is called elsewhere, by country.
        public var otherNames: [String: String] = [:]
        /// "2025-10-02".
        public var premiered: String?
        /// "Running", "Ended" and so on.
        public var status: String
        /// What it is about, as HTML.
        public var summary: String?
        /// The address of its picture.
        public var image: String?
        /// All episodes.
        public var episodes: [Episode]
        /// The stamp of the last change, Unix seconds.
        public var updated: Int

        /// A show.
        public init(
            id: Int, name: String, premiered: String? = "2025-10-02", status: String = "Running",
            summary: String? = nil, image: String? = nil, episodes: [Episode] = [], updated: Int = 1_795_060_800
        ) {
            self.id = id
            self.name = name
            self.premiered = premiered
            self.status = status
            self.summary = summary
            self.image = image
            self.episodes = episodes
            self.updated = updated
        }
    }

    /// An episode.
    public struct Episode: Sendable {
        /// TVmaze's number.
        public var id: Int
        /// Its title.
        public var name: String
        /// The season.
        public var season: Int
        /// Nil for a special.
        public var number: Int?
        /// When it is shown; nil if nobody knows.
        public var airs: Date?

        /// An episode.
        public init(id: Int, name: String, season: Int, number: Int?, airs: Date?) {
            self.id = id
            self.name = name
            self.season = season
            self.number = number
            self.airs = airs
        }
    }

    /// How it behaves.
    public enum Mode: Sendable {
        /// As it should.
        case well
        /// No answer at all.
        case silence
        /// This status.
        case status(Int)
        /// Too many calls, so many times; then well again.
        case busy(times: Int, retryAfter: Int?)
        /// A page instead of JSON.
        case page
    }

    private let state: Locked<State>
    private let server: StandInServer

    private struct State {
        var shows: [Show]
        var mode = Mode.well
    }

    /// Starts it.
    public init(shows: [Show] = []) throws(SystemError) {
        let state = Locked(State(shows: shows))
        self.state = state
        server = try StandInServer { request in
            let (shows, mode) = state.withLock { state in
                defer {
                    if case .busy(let times, let pause) = state.mode {
                        state.mode = times > 1 ? .busy(times: times - 1, retryAfter: pause) : .well
                    }
                }
                return (state.shows, state.mode)
            }
            switch mode {
            case .well: return Self.answer(request, shows)
            case .silence: return .silence
            case .status(let status): return .text("", status: status)
            case .busy(_, let pause):
                return .text("", status: 429, fields: pause.map { ["Retry-After": "\($0)"] } ?? [:])
            case .page: return .text("<!DOCTYPE html><html></html>", type: "text/html")
            }
        }
    }

    /// What stands in for `https://api.tvmaze.com`.
    public var url: String { server.url }
    /// Every request so far.
    public var requests: [StandInRequest] { server.requests }

    /// Waits until so many requests have come.
    public func requests(atLeast count: Int) async {
        await server.requests(atLeast: count)
    }

    /// Changes a show, and its stamp with it: a new episode appears, say.
    public func change(_ id: Int, _ body: (inout Show) -> Void) {
        state.withLock { state in
            for index in state.shows.indices where state.shows[index].id == id {
                body(&state.shows[index])
                state.shows[index].updated += 1
            }
        }
    }

    /// How it behaves from now on.
    public func behave(_ mode: Mode) {
        state.withLock { $0.mode = mode }
    }

    /// Ends it: later connections are refused.
    public func stop() {
        server.stop()
    }

    // MARK: Answers

    private static func answer(_ request: StandInRequest, _ shows: [Show]) -> StandInServer.Answer {
        let parts = request.path.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("search", 2):
            let text = (request.query["q"] ?? "").lowercased()
            let found = shows.filter { $0.name.lowercased().contains(text) }
            return json(found.map { ["score": 0.9, "show": object($0)] })
        case ("updates", 2):
            return json(Dictionary(uniqueKeysWithValues: shows.map { ("\($0.id)", $0.updated) }))
        case ("shows", 2...3):
            guard let show = shows.first(where: { "\($0.id)" == parts[1] }) else { break }
            if parts.count == 3, parts[2] == "akas" {
                return json(
                    show.otherNames.sorted { $0.key < $1.key }.map { country, name in
                        ["name": name, "country": ["name": country, "code": "XX", "timezone": "Europe/Paris"]]
                            as [String: Any]
                    })
            }
            if parts.count == 3 { return json(episodes(of: show, specials: request.query["specials"] == "1")) }
            var object = object(show)
            if request.target.contains("embed") {
                object["_embedded"] = ["episodes": episodes(of: show, specials: false)]
            }
            return json(object)
        default: break
        }
        return .text("{\"name\":\"Not Found\",\"message\":\"\",\"code\":0,\"status\":404}", status: 404)
    }

    private static func episodes(of show: Show, specials: Bool) -> [[String: Any]] {
        show.episodes.filter { specials || $0.number != nil }.map(object)
    }

    private static func object(_ show: Show) -> [String: Any] {
        [
            "id": show.id, "url": "https://www.tvmaze.com/shows/\(show.id)/stand-in", "name": show.name,
            "type": "Scripted", "language": "English", "genres": ["Drama", "Mystery"], "status": show.status,
            "runtime": 60, "averageRuntime": 52, "premiered": show.premiered ?? NSNull(), "ended": NSNull(),
            "network": ["id": 99001, "name": "Test Network", "country": NSNull()], "webChannel": NSNull(),
            "externals": ["tvrage": NSNull(), "thetvdb": show.id + 100, "imdb": "tt\(show.id)0"],
            "image": show.image.map { ["medium": $0] } ?? NSNull(), "summary": show.summary ?? NSNull(),
            "updated": show.updated,
        ]
    }

    private static func object(_ episode: Episode) -> [String: Any] {
        let stamp = episode.airs.map {
            ISO8601DateFormatter().string(from: $0).replacingOccurrences(of: "Z", with: "+00:00")
        }
        return [
            "id": episode.id, "name": episode.name, "season": episode.season, "number": episode.number ?? NSNull(),
            "type": episode.number == nil ? "significant_special" : "regular",
            "airdate": stamp.map { String($0.prefix(10)) } ?? "",
            "airstamp": stamp ?? NSNull(), "runtime": 60, "summary": NSNull(), "image": NSNull(),
        ]
    }

    private static func json(_ value: Any) -> StandInServer.Answer {
        do {
            let body = try JSONSerialization.data(withJSONObject: value)
            return .reply(status: 200, fields: ["Content-Type": "application/json"], body: Array(body))
        } catch {
            return .text("\(error)", status: 500)
        }
    }
}
