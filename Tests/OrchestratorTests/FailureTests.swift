import Aria2
import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("What goes wrong", .timeLimit(.minutes(10)))
struct FailureTests {
    private let name = "The Long Way 2019 1080p WEB-DL x264-TEST"

    @Test func theLinkIsDead() async throws {
        try await World.live { world in
            let torrent = try await world.share(name)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            world.indexer.offer([])
            try await world.choose(name, of: request)
            try await world.until(request, is: .failed)
            let reason = try #require(try await world.reasons(request)[0])
            #expect(reason.hasPrefix("Stand-in did not hand out the torrent:"))
            let failed = try await world.request(request)
            #expect(failed.failures == 1 && (failed.retryAt ?? .distantPast) > .now)
            let blocked = try await world.pool.withConnection { try await ReleaseRows.blocked(for: request, on: $0) }
            #expect(blocked == [torrent.infohash])

            // The time for another try comes, and what failed is not accepted any more.
            try await world.share(name)
            try await world.pool.execute("UPDATE requests SET retry_at = now()")
            try await world.orchestrator.houseChanged(searchAgain: false)
            try await world.until("it was searched again") {
                try await world.count("searches WHERE finished_at IS NOT NULL") == 2
            }
            #expect(try await world.status(request) == .found)
            let offered = try await world.pool.query("SELECT infohash, accepted FROM releases WHERE accepted")
            #expect(try offered.map { try $0.get("infohash") as String } != [torrent.infohash])
        }
    }

    @Test func whatHasNoRoomOnTheDiskWaitsForIt() async throws {
        try await World.live { world in
            // More than any disk has that runs tests.
            let (length, piece) = (4 << 40, 64 << 20)
            let pieces = [UInt8](repeating: 7, count: 20 * (length / piece))
            let info = "6:lengthi\(length)e4:name8:Long.mkv12:piece lengthi\(piece)e6:pieces\(pieces.count):"
            let metainfo = Array("d4:infod\(info)".utf8) + pieces + Array("ee".utf8)
            world.indexer.offer([
                StandInIndexer.Release(
                    title: name, delivery: .torrent(metainfo), categories: [2040], size: 2_500_000_000)
            ])
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(name, of: request)
            try await world.until("it waits") { try await world.count("torrents WHERE waiting IS NOT NULL") == 1 }
            let details = try await world.pool.withConnection {
                try await RequestDetails.load(request, seenBy: world.anna.userID, on: $0)
            }
            let trouble = try #require(details?.downloads.first?.lastError)
            #expect(trouble.hasPrefix("The disk has no room for it: it needs 4398.0 GB, and "), "\(trouble)")
            #expect(try await world.status(request) == .downloading)
            #expect(try await world.count("torrents WHERE add_attempts = 0") == 1)
        }
    }

    @Test func theIndexerIsDown() async throws {
        try await World.live { world in
            world.indexer.behave(.status(503))
            let request = try await world.askMovie()
            try await world.until("a search was tried") { try await world.search(of: request) != nil }
            #expect(try await world.search(of: request)?.sentence == "Stand-in did not answer.")
            #expect(try await world.count("events") == 0)
            let waiting = try await world.request(request)
            #expect(waiting.status == .pending && waiting.searchAttempts == 0 && waiting.nextSearchAt != nil)
            // As long as it goes on, the history does not grow.
            let first = try #require(try await world.search(of: request)?.finishedAt)
            try await world.pool.execute("UPDATE requests SET next_search_at = now()")
            try await world.orchestrator.houseChanged(searchAgain: false)
            try await world.until("a second search was tried") {
                try #require(try await world.search(of: request)?.finishedAt) > first
            }
            #expect(try await world.count("searches") == 1)
            // It is back, and somebody presses "search now" after its pause.
            world.indexer.behave(.well)
            try await world.share(name)
            try await world.pool.execute("UPDATE indexers SET blocked_until = NULL")
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until(request, is: .found)
        }
    }

