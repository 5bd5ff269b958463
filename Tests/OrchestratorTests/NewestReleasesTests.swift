import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("The newest releases", .timeLimit(.minutes(10)))
struct NewestReleasesTests {
    private let name = "The Long Way 2019 1080p WEB-DL x264-TEST"

    /// Lets the time pass after which indexers are looked at again.
    private func wait(_ world: World) async throws {
        try await world.pool.execute("UPDATE indexers SET newest_at = newest_at - interval '1 hour'")
        try await world.pool.execute("UPDATE indexer_asks SET at = at - interval '1 hour'")
        try await world.orchestrator.houseChanged(searchAgain: false)
    }

    private func looks(_ world: World) -> Int {
        world.indexer.requests.count { $0.query["t"] == "search" && $0.query["q"] == nil }
    }

    @Test func whatHasJustAppearedIsFoundWithoutASearch() async throws {
        try await World.live { world in
            let movie = try await world.askMovie()
            let other = try await world.askMovie("Something Else", year: 2001)
            for request in [movie, other] {
                try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            }
            try await world.share("Something Else 2002 1080p WEB-DL x264-TEST", isAlive: false)
            try await world.share(name, isAlive: false)
            try await wait(world)
            try await world.until(movie, is: .found)
            #expect(looks(world) == 1)
            #expect(try await world.search(of: movie)?.sentence == "among the newest releases, 1 seen: 1 acceptable.")
            #expect(try await world.request(movie).searchAttempts == 1)
            // Of another year: no news for that request, and no search of it either.
            #expect(try await world.request(other).status == .pending)
            #expect(try await world.count("searches") == 3)

            // What is known is no news.
            let isOver = { try await world.count("indexers WHERE newest_at > now() - interval '10 minutes'") == 1 }
            try await world.until("the look is over", isOver)
            try await wait(world)
            try await world.until("the second look is over", isOver)
            #expect(looks(world) == 2)
            #expect(try await world.count("searches") == 3)
        }
    }

    /// A busy indexer has more than a page of them between two looks.
    @Test func pagesBackToTheLastLook() async throws {
        try await World.live { world in
            world.indexer.page(by: 2)
            let movie = try await world.askMovie()
            try await world.until("it was searched") { try await world.request(movie).searchAttempts == 1 }
            for number in 1...4 { try await world.share("Something Else \(number) 2002 1080p WEB-DL", isAlive: false) }
            try await world.share(name, isAlive: false)
            // The indexer's releases are of the first of October.
            try await world.pool.execute("UPDATE indexers SET newest_at = '2026-10-02'")
            try await world.orchestrator.houseChanged(searchAgain: false)
            let isOver = { try await world.count("indexers WHERE newest_at > now() - interval '10 minutes'") == 1 }
            try await world.until("the look is over", isOver)
            #expect(looks(world) == 1)
            #expect(try await world.status(movie) == .pending)
            try await world.pool.execute("UPDATE indexers SET newest_at = '2026-09-30'")
            try await world.pool.execute("UPDATE indexer_asks SET at = at - interval '1 hour'")
            try await world.orchestrator.houseChanged(searchAgain: false)
            try await world.until(movie, is: .found)
            #expect(looks(world) == 4)
        }
    }

    @Test func titlesThatAnOlderRuleKeyedAreKeyedAgain() async throws {
        try await World.live { world in
            let movie = try await world.askMovie()
            try await world.until("it was searched") { try await world.request(movie).searchAttempts == 1 }
            try await world.pool.execute(
                "UPDATE title_keys SET key = 'old' WHERE key IN (SELECT min(key) FROM title_keys)")
            try await world.pool.execute("DELETE FROM title_keys WHERE key <> 'old'")
            try await world.pool.execute("UPDATE titles SET keys_version = 0")
            try await world.orchestrator.houseChanged(searchAgain: false)
            // A look that had begun before would use the old keys, and take the releases for seen.
            try await world.until("it is keyed again") { try await world.count("titles WHERE keys_version = 0") == 0 }
            let keys = try await world.pool.query("SELECT key FROM title_keys ORDER BY key")
            #expect(try keys.map { try $0.get("key") as String } == ["longway", "thelongway"])
            try await world.share(name, isAlive: false)
            try await wait(world)
            try await world.until(movie, is: .found)
        }
    }
}
