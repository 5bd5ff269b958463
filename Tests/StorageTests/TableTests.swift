import FoundationEssentials
import Lifecycle
import Postgres
import Releases
import Storage
import TestSupport
import Testing

/// Every function of a table at least once: a slip in its SQL shows only when PostgreSQL reads it.
@Suite("Tables", .timeLimit(.minutes(10)))
struct TableTests {
    @Test func titlesAndTheirOtherNames() async throws {
        let fixture = try await Fixture.make()
        try await fixture.pool.transaction { connection in
            var facts = TitleFacts(kind: .show, identity: "tvmaze:7", name: "Harbour", year: 2020)
            (facts.source, facts.sourceID) = ("tvmaze", "7")
            let odd = ["Harbour", "", "X", "!!", "a\u{202e}b", "line\nbreak", String(repeating: "x", count: 201)]
            facts.otherNames = odd + ["Hafen", "Le Port", "Hafen"]
            let title = try await Titles.save(facts, on: connection)
            func names() async throws -> [String] { try await TitleNames.list(of: title, on: connection) }
            #expect(try await names() == ["Hafen", "Le Port"])
            func isFound(by key: String) async throws -> Bool {
                try await !connection.query("SELECT FROM title_keys WHERE key = \(key)").isEmpty
            }
            #expect(try await isFound(by: "hafen"))
            // What is not said does not change; what its source does not say any more is no name of it any more.
            facts.otherNames = nil
            _ = try await Titles.save(facts, on: connection)
            #expect(try await names() == ["Hafen", "Le Port"])
            facts.otherNames = ["Le Port", "O Porto"]
            _ = try await Titles.save(facts, on: connection)
            #expect(try await names() == ["Le Port", "O Porto"])
            #expect(try await !isFound(by: "hafen"))
            #expect(try await isFound(by: "oporto"))
            facts.otherNames = (1...100).map { "Name \($0)" }
            _ = try await Titles.save(facts, on: connection)
            #expect(try await names().count == 30)
        }
    }

    @Test func titlesAndTheirEpisodes() async throws {
        let fixture = try await Fixture.make()
        try await fixture.pool.transaction { connection in
            var facts = TitleFacts(kind: .show, identity: "tvmaze:7", name: "Harbour", year: nil)
            (facts.source, facts.sourceID) = ("tvmaze", "7")
            facts.outsideIDs = ["imdb": "tt70", "tvdb": "107"]
            facts.sourceUpdated = 5
            let title = try await Titles.save(facts, on: connection)
            facts.year = 2020
            facts.overview = "Tides."
            #expect(try await Titles.save(facts, on: connection) == title)
            #expect(try await Titles.outsideIDs(of: title, on: connection) == ["imdb": "tt70", "tvdb": "107"])

            let now = Date()
            func episode(_ id: Int, _ season: Int, _ number: Int?, _ airs: Date?) -> EpisodeFacts {
                EpisodeFacts(sourceID: "\(id)", season: season, number: number, name: "E", airsAt: airs)
            }
            let past = now.addingTimeInterval(-86_400)
            let all = [
                episode(1, 1, 1, past), episode(2, 1, 2, now.addingTimeInterval(86_400)), episode(3, 1, 3, nil),
                episode(4, 0, 1, past), episode(5, 1, nil, past),
            ]
            try await Episodes.save(all, of: title, on: connection)
            #expect(try await Episodes.list(of: title, on: connection).map(\.number) == [1, 1, 2, 3, nil])
            let (request, isNew) = try await Requests.make(
                for: title, scope: .ongoing, futureFrom: nil, by: fixture.user, on: connection)
            #expect(isNew)
            #expect(try await Titles.followed(on: connection).map(\.id) == [title])
            // Aired, numbered, no special, and without its item.
            let aired = try await Episodes.newlyAired(on: connection)
            #expect(aired.map(\.request) == [request])
            #expect(aired.map(\.episode.at) == [EpisodeNumber(season: 1, number: 1)])
            let known = aired[0].episode
            _ = try await Items.add(
                to: request, at: known.at, episodeID: known.id, releasedAt: known.airsAt, on: connection)
            #expect(try await Episodes.newlyAired(on: connection).isEmpty)

            // The source moves the next episode to yesterday and drops the one without a date.
            try await Episodes.save([all[0], episode(2, 1, 2, past), all[3], all[4]], of: title, on: connection)
            #expect(try await Episodes.newlyAired(on: connection).map(\.episode.number) == [2])
            #expect(try await Episodes.facts(of: title, on: connection).count == 4)
            try await Requests.stop(request, on: connection)
            #expect(try await Episodes.newlyAired(on: connection).isEmpty)
            #expect(try await Titles.followed(on: connection).isEmpty)
        }
    }

