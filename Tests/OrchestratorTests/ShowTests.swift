import Aria2
import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("A show", .timeLimit(.minutes(10)))
struct ShowTests {
    private static func at(_ season: Int, _ number: Int) -> EpisodeNumber {
        EpisodeNumber(season: season, number: number)
    }

    @Test func aPackTakesOverTheEpisodesOfItsSeason() async throws {
        try await World.live { world in
            let pack = try await world.share(
                "Harbour S01 1080p WEB-DL x264-TEST", .season(of: "Harbour", 1, episodes: 3, size: 60_001),
                category: 5040)
            let single = try await world.share(
                "Harbour S01E02 1080p WEB-DL x264-TEST", category: 5040, isAlive: false)
            let last = try await world.share("Harbour S02E01 1080p WEB-DL x264-TEST", category: 5040)
            let request = try await world.askShow([1: 3, 2: 1])
            try await world.until("all is found") {
                try await world.items(request).allSatisfy { $0.status == .found }
            }
            let alone = try await world.choose("Harbour S01E02 1080p WEB-DL x264-TEST", of: request)
            let items = try await world.items(request)
            #expect(items.map(\.download) == [nil, alone, nil, nil])
            try await world.until("aria2 has it") {
                try await world.aria2.client.snapshot().transfers[single.infohash] != nil
            }
            let together = try await world.choose("Harbour S01 1080p WEB-DL x264-TEST", of: request)
            #expect(try await world.items(request).map(\.download) == [together, together, together, nil])
            try await world.until("the season is complete") {
                try await world.items(request).filter { $0.status == .completed }.count == 3
            }
            // The latest season that is not completed speaks for the show.
            #expect(try await world.status(request) == .found)
            try await world.until("nothing is left of the single one") { try await world.isTidy(single) }
            try await world.choose("Harbour S02E01 1080p WEB-DL x264-TEST", of: request)
            try await world.until(request, is: .completed)
            try await world.until("all files are in their place") { world.files().count == 4 }
            let expected = pack.files.map { ($0.path.split(separator: "/").last ?? "", $0.bytes) }.map {
                ("Shows/Harbour/Season 01/\($0.0)", Data($0.1))
            }
            var places = Dictionary(uniqueKeysWithValues: expected)
            places["Shows/Harbour/Season 02/\(last.name)"] = Data(last.files[0].bytes)
            #expect(world.files() == places)
        }
    }

    @Test func oneEpisodeOfAPackIsCancelledOnItsWay() async throws {
        try await World.live { world in
            let name = "Harbour S01 1080p WEB-DL x264-TEST"
            let pack = try await world.share(
                name, .season(of: "Harbour", 1, episodes: 3, size: 60_001), category: 5040, isAlive: false)
            let request = try await world.askShow([1: 3])
            try await world.until("all is found") {
                try await world.items(request).allSatisfy { $0.status == .found }
            }
            let download = try await world.choose(name, of: request)
            try await world.until("aria2 has it") {
                try await world.aria2.client.snapshot().transfers[pack.infohash] != nil
            }
            let second = try await world.items(request)[1].id
            try await world.orchestrator.cancel(items: [second], of: request, by: world.anna)
            #expect(try await world.items(request).map(\.status) == [.downloading, .cancelled, .downloading])
            #expect(try await world.items(request).map(\.download) == [download, nil, download])
            try await world.swarm.seed(pack)
            try await world.until("the others are complete") {
                try await world.items(request).map(\.status) == [.completed, .cancelled, .completed]
            }
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
            let wanted = [pack.files[0], pack.files[2]].map { file in
                ("Shows/Harbour/Season 01/\(file.path.split(separator: "/").last ?? "")", Data(file.bytes))
            }
            #expect(world.files() == Dictionary(uniqueKeysWithValues: wanted))
        }
    }

