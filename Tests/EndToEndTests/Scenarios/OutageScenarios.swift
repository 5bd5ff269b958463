import TestSupport
import Testing

extension EndToEndTests {
    /// What Usher stands on goes away, and comes back.
    @Suite("Outages") struct Outages {
        @Test("aria2 is killed in the middle of a download") func aria2Killed() async throws {
            let house = try await Household.home()
            let (request, torrent) = try await underWay("Broken Compass", in: house)
            try house.world.killAria2()
            try await house.world.swarm.limitUpload(to: "0")
            try await arrives(torrent, on: request, at: "Movies/Broken Compass (2019)", in: house)
        }

        @Test("Usher is killed in the middle of a download") func usherKilled() async throws {
            let house = try await Household.home()
            let (request, torrent) = try await underWay("Second Wind", in: house)
            try await house.world.usher.kill()
            try await house.world.usher.start()
            #expect(house.world.usher.setupToken == nil)
            #expect(try await house.ben.get(request).requestStatus == "DOWNLOADING")
            try await house.world.swarm.limitUpload(to: "0")
            try await arrives(torrent, on: request, at: "Movies/Second Wind (2019)", in: house)
        }

        @Test("aria2 does not answer: pages are whole, and nothing changes") func aria2Frozen() async throws {
            let house = try await Household.home()
            let (request, torrent) = try await underWay("Still Water", in: house)
            try house.world.freezeAria2()
            let unknown = try await house.ben.wait(on: request, for: "unknown progress") {
                $0.text.contains("Progress unknown")
            }
            #expect(unknown.requestStatus == "DOWNLOADING")
            #expect(try await house.ben.get("/").status == 200)
            try house.world.thawAria2()
            try await house.world.swarm.limitUpload(to: "0")
            try await arrives(torrent, on: request, at: "Movies/Still Water (2019)", in: house)
        }

        @Test("PostgreSQL is away: a sentence, and back by itself") func databaseKilled() async throws {
            let house = try await Household.home()
            let request = try await house.ben.askForMovie("Paper Trail", year: 2017)
            try house.world.killPostgres()
            let away = try await house.ben.get(request)
            if away.status != 200 {
                #expect(away.status == 503)
                #expect(away.text.contains("database"))
            }
            try await house.ben.wait(on: request, for: "its end") { $0.status == 200 }
        }

        @Test("Indexer and TVmaze are away: the pages say so") func outsideAway() async throws {
            let house = try await Household.home()
            let world = house.world
            world.indexer.behave(.status(500))
            world.tvmaze.behave(.status(500))
            defer {
                world.indexer.behave(.well)
                world.tvmaze.behave(.well)
            }
            let request = try await house.ben.askForMovie("No Signal", year: 2013)
            let page = try await house.ben.wait(on: request, for: "the indexer's error") { page in
                page.root.all("li", class: "error").contains { $0.text.contains("Stand-in") }
            }
            #expect(page.requestStatus == "PENDING")
            let search = try await house.ben.get("/search?q=harbour")
            #expect(search.notices.contains { $0.contains("TVmaze") && $0.contains("Shows may be missing") })

            world.indexer.behave(.well)
            try await world.passToNextQuestion()
            _ = try await world.shareMovie("No.Signal.2013.1080p.WEB-DL.x264-TEST")
            try await house.ben.searchNow(request)
            try await house.ben.wait(on: request, status: "FOUND")
        }

        /// A download of which some has arrived, and that goes on slowly.
        private func underWay(_ title: String, in house: Household) async throws -> (String, SharedTorrent) {
            let name = "\(title.replacing(" ", with: ".")).2019.1080p.WEB-DL.x264-TEST"
            let torrent = try await house.world.shareMovie(name, size: 4_000_000)
            let request = try await house.ben.askForMovie(title, year: 2019)
            try await house.ben.wait(on: request, status: "FOUND")
            try await house.world.swarm.limitUpload(to: "150K")
            try await house.ben.choose(name, on: request)
            try await house.ben.waitForProgress(on: request)
            return (request, torrent)
        }

        private func arrives(
            _ torrent: SharedTorrent, on request: String, at place: String, in house: Household
        ) async throws {
            try await house.ben.wait(on: request, status: "COMPLETED")
            let page = try await house.ben.wait(on: request, for: "the files") { $0.text.contains(place) }
            #expect(house.world.files(in: place) == torrent.contents)
            // Once, and not again for each time that something came back.
            #expect(page.history.count { $0.lowercased().contains("complete") } == 1)
        }
    }
}
