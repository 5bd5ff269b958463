import Lifecycle
import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("Who did what")
struct AuditTests {
    @Test func whatPeopleChangeOfTheHouseIsNoted() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let anna = try await house.person("Anna").userID
        _ = try await olga.get("/admin/expiry")
        _ = try await olga.post("/admin/expiry/limits", [("movies", "12"), ("shows", "30"), ("games", "30")])
        _ = try await olga.post("/admin/accounts/\(anna)/role", [("role", "approver")])
        _ = try await olga.post("/admin/accounts/\(anna)/closing")
        _ = try await olga.post("/admin/accounts/\(anna)/opening")
        _ = try await olga.post("/admin/invitations", [("role", "member")])
        _ = try await olga.post("/admin/jobs/newest/runs")
        _ = try await olga.post("/admin/queue/pause")
        let page = try await olga.get("/admin/audit")
        for sentence in [
            "changed movie expiry days: 30 → 12", "made Anna an approver", "closed the account of Anna",
            "opened the account of Anna", "invited a member", "had “Newest releases” run at once", "paused the queue",
        ] { #expect(page.text.contains(sentence), "\(sentence)") }
        let settings = try await olga.get("/admin/audit?area=settings")
        #expect(settings.text.contains("30 → 12") && !settings.text.contains("paused the queue"))
        #expect(try await !olga.get("/admin/audit?who=\(anna)").text.contains("30 → 12"))
        // What changes nothing, and what is refused, is not noted.
        let noted = try await house.count("audit")
        _ = try await olga.post("/admin/expiry/limits", [("movies", "12"), ("shows", "30"), ("games", "30")])
        let olgas = try await house.person("Olga").userID
        #expect(try await olga.post("/admin/accounts/\(olgas)/closing").status == 409)
        #expect(try await house.count("audit") == noted)
    }

    @Test func whatHappenedToRequestsIsThereByPerson() async throws {
        let house = try await House.inhabited()
        let movie = try await house.movie("Alpha")
        let show = try await house.show([1: 3], by: "Ben")
        try await house.orchestrator.join(movie, by: try await house.person("Ben"))
        try await house.orchestrator.cancel(show, by: try await house.person("Ben"))
        let olga = try await house.browser(of: "Olga")
        let ben = try await house.person("Ben").userID
        let page = try await olga.get("/admin/audit?who=\(ben)&area=requests")
        #expect(page.text.contains("Cancelled, 3 parts"))
        #expect(page.text.contains("joined the request"))
        #expect(page.html.contains("href=\"/requests/\(show)\"") && page.html.contains("href=\"/requests/\(movie)\""))
        let anna = try await house.person("Anna").userID
        #expect(try await !olga.get("/admin/audit?who=\(anna)").text.contains("Cancelled"))
        for query in ["who=nobody", "before=x", "before=1-2", "area=everything", "who=usher&area=accounts"] {
            #expect(try await olga.get("/admin/audit?\(query)").status == 200, "\(query)")
        }
    }

    @Test func eachLineIsOnOnePage() async throws {
        let house = try await House.inhabited()
        let movie = try await house.movie("Alpha")
        try await house.pool.execute(
            """
            INSERT INTO audit (user_id, area, sentence, at)
            SELECT 1, 'operation', 'deed ' || n || '.', now() - n * interval '1 minute' FROM generate_series(130, 1, -1) AS n
            """)
        try await house.pool.execute(
            """
            INSERT INTO request_log (request_id, user_id, kind, sentence, at)
            SELECT \(movie), 1, 'kept', 'note ' || n || '.', now() - n * interval '90 s' FROM generate_series(90, 1, -1) AS n
            """)
        let olga = try await house.browser(of: "Olga")
        var address: String? = "/admin/audit?who=1"
        var lines: [String] = []
        var pages = 0
        while let next = address {
            let page = try await olga.get(next)
            lines += page.html.matches(of: /(deed|note) \d+\./).map { String($0.0) }
            address = page.html.firstMatch(of: /href="([^"]+)" rel="next"/).map {
                String($0.1).replacing("&amp;", with: "&")
            }
            pages += 1
        }
        #expect(pages == 3 && lines.count == 220 && Set(lines).count == 220)
        #expect(lines.firstIndex(of: "note 2.")! < lines.firstIndex(of: "deed 4.")!)
    }
}
