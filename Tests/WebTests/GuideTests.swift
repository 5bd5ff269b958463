import Postgres
import Releases
import Storage
import Testing

@testable import Web

@Suite("The first-run guide")
struct GuideTests {
    private let reminder = "Usher is not set up yet."

    @Test func leadsThroughAllThatIsNeeded() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        #expect(try await olga.get("/").text.contains(reminder))
        #expect(try await !house.browser(of: "Anna").get("/").text.contains(reminder))
        let guide = try await olga.get("/admin/guide")
        #expect(!guide.text.contains(reminder) && guide.html.contains("href=\"/admin/indexers/new\""))
        #expect(guide.isTicked("source", "tvmaze") && !guide.isTicked("source", "steam"))

        let wrong = try await olga.post("/admin/guide", [("quality", "8000p"), ("source", "tvmaze")])
        #expect(wrong.status == 422 && wrong.error(at: "quality") != nil)
        let saved = try await olga.post(
            "/admin/guide",
            [("quality", "1080p"), ("source", "tvmaze"), ("source", "steam"), ("choosing", "best")])
        #expect(saved.location == "/admin/guide")
        let settings = try await house.pool.withConnection { try await Settings.load(on: $0) }
        #expect(settings.defaultQualities == [.p1080] && settings.sources == ["tvmaze", "steam"])
        #expect(settings.choosing == .best && settings.movieExpiryDays == 30)
        #expect(try await olga.get("/").text.contains(reminder))

        try await house.pool.execute("INSERT INTO indexers (name, url) VALUES ('Stand-in', 'http://127.0.0.1:1/api')")
        #expect(try await !olga.get("/").text.contains(reminder))
        #expect(try await olga.get("/admin/guide").text.contains("All that Usher needs is there."))
    }

    @Test func isPutAwayForGood() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/guide")
        #expect(try await olga.post("/admin/guide/closing").location == "/")
        #expect(try await !olga.get("/").text.contains(reminder))
    }

    @Test func aHouseThatIsInUseNeedsNone() async throws {
        let house = try await House.inhabited()
        _ = try await house.movie()
        let olga = try await house.browser(of: "Olga")
        // It still has nowhere to search.
        #expect(try await olga.get("/").text.contains(reminder))
        try await house.pool.execute("INSERT INTO indexers (name, url) VALUES ('Stand-in', 'http://127.0.0.1:1/api')")
        #expect(try await !olga.get("/").text.contains(reminder))
    }
}
