import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("The other names of a title", .timeLimit(.minutes(10)))
struct OtherNameTests {
    private static func show(calling names: [String: String]) -> StandInTVmaze.Show {
        var show = StandInTVmaze.Show(
            id: 82, name: "Harbour Lights", status: "Ended",
            episodes: [.init(id: 1, name: "E", season: 1, number: 1, airs: Date(timeIntervalSinceNow: -1e7))])
        show.otherNames = names
        return show
    }

    private func ask(_ world: World) async throws -> Int64 {
        try await world.orchestrator.ask(
            Wish(kind: .show, title: .tvmaze(id: 82), scope: .selection(seasons: [1], episodes: [])), by: world.anna,
            key: World.key()
        ).request
    }

    private func texts(_ world: World) -> [String] {
        world.indexer.requests.filter { $0.query["t"] == "tvsearch" }.map { query in
            "\(query.query["q"] ?? "its ids") \(query.query["ep"] == nil ? "season" : "episode")"
        }
    }

    @Test func whatIsThereUnderAnotherNameIsFound() async throws {
        try await World.live(shows: [Self.show(calling: ["Germany": "Hafenlichter", "Japan": "港の灯"])]) { world in
            // What the site gives for a name that it does not know.
            try await world.share(
                "Harbour Lights Sounds Alike S01E01 1080p WEB-DL-TEST", category: 5040, isAlive: false)
            try await world.share("Hafenlichter S01E01 1080p WEB-DL x264-TEST", category: 5040, isAlive: false)
            let request = try await ask(world)
            try await world.until(request, is: .found)
            #expect(
                texts(world) == [
                    "its ids season", "Harbour Lights season", "its ids episode", "Harbour Lights episode",
                    "Hafenlichter season", "Hafenlichter episode",
                ])
            let found = try await world.pool.query(
                "SELECT name FROM releases WHERE request_id = \(request) AND accepted")
            #expect(try found.map { try $0.get("name") } == ["Hafenlichter S01E01 1080p WEB-DL x264-TEST"])
            // The person sees what was asked.
            let questions = try #require(try await world.search(of: request)).answers.flatMap { $0.questions ?? [] }
                .map(\.text)
            #expect(questions.contains { $0.contains("q=Hafenlichter") })
        }
    }

    @Test func aNameThatSomebodyAddsFindsIt() async throws {
        try await World.live { world in
            try await world.share("Der Lange Weg 2019 1080p WEB-DL x264-TEST", isAlive: false)
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.search(of: request)?.finishedAt != nil }
            #expect(try await world.status(request) == .pending)
            await #expect(throws: CommandError.self) {
                try await world.orchestrator.set(otherNames: ["Der lange Weg"], of: request, by: world.ben)
            }
            try await world.orchestrator.set(otherNames: ["Der lange Weg"], of: request, by: world.anna)
            try await world.until(request, is: .found)
            // And of what is new among the indexers' releases.
            let keys = try await world.pool.query("SELECT key FROM title_keys").map { try $0.get("key") as String }
            #expect(keys.contains("derlangeweg"))

            // Taken back, what was found under it fits no more.
            try await world.orchestrator.set(otherNames: [], of: request, by: world.anna)
            #expect(try await world.status(request) == .pending)
        }
    }

    @Test func whatTheFirstNameBringsIsNotAskedForByAnother() async throws {
        try await World.live(shows: [Self.show(calling: ["Germany": "Hafenlichter"])]) { world in
            try await world.share("Harbour Lights S01E01 1080p WEB-DL x264-TEST", category: 5040, isAlive: false)
            let request = try await ask(world)
            try await world.until(request, is: .found)
            #expect(!texts(world).contains { $0.contains("Hafen") })
        }
    }

    /// Names in other scripts last, and no more questions than an indexer is asked for one search.
    @Test func notMoreQuestionsThanAnIndexerIsAsked() async throws {
        var names = ["A": "港の灯"]
        for number in 1...9 { names["B\(number)"] = "Leuchten \(number)" }
        var show = Self.show(calling: names)
        show.episodes = (1...3).map { season in
            .init(id: season, name: "E", season: season, number: 1, airs: Date(timeIntervalSinceNow: -1e7))
        }
        try await World.live(shows: [show]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: 82), scope: .selection(seasons: [1, 2, 3], episodes: [])),
                by: world.anna, key: World.key()
            ).request
            try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            let texts = texts(world)
            #expect(texts.count == 16)
            #expect(texts.prefix(2) == ["its ids season", "Harbour Lights season"])
            #expect(Set(texts.dropFirst(12)) == ["Leuchten 1 season", "Leuchten 1 episode"])
        }
    }

    @Test func newestReleasesAreKnownByIt() async throws {
        try await World.live(shows: [Self.show(calling: ["Germany": "Hafenlichter"])]) { world in
            let request = try await ask(world)
            try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            try await world.share("Hafenlichter S01E01 1080p WEB-DL x264-TEST", category: 5040, isAlive: false)
            try await world.pool.execute("UPDATE indexers SET newest_at = newest_at - interval '1 hour'")
            try await world.pool.execute("UPDATE indexer_asks SET at = at - interval '1 hour'")
            try await world.orchestrator.houseChanged(searchAgain: false)
            try await world.until(request, is: .found)
            #expect(try await world.search(of: request)?.sentence.hasPrefix("among the newest releases") == true)
        }
    }
}
