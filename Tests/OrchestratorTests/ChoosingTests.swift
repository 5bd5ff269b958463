import Foundation
import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@testable import Orchestrator

@Suite("Who chooses", .timeLimit(.minutes(2)))
struct ChoosingTests {
    private let good = "The Long Way 2019 1080p WEB-DL x264-TEST"
    private let better = "The Long Way 2019 2160p WEB-DL x265-TEST"

    private func takeTheBest(after minutes: Int = 0, in world: World) async throws {
        try await world.pool.execute("UPDATE settings SET choosing = 'best', choosing_minutes = \(minutes)")
    }

    private func chosen(_ request: Int64, in world: World) async throws -> [String] {
        try await world.pool.query(
            """
            SELECT releases.name FROM downloads JOIN releases ON releases.id = downloads.release_id
            WHERE downloads.request_id = \(request) ORDER BY downloads.id
            """
        ).map { try $0.get("name") }
    }

    /// As if so much time had passed since it was found.
    private func wait(minutes: Int, _ request: Int64, in world: World) async throws {
        try await world.pool.transaction { connection in
            try await connection.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
            try await connection.execute("UPDATE events SET at = at - make_interval(mins => \(minutes)::int)")
            try await connection.execute("ALTER TABLE events ENABLE ALWAYS TRIGGER events_append_only")
            try await connection.execute(
                """
                UPDATE requests SET next_search_at = next_search_at - make_interval(mins => \(minutes)::int)
                WHERE id = \(request)
                """)
        }
        try await world.orchestrator.houseChanged(searchAgain: false)
    }

    @Test func theHouseTakesTheBestAtOnce() async throws {
        try await World.live { world in
            try await takeTheBest(in: world)
            try await world.share(good, isAlive: false)
            let torrent = try await world.share(better)
            let request = try await world.askMovie()
            try await world.until(request, is: .completed)
            #expect(try await chosen(request, in: world) == [better])
            try await world.until("its file is in its place") {
                world.files().values.first == Data(torrent.files[0].bytes)
            }
            let row = try await world.pool.query("SELECT user_id, reason FROM events WHERE event = 'selected'")[0]
            #expect(try row.get("user_id") == nil as Int64?)
            #expect(try row.get("reason") == "\(better), the best of 2")
        }
    }

    @Test func aBetterOneIsWaitedFor() async throws {
        try await World.live { world in
            try await takeTheBest(after: 60, in: world)
            try await world.share(good, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let next = try #require(try await world.request(request).nextSearchAt).timeIntervalSinceNow
            #expect((3500...3600).contains(next), "\(next)")
            #expect(try await chosen(request, in: world).isEmpty)
            // Meanwhile another appears; the time is over; it is searched once more.
            try await world.share(better, isAlive: false)
            try await wait(minutes: 60, request, in: world)
            try await world.until(request, is: .downloading)
            #expect(try await chosen(request, in: world) == [better])
        }
    }

    @Test func somebodyChoosesWhileABetterOneIsWaitedFor() async throws {
        try await World.live { world in
            try await takeTheBest(after: 60, in: world)
            try await world.share(good, isAlive: false)
            try await world.share(better, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(good, of: request)
            try await wait(minutes: 60, request, in: world)
            try await world.until("it was searched again") {
                try await world.count("searches WHERE request_id = \(request)") == 2
            }
            // What is on its way by somebody's choice is not replaced.
            #expect(try await chosen(request, in: world) == [good])
            #expect(try await world.status(request) == .downloading)
        }
    }

    @Test func afterAFailureTheNextBest() async throws {
        try await World.live { world in
            try await takeTheBest(after: 60, in: world)
            try await world.share(better, isAlive: false)
            let torrent = try await world.share(good)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await wait(minutes: 60, request, in: world)
            try await world.until(request, is: .downloading)
            let first = try #require(try await world.items(request)[0].download)
            try await world.until("it has its torrent") {
                try await world.count("downloads WHERE infohash IS NOT NULL") == 1
            }
            try await world.orchestrator.failed(first, because: "nothing arrived for 60 minutes")
            try await world.until("it is to be tried again") { try await world.request(request).retryAt != nil }
            try await world.pool.execute("UPDATE requests SET retry_at = now() WHERE retry_at IS NOT NULL")
            try await world.until(request, is: .completed)
            #expect(try await chosen(request, in: world) == [better, good])
            try await world.until("its file is in its place") {
                world.files().values.first == Data(torrent.files[0].bytes)
            }
        }
    }

    @Test func aRequestDecidesForItself() async throws {
        try await World.live { world in
            try await world.share(good, isAlive: false)
            let asking = try await world.askMovie()
            try await world.until(asking, is: .found)
            try await world.orchestrator.set(choosing: .best, of: asking, by: world.anna)
            try await world.until(asking, is: .downloading)
            await #expect(throws: CommandError.notAllowed) {
                try await world.orchestrator.set(choosing: .ask, of: asking, by: world.ben)
            }
            // As the house does: no choice of its own any more.
            try await world.orchestrator.set(choosing: .ask, of: asking, by: world.anna)
            #expect(try await world.request(asking).choosing == nil)
        }
    }

    /// A pack for what it holds, and single episodes for the rest.
    @Test func whatTheBestDoesNotHoldIsTakenFromTheNext() async throws {
        try await World.live { world in
            try await takeTheBest(in: world)
            let pack = "Harbour S01 1080p WEB-DL x264-TEST"
            let single = "Harbour S02E01 1080p WEB-DL x264-TEST"
            try await world.share(
                pack, .season(of: "Harbour", 1, episodes: 3, size: 60_001), category: 5040, isAlive: false)
            try await world.share("Harbour S01E02 1080p WEB-DL x264-TEST", category: 5040, isAlive: false)
            try await world.share(single, category: 5040, isAlive: false)
            let request = try await world.askShow([1: 3, 2: 1])
            try await world.until("all is on its way") {
                try await world.items(request).allSatisfy { $0.status == .downloading }
            }
            #expect(Set(try await chosen(request, in: world)) == [pack, single])
        }
    }

    @Test func wordsOfTheHouse() async throws {
        try await World.live { world in
            try await world.pool.execute(
                "UPDATE settings SET choosing = 'best', refused_words = '{x265}', preferred_words = '{TEST2}'")
            try await world.share(better, isAlive: false)
            try await world.share(good, isAlive: false)
            let preferred = "The Long Way 2019 1080p WEB-DL x264-TEST2"
            try await world.share(preferred, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .downloading)
            #expect(try await chosen(request, in: world) == [preferred])
            let search = try #require(try await world.search(of: request))
            #expect(search.sentence.contains("1 with a word that is refused"))
        }
    }
}
