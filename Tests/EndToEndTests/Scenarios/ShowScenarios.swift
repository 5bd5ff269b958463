import Foundation
import TestSupport
import Testing

extension EndToEndTests {
    /// Shows: packs, single episodes, and what airs later.
    @Suite("Shows") struct ShowScenarios {
        @Test("A pack completes its season's episodes, an episode only itself") func packAndEpisode() async throws {
            let house = try await Household.home()
            let pack = "Harbour.Lights.S01.1080p.WEB-DL.x264-TEST"
            let single = "Harbour.Lights.S02E02.1080p.WEB-DL.x264-TEST"
            let season = try await house.world.share(
                pack, .season(of: "Harbour.Lights", 1, episodes: 3, size: 120_000), categories: [5040])
            let episode = try await house.world.share(single, .file(size: 150_000), categories: [5040])

            let request = try await house.ben.askForShow(Shows.harbour, seasons: [1], episodes: ["S02E02", "S02E03"])
            let found = try await house.ben.wait(on: request, for: "both releases") { $0.releases.count >= 2 }
            #expect(found.parts.filter { $0.status != nil }.count == 5)
            #expect(found.status(of: "E01", season: 2) == nil)
            #expect(found.status(of: "E03", season: 2) == "PENDING")
            // The request is where its latest season is, and that where its latest episode is.
            #expect(found.requestStatus == "PENDING")
            #expect(found.status(ofSeason: 1) == "FOUND")

            try await house.ben.choose(pack, on: request)
            let first = try await house.ben.wait(on: request, for: "season 1") { $0.status(ofSeason: 1) == "COMPLETED" }
            #expect((1...3).allSatisfy { first.status(of: "E0\($0)") == "COMPLETED" })
            #expect(first.status(of: "E02", season: 2) == "FOUND")

            try await house.ben.choose(single, on: request)
            let second = try await house.ben.wait(on: request, for: "the episode") {
                $0.status(of: "E02", season: 2) == "COMPLETED"
            }
            #expect(second.status(of: "E03", season: 2) == "PENDING")
            #expect(second.requestStatus == "PENDING")

            let place = "Shows/Harbour Lights (2025)"
            try await house.ben.wait(on: request, for: "the files") { page in
                page.text.contains("\(place)/Season 01") && page.text.contains("\(place)/Season 02")
            }
            #expect(house.world.files(in: "\(place)/Season 01") == season.contents)
            #expect(house.world.files(in: "\(place)/Season 02") == episode.contents)
        }

        @Test("An ongoing show gets a new episode") func ongoing() async throws {
            let house = try await Household.home()
            let first = "Nightshift.Diner.S01E01.1080p.WEB-DL.x264-TEST"
            let third = "Nightshift.Diner.S01E03.1080p.WEB-DL.x264-TEST"
            _ = try await house.world.share(first, .file(size: 100_000), categories: [5040])
            let request = try await house.ben.askForShow(Shows.nightshift, scope: "ongoing")
            try await house.ben.choose(first, on: request)
            let complete = try await house.ben.wait(on: request, status: "COMPLETED")
            #expect(complete.status(of: "E02") == nil)
            #expect(complete.next.contains("airs"))

            // TVmaze gets an episode that has just aired, and an hour passes.
            house.world.tvmaze.change(Shows.nightshift.id) { show in
                show.episodes.append(
                    StandInTVmaze.Episode(id: 10299, name: "Special", season: 1, number: 3, airs: .now - 7200))
            }
            try await house.world.passToNextRefresh()
            // The refresh looks at the clock every 20 seconds, and first takes over from a process that was killed.
            let fresh = try await house.ben.wait(on: request, for: "the new episode", within: .seconds(150)) {
                $0.status(of: "E03") != nil
            }
            #expect(fresh.status(of: "E01") == "COMPLETED")
            #expect(fresh.requestStatus == "PENDING")

            // The queue has searched it by itself; now there is something.
            let torrent = try await house.world.share(third, .file(size: 100_000), categories: [5040])
            try await house.ben.searchNow(request)
            try await house.ben.wait(on: request, status: "FOUND")
            try await house.ben.choose(third, on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
            let place = "Shows/Nightshift Diner (2025)/Season 01"
            try await house.ben.wait(on: request, for: "the file") { _ in
                house.world.files(in: place)[third] == torrent.contents[third]
            }
        }

        @Test("From now on: nothing until an episode airs") func future() async throws {
            let house = try await Household.home()
            let request = try await house.carol.askForShow(Shows.orchard, scope: "future")
            let empty = try await house.carol.get(request)
            #expect(empty.requestStatus == "PENDING")
            #expect(empty.next.contains("airs"))
            #expect(empty.parts.allSatisfy { $0.status == nil })

            try await house.world.pass(toAiringOf: Shows.orchardsNext, for: request)
            let aired = try await house.carol.wait(on: request, for: "the episode") { $0.status(of: "E03") != nil }
            #expect(aired.status(of: "E01") == nil)
            #expect(aired.history.contains { $0.contains("S01E03 has aired") })
        }

        @Test("A show that is typed in") func byHand() async throws {
            let house = try await Household.home()
            let pack = "Tin.Roof.Radio.S02.720p.HDTV.x264-TEST"
            _ = try await house.world.share(
                pack, .season(of: "Tin.Roof.Radio", 2, episodes: 2, size: 60_000), categories: [5040])
            let form = try await house.ben.get("/requests/new?kind=show&by=hand").form("/requests", having: "kind")
            let request = try await house.ben.submit(
                form, ["title": ["Tin Roof Radio"], "year": ["2019"], "seasons": ["2: 2"]]
            ).requestPath
            try await house.ben.choose(pack, on: request)
            let complete = try await house.ben.wait(on: request, status: "COMPLETED")
            #expect(complete.status(of: "E01", season: 2) == "COMPLETED")
            #expect(complete.status(of: "E02", season: 2) == "COMPLETED")
        }
    }
}
