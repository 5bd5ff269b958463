import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("How indexers are asked", .timeLimit(.minutes(2)))
struct IndexerSearchTests {
    private let name = "The Long Way 2019 1080p WEB-DL x264-TEST"

    private func searches(_ indexer: StandInIndexer) -> [[String: String]] {
        indexer.requests.map(\.query).filter { $0["t"] != "caps" }
    }

    @Test func pageAfterPageUntilNothingNewComes() async throws {
        try await World.live { world in
            world.indexer.page(by: 2)
            for number in 1...5 { try await world.share("\(name)\(number)", isAlive: false) }
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            #expect(try await world.search(of: request)?.seen == 5)
            #expect(searches(world.indexer).map { $0["offset"] } == [nil, "2", "4"])
        }
    }

    @Test func onlyForWhatItIsFor() async throws {
        try await World.live(indexed: false) { world in
            try await world.addIndexer(
                IndexerSettings(
                    name: "Shows only", url: world.indexer.url, apiKey: world.indexer.apiKey, kinds: [.show]))
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.search(of: request) != nil }
            #expect(try await world.search(of: request)?.sentence == "No indexer is set up for it yet.")
            #expect(world.indexer.requests.isEmpty)
        }
    }

    @Test func notMoreOftenThanItsLimit() async throws {
        try await World.live(indexed: false) { world in
            let settings = IndexerSettings(
                name: "Counting", url: world.indexer.url, apiKey: world.indexer.apiKey, hourlyLimit: 2)
            try await world.addIndexer(settings)
            try await world.share(name, isAlive: false)
            for year in [2019, 2018] {
                let request = try await world.askMovie(year: year)
                try await world.until("it was searched") { try await world.search(of: request) != nil }
                #expect(try await world.search(of: request)?.answers.map(\.error) == [nil])
            }
            let late = try await world.askMovie("Another")
            try await world.until("it could not be searched") { try await world.search(of: late) != nil }
            let search = try #require(try await world.search(of: late))
            #expect(search.answers[0].error?.hasPrefix("asked as often as it may be within an hour") == true)
            #expect(searches(world.indexer).count == 2)
            // Not the request's fault: nothing is recorded of it, and it stays in the queue.
            let waiting = try await world.request(late)
            #expect(waiting.status == .pending && waiting.searchAttempts == 0 && waiting.nextSearchAt != nil)

            try await world.pool.execute("UPDATE indexer_asks SET at = at - interval '1 hour'")
            try await world.orchestrator.search(late, by: world.anna)
            try await world.until("it was searched") { try await world.request(late).searchAttempts == 1 }
        }
    }

    /// The one that is away may be the one that has it: its silence is no empty answer, though another answered.
    @Test func whoDidNotAnswerIsAskedSoonAndNotCounted() async throws {
        try await World.live { world in
            let second = try StandInIndexer()
            defer { second.stop() }
            second.behave(.busy(retryAfter: 120))
            try await world.addIndexer(IndexerSettings(name: "Away", url: second.url, apiKey: second.apiKey))
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.search(of: request) != nil }
            let waiting = try await world.request(request)
            #expect(waiting.status == .pending && waiting.searchAttempts == 0)
            let pause = try #require(waiting.nextSearchAt).timeIntervalSinceNow
            #expect((60...125).contains(pause), "\(pause)")

            // Away for longer than the queue rests: counted like any other, and no longer waited for.
            try await world.pool.execute(
                "UPDATE indexers SET blocked_until = now() + interval '1 day' WHERE name = 'Away'")
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it was counted") { try await world.request(request).searchAttempts == 1 }
        }
    }

    @Test func byItsNumberElsewhereThenByName() async throws {
        let show = StandInTVmaze.Show(
            id: 880_001, name: "Harbour Lights", premiered: "2025-10-03",
            episodes: [
                .init(id: 1, name: "Fog", season: 1, number: 1, airs: Date(timeIntervalSince1970: 1_759_453_200))
            ])
        try await World.live(shows: [show]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: show.id), scope: .ongoing), by: world.anna, key: World.key()
            ).request
            try await world.until("it was searched") { try await world.search(of: request) != nil }
            let asked = searches(world.indexer)
            #expect(asked.map { $0["tvdbid"] } == ["880101", nil])
            #expect(asked.map { $0["q"] } == [nil, "Harbour Lights"])
            #expect(asked.allSatisfy { $0["season"] == "1" && $0["ep"] == "1" })
        }
    }
}
