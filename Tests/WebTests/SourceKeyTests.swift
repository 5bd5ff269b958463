import Metadata
import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Keys of sources", .timeLimit(.minutes(10)))
struct SourceKeyTests {
    private static let works: [StandInTMDB.Work] = [
        .init(990_001, "The Paper Lighthouse", 2024, imdb: "tt9900001"),
        .init(880_201, "Lighthouse Keepers", 2025, seasons: [1: 3, 2: 2]),
    ]

    private func inPlace(_ body: (House, StandInTMDB, StandInIGDB) async throws -> Void) async throws {
        let tmdb = try StandInTMDB(works: Self.works)
        defer { tmdb.stop() }
        let igdb = try StandInIGDB(games: [.init(1, "Lighthouse Courier", date: 1_683_158_400, platforms: ["Switch"])])
        defer { igdb.stop() }
        var addresses = SourceAddresses.standIns()
        addresses[.tmdb] = tmdb.url
        addresses[.igdb] = igdb.url
        let house = try await House.inhabited(addresses)
        try await house.pool.query("UPDATE settings SET sources = '{}'")
        try await body(house, tmdb, igdb)
    }

    @Test func aKeyIsTestedSavedUsedAndTakenAway() async throws {
        try await inPlace { house, tmdb, igdb in
            let olga = try await house.browser(of: "Olga")
            let anna = try await house.browser(of: "Anna")
            #expect(try await olga.get("/admin/sources").text.contains("There is no key: it is not asked."))
            #expect(try await anna.get("/search?q=lighthouse").hits.isEmpty && tmdb.requests.isEmpty)

            let wrong = try await olga.post("/admin/sources/tmdb/tests", [("tmdb-secret", "wrong")])
            #expect(wrong.status == 422 && wrong.text.contains("It says: Invalid API key: You must be granted"))
            let right = try await olga.post("/admin/sources/tmdb/tests", [("tmdb-secret", StandInTMDB.key)])
            #expect(right.status == 200 && right.text.contains("TMDB takes the key."))
            #expect(try await house.count("source_keys") == 0)
            #expect(
                try await olga.post("/admin/sources/tmdb", [("tmdb-secret", "two words")]).error(at: "tmdb-secret")
                    != nil)
            #expect(try await olga.post("/admin/sources/tmdb", [("tmdb-secret", "wrong")]).status == 303)
            #expect(try await anna.get("/search?q=lighthouse").text.contains("TMDB does not take the key."))
            // With the right one it is asked at once, whatever it said to the wrong one.
            #expect(try await olga.post("/admin/sources/tmdb", [("tmdb-secret", StandInTMDB.key)]).status == 303)
            let games = [("igdb-client", StandInIGDB.client), ("igdb-secret", StandInIGDB.secret)]
            #expect(try await olga.post("/admin/sources/igdb", games).status == 303)
            let page = try await olga.get("/admin/sources")
            #expect(!page.html.contains(StandInTMDB.key) && !page.html.contains(StandInIGDB.secret))
            #expect(page.value(of: "igdb-client") == StandInIGDB.client)
            // A stored secret is used when none is typed, and only with the client that it belongs to.
            let stored = [("igdb-client", StandInIGDB.client), ("igdb-secret", "")]
            #expect(try await olga.post("/admin/sources/igdb/tests", stored).status == 200)
            let other = [("igdb-client", "other"), ("igdb-secret", "")]
            #expect(try await olga.post("/admin/sources/igdb/tests", other).error(at: "igdb-secret") != nil)

            let found = try await anna.get("/search?q=lighthouse")
            #expect(
                Set(found.hits.map(\.title)) == ["The Paper Lighthouse", "Lighthouse Keepers", "Lighthouse Courier"])
            #expect(found.text.contains("This product uses the TMDB API but is not endorsed or certified by TMDB."))

            for source in ["tmdb", "igdb"] {
                #expect(try await olga.post("/admin/sources/\(source)/deletion").status == 303)
            }
            #expect(try await anna.get("/search?q=lighthouse").hits.isEmpty)
            for source in ["wikidata", "x"] {
                #expect(try await olga.post("/admin/sources/\(source)", [("x-secret", "y")]).status == 404)
            }
        }
    }

    @Test func aShowThatOnlyTMDBKnowsIsAskedForWithItsSeasons() async throws {
        try await inPlace { house, tmdb, _ in
            try await house.pool.withConnection {
                try await SourceKeys.save(.init(secret: StandInTMDB.token), of: "tmdb", on: $0)
            }
            let anna = try await house.browser(of: "Anna")
            let hits = try await anna.get("/search?q=keepers").hits
            let form = try await anna.get(try #require(hits.first).href)
            #expect(form.value(of: "seasons") == "1: 3, 2: 2" && form.value(of: "title") == "Lighthouse Keepers")
            let asked = try await anna.post(
                "/requests",
                [
                    ("key", form.value(of: "key") ?? ""), ("kind", "show"), ("found", "tmdb:tv/880201"),
                    ("title", "Lighthouse Keepers"), ("year", "2025"), ("seasons", "1: 3, 2: 2"), ("choosing", "ask"),
                ])
            #expect(asked.status == 303)
            let rows = try await house.pool.query(
                """
                SELECT titles.source, value AS id FROM titles
                JOIN title_ids ON title_id = titles.id AND title_ids.source = 'tmdb_tv'
                """)
            let (source, id): (String, String) = (try rows[0].get("source"), try rows[0].get("id"))
            #expect(source == "tmdb" && id == "880201")
            #expect(try await house.count("items") == 5)
        }
    }
}
