import Foundation
import TestSupport
import Testing

@testable import Web

@Suite("Asking for shows from TVmaze")
struct ShowTests {
    /// Two seasons of three, the last episode of which has not aired.
    private static func harbour() throws -> StandInTVmaze {
        let episodes = (1...6).map { number in
            StandInTVmaze.Episode(
                id: number, name: "Tide <\(number)>", season: number > 3 ? 2 : 1,
                number: number > 3 ? number - 3 : number,
                airs: Date().addingTimeInterval(number == 6 ? 86_400 : -86_400))
        }
        return try StandInTVmaze(shows: [StandInTVmaze.Show(id: 82, name: "Harbour", episodes: episodes)])
    }

    private func form(_ key: String?, _ more: [(String, String)]) -> [(String, String)] {
        [("kind", "show"), ("tvmaze", "82"), ("key", key ?? ""), ("quality", "1080p")] + more
    }

    @Test func seasonsAndEpisodesAreTicked() async throws {
        let tvmaze = try Self.harbour()
        defer { tvmaze.stop() }
        let house = try await House.inhabited(.standIns(tvmaze: tvmaze.url))
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/search?q=harbour").html.contains("/requests/new/show/82"))
        let pick = try await anna.get("/requests/new/show/82")
        #expect(pick.text.contains("Tide <1>") && pick.text.contains("2 of 3 episodes aired"))
        #expect(pick.html.contains("value=\"S02E02\"") && !pick.html.contains("value=\"S02E03\""))
        let key = pick.value(of: "key")

        for (more, reason) in [
            ([("scope", "selection")], "Tick at least one"),
            ([("scope", "selection"), ("season", "9")], "no season 9"),
            ([("scope", "selection"), ("episode", "S01E09")], "no episode 9"),
            ([("scope", "selection"), ("episode", "x")], "no episode"),
        ] {
            let page = try await anna.post("/requests", form(key, more))
            #expect(page.status == 422)
            #expect(page.error(at: "seasons")?.contains(reason) == true, "\(reason)")
            #expect(page.isTicked("quality", "1080p"))
        }
        let kept = try await anna.post("/requests", form(key, [("scope", "x"), ("episode", "S01E02")]))
        #expect(kept.error(at: "scope") != nil)
        #expect(kept.isTicked("episode", "S01E02") && !kept.isTicked("episode", "S01E01"))
        #expect(try await house.count("requests") == 0)

        let wish = [("scope", "selection"), ("season", "1"), ("episode", "S01E01"), ("episode", "S02E01")]
        let asked = try await anna.post("/requests", form(key, wish))
        #expect(asked.status == 303)
        #expect(try await house.count("items") == 4)
        let page = try await anna.get(asked.location ?? "")
        #expect(page.text.contains("Not asked for") && page.text.contains("Not aired yet"))
        #expect(page.html.contains("TVmaze</a>"))
    }

    @Test func ongoingTakesWhatHasAiredAndShowsWhatComes() async throws {
        let tvmaze = try Self.harbour()
        defer { tvmaze.stop() }
        let house = try await House.inhabited(.standIns(tvmaze: tvmaze.url))
        let anna = try await house.browser(of: "Anna")
        let key = try await anna.get("/requests/new/show/82").value(of: "key")
        let asked = try await anna.post("/requests", form(key, [("scope", "ongoing")]))
        #expect(try await house.count("items") == 5)
        let page = try await anna.get(asked.location ?? "")
        #expect(page.text.contains("Not aired yet"))
        #expect(page.text.contains("all seasons, and each new episode"))
    }
}