    @Test func onlyWhatIsOutIsSearched() async throws {
        let fixture = try await Fixture.make()
        for tvmaze in [9, nil] {
            let request = try await fixture.request(.show, scope: .selection, tvmaze: tvmaze)
            try await fixture.pool.transaction { connection in
                let title = try #require(try await Requests.find(request, on: connection)).title.id
                let soon = Date().addingTimeInterval(100)
                let facts = [Date(timeIntervalSince1970: 0), soon, nil].enumerated().map { number, airs in
                    EpisodeFacts(sourceID: "\(number)", season: 1, number: number + 1, name: "", airsAt: airs)
                }
                try await Episodes.save(facts, of: title, on: connection)
                for episode in try await Episodes.list(of: title, on: connection) {
                    _ = try await Items.add(
                        to: request, at: episode.at, episodeID: episode.id, releasedAt: episode.airsAt,
                        on: connection)
                }
                #expect(try await Items.released(of: request, on: connection).count == (tvmaze == nil ? 2 : 1))
                let seconds = try #require(try await Items.secondsToNextRelease(of: request, on: connection))
                // An hour after it has aired.
                #expect((3690...3701).contains(seconds))
                try await connection.execute("UPDATE episodes SET airs_at = now() WHERE title_id = \(title)")
                try await Items.moveReleases(of: title, on: connection)
                #expect(try await Items.released(of: request, on: connection).count == 3)
                try await connection.execute("UPDATE settings SET airing_minutes = 0")
                #expect(try await Items.secondsToNextRelease(of: request, on: connection) == nil)
                try await connection.execute("UPDATE settings SET airing_minutes = 60")
            }
        }
    }

