import Metadata
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("What is for older people", .timeLimit(.minutes(10)))
struct AgeLimitTests {
    private struct Place {
        let house: House
        let anna: Browser
        let olga: Browser
    }

    /// Anna is a child for whom is what is for up to twelve.
    private func inPlace(unrated: String, _ body: (Place) async throws -> Void) async throws {
        let tmdb = try StandInTMDB(works: [
            .init(1, "Lighthouse for All", 2024, imdb: "tt1", ratings: ["US": "G"]),
            .init(2, "Lighthouse at Night", 2023, imdb: "tt2", ratings: ["DE": "16"]),
            .init(3, "Lighthouse Unrated", 2022, imdb: "tt3"),
        ])
        defer { tmdb.stop() }
        var addresses = SourceAddresses.standIns()
        addresses[.tmdb] = tmdb.url
        let house = try await House.inhabited(addresses)
        try await house.pool.query("UPDATE settings SET sources = '{}'")
        try await house.pool.query("UPDATE users SET role = 'child' WHERE name = 'Anna'")
        try await house.pool.query("UPDATE role_limits SET approved_kinds = '{}'")
        try await house.pool.withConnection {
            try await SourceKeys.save(.init(secret: StandInTMDB.key), of: "tmdb", on: $0)
        }
        let olga = try await house.browser(of: "Olga")
        let id: Int64 = try await house.pool.query("SELECT id FROM users WHERE name = 'Anna'")[0].get("id")
        _ = try await olga.get("/admin/accounts/\(id)")
        let form = [("age", "12"), ("unrated", unrated)]
        #expect(try await olga.post("/admin/accounts/\(id)/age", form).status == 303)
        try await body(Place(house: house, anna: try await house.browser(of: "Anna"), olga: olga))
    }

    private func form(_ id: Int, _ title: String, _ year: String) -> [(String, String)] {
        [
            ("key", FormKey.make()), ("kind", "movie"), ("title", title), ("year", year), ("choosing", "ask"),
        ] + (id > 0 ? [("found", "tmdb:movie/\(id)")] : [])
    }

    @Test func itIsKeptFromThemEverywhere() async throws {
        try await inPlace(unrated: "hidden") { place in
            let all = try await place.olga.get("/search?q=lighthouse")
            #expect(all.hits.count == 3)
            let seen = try await place.anna.get("/search?q=lighthouse")
            #expect(seen.hits.map(\.title) == ["Lighthouse for All"])
            // By the address of the sheet, by the form, and under another name.
            let sheet = try await place.anna.get("/requests/new?kind=movie&found=tmdb%3Amovie%2F2")
            #expect(sheet.status == 403)
            #expect(sheet.text.contains("This is for people of 16 and older, and you may have what is for up to 12."))
            for (id, name) in [(2, "Lighthouse at Night"), (2, "Innocent"), (3, "Lighthouse Unrated"), (0, "By Hand")] {
                _ = try await place.anna.get("/requests/new?kind=movie")
                let asked = try await place.anna.post("/requests", form(id, name, "2023"))
                #expect(asked.status == 403 || asked.status == 422, "\(name)")
            }
            #expect(try await place.house.count("requests") == 0)
            _ = try await place.anna.post("/requests", form(1, "Something Else", "2001"))
            let name: String = try await place.house.pool.query("SELECT name FROM titles")[0].get("name")
            #expect(name == "Lighthouse for All", "the rating of one title is no way to another")
        }
    }

    @Test func whatOthersAskedForIsNotThere() async throws {
        try await inPlace(unrated: "shown") { place in
            _ = try await place.olga.get("/search?q=lighthouse")
            let asked = try await place.olga.post("/requests", form(2, "Lighthouse at Night", "2023"))
            #expect(asked.status == 303)
            let id: Int64 = try await place.house.pool.query("SELECT id FROM requests")[0].get("id")
            for path in ["/requests/\(id)", "/requests/\(id)/searches", "/requests/\(id)/demands"] {
                #expect(try await place.anna.get(path).status == 404, "\(path)")
            }
            try await place.house.pool.query("UPDATE titles SET released_on = current_date + 1")
            for path in ["/requests", "/", "/search?q=night", "/calendar?view=agenda"] {
                #expect(try await !place.anna.get(path).text.contains("Lighthouse at Night"), "\(path)")
                #expect(try await place.olga.get(path).text.contains("Lighthouse at Night"), "\(path)")
            }
            for path in ["people", "searches"] {
                #expect(try await place.anna.post("/requests/\(id)/\(path)").status == 403, "\(path)")
            }
            // Typed in, it is the same title; typed otherwise, nobody knows what it is.
            #expect(try await place.anna.post("/requests", form(0, "lighthouse at night", "2023")).status == 422)
            #expect(try await place.anna.post("/requests", form(0, "The Light of the House", "2023")).status == 303)
            #expect(try await place.anna.post("/requests", form(3, "Lighthouse Unrated", "2022")).status == 303)
            let keys = try await place.house.pool.query("SELECT key FROM pictures WHERE url LIKE '%/p2.jpg'")
            let key: String = try keys[0].get("key")
            let poster = try await place.olga.get("/pictures/\(key)")
            let nothing = try await place.anna.get("/pictures/\(key)")
            #expect(poster.status == 200 && nothing.html != poster.html)
            // Grown up.
            try await place.house.pool.query("UPDATE users SET role = 'member' WHERE name = 'Anna'")
            #expect(try await place.anna.get("/requests/\(id)").status == 200)
        }
    }
}
