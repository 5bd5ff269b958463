import TestSupport
import Testing

extension EndToEndTests {
    /// Every way that a request ends without being complete, and how each goes on.
    @Suite("Endings") struct Endings {
        @Test("Cancelled by a person, searched again, its download cancelled") func cancelled() async throws {
            let house = try await Household.home()
            let name = "Glass.Harvest.2022.1080p.WEB-DL.x264-TEST"
            let torrent = try await house.world.shareMovie(name, size: 3_000_000)
            let request = try await house.ben.askForMovie("Glass Harvest", year: 2022)
            let found = try await house.ben.wait(on: request, status: "FOUND")
            let cancelled = try await house.ben.press("\(request)/cancellation", on: found)
            #expect(cancelled.requestStatus == "CANCELLED")
            #expect(cancelled.why.contains("searched for again"))

            // The page from before still has the button: its press is refused, and the true state shown.
            let late = try await house.ben.press("\(request)/cancellation", on: found)
            #expect(late.status == 409)
            #expect(late.requestStatus == "CANCELLED")
            #expect(!late.notices.isEmpty)

            try await house.ben.searchNow(request)
            try await house.ben.wait(on: request, status: "FOUND")
            try await house.world.swarm.limitUpload(to: "100K")
            try await house.ben.choose(name, on: request)
            let page = try await house.ben.waitForProgress(on: request)
            let action = try #require(
                page.root.all("form").compactMap { $0["action"] }.first { $0.contains("/downloads/") })
            let stopped = try await house.ben.press(action, on: page)
            try await house.world.swarm.limitUpload(to: "0")
            #expect(stopped.requestStatus == "CANCELLED")
            try await house.ben.wait(on: request, for: "aria2 to forget it") { _ in !house.world.hasIncoming(torrent) }
            #expect(try await !house.world.aria2Has(torrent))
        }

        @Test("Removed from aria2 by other hands") func removed() async throws {
            let house = try await Household.home()
            let name = "Quiet.Meridian.2024.1080p.WEB-DL.x264-TEST"
            let torrent = try await house.world.shareMovie(name, size: 3_000_000)
            let request = try await house.ben.askForMovie("Quiet Meridian", year: 2024)
            try await house.world.swarm.limitUpload(to: "100K")
            try await house.ben.choose(name, on: request)
            try await house.ben.waitForProgress(on: request)
            try await house.world.removeFromAria2(torrent)
            let cancelled = try await house.ben.wait(on: request, status: "CANCELLED")
            try await house.world.swarm.limitUpload(to: "0")
            #expect(cancelled.why.contains("other hands"))

            try await house.ben.searchNow(request)
            try await house.ben.wait(on: request, status: "FOUND")
            try await house.ben.choose(name, on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
            let place = "Movies/Quiet Meridian (2024)"
            try await house.ben.wait(on: request, for: "the files") { $0.text.contains(place) }
            #expect(house.world.files(in: place) == torrent.contents)
        }

        @Test("Failed: a dead link, a broken torrent; another release is taken") func failed() async throws {
            let house = try await Household.home()
            let base = house.world.indexer.url.replacing("/api", with: "")
            let names = ["WEB-DL.x264-DEAD", "WEBRip.x264-BROKEN", "BluRay.x264-GOOD"].map {
                "Salt.Road.2018.1080p.\($0)"
            }
            house.world.offer(
                .init(
                    title: names[0],
                    delivery: .redirect(to: "\(base)/download/9999?apikey=household-key", status: 302),
                    categories: [2040], size: 2_500_000_000))
            house.world.offer(
                .init(
                    title: names[1], delivery: .torrent(Array("d4:infod6:lengthi5eee".utf8)), categories: [2040],
                    size: 2_500_000_000))
            let torrent = try await house.world.shareMovie(names[2])

            let request = try await house.ben.askForMovie("Salt Road", year: 2018)
            try await house.ben.choose(names[0], on: request)
            let dead = try await house.ben.wait(on: request, status: "FAILED")
            #expect(dead.why.contains("did not hand out the torrent"))
            #expect(dead.next.contains("searched for again"))

            try await house.ben.choose(names[1], on: request)
            let broken = try await house.ben.wait(on: request, for: "the second failure") { page in
                page.requestStatus == "FAILED" && page.why.contains("no usable torrent")
            }
            #expect(broken.history.count > dead.history.count)

            // Ten minutes later it is searched again by itself.
            try await house.world.passToNextTry(of: request)
            try await house.ben.wait(on: request, status: "FOUND")
            try await house.ben.choose(names[2], on: request)
            try await house.ben.wait(on: request, status: "COMPLETED")
            let place = "Movies/Salt Road (2018)"
            try await house.ben.wait(on: request, for: "the files") { $0.text.contains(place) }
            #expect(house.world.files(in: place) == torrent.contents)
            // The links that failed carry the indexer's key (OWASP ASVS 5.0.0, 16.2.5).
            #expect(!house.world.usher.log.contains(house.world.indexer.apiKey))
        }

        @Test("Expired: kept, expired, asked again") func expired() async throws {
            let house = try await Household.home()
            let request = try await house.ben.askForMovie("Nobody Has This", year: 2011)
            let id = String(try #require(request.split(separator: "/").last))
            let waiting = try await house.ben.wait(on: request, for: "the first search") {
                $0.next.contains("next search")
            }
            #expect(waiting.requestStatus == "PENDING")
            #expect(waiting.text.contains("Expires"))

            try await house.world.pass(days: 20, for: request)
            let dashboard = try await house.anna.get("/admin/expiry")
            #expect(dashboard.root.first("a", with: ["href": request]) != nil)
            let form = try dashboard.form("/admin/expiry/actions", having: "request", value: id)
            _ = try await house.anna.submit(form, ["request": [id], "action": ["keep"]])
            #expect(try await house.ben.get(request).history.contains { $0.contains("kept") })

            try await house.world.pass(days: 20, for: request)
            // Forty days after it was asked for, and twenty after it was kept, it still waits.
            #expect(try await house.ben.get(request).requestStatus == "PENDING")
            try await house.world.pass(days: 11, for: request)
            let expired = try await house.ben.wait(on: request, status: "EXPIRED")
            #expect(expired.why.contains("30 days"))

            let after = try await house.anna.get("/admin/expiry")
            let again = try after.form("/admin/expiry/actions", having: "request", value: id)
            _ = try await house.anna.submit(again, ["request": [id], "action": ["search"]])
            let revived = try await house.ben.wait(on: request, status: "PENDING")
            #expect(revived.history.contains { $0.contains("again") })
        }
    }
}
