import Foundation
import Lifecycle
import Postgres
import Releases
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("How big it may be")
struct EstimateTests {
    @Test func byOtherMoviesInTheQualityThatIsTicked() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let nothing = try await anna.get("/requests/new?kind=movie")
        #expect(!nothing.text.contains("seen of"))
        _ = try await house.found(
            ["The.Long.Way.2019.1080p.WEB-DL.x264-A", "The.Long.Way.2019.1080p.BluRay.x264-B"],
            for: try await house.movie())
        // Two are too few to speak for all movies.
        #expect(!(try await anna.get("/requests/new?kind=movie")).text.contains("seen of"))
        _ = try await house.found(
            ["Copper.Sky.2020.1080p.WEB-DL.x264-A"], for: try await house.movie("Copper Sky", year: 2020))
        let form = try await anna.get("/requests/new?kind=movie")
        #expect(form.text.contains("About 4.2 GB, by 3 releases seen of other movies."))
        let full = try await anna.post("/requests/estimates", [("kind", "movie"), ("quality", "1080p")])
        #expect(full.status == 200 && full.text.contains("About 4.2 GB in 1080p, by 3 releases seen of other movies."))
        let ultra = try await anna.post("/requests/estimates", [("kind", "movie"), ("quality", "2160p")])
        #expect(ultra.status == 200 && !ultra.text.contains("About"))
        #expect(try await anna.post("/requests/estimates", [("kind", "game")]).text.contains("About") == false)
        #expect(try await anna.post("/requests/estimates", [("kind", "song")]).status == 400)
        let stranger = try await house.browser()
        #expect(try await stranger.post("/requests/estimates", [("kind", "movie")]).status != 200)
    }

    @Test func byTheSameShow() async throws {
        let episodes = (1...4).map {
            StandInTVmaze.Episode(
                id: $0, name: "Tide", season: 1, number: $0, airs: Date().addingTimeInterval(-86_400))
        }
        let tvmaze = try StandInTVmaze(shows: [StandInTVmaze.Show(id: 82, name: "Harbour", episodes: episodes)])
        defer { tvmaze.stop() }
        let house = try await House.inhabited(.standIns(tvmaze: tvmaze.url))
        let anna = try await house.browser(of: "Anna")
        let key = try #require(try await anna.get("/requests/new/show/82").value(of: "key"))
        let asked = try await anna.post(
            "/requests", [("kind", "show"), ("tvmaze", "82"), ("key", key), ("scope", "ongoing")])
        let request = try #require(asked.location?.split(separator: "/").last.flatMap { Int64($0) })
        _ = try await house.found(["Harbour.S01.1080p.WEB-DL.x264-A"], for: request)
        // A pack of four.
        try await house.pool.execute(
            "UPDATE releases SET coverage = '{\"seasons\":[1]}' WHERE request_id = \(request)")
        #expect(
            try await anna.get("/requests/new/show/82").text
                .contains("About 1.1 GB an episode, by 1 release seen of it."))
        let two = [("scope", "selection"), ("episode", "S01E01"), ("episode", "S01E02")]
        let part = try await anna.post("/requests/estimates", [("kind", "show"), ("tvmaze", "82")] + two)
        #expect(part.text.contains("About 2.1 GB for 2 episodes, by 1 release seen of it."))
        let ongoing = try await anna.post(
            "/requests/estimates", [("kind", "show"), ("tvmaze", "82"), ("scope", "ongoing")] + two.dropFirst())
        #expect(ongoing.text.contains("About 1.1 GB an episode,"))
    }

    @Test func whoApprovesSeesIt() async throws {
        let house = try await House.inhabited()
        let movie = try await house.movie("Copper Sky", year: 2020, by: "Carl")
        let show = try await house.show([1: 8], by: "Carl")
        let vera = try await house.browser(of: "Vera")
        #expect(!(try await vera.get("/requests/\(movie)")).text.contains("seen of"))
        _ = try await house.found((1...3).map { "The.Long.Way.2019.1080p.x264-\($0)" }, for: try await house.movie())
        #expect(
            try await vera.get("/requests/\(movie)").text.contains("About 4.2 GB, by 3 releases seen of other movies."))
        _ = try await house.found(["Harbour.S01.1080p.WEB-DL.x264-A"], for: show)
        try await house.pool.execute("UPDATE releases SET coverage = '{\"seasons\":[1]}' WHERE request_id = \(show)")
        let sentence = "About 4.2 GB for 8 episodes, by 1 release seen of it."
        #expect(try await vera.get("/requests/\(show)").text.contains(sentence))
        let carl = try await house.browser(of: "Carl")
        #expect(!(try await carl.get("/requests/\(show)")).text.contains(sentence))
        #expect(try await vera.post("/requests/\(show)/approval").status == 303)
        #expect(!(try await vera.get("/requests/\(show)")).text.contains(sentence))
    }

    @Test func theMiddleCounts() {
        let scope = SizeEstimate.Scope(.movie, [.p720, .p1080])
        let seen = [1, 9, 3, 5].enumerated().map { index, size in
            SeenSize(name: "A.2020.\(index < 2 ? "720p" : "1080p").x264-B", bytes: size * 1_000_000_000, parts: 1)
        }
        #expect(scope.sentence(by: seen, of: "it") == "About 4.0 GB in 720p or 1080p, by 4 releases seen of it.")
        #expect(SizeEstimate.Scope(.movie, [.p2160]).sentence(by: seen, of: "it") == nil)
        #expect(scope.sentence(by: [], of: "it", atLeast: 0) == nil)
    }
}
