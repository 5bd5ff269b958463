import Foundation
import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@testable import Orchestrator

@Suite("How indexers are asked", .timeLimit(.minutes(10)))
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
            #expect(search.answers[0].error == "asked as often as it may be within an hour")
            let used: Date = try await world.pool.query("SELECT max(at) AS at FROM indexer_asks")[0].get("at")
            let until = try #require(search.answers[0].restsUntil)
            #expect(until.timeIntervalSince(used) <= 3601 && until > .now)
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

    /// What the quick one offers is on every process' pages, and can be chosen, while the slow one is still asked.
    @Test func whatOneOffersIsThereBeforeTheOtherHasAnswered() async throws {
        try await World.live { world in
            let slow = try StandInIndexer()
            defer { slow.stop() }
            slow.behave(.silence)
            try await world.addIndexer(IndexerSettings(name: "Slow", url: slow.url, apiKey: slow.apiKey))
            try await world.share(name)
            let neighbour = try world.neighbour()
            var news = neighbour.changes().makeAsyncIterator()
            let listening = Task { await neighbour.announcer.run() }
            defer { listening.cancel() }
            while await news.next() != .resync {}
            let request = try await world.askMovie()
            // Whoever looks only when there is news sees it.
            var found: Search?
            while found?.answers.contains(where: { $0.milliseconds != nil }) != true {
                guard await news.next() == .request(request) else { continue }
                found = try await world.pool.withConnection { try await Searches.running(of: request, on: $0) }
            }
            let running = try #require(found)
            #expect(running.isRunning && running.finishedAt == nil && running.seen == 1 && running.accepted == 1)
            #expect(running.answers.map(\.indexer) == ["Slow", "Stand-in"])
            #expect(running.answers.map { $0.milliseconds == nil } == [true, false])
            #expect(running.answers.map(\.count) == [0, 1])
            #expect(running.answers[1].fresh == 1 && running.answers[1].accepted == 1)
            // The search goes on, and the request is where it was.
            #expect(try await world.search(of: request) == nil)
            #expect(try await world.status(request) == .pending)

            let early = try await world.pool.query("SELECT id FROM releases WHERE request_id = \(request)")
            try await world.orchestrator.choose(
                release: try #require(early.first).get("id"), of: request, by: world.anna)
            try await world.until(request, is: .completed)
            slow.stop()
            try await world.until("it is over") { try await world.search(of: request) != nil }
            let search = try #require(try await world.search(of: request))
            #expect(search.id == running.id && search.seen == 1)
            #expect(search.answers.map { $0.error == nil } == [false, true])
            let asked = try #require(search.answers[1].questions)
            #expect(asked.map(\.text) == ["t=movie&q=The Long Way 2019&cat=2000"] && asked.map(\.count) == [1])
            #expect(try await world.status(request) == .completed)
        }
    }

    /// Whoever asked for a search gets it, also if somebody chooses a release before it begins.
    @Test func aSearchThatWasAskedForIsMade() async throws {
        try await World.live { world in
            let slow = try StandInIndexer()
            defer { slow.stop() }
            slow.behave(.silence)
            try await world.addIndexer(IndexerSettings(name: "Slow", url: slow.url, apiKey: slow.apiKey))
            try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until("there is something to choose") { try await world.count("releases") == 1 }
            try await world.orchestrator.search(request, by: world.anna)
            let release: Int64 = try await world.pool.query("SELECT id FROM releases")[0].get("id")
            try await world.orchestrator.choose(release: release, of: request, by: world.anna)
            #expect(try await world.status(request) == .downloading)
            #expect(try await world.request(request).searchAskedBy == world.anna.userID)
            slow.stop()
            try await world.until("her search was made") { try await world.search(of: request)?.askedBy == "Anna" }
            #expect(try await world.search(of: request)?.seen == 1)
            let now = try await world.request(request)
            #expect(now.status == .downloading && now.nextSearchAt == nil && now.searchAskedAt == nil)
        }
    }

    /// And is told if there is nothing that indexers could be asked for.
    @Test func aSearchForWhatIsNotOutIsAnswered() async throws {
        let soon = Date(timeIntervalSinceNow: 86_400)
        let show = StandInTVmaze.Show(
            id: 880_003, name: "The Later Harbour", premiered: "2026-10-03",
            episodes: [.init(id: 1, name: "First", season: 1, number: 1, airs: soon)])
        try await World.live(shows: [show]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: show.id), scope: .selection(seasons: [1], episodes: [])),
                by: world.anna, key: World.key()
            ).request
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it was answered") { try await world.search(of: request)?.askedBy == "Anna" }
            #expect(
                try await world.search(of: request)?.sentence == "Nothing of it is out yet: no indexer was asked.")
            #expect(searches(world.indexer).isEmpty)
            let next = try #require(try await world.request(request).nextSearchAt)
            #expect(next > Date(timeIntervalSinceNow: 3600))
        }
    }

    /// Asked again, what is known is not new; and who did not answer says what it was asked.
    @Test func aSecondSearchCountsWhatIsNew() async throws {
        try await World.live { world in
            try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.share(name + "2", isAlive: false)
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it was searched again") { try await world.search(of: request)?.seen == 2 }
            let searches = try await world.pool.withConnection {
                try await Searches.list(of: request, before: .max, limit: 10, on: $0)
            }
            #expect(searches.map(\.askedBy) == ["Anna", nil])
            #expect(searches.map { $0.answers[0].fresh } == [1, 1])
            #expect(searches.map { $0.answers[0].count } == [2, 1])
            world.indexer.behave(.status(500))
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it was not answered") {
                try await world.search(of: request)?.answers[0].error != nil
            }
            let last = try #require(try await world.search(of: request)?.answers[0])
            #expect(last.questions?.map(\.count) == [nil])
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
            #expect(asked.map { $0["tvdbid"] } == ["880101", nil, "880101", nil])
            #expect(asked.map { $0["q"] } == [nil, "Harbour Lights", nil, "Harbour Lights"])
            // The season is over, and so there may be nothing but its pack.
            #expect(asked.map { $0["ep"] } == [nil, nil, "1", "1"])
            #expect(asked.allSatisfy { $0["season"] == "1" })
        }
    }

    @Test func aMovieByItsNumberElsewhereThenByName() async throws {
        try await World.live { world in
            try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.pool.execute(
                """
                INSERT INTO title_ids (title_id, source, value)
                SELECT title_id, 'imdb', 'tt0880010' FROM requests WHERE id = \(request)
                """)
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it was searched by its number") {
                searches(world.indexer).map { $0["imdbid"] } == [nil, "0880010", nil]
            }
        }
    }

    /// A show that is on every day is named by its days, and asked for by them as well as by its numbers.
    @Test func aShowThatIsKnownByItsDays() async throws {
        let first = Date(timeIntervalSince1970: 1_759_453_200)  // 3 October 2025, 1:00 UTC
        let show = StandInTVmaze.Show(
            id: 880_002, name: "The Late Harbour", premiered: "2025-10-03",
            episodes: (1...12).map { number in
                .init(
                    id: number, name: "Guest \(number)", season: 7, number: number,
                    airs: first.addingTimeInterval(Double(number - 1) * 86_400))
            })
        try await World.live(shows: [show]) { world in
            for day in ["06 Guest 4", "07 Guest 5"] {
                let name = "The Late Harbour 2025 10 \(day) 720p WEB h264-TEST"
                try await world.share(name, category: 5040, isAlive: false)
            }
            let request = try await world.orchestrator.ask(
                Wish(
                    kind: .show, title: .tvmaze(id: show.id),
                    scope: .selection(seasons: [], episodes: [.init(season: 7, number: 4)])),
                by: world.anna, key: World.key()
            ).request
            try await world.until(request, is: .found)
            let search = try #require(try await world.search(of: request))
            #expect(search.sentence == "1 seen: 1 acceptable.")
            let named = searches(world.indexer).filter { $0["q"] != nil }
            #expect(named.map { $0["season"] } == ["7", "2025", "7"])
            #expect(named.map { $0["ep"] } == [nil, "10/06", "4"])
        }
    }

    /// One torrent of several indexers is one release, by way of the indexer that goes before.
    @Test func oneTorrentOfSeveralIndexers() async throws {
        try await World.live { world in
            let torrent = try await world.share(name, isAlive: false)
            let second = try StandInIndexer(releases: [
                .init(
                    title: name, delivery: .torrent(torrent.metainfo), categories: [2040], size: 2_500_000_000,
                    infohash: torrent.infohash.uppercased()),
                .init(title: name, delivery: .magnet(torrent.magnet), categories: [2040], size: 2_500_000_000),
                .init(title: name + "2", delivery: .torrent(torrent.metainfo), categories: [2040], size: 2_500_000_000),
            ])
            defer { second.stop() }
            try await world.addIndexer(
                IndexerSettings(name: "First", url: second.url, apiKey: second.apiKey, priority: 1))
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let search = try #require(try await world.search(of: request))
            #expect(search.answers.map(\.count) == [3, 1])
            let releases = try await world.pool.query("SELECT name, indexer_name FROM releases ORDER BY name")
            #expect(try releases.map { try $0.get("name") as String } == [name, name + "2"])
            #expect(try releases.map { try $0.get("indexer_name") as String } == ["First", "First"])
        }
    }
}
