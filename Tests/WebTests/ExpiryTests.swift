import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("The expiry dashboard")
struct ExpiryTests {
    @Test func narrowedByKindPersonAndWords() async throws {
        let house = try await House.inhabited()
        let alpha = try await house.movie("Alpha")
        let beta = try await house.movie("Beta", by: "Ben")
        let show = try await house.show([1: 2], by: "Ben")
        let olga = try await house.browser(of: "Olga")
        let ben = try await house.person("Ben").userID
        for (query, expected) in [
            ("", [alpha, beta, show]), ("kind=show", [show]), ("person=\(ben)", [beta, show]), ("q=alph", [alpha]),
            ("person=\(ben)&kind=movie", [beta]), ("q=nothing", []),
        ] {
            let page = try await olga.get("/admin/expiry?\(query)")
            let shown = Set(page.html.matches(of: /name="request" value="(\d+)"/).compactMap { Int64($0.1) })
            #expect(shown == Set(expected), "\(query)")
        }
        // What is done leads back to where it was done.
        let answer = try await olga.post(
            "/admin/expiry/actions",
            [("request", "\(alpha)"), ("request", "\(beta)"), ("action", "keep"), ("list", "kind=movie")])
        #expect(answer.location == "/admin/expiry?kind=movie")
        #expect(try await olga.get("/admin/expiry").text.contains("2 kept for another period."))
        _ = try await olga.post("/admin/expiry/actions", [("request", "\(beta)"), ("action", "cancel")])
        let refused = try await olga.post("/admin/expiry/actions", [("request", "\(beta)"), ("action", "keep")])
        #expect(refused.status == 303)
        #expect(try await olga.get("/admin/expiry").text.contains("1 refused: “Beta”: Nothing of it waits"))
        #expect(try await olga.post("/admin/expiry/actions", [("action", "keep")]).status == 422)
    }

    @Test func aPreviewSaysWhatWouldExpireAndChangesNothing() async throws {
        let house = try await House.inhabited()
        let old = try await house.movie("Old")
        _ = try await house.movie("Young")
        _ = try await house.show([1: 3])
        try await house.pool.execute(
            "UPDATE items SET created_at = now() - interval '20 days' WHERE request_id = \(old)")
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/expiry")
        func preview(_ movies: String) async throws -> Page {
            try await olga.post("/admin/expiry/preview", [("movies", movies), ("shows", "30"), ("games", "30")])
        }
        let shorter = try await preview("10")
        #expect(shorter.status == 200 && shorter.text.contains("1 request would expire at once."))
        #expect(shorter.text.contains("in 10 days at once"))
        #expect(shorter.value(of: "movies") == "10")
        // Shows stay as they are, so they are not part of it.
        #expect(shorter.html.matches(of: /data-label="Would expire"/).count == 2)
        #expect(try await preview("40").text.contains("Nothing more would expire at once."))
        #expect(try await preview("30").text.contains("Nothing that waits would expire earlier or later."))
        let wrong = try await preview("0")
        #expect(wrong.status == 422 && wrong.error(at: "movies") != nil)
        let settings = try await house.pool.withConnection { try await Settings.load(on: $0) }
        #expect(settings.movieExpiryDays == 30)
    }
}
