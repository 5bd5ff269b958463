import Foundation
import Lifecycle
import Postgres
import Releases
import Storage
import TestSupport
import Testing

@testable import Orchestrator

@Suite("Who chooses", .timeLimit(.minutes(10)))
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
            // Nothing is waited for any more.
            #expect(try await world.request(request).nextSearchAt == nil)
            try await wait(minutes: 60, request, in: world)
            try await world.orchestrator.search(request, by: world.anna)
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
            // At once: nothing waits, and nothing is searched again.
            #expect(try await chosen(request, in: world) == [better, good])
            #expect(try await world.request(request).retryAt == nil)
            try await world.until(request, is: .completed)
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

    /// Anna chose the first; the house takes the next, and says so when none is left.
    @Test func theNextBestUntilNothingIsLeft() async throws {
        try await World.live(working: false) { world in
            try await world.pool.execute("UPDATE settings SET after_failure = 'best', retry_failed = false")
            let request = try await found([good, better, "The Long Way 2019 CAM x264-TEST"], in: world)
            for name in [good, better] {
                if name == good {
                    let release = try await world.release(good, of: request)
                    try await world.orchestrator.choose(release: release, of: request, by: world.anna)
                }
                let download = try #require(try await world.items(request)[0].download)
                #expect(try await chosen(request, in: world).last == name)
                try await world.orchestrator.failed(download, because: "the link is dead")
            }
            #expect(try await world.status(request) == .failed)
            let log = try await world.pool.query("SELECT sentence FROM request_log WHERE kind = 'exhausted'")
            #expect(
                try log.map { try $0.get("sentence") } == [
                    "nothing else that was found fits: 3 seen: 2 that failed before, 1 filmed or leaked before the release"
                ])
            let summary = try await world.pool.withConnection {
                try await RequestSummaries.find(request, seenBy: world.anna.userID, on: $0)
            }
            #expect(summary?.acceptable == 0)
        }
    }

    /// A link that leads to no torrent is a failure like any other: the next best is fetched, down to its file.
    @Test func theNextBestIsFetchedWhenTheBestCannotBe() async throws {
        try await World.live { world in
            try await takeTheBest(in: world)
            let torrent = world.swarm.torrent(named: "way.mkv", .file(size: 200_001))
            try await world.swarm.seed(torrent)
            let deliveries: [(String, StandInIndexer.Delivery)] = [
                (better, .torrent(Array("no torrent".utf8))), (good, .torrent(torrent.metainfo)),
            ]
            world.indexer.offer(
                deliveries.map { name, delivery in
                    .init(title: name, delivery: delivery, categories: [2040], size: 2_500_000_000)
                })
            let request = try await world.askMovie()
            try await world.until(request, is: .completed)
            #expect(try await chosen(request, in: world) == [better, good])
            try await world.until("its file is in its place") {
                world.files().values.first == Data(torrent.files[0].bytes)
            }
            #expect(try await world.count("searches WHERE request_id = \(request)") == 1)
            let failed = try await world.pool.query("SELECT reason FROM events WHERE event = 'downloadFailed'")
            #expect(try failed.map { try $0.get("reason") as String }.allSatisfy { $0.contains("no torrent") })
        }
    }

    /// Who saw a release among those that fit is not given one that does not, without a word.
    @Test func whatIsChosenIsJudgedUnderTheLock() async throws {
        try await World.live(working: false) { world in
            let request = try await found([good, better], in: world)
            let release = try await world.release(better, of: request)
            try await world.pool.execute("UPDATE settings SET refused_words = '{x265}'")
            await #expect {
                try await world.orchestrator.choose(release: release, of: request, asFitting: true, by: world.anna)
            } throws: { error in
                guard case CommandError.refused(let refusal)? = error as? CommandError else { return false }
                return refusal.code == .fitsNoMore && refusal.status == .found
            }
            #expect(try await chosen(request, in: world).isEmpty)
            let rows = try await world.pool.withConnection { try await ReleaseRows.all(of: request, on: $0) }
            #expect(rows.filter(\.accepted).map(\.name) == [good])
            // Who has read why, and means it, gets it.
            try await world.orchestrator.choose(release: release, of: request, by: world.anna)
            #expect(try await chosen(request, in: world) == [better])
            #expect(
                try await world.reasons(request) == [
                    "\(better), chosen although: The name says “x265”, which the house does not want."
                ])
        }
    }

    /// Another release would not help where aria2 itself is not in order.
    @Test func nothingElseIsTakenWhenTheFailureIsNotTheReleases() async throws {
        try await World.live(working: false) { world in
            try await world.pool.execute("UPDATE settings SET after_failure = 'best', choosing = 'best'")
            let request = try await found([good, better], in: world)
            try await takeTheBest(of: request, by: world.orchestrator)
            let download = try #require(try await world.items(request)[0].download)
            try await world.orchestrator.failed(download, because: "aria2 may not write there", isOfRelease: false)
            #expect(try await world.status(request) == .failed)
            #expect(try await chosen(request, in: world) == [better])
        }
    }

    @Test func twoProcessesTakeTheBestAtOnce() async throws {
        try await World.live(working: false) { world in
            try await takeTheBest(in: world)
            let neighbour = try world.neighbour()
            let request = try await found([good, better], in: world)
            let item = try await world.items(request)[0].id
            for round in 1...8 {
                async let one: Void = takeTheBest(of: request, by: world.orchestrator)
                async let other: Void = takeTheBest(of: request, by: neighbour)
                _ = try await (one, other)
                #expect(try await world.count("downloads") == round)
                #expect(try await world.count("events WHERE event = 'selected'") == round)
                try await world.orchestrator.cancel(items: [item], of: request, by: world.anna)
                try await world.orchestrator.withDoor(of: request) { door in
                    try await door.carryOut(.requeue([item]))
                    try await door.carryOut(.recordSearch(acceptableFor: [item]))
                }
            }
        }
    }

    /// What is taken by itself is judged by what holds at that moment, not when it was seen.
    @Test func whatIsTakenIsJudgedUnderTheLock() async throws {
        try await World.live(working: false) { world in
            try await takeTheBest(in: world)
            let request = try await found([good, better], in: world)
            try await world.pool.execute("UPDATE requests SET refused_words = '{x265}'")
            try await takeTheBest(of: request, by: world.orchestrator)
            #expect(try await chosen(request, in: world) == [good])

            let blocked = try await found([good, better], title: "The Long Way Home", in: world)
            for name in [good, better] {
                try await world.pool.withConnection {
                    try await ReleaseRows.block(
                        OfferID(indexer: "Stand-in", guid: name), for: blocked, reason: "dead", on: $0)
                }
            }
            try await takeTheBest(of: blocked, by: world.orchestrator)
            #expect(try await chosen(blocked, in: world).isEmpty)

            let cancelled = try await found([good], title: "The Long Way Back", in: world)
            try await world.orchestrator.cancel(cancelled, by: world.anna)
            try await takeTheBest(of: cancelled, by: world.orchestrator)
            #expect(try await world.status(cancelled) == .cancelled)
        }
    }

    @Test func demandsOfTheRequestChangeWhileItWaits() async throws {
        try await World.live(working: false) { world in
            let request = try await found([good, better], in: world)
            var demands = Demands()
            demands.words = NameWords(required: ["german"])
            try await world.orchestrator.set(demands, of: request, by: world.anna)
            #expect(try await world.status(request) == .pending)
            let rows = try await world.pool.withConnection { try await ReleaseRows.all(of: request, on: $0) }
            #expect(rows.allSatisfy { !$0.accepted })
            #expect(
                rows[0].reasons.map(\.sentence) == ["The name does not say “german”, which this request wants."])
            #expect(try #require(try await world.request(request).nextSearchAt) < Date.now + 1)
            demands.words = NameWords(refused: ["x265"])
            try await world.orchestrator.set(demands, of: request, by: world.anna)
            #expect(try await world.status(request) == .found)
            #expect(try await world.request(request).demands == demands)
            await #expect(throws: CommandError.notAllowed) {
                try await world.orchestrator.set(Demands(), of: request, by: world.ben)
            }
            #expect(try await world.count("request_log WHERE kind = 'demands'") == 2)
        }
    }

    /// Somebody changes what is asked while the indexers are being asked.
    @Test func aSearchIsJudgedByWhatIsWantedWhenItEnds() async throws {
        try await World.live(working: false) { world in
            try await world.share(good, isAlive: false)
            try await world.share(better, isAlive: false)
            let request = try await world.askMovie()
            let search = try await world.pool.transaction { connection in
                // Until it ends, nobody notes that an indexer is asked, and so nobody asks.
                try await connection.execute("LOCK TABLE indexer_asks IN SHARE MODE")
                let search = Task { try await SearchWorker(orchestrator: world.orchestrator).searchNext() }
                try await world.until("it is being searched") {
                    try await world.count("pg_locks WHERE NOT granted AND relation = 'indexer_asks'::regclass") > 0
                }
                var demands = Demands()
                demands.words = NameWords(refused: ["x265"])
                try await world.orchestrator.set(demands, of: request, by: world.anna)
                return search
            }
            _ = try await search.value
            let rows = try await world.pool.withConnection { try await ReleaseRows.all(of: request, on: $0) }
            #expect(rows.filter(\.accepted).map(\.name) == [good])
        }
    }

    /// A request that has found these, without any worker's doing.
    private func found(
        _ names: [String], title: String = "The Long Way", in world: World
    ) async throws -> Int64 {
        let request = try await world.askMovie(title)
        try await world.orchestrator.withDoor(of: request) { door in
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: Date(),
                SearchOutcome(seen: names.count, accepted: names.count, sentence: "\(names.count) seen", answers: []),
                on: door.connection)
            let rows = names.map { name in
                ReleaseRow(
                    indexerID: nil, indexerName: "Stand-in", guid: name,
                    name: name.replacing("The Long Way", with: title), link: nil, magnet: nil, infohash: nil, size: nil,
                    seeders: nil, peers: nil, publishedAt: nil, accepted: true, reasons: [], coverage: .whole)
            }
            try await ReleaseRows.save(rows, request: request, search: search, on: door.connection)
            try await door.carryOut(.recordSearch(acceptableFor: Set(try await door.items().map(\.id))))
        }
        return request
    }

    private func takeTheBest(of request: Int64, by orchestrator: Orchestrator) async throws {
        try await orchestrator.withDoor(of: request) { door in
            _ = try await door.takeBest(try await Settings.load(on: door.connection))
        }
    }
}