    @Test func requestsAndTheirPeople() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request(.show, scope: .future)
        try await fixture.pool.transaction { connection in
            let found = try #require(try await Requests.lock(request, on: connection))
            #expect(found.scope == .future && found.futureFrom != nil && found.status == .pending)
            #expect(try await Requests.exists(request, on: connection))
            #expect(try await !Requests.exists(request + 1, on: connection))
            #expect(try await Requests.lock(request, for: .member(fixture.user), on: connection) != nil)
            #expect(try await Requests.lock(request, for: .member(fixture.user + 1), on: connection) == nil)
            #expect(try await Requests.lock(request, for: .administrator(99), on: connection) != nil)
            let (same, isNew) = try await Requests.make(
                for: found.title.id, scope: .whole, futureFrom: nil, by: fixture.user, on: connection)
            #expect(same == request && !isNew)
            try await Requests.update(
                request, scope: .ongoing, futureFrom: nil, qualities: Set(Quality.allCases.prefix(2)),
                formats: Set(Format.allCases), platforms: [], genres: [.rpg], on: connection)
            let wider = try #require(try await Requests.find(request, on: connection))
            #expect(wider.scope == .ongoing && wider.futureFrom == nil && wider.genres == [.rpg])
            #expect(wider.qualities.count == 2 && wider.formats.count == Format.allCases.count)
            #expect(try await !Requests.add(person: fixture.user, to: request, on: connection))
            #expect(try await Requests.remove(person: fixture.user, from: request, on: connection) == 0)
            #expect(try await Requests.add(person: fixture.user, to: request, on: connection))
            try await Requests.noteFailure(request, count: 2, retryAfter: -5, on: connection)
            #expect(try await Requests.dueForRetry(on: connection) == [request])
            try await Requests.clearRetry(request, on: connection)
            try await Requests.noteFailure(request, count: 3, retryAfter: nil, on: connection)
            #expect(try await Requests.dueForRetry(on: connection).isEmpty)
            #expect(try await Requests.find(request, on: connection)?.failures == 3)
            try await RequestLog.add("kept", "kept for another 30 days", to: request, by: nil, on: connection)
        }
        try await fixture.item(request, EpisodeNumber(season: 1, number: 1))
        try await fixture.pool.execute("UPDATE requests SET next_search_at = NULL")
        try await fixture.pool.withConnection { try await Requests.searchAllWaiting(on: $0) }
        #expect(try await fixture.count("requests WHERE next_search_at IS NOT NULL") == 1)
    }

    @Test func itemsExpireAfterTheLastSearchOrWhatCameLater() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        func overdue() async throws -> Set<Int64> {
            try await fixture.pool.withConnection { connection in
                let requests = try await Items.overdue(on: connection)
                let items = try await Items.overdue(of: request, on: connection)
                #expect(requests.isEmpty == items.isEmpty)
                return items
            }
        }
        func set(_ column: String, daysAgo days: Int) async throws {
            try await fixture.pool.execute(
                "UPDATE items SET \(raw: column) = now() - make_interval(days => \(days)::int) WHERE id = \(item)")
        }
        #expect(try await overdue().isEmpty)
        try await set("created_at", daysAgo: 31)
        #expect(try await overdue() == [item])
        // It came out later than it was asked for.
        try await set("released_at", daysAgo: 29)
        #expect(try await overdue().isEmpty)
        try await set("released_at", daysAgo: 300)
        try await set("last_searched_at", daysAgo: 29)
        #expect(try await overdue().isEmpty)
        try await set("last_searched_at", daysAgo: 31)
        #expect(try await overdue() == [item])
        var settings = try await fixture.pool.withConnection { try await Settings.load(on: $0) }
        settings.movieExpiryDays = 40
        try await fixture.pool.withConnection { [settings] in try await settings.save(on: $0) }
        #expect(try await overdue().isEmpty)
        try await set("last_searched_at", daysAgo: 41)
        #expect(try await overdue() == [item])
        #expect(try await fixture.pool.withConnection { try await Items.keep(of: request, on: $0) } == 1)
        #expect(try await overdue().isEmpty)
    }

    @Test func releasesKeepTheirId() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let hash = String(repeating: "a", count: 40)
        let coverages: [Lifecycle.Coverage] = [
            .whole, .seasons([1, 2]), .episodes([EpisodeNumber(season: 1, number: 2)]), .platforms(["linux"]),
            .episodes([]),
        ]
        try await fixture.pool.transaction { connection in
            func save(_ sentence: String, infohash: String?) async throws -> [ReleaseRow] {
                let search = try await Searches.add(
                    request: request, askedBy: fixture.user, startedAt: Date(),
                    SearchOutcome(
                        seen: 5, accepted: 0, sentence: sentence,
                        answers: [IndexerAnswer(indexer: "One", count: 5, milliseconds: 3)]),
                    on: connection)
                let rows = coverages.enumerated().map { number, coverage in
                    Fixture.release("Release \(number)", coverage: coverage, infohash: infohash)
                }
                try await ReleaseRows.save(rows, request: request, search: search, on: connection)
                return try await ReleaseRows.list(of: search, on: connection)
            }
            let first = try await save("5 seen", infohash: hash)
            #expect(first.map(\.coverage) == coverages)
            #expect(first[0].reasons.map(\.sentence) == ["It is too big."])
            let second = try await save("5 seen again", infohash: nil)
            #expect(second.map(\.id) == first.map(\.id))
            #expect(second[0].infohash == hash)
            let latest = try #require(try await Searches.latest(of: request, on: connection))
            #expect(latest.sentence == "5 seen again" && latest.answers.map(\.count) == [5])
            #expect(try await ReleaseRows.find(first[0].id, of: request, on: connection)?.name == "Release 0")
            #expect(try await ReleaseRows.find(first[0].id, of: request + 1, on: connection) == nil)
            try await ReleaseRows.block(hash, for: request, reason: "no peers", on: connection)
            try await ReleaseRows.block(hash, for: request, reason: "no peers again", on: connection)
            #expect(try await ReleaseRows.blocked(for: request, on: connection) == [hash])
        }
    }

    @Test func indexersAndSettings() async throws {
        let fixture = try await Fixture.make()
        try await fixture.pool.transaction { connection in
            let id = try await Indexers.add(
                IndexerSettings(name: "One", url: "http://one.example", apiKey: "secret", priority: 10),
                on: connection)
            let until = try await Indexers.noteFailure(
                id, error: "It slept.", failures: 3, blockedFor: 60, on: connection)
            try await Indexers.noteCapabilities(id, "{\"modes\": []}", on: connection)
            let ill = try #require(try await Indexers.find(named: "ONE", on: connection))
            #expect(ill.failures == 3 && ill.lastError == "It slept." && until != nil && ill.blockedUntil == until)
            #expect(ill.capabilities?.contains("modes") == true)
            try await Indexers.noteAnswer(id, on: connection)
            #expect(try await Indexers.find(id, on: connection)?.failures == 2)
            #expect(
                try await Indexers.update(
                    id,
                    IndexerSettings(
                        name: "Two", url: "http://two.example", enabled: false, priority: 20, kinds: [.show, .game],
                        minimumSeeders: 3, hourlyLimit: 60), on: connection))
            let changed = try await Indexers.list(on: connection)[0]
            #expect(
                changed.settings
                    == IndexerSettings(
                        name: "Two", url: "http://two.example", apiKey: "secret", enabled: false, priority: 20,
                        kinds: [.show, .game], minimumSeeders: 3, hourlyLimit: 60))
            #expect(changed.capabilities == nil)
            #expect(try await Indexers.remove(id, on: connection))
            #expect(try await !Indexers.remove(id, on: connection))

            #expect(try await Settings.secondsSinceEpisodes(on: connection) == nil)
            try await Settings.noteEpisodesSeen(on: connection)
            #expect(try await Settings.secondsSinceEpisodes(on: connection) == 0)
            var settings = try await Settings.load(on: connection)
            settings.defaultQualities = [try #require(Quality.allCases.first)]
            settings.retryFailed = false
            try await settings.save(on: connection)
            #expect(try await Settings.load(on: connection) == settings)
        }
    }
}
