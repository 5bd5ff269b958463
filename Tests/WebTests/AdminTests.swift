import Lifecycle
import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("What an administrator sees of the house")
struct AdminTests {
    @Test func whatNeedsAHandIsThereWithWhatHelps() async throws {
        let house = try await House.inhabited()
        let awaited = try await house.movie("Alpha", by: "Carl")
        let failed = try await house.movie("Beta")
        try await fail(failed, of: house)
        let waiting = try await house.movie("Gamma")
        let indexer = try await indexer(of: house)
        try await house.pool.execute(
            """
            UPDATE indexers SET failures = 3, blocked_until = now() + interval '1 hour', last_error = 'It said no.'
            """)
        try await house.pool.execute(
            "INSERT INTO jobs (name, outcome, failed) VALUES ('episodes', 'TVmaze does not answer.', true)")
        let olga = try await house.browser(of: "Olga")
        let page = try await olga.get("/admin")
        #expect(page.status == 200)
        for form in [
            "/requests/\(awaited)/approval", "/requests/\(failed)/searches", "/admin/indexers/\(indexer)/trial",
            "/admin/jobs/episodes/runs",
        ] { #expect(page.hasForm(to: form), "\(form)") }
        #expect(!page.html.contains("/requests/\(waiting)"))
        for sentence in ["It said no.", "TVmaze does not answer.", "aria2 does not answer", "No room for downloads"] {
            #expect(page.text.contains(sentence), "\(sentence)")
        }
        // Each of them helps.
        _ = try await olga.post("/requests/\(awaited)/approval")
        _ = try await olga.post("/requests/\(failed)/searches")
        _ = try await olga.post("/admin/indexers/\(indexer)/trial")
        let after = try await olga.get("/admin")
        #expect(!after.html.contains("id=\"approval\"") && !after.html.contains("id=\"failed\""))
        #expect(!after.html.contains("id=\"indexers\""))
    }

    @Test func withoutAnIndexerItLeadsToOne() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        #expect(try await olga.get("/admin").html.contains("href=\"/admin/indexers/new\""))
        _ = try await indexer(of: house)
        #expect(try await !olga.get("/admin").html.contains("id=\"indexers\""))
    }

    @Test func jobsSayHowTheyWentAndRunNow() async throws {
        let house = try await House.inhabited()
        try await house.pool.execute(
            """
            INSERT INTO jobs (name, began_at, ended_at, outcome, next_at) VALUES ('newest', now() - interval '5 minutes',
                now() - interval '5 minutes' + interval '1.2 s', '2 of 2 indexers answered.', now() + interval '10 minutes')
            """)
        let olga = try await house.browser(of: "Olga")
        let page = try await olga.get("/admin/jobs")
        for words in ["5 minutes ago", "1.2 s", "2 of 2 indexers answered.", "in 10 minutes", "Not yet"] {
            #expect(page.text.contains(words), "\(words)")
        }
        let answer = try await olga.post("/admin/jobs/newest/runs")
        #expect(answer.location == "/admin/jobs")
        #expect(try await olga.get("/admin/jobs").text.contains("Now: asked for"))
        #expect(try await house.pool.withConnection { try await Jobs.isAsked("newest", on: $0) })
        #expect(try await olga.post("/admin/jobs/everything/runs").status == 404)
    }

    private func indexer(of house: House) async throws -> Int64 {
        try await house.pool.query(
            "INSERT INTO indexers (name, url) VALUES ('Stand-in', 'http://127.0.0.1:1/api') RETURNING id")[0].get("id")
    }

    /// Its download failed, and it is not tried again.
    private func fail(_ request: Int64, of house: House) async throws {
        let release = try await house.found(["Beta 2019 1080p WEB-DL x264-TEST"], for: request)[0]
        try await house.orchestrator.choose(
            release: release, of: request, by: try await house.person("Anna"))
        try await house.pool.transaction { connection in
            let item = try await Items.list(of: request, on: connection)[0]
            try await Events.record(
                [Step(item: item.id, event: .downloadFailed, from: .downloading, to: .failed, download: item.download)],
                of: request, by: nil, reason: "it is broken", on: connection)
        }
    }
}