    /// What calls itself a movie and is a program is not fetched; of a magnet, as soon as its files are known.
    @Test(arguments: [false, true])
    func aProgramInPlaceOfAVideo(byMagnet: Bool) async throws {
        try await World.live { world in
            let torrent = world.swarm.torrent(
                named: "The Long Way 2019.\(UInt32.random(in: 0 ... .max)).EXE", .file(size: 200_001))
            if byMagnet { try await world.swarm.seed(torrent) }
            world.indexer.offer([
                .init(
                    title: name, delivery: byMagnet ? .magnet(torrent.magnet) : .torrent(torrent.metainfo),
                    categories: [2040], size: 2_500_000_000, infohash: torrent.infohash)
            ])
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(name, of: request)
            try await world.until(request, is: .failed)
            #expect(
                try await world.reasons(request) == ["it holds no video but a program, \(torrent.files[0].path)"])
            try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
            #expect(world.files().isEmpty)
        }
    }

    /// The clock is the torrent's own: what was watched before a restart counts.
    @Test(arguments: [
        (false, "nothing arrived for 60 minutes"), (true, "nobody had the torrent's details for 60 minutes"),
    ])
    func nothingArrives(byMagnet: Bool, reason: String) async throws {
        try await World.live { world in
            try await world.pool.execute("UPDATE settings SET stall_minutes = 60, metadata_minutes = 60")
            let torrent = try await world.share(name, byMagnet: byMagnet, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(name, of: request)
            try await world.until("aria2 has it") {
                try await world.aria2.client.snapshot().transfers[torrent.infohash] != nil
            }
            #expect(try await world.status(request) == .downloading)
            try await world.pool.execute("UPDATE torrents SET idle_seconds = 3600")
            try await world.until(request, is: .failed)
            #expect(try await world.reasons(request) == [reason])
            try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
        }
    }

    @Test("What is not out yet is looked for once a week and on its day, and no search counts before that")
    func comesOut() async throws {
        try await World.live(working: false) { world in
            let days = ["Long Way Off": 100, "Nearly There": 3, "Here Already": -2]
            var requests: [String: Int64] = [:]
            for (name, days) in days {
                requests[name] = try await world.askMovie(name)
                try await world.pool.execute(
                    "UPDATE titles SET released_on = current_date + \(days)::int WHERE name = \(name)")
            }
            let work = Task { await world.orchestrator.run() }
            try await world.until("all were searched") {
                let finished = try await world.count("searches WHERE finished_at IS NOT NULL")
                let unclaimed = try await world.count("requests WHERE search_lease IS NULL")
                return (finished, unclaimed) == (3, 3)
            }
            work.cancel()
            await work.value
            func next(_ name: String) async throws -> (days: Double, attempts: Int) {
                let request = try await world.request(try #require(requests[name]))
                return (try #require(request.nextSearchAt).timeIntervalSinceNow / 86_400, request.searchAttempts)
            }
            let far = try await next("Long Way Off")
            #expect(6.9...7 ~= far.days && far.attempts == 0)
            let near = try await next("Nearly There")
            #expect(2.4...3.6 ~= near.days && near.attempts == 0)
            let here = try await next("Here Already")
            #expect(here.days < 0.1 && here.attempts == 1)
        }
    }

    @Test func whatExpiresSoonSaysSoOnce() async throws {
        try await World.live { world in
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            let notices = "request_log WHERE kind = 'expiring'"
            #expect(try await world.count(notices) == 0)
            try await world.pool.execute("UPDATE settings SET time_zone = 'Pacific/Kiritimati'")
            try await world.pool.execute("UPDATE items SET last_searched_at = now() - interval '28 days'")
            for _ in 1...2 {
                try await world.orchestrator.houseChanged(searchAgain: false)
                try await world.until("it was said") { try await world.count(notices) == 1 }
            }
            // Another date is other news. The day is the house's: between these two clocks are 25 hours.
            #expect(try await whenItExpires(in: "Pacific/Kiritimati", world).allSatisfy { $0.said.contains($0.day) })
            try await world.pool.execute("UPDATE settings SET time_zone = 'Pacific/Pago_Pago'")
            try await world.pool.execute("UPDATE items SET last_searched_at = now() - interval '29 days'")
            try await world.orchestrator.houseChanged(searchAgain: false)
            try await world.until("it was said again") { try await world.count(notices) == 2 }
            let last = try #require(try await whenItExpires(in: "Pacific/Pago_Pago", world).last)
            #expect(last.said == "expires on \(last.day), unless it is searched for or kept")
            #expect(try await world.status(request) == .pending)
        }
    }

    /// What was said, and the day on which it expires by now, by this clock.
    private func whenItExpires(in zone: String, _ world: World) async throws -> [(said: String, day: String)] {
        try await world.pool.query(
            """
            SELECT sentence, to_char(expiry_told AT TIME ZONE \(zone), 'YYYY-MM-DD') AS day
            FROM request_log JOIN requests ON requests.id = request_id WHERE kind = 'expiring' ORDER BY request_log.id
            """
        ).map { (try $0.get("sentence"), try $0.get("day")) }
    }

    @Test func theKeyIsWrong() async throws {
        try await World.live(indexed: false) { world in
            try await world.addIndexer(key: "another")
            let request = try await world.askMovie()
            try await world.until("a search was tried") { try await world.search(of: request) != nil }
            let search = try #require(try await world.search(of: request))
            #expect(search.answers.count == 1)
            #expect(search.answers[0].error?.contains("key") == true)
            #expect(try await world.count("events") == 0)
            let good = await world.orchestrator.test(url: world.indexer.url, apiKey: world.indexer.apiKey)
            let bad = await world.orchestrator.test(url: world.indexer.url, apiKey: "another")
            #expect(good.isGood && !bad.isGood)
            #expect(bad.sentence.contains("key"))
        }
    }

    @Test func thereIsNoIndexer() async throws {
        try await World.live(indexed: false) { world in
            let request = try await world.askMovie()
            try await world.until("it was looked at") { try await world.search(of: request) != nil }
            #expect(try await world.search(of: request)?.sentence == "No indexer is set up for it yet.")
            #expect(try await world.status(request) == .pending)
            #expect(try await world.count("events") == 0)
            try await world.share(name)
            try await world.addIndexer(key: world.indexer.apiKey)
            try await world.until(request, is: .found)
        }
    }

    @Test func nothingIsOfferedAndThenItExpires() async throws {
        try await World.live { world in
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.count("events") == 1 }
            let waiting = try await world.request(request)
            #expect(waiting.searchAttempts == 1 && waiting.status == .pending)
            #expect((waiting.nextSearchAt ?? .distantPast) > .now.addingTimeInterval(600))
            #expect(try await world.search(of: request)?.sentence == "Nothing was offered.")
            // Kept before it is made old: what is overdue, the live house expires at any moment.
            try await world.orchestrator.keep(request, by: world.anna)
            try await world.pool.execute(
                """
                UPDATE items SET last_searched_at = now() - interval '31 days', created_at = now() - interval '60 days',
                    kept_at = now() - interval '31 days'
                """)
            try await world.orchestrator.houseChanged(searchAgain: false)
            try await world.until(request, is: .expired)
            #expect(try await world.reasons(request) == ["not searched for 30 days"])
            try await world.share(name)
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until(request, is: .found)
        }
    }

    @Test func failedAndSearchedAgainByHand() async throws {
        try await World.live { world in
            try await world.share(name)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            world.indexer.offer([])
            try await world.choose(name, of: request)
            try await world.until(request, is: .failed)
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until(request, is: .pending)
            try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            #expect(try await world.request(request).failures == 0)
        }
    }

    @Test func cancelledWhileTheTorrentIsFetched() async throws {
        try await World.live { world in
            let torrent = try await world.share(name)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let before = world.indexer.requests.count
            world.indexer.behave(.silence)
            let download = try await world.choose(name, of: request)
            await world.indexer.requests(atLeast: before + 1)
            try await world.orchestrator.cancel(download: download, of: request, by: world.anna)
            #expect(try await world.status(request) == .cancelled)
            world.indexer.behave(.well)
            #expect(try await world.isTidy(torrent))
            #expect(try await world.count("torrents") == 0)
        }
    }
}
