import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Indexers")
struct IndexerTests {
    private static func form(_ url: String, key: String = "household-key") -> [(String, String)] {
        [
            ("name", "Attic"), ("url", url), ("key", key), ("priority", "10"), ("enabled", "yes"),
            ("kind", "movie"), ("kind", "game"), ("seeders", ""), ("hourly", "60"),
        ]
    }

    private func olga(_ house: House) async throws -> Browser {
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/indexers/new")
        return olga
    }

    @Test func oneThatAnswersIsTestedSavedChangedAndRemoved() async throws {
        let indexer = try StandInIndexer()
        defer { indexer.stop() }
        let house = try await House.inhabited()
        let olga = try await olga(house)
        let tested = try await olga.post("/admin/indexers/tests", Self.form(indexer.url))
        #expect(tested.status == 200)
        #expect(tested.text.contains("newest releases"))
        #expect(tested.value(of: "name") == "Attic" && tested.value(of: "priority") == "10")
        #expect(try await house.count("indexers") == 0)

        #expect(try await olga.post("/admin/indexers", Self.form(indexer.url)).location == "/admin/indexers")
        let list = try await olga.get("/admin/indexers")
        #expect(list.text.contains("Attic"))
        #expect(!list.html.contains("household-key"))
        let id: Int64 = try await house.pool.query("SELECT id FROM indexers")[0].get("id")
        let page = try await olga.get("/admin/indexers/\(id)")
        #expect(!page.html.contains("household-key"))

        #expect(list.text.contains("Movies, Games"))
        let stored = try await olga.post("/admin/indexers/\(id)/tests")
        #expect(stored.status == 200 && stored.text.contains("newest releases"))
        #expect(stored.value(of: "hourly") == "60" && stored.value(of: "seeders") == "")

        let twin = try await olga.post("/admin/indexers", Self.form(indexer.url))
        #expect(twin.error(at: "name")?.contains("already") == true)
        // The key stays when nothing is typed, but never goes to another address.
        #expect(try await olga.post("/admin/indexers/\(id)", Self.form(indexer.url, key: "")).status == 303)
        let moved = try await olga.post("/admin/indexers/\(id)", Self.form("http://127.0.0.1:1/api", key: ""))
        #expect(moved.error(at: "key") != nil)
        #expect(try await olga.post("/admin/indexers/\(id)/deletion").status == 303)
        #expect(try await house.count("indexers") == 0)
    }

    @Test func oneThatIsLeftAloneIsTriedNow() async throws {
        let house = try await House.inhabited()
        let olga = try await olga(house)
        let id = try await house.pool.transaction { connection in
            let id = try await Indexers.add(
                IndexerSettings(name: "Attic", url: "http://127.0.0.1:1/api"), on: connection)
            try await Indexers.noteFailure(id, error: "It slept.", failures: 3, blockedFor: 3600, on: connection)
            guard case .granted(let ask) = try await IndexerAsks.begin(.search, of: id, on: connection) else {
                return id
            }
            try await IndexerAsks.end(ask, milliseconds: 17, items: nil, error: "It slept.", on: connection)
            return id
        }
        let list = try await olga.get("/admin/indexers")
        #expect(list.text.contains("after 3 failures") && list.text.contains("Try now"))
        let page = try await olga.get("/admin/indexers/\(id)")
        #expect(page.text.contains("It slept.") && page.text.contains("17 ms"))
        #expect(try await olga.post("/admin/indexers/\(id)/trial").location == "/admin/indexers")
        #expect(try await !olga.get("/admin/indexers").text.contains("Try now"))
        #expect(try await olga.post("/admin/indexers/\(id + 1)/trial").status == 404)
    }

    @Test func withoutAnyKindItIsForNothing() async throws {
        let house = try await House.inhabited()
        let form = Self.form("http://127.0.0.1:1/api").filter { $0.0 != "kind" }
        #expect(try await olga(house).post("/admin/indexers", form).error(at: "kind") != nil)
    }

    @Test(arguments: ["nonsense", "ftp://127.0.0.1/api", "http://"])
    func whatIsNoAddressSaysSoAtTheAddress(url: String) async throws {
        let house = try await House.inhabited()
        let page = try await olga(house).post("/admin/indexers", Self.form(url))
        #expect(page.status == 422)
        #expect(page.error(at: "url") != nil)
        #expect(page.value(of: "url") == url)
    }

    @Test func aWrongKeyIsSaidAtTheKey() async throws {
        let indexer = try StandInIndexer()
        defer { indexer.stop() }
        let house = try await House.inhabited()
        for path in ["/admin/indexers", "/admin/indexers/tests"] {
            let page = try await olga(house).post(path, Self.form(indexer.url, key: "wrong"))
            #expect(page.status == 422)
            #expect(page.error(at: "key") != nil)
            #expect(page.value(of: "name") == "Attic")
        }
    }

    @Test(arguments: [StandInIndexer.Mode.page, .silence, .closing, .status(500)])
    func oneThatDoesNotAnswerAsItShouldIsSavedOnlyByInsisting(mode: StandInIndexer.Mode) async throws {
        let indexer = try StandInIndexer()
        defer { indexer.stop() }
        indexer.behave(mode)
        let house = try await House.inhabited()
        let olga = try await olga(house)
        let page = try await olga.post("/admin/indexers", Self.form(indexer.url))
        #expect(page.status == 422)
        #expect(page.error(at: "url") != nil)
        #expect(page.text.contains("Save it all the same"))
        let insisted = try await olga.post("/admin/indexers", Self.form(indexer.url) + [("anyway", "yes")])
        #expect(insisted.status == 303)
        #expect(try await house.count("indexers") == 1)
    }
}
