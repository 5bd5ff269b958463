import FoundationEssentials
import Lifecycle
import Postgres
import Storage
import Testing

@Suite("Retention") struct RetentionTests {
    private func age(_ request: Int64, in fixture: Fixture) async throws {
        for (table, column) in [("searches", "finished_at"), ("request_log", "at")] {
            try await fixture.pool.query(
                """
                UPDATE \(raw: table) SET \(raw: column) = \(raw: column) - interval '100 days'
                WHERE request_id = \(request)
                """)
        }
        try await fixture.pool.query(
            "UPDATE requests SET changed_at = changed_at - interval '100 days' WHERE id = \(request)")
    }

    private func search(_ request: Int64, releases: [String], in fixture: Fixture) async throws {
        try await fixture.pool.transaction { connection in
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: Date(),
                SearchOutcome(seen: 1, accepted: 1, sentence: "1 seen", answers: []), on: connection)
            try await ReleaseRows.save(
                releases.map { Fixture.release($0) }, request: request, search: search, on: connection)
            try await connection.execute(
                "INSERT INTO request_log (request_id, kind, sentence) VALUES (\(request), 'kept', 'was kept')")
        }
    }

    @Test("What is finished and old goes; what is open, new, downloaded or an event stays") func prunes() async throws {
        let fixture = try await Fixture.make()
        let old = try await fixture.request()
        let item = try await fixture.item(old)
        try await search(old, releases: ["Passed.Over", "Passed.Over.Too"], in: fixture)
        let download = try await fixture.startDownload(old, item)
        try await fixture.record(
            [Step(item: item, event: .downloadCompleted, from: .downloading, to: .completed)], of: old)
        let open = try await fixture.request()
        try await fixture.item(open)
        try await search(open, releases: ["Still.There"], in: fixture)
        try await search(open, releases: [], in: fixture)
        for request in [old, open] { try await age(request, in: fixture) }
        let recent = try await fixture.request()
        try await search(recent, releases: ["Fresh"], in: fixture)
        try await fixture.pool.query(
            """
            INSERT INTO form_keys (key, request_id, at)
            VALUES ('sixteen-or-more-characters', \(old), now() - interval '40 days'),
                   ('sixteen-or-more-characters-too', \(old), now())
            """)
        try await fixture.pool.query(
            """
            INSERT INTO mail_codes (user_id, address, digest, at)
            VALUES (\(fixture.user), 'a@b.example', '', now() - interval '2 days'),
                   (\(fixture.user), 'a@b.example', '', now())
            """)
        let events = try await fixture.count("events")

        #expect(try await Retention(days: 101).prune(fixture.pool) == 2, "nothing but a key and a code is so old")
        let removed = try await Retention(days: 99).prune(fixture.pool)
        // Two releases, the search that had found them, and what is noted of the request.
        #expect(removed == 4)
        let left = try await fixture.pool.query("SELECT name FROM releases ORDER BY name").map {
            try $0.get("name") as String
        }
        #expect(left.count == 3 && left.contains("Fresh") && left.contains("Still.There"))
        #expect(try await fixture.count("searches WHERE request_id = \(open)") == 2)
        #expect(try await fixture.count("request_log WHERE request_id = \(old)") == 0)
        #expect(try await fixture.count("request_log WHERE request_id = \(open)") == 2)
        #expect(try await fixture.count("downloads WHERE id = \(download)") == 1)
        #expect(try await fixture.count("form_keys") == 1)
        #expect(try await fixture.count("mail_codes") == 1)
        #expect(try await fixture.count("events") == events)
        #expect(try await Retention(days: 99).prune(fixture.pool) == 0)
    }

    @Test("What was looked up goes when nobody has for long; a picture that a title has stays") func found()
        async throws
    {
        let fixture = try await Fixture.make()
        func picture(_ digit: Character) -> PictureSource {
            PictureSource(key: String(repeating: digit, count: 32), source: "tvmaze", url: "https://a.example/\(digit)")
        }
        try await fixture.pool.transaction { connection in
            try await FoundTitles.save([("1", "one")], of: "tvmaze", to: "old", on: connection)
            try await Pictures.save([picture("a"), picture("b"), picture("c")], on: connection)
            var facts = TitleFacts(kind: .movie, identity: "x", name: "X", year: 2020)
            facts.picture = picture("a")
            _ = try await Titles.save(facts, on: connection)
        }
        for table in ["source_answers", "found_titles", "pictures"] {
            try await fixture.pool.query("UPDATE \(raw: table) SET at = now() - interval '91 days'")
        }
        try await fixture.pool.transaction { connection in
            try await FoundTitles.save([("2", "two")], of: "tvmaze", to: "new", on: connection)
            try await Pictures.save([picture("c")], on: connection)
        }
        #expect(try await Retention(days: 365).prune(fixture.pool) == 3)
        #expect(try await fixture.count("pictures") == 2)
        let answer = try await fixture.pool.withConnection {
            try await FoundTitles.answer(of: "tvmaze", to: "new", as: String.self, on: $0)
        }
        #expect(answer?.titles == ["two"])
    }

    @Test("More than fits a batch") func batches() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        try await fixture.pool.query(
            """
            INSERT INTO searches (request_id, started_at, finished_at, seen, accepted, sentence, answers)
            SELECT \(request), now(), now() - make_interval(days => 200 - n / 20), 0, 0, '', '[]'
            FROM generate_series(1, 2500) AS n
            """)
        // Up to number 2,019 they were a hundred days old when they were made, and are older now.
        #expect(try await Retention(days: 100).prune(fixture.pool) == 2019)
        #expect(try await fixture.count("searches") == 481)
        // The very last one stays, however old.
        #expect(try await Retention(days: 1).prune(fixture.pool) == 480)
    }
}