    @Test func oneEpisodeAndOnlyThat() async throws {
        try await World.live { world in
            try await world.share("Harbour S01E02 1080p WEB-DL x264-TEST", category: 5040)
            let request = try await world.askShow([1: 3])
            try await world.until("it is found") { try await world.items(request)[1].status == .found }
            #expect(try await world.items(request).map(\.status) == [.pending, .found, .pending])
            try await world.choose("Harbour S01E02 1080p WEB-DL x264-TEST", of: request)
            try await world.until("it is complete") { try await world.items(request)[1].status == .completed }
            #expect(try await world.items(request).map(\.status) == [.pending, .completed, .pending])
            let third = try await world.items(request)[2].id
            try await world.orchestrator.cancel(items: [third], of: request, by: world.anna)
            #expect(try await world.items(request)[2].status == .cancelled)
            await #expect(throws: CommandError.notFound) {
                try await world.orchestrator.cancel(items: [third + 1000], of: request, by: world.anna)
            }
        }
    }

    private static func running(_ airs: [Date?]) -> StandInTVmaze.Show {
        StandInTVmaze.Show(
            id: 82, name: "Harbour", premiered: "2025-10-02",
            episodes: airs.enumerated().map { number, airs in
                StandInTVmaze.Episode(id: number + 1, name: "E", season: 1, number: number + 1, airs: airs)
            })
    }

    @Test func aShowThatIsFollowedGetsItsNewEpisode() async throws {
        let yesterday = Date(timeIntervalSinceNow: -86_400)
        try await World.live(shows: [Self.running([yesterday, Date(timeIntervalSinceNow: 86_400)])]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: 82), scope: .ongoing), by: world.anna, key: World.key()
            ).request
            #expect(try await world.items(request).map(\.episode) == [Self.at(1, 1)])
            try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            // An hour later the source says that the next one has aired, and names one more.
            let (earlier, later) = (Date(timeIntervalSinceNow: -7200), Date(timeIntervalSinceNow: 1e6))
            world.tvmaze.change(82) { show in
                show.episodes[1].airs = earlier
                show.episodes.append(
                    StandInTVmaze.Episode(id: 3, name: "E", season: 1, number: 3, airs: later))
            }
            try await world.share("Harbour S01E02 1080p WEB-DL x264-TEST", category: 5040)
            try await world.orchestrator.refresh(request, by: world.anna)
            try await world.until("it is there and found") { try await world.items(request).last?.status == .found }
            #expect(try await world.items(request).map(\.episode) == [Self.at(1, 1), Self.at(1, 2)])

            // One episode that somebody does not want ends nothing; all of it cancelled does.
            let second = try #require(try await world.items(request).last?.id)
            try await world.orchestrator.cancel(items: [second], of: request, by: world.anna)
            #expect(try await world.status(request) == .cancelled)
            world.tvmaze.change(82) { $0.episodes[2].airs = earlier }
            try await world.orchestrator.refresh(request, by: world.anna)
            try await world.until("the third is there") { try await world.items(request).count == 3 }
            try await world.orchestrator.cancel(request, by: world.anna)
            #expect(try await world.request(request).stoppedAt != nil)
            world.tvmaze.change(82) {
                $0.episodes.append(StandInTVmaze.Episode(id: 4, name: "E", season: 1, number: 4, airs: earlier))
            }
            try await world.orchestrator.refresh(request, by: world.anna)
            await #expect(throws: CommandError.self) { try await world.orchestrator.cancel(request, by: world.anna) }
            #expect(try await world.items(request).count == 3)
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it is followed again") { try await world.items(request).count == 4 }
        }
    }

    @Test func theSourceIsReadEveryHour() async throws {
        let soon = Date(timeIntervalSinceNow: 86_400)
        try await World.live(working: false, shows: [Self.running([soon])]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: 82), scope: .future), by: world.anna, key: World.key()
            ).request
            #expect(try await world.items(request).isEmpty)
            #expect(try await world.status(request) == .pending)
            world.tvmaze.change(82) { $0.episodes[0].airs = Date() }
            try await world.pool.execute("UPDATE settings SET episodes_seen_at = now() - interval '61 minutes'")
            try await world.pool.execute("UPDATE requests SET future_from = now() - interval '1 minute'")
            let work = Task { await world.orchestrator.run() }
            try await world.until("it has aired") { try await world.items(request).count == 1 }
            // There is a while before it is searched for.
            let next = try #require(try await world.request(request).nextSearchAt)
            #expect(abs(next.timeIntervalSinceNow - 3600) < 60)
            try await world.until("the list was read to its end") {
                let age = try await world.pool.withConnection { try await Settings.secondsSinceEpisodes(on: $0) }
                return age.map { $0 < 60 } ?? false
            }
            work.cancel()
            await work.value
        }
    }

    /// A show that has ended is left alone for a week, whatever its source's list says; then one look brings what has come after all.
    @Test func aShowThatHasEndedIsReadOnceAWeek() async throws {
        let past = Date(timeIntervalSinceNow: -90 * 86_400)
        var ended = Self.running([past])
        ended.status = "Ended"
        try await World.live(working: false, shows: [ended]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: 82), scope: .ongoing), by: world.anna, key: World.key()
            ).request
            // It goes on, and is one that the list names.
            world.tvmaze.change(82) { show in
                show.status = "Running"
                show.episodes.append(
                    StandInTVmaze.Episode(
                        id: 2, name: "E", season: 2, number: 1, airs: Date(timeIntervalSinceNow: -7200)))
            }
            func readings() -> Int { world.tvmaze.requests.count { $0.path == "/shows/82" } }
            let before = readings()
            func aLook(after days: Int, saying sentence: String) async throws {
                try await world.pool.execute(
                    "UPDATE titles SET refreshed_at = now() - \(days) * interval '1 day'")
                try await world.orchestrator.runNow(.episodes)
                let work = Task { await world.orchestrator.run() }
                try await world.until(sentence) {
                    let said = "asked_at IS NULL AND ended_at IS NOT NULL AND outcome = '\(sentence)'"
                    return try await world.count("jobs WHERE name = 'episodes' AND \(said)") == 1
                }
                work.cancel()
                await work.value
            }
            try await aLook(after: 6, saying: "0 of 0 followed shows had changed.")
            #expect(readings() == before)
            try await aLook(after: 8, saying: "0 of 0 followed shows had changed; 1 that ended were read again.")
            #expect(readings() == before + 1)
            // From now on it is one of those that the list is looked through for.
            try await aLook(after: 8, saying: "0 of 1 followed shows had changed.")
            let work = Task { await world.orchestrator.run() }
            try await world.until("the new season is asked for") {
                try await world.items(request).map(\.episode).contains(Self.at(2, 1))
            }
            work.cancel()
            await work.value
        }
    }

    @Test func whatHasNotAiredIsNotSearched() async throws {
        let past = Date(timeIntervalSinceNow: -86_400)
        let soon = Date(timeIntervalSinceNow: 86_400)
        try await World.live(shows: [Self.running([past, soon, nil])]) { world in
            for number in 1...3 {
                try await world.share(
                    "Harbour S01E0\(number) 1080p WEB-DL x264-TEST", category: 5040, isAlive: false)
            }
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: 82), scope: .selection(seasons: [1], episodes: [])),
                by: world.anna, key: World.key()
            ).request
            try await world.until("the first is found") { try await world.items(request)[0].status == .found }
            #expect(try await world.items(request).map(\.status) == [.found, .pending, .pending])
            #expect(try await world.count("events") == 1)
            // It is searched an hour after the second airs.
            let next = try #require(try await world.request(request).nextSearchAt)
            #expect(abs(next.timeIntervalSince(soon) - 3600) < 5)
            let asked = world.indexer.requests.filter { $0.query["t"] == "tvsearch" }
            #expect(Set(asked.map { $0.query["ep"] }) == ["1"])
        }
    }

    @Test func theOneEpisodeThatIsMissingIsFoundInThePackOfItsSeason() async throws {
        try await World.live { world in
            try await world.share(
                "Harbour S01 1080p WEB-DL x264-TEST", .season(of: "Harbour", 1, episodes: 3, size: 60_001),
                category: 5040, isAlive: false)
            let request = try await world.askShow([1: 3], episodes: [Self.at(1, 2)])
            try await world.until("it is found") { try await world.items(request).map(\.status) == [.found] }
        }
    }

    /// The item says that it is out and its episode that it is to come, as after a source has moved it.
    @Test func whatIsOutNeverRestsWithoutANextSearch() async throws {
        try await World.live(shows: [Self.running([Date(timeIntervalSinceNow: 86_400)])]) { world in
            let request = try await world.orchestrator.ask(
                Wish(kind: .show, title: .tvmaze(id: 82), scope: .selection(seasons: [1], episodes: [])),
                by: world.anna, key: World.key()
            ).request
            try await world.until("it has its time") {
                try await (world.request(request).nextSearchAt ?? .distantPast) > .now.addingTimeInterval(3600)
            }
            try await world.pool.transaction { connection in
                try await connection.execute("UPDATE items SET released_at = now() - interval '1 minute'")
                try await connection.execute("UPDATE requests SET next_search_at = now()")
            }
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until("it is searched again soon, and not at once") {
                let next = try await world.request(request).nextSearchAt ?? .distantFuture
                return next > .now.addingTimeInterval(60) && next < .now.addingTimeInterval(3600)
            }
        }
    }

    @Test func aShowThatCannotBe() async throws {
        try await World.live(working: false, shows: [Self.running([Date(timeIntervalSince1970: 0)])]) { world in
            func ask(_ title: Wish.TitleChoice, _ scope: Wish.WishScope) async throws {
                _ = try await world.orchestrator.ask(
                    Wish(kind: .show, title: title, scope: scope), by: world.anna, key: World.key())
            }
            for scope in [
                Wish.WishScope.selection(seasons: [9], episodes: []),
                .selection(seasons: [], episodes: [Self.at(1, 9)]), .selection(seasons: [], episodes: []),
            ] {
                let error = await #expect(throws: CommandError.self) { try await ask(.tvmaze(id: 82), scope) }
                guard case .invalid(field: "seasons", _) = error else {
                    Issue.record("\(scope): \(String(describing: error))")
                    continue
                }
            }
            #expect(try await world.count("requests") == 0)
            world.tvmaze.behave(.status(500))
            let error = await #expect(throws: CommandError.self) { try await ask(.tvmaze(id: 82), .ongoing) }
            guard case .away = error else { throw TestSupportError("\(String(describing: error))") }
        }
    }
}
