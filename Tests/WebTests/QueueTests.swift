import Postgres
import Storage
import Testing

@testable import Web

@Suite("The queue, for the administrator")
struct QueueTests {
    @Test func itIsInTheOrderInWhichTheQueueTakes() async throws {
        let house = try await House.inhabited()
        var requests: [String: Int64] = [:]
        for (title, name) in [
            ("First", "Anna"), ("Second", "Anna"), ("Third", "Ben"), ("Later", "Ben"), ("Pressed", "Anna"),
        ] {
            requests[title] = try await house.movie(title, by: name)
        }
        for (title, minutes) in [("First", -50), ("Second", -40), ("Third", -30), ("Later", 600), ("Pressed", -1)] {
            try await house.pool.execute(
                """
                UPDATE requests SET next_search_at = now() + make_interval(mins => \(minutes)::int),
                    search_asked_at = CASE WHEN \(title)::text = 'Pressed' THEN now() END
                WHERE id = \(requests[title])
                """)
        }
        let shown = try await house.pool.withConnection { try await QueueRows.waiting(limit: 10, on: $0) }
        // Anna and Ben in turn, whatever is longest due; what was pressed was Anna's turn.
        #expect(shown.map(\.title) == ["Pressed", "Third", "First", "Second", "Later"])
        var taken: [String] = []
        for row in shown.dropLast() {
            let claim = try await house.pool.withConnection {
                try await SearchQueue.claim(by: "worker", lease: 60, on: $0)
            }
            taken.append(claim?.request == row.request ? row.title : "another")
        }
        #expect(taken == shown.dropLast().map(\.title))
        let page = try await house.browser(of: "Olga").get("/admin/queue")
        #expect(page.status == 200)
        let now = try #require(page.between("id=\"running\"", "id=\"waiting\""))
        #expect(["Pressed", "First", "Third", "Second"].allSatisfy(now.contains) && !now.contains("Later"))
    }

    @Test func itIsHeldAndGoesOn() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let olga = try await house.browser(of: "Olga")
        let anna = try await house.browser(of: "Anna")
        _ = try await olga.get("/admin/queue")
        #expect(try await olga.post("/admin/queue/pause").location == "/admin/queue")
        #expect(try await olga.get("/admin/queue").text.contains("by Olga"))
        // Who pauses again does not take it over.
        _ = try await olga.post("/admin/queue/pause")
        func claim() async throws -> Claim? {
            try await house.pool.withConnection { try await SearchQueue.claim(by: "worker", lease: 60, on: $0) }
        }
        // What Anna asked for a moment ago counts as asked for by hand: what the queue has by itself does not.
        try await house.pool.execute("UPDATE requests SET search_asked_at = NULL, search_asked_by = NULL")
        #expect(try await claim() == nil)
        #expect(try await anna.get("/requests/\(request)").text.contains("The queue is paused"))
        #expect(try await olga.post("/admin/queue/\(request)/searches").location == "/admin/queue")
        #expect(try await claim()?.request == request)
        try await house.pool.execute(
            "UPDATE requests SET search_lease = NULL, search_worker = NULL, search_asked_at = NULL")
        _ = try await olga.post("/admin/queue/resumption")
        #expect(try await claim()?.request == request)
        #expect(try await !olga.get("/admin/queue").text.contains("was paused"))
    }

    /// What is cancelled is not searched for: it is in the queue no longer, whenever its next search was to be.
    @Test func whatIsGivenUpIsInItNoLonger() async throws {
        let house = try await House.inhabited()
        let (given, kept) = (try await house.movie("Given Up"), try await house.movie("Kept"))
        try await house.pool.execute("UPDATE requests SET next_search_at = now() + interval '6 hours'")
        let (anna, olga) = (try await house.browser(of: "Anna"), try await house.browser(of: "Olga"))
        _ = try await anna.get("/requests/\(given)")
        #expect(try await anna.post("/requests/\(given)/cancellation").location == "/requests/\(given)")
        let page = try await olga.get("/admin/queue")
        #expect(page.text.contains("Kept") && !page.text.contains("Given Up"))
        #expect(
            try await house.pool.query("SELECT id FROM requests WHERE next_search_at IS NOT NULL").map {
                try $0.get("id")
            } == [kept])
        // Wanted again, it is back.
        _ = try await anna.post("/requests/\(given)/searches")
        #expect(try await olga.get("/admin/queue").text.contains("Given Up"))
    }

    /// Of people whose accounts are gone: what waits has its place, and what does not is no part of it.
    @Test func requestsOfNobody() async throws {
        let house = try await House.inhabited()
        for (title, next) in [("Resting", nil), ("Overdue", "-1 hour"), ("Later", "3 hours")] as [(String, String?)] {
            let request = try await house.movie(title)
            try await house.pool.execute(
                """
                UPDATE requests SET created_by = NULL, search_asked_at = NULL, search_asked_by = NULL,
                    next_search_at = now() + \(next)::text::interval WHERE id = \(request)
                """)
        }
        let rows = try await house.pool.withConnection { try await QueueRows.waiting(limit: 10, on: $0) }
        #expect(rows.map(\.title) == ["Overdue", "Later"])
        #expect(try await house.browser(of: "Olga").get("/admin/queue").status == 200)
    }
}
