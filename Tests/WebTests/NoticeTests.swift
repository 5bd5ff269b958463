import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("Notices on the page")
struct NoticePageTests {
    private func tell(_ house: House) async throws {
        _ = try await house.pool.withConnection { try await Notices.tell(atMost: 100, on: $0) }
    }

    @Test func theBellCountsAndThePageSaysWhat() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        let (anna, ben) = (try await house.browser(of: "Anna"), try await house.browser(of: "Ben"))
        #expect(try await anna.get("/notices").text.contains("Nothing here"))
        try await house.orchestrator.cancel(request, by: try await house.person("Olga"))
        try await tell(house)

        let page = try await anna.get("/notices")
        #expect(page.html.contains("aria-label=\"Notices, 1 unread\""))
        #expect(page.html.contains("href=\"/requests/\(request)\""))
        #expect(page.text.contains("It was cancelled by Olga."))
        #expect(page.text.contains("Mark all as read"))
        // What is somebody else's is neither shown nor marked.
        #expect(try await !ben.get("/notices").text.contains("The Long Way"))
        let newest: Int64 = try await house.pool.query("SELECT max(id) AS id FROM notices")[0].get("id")
        #expect(try await ben.post("/notices/reading", [("last", "\(newest)")]).location == "/notices")
        #expect(try await anna.get("/").html.contains("aria-label=\"Notices, 1 unread\""))
        #expect(try await anna.post("/notices/reading", [("last", "\(newest)")]).location == "/notices")
        let read = try await anna.get("/notices")
        #expect(read.html.contains("aria-label=\"Notices\""))
        #expect(read.text.contains("It was cancelled by Olga."))
        #expect(!read.text.contains("Mark all as read"))
        #expect(try await anna.post("/notices/reading", [("last", "x")]).status == 400)
    }

    @Test func aLongListHasPages() async throws {
        let house = try await House.inhabited()
        for number in 1...31 {
            let request = try await house.movie("Film \(number)", by: "Anna")
            try await house.orchestrator.cancel(request, by: try await house.person("Olga"))
        }
        try await tell(house)
        let anna = try await house.browser(of: "Anna")
        let first = try await anna.get("/notices")
        #expect(first.text.contains("Film 31"))
        #expect(!first.text.contains("Film 1 "))
        let last: Int64 = try await house.pool.query("SELECT id FROM notices ORDER BY id DESC LIMIT 1 OFFSET 29")[0]
            .get("id")
        #expect(first.html.contains("/notices?before=\(last)"))
        let second = try await anna.get("/notices?before=\(last)")
        #expect(second.text.contains("Film 1 "))
        #expect(!second.text.contains("Film 2 "))
        #expect(second.text.contains("Newest"))
    }
}
