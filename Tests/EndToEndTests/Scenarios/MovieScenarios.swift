import TestSupport
import Testing

extension EndToEndTests {
    /// A movie from the wish to the file.
    @Suite("Movies") struct Movies {
        @Test("Asked for, found, chosen, watched, complete") func wholeWay() async throws {
            let house = try await Household.home()
            let name = "The.Long.Tide.2023.1080p.WEB-DL.x264-TEST"
            let torrent = try await house.world.shareMovie(name, size: 1_500_000)
            _ = try await house.world.shareMovie("The.Long.Tide.2023.2160p.BluRay.x265-TEST")
            _ = try await house.world.shareMovie("The.Long.Tide.1987.1080p.WEB-DL.x264-TEST")

            let request = try await house.ben.askForMovie(
                "The Long Tide", year: 2023, qualities: ["1080p"], formats: ["x264", "webdl"])
            let found = try await house.ben.wait(on: request, status: "FOUND")
            let accepted = found.releases.filter(\.isAccepted).map(\.name)
            #expect(accepted == [name])
            let rejected = found.releases.filter { !$0.isAccepted }
            #expect(rejected.map(\.name).contains("The.Long.Tide.2023.2160p.BluRay.x265-TEST"))
            #expect(rejected.allSatisfy { !$0.reasons.isEmpty })
            #expect(found.why.contains("choose"))
            #expect(found.next.contains("expires"))

            try await house.world.swarm.limitUpload(to: "150K")
            let chosen = try await house.ben.choose(name, on: request)
            #expect(chosen.requestStatus == "DOWNLOADING")
            let first = try await house.ben.waitForProgress(on: request)
            #expect(try await house.ben.get("/").status(ofCard: request) == "DOWNLOADING")
            #expect(first.transfers.first?.text.contains("1.5 MB") == true)
            // Without scripting the page comes anew by itself.
            #expect(first.root.first("meta", with: ["http-equiv": "refresh"]) != nil)
            let bar = try permille(of: first)
            try await house.ben.wait(on: request, for: "the bar to move") { page in
                page.requestStatus == "COMPLETED" || ((try? permille(of: page)) ?? 0) > bar
            }
            try await house.world.swarm.limitUpload(to: "0")

            try await house.ben.wait(on: request, status: "COMPLETED")
            let place = "Movies/The Long Tide (2023)"
            let complete = try await house.ben.wait(on: request, for: "the files") { $0.text.contains(place) }
            #expect(house.world.files(in: place) == torrent.contents)
            #expect(complete.history.contains { $0.contains("Ben") })
            #expect(complete.transfers.isEmpty)
            // A page from before still offers the other releases: not any more.
            let late = try await house.ben.choose(rejected[0].name, from: found)
            #expect(late.status == 409)
            #expect(late.requestStatus == "COMPLETED")
            // What lay in the incoming folder and in aria2 is gone once the files are in their place.
            try await house.ben.wait(on: request, for: "the tidying") { _ in !house.world.hasIncoming(torrent) }
            #expect(try await !house.world.aria2Has(torrent))
        }

        @Test("By magnet, in the feed or by redirect", arguments: [World.Delivery.magnet, .redirectToMagnet])
        func magnet(delivery: World.Delivery) async throws {
            let house = try await Household.home()
            let title = delivery == .magnet ? "Paper Boats" : "Paper Planes"
            let name = "\(title.replacing(" ", with: ".")).2021.720p.BluRay.x264-TEST"
            let torrent = try await house.world.shareMovie(name, by: delivery)
            let request = try await house.carol.askForMovie(title, year: 2021)
            try await house.carol.choose(name, on: request)
            try await house.carol.wait(on: request, status: "COMPLETED")
            let place = "Movies/\(title) (2021)"
            try await house.carol.wait(on: request, for: "the files") { $0.text.contains(place) }
            #expect(house.world.files(in: place) == torrent.contents)
        }

        @Test("One that was rejected can be chosen all the same") func rejected() async throws {
            let house = try await Household.home()
            let name = "Copper.Sky.2020.480p.DVDRip.XviD-TEST"
            _ = try await house.world.shareMovie(name)
            let request = try await house.ben.askForMovie("Copper Sky", year: 2020, qualities: ["2160p"])
            let seen = try await house.ben.wait(on: request, for: "the search") { !$0.releases.isEmpty }
            #expect(seen.requestStatus == "PENDING")
            #expect(seen.releases.map(\.isAccepted) == [false])
            #expect(seen.next.contains("next search"))
            try await house.ben.choose(name, on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
        }

        @Test("A title that is no name of a folder") func hostileTitle() async throws {
            let house = try await Household.home()
            let name = "Over.There.2010.1080p.WEB-DL.x264-TEST"
            let torrent = try await house.world.shareMovie(name)
            let request = try await house.ben.askForMovie("../../Over: There?", year: 2010)
            try await house.ben.choose(name, on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
            let place = "Movies/Over There (2010)"
            try await house.ben.wait(on: request, for: "the files") { $0.text.contains(place) }
            #expect(house.world.files(in: place) == torrent.contents)
        }

        private func permille(of page: Page) throws -> Int {
            let value = page.transfers.first?.first("progress")?["value"]
            return try #require(value.flatMap { Int($0) })
        }
    }
}
