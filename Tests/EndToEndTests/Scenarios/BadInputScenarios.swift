import TestSupport
import Testing

extension EndToEndTests {
    /// Every form comes back with its fields kept and the reason at the field.
    @Suite("Bad input") struct BadInput {
        /// What is typed into the form for a movie, and where the reason stands.
        struct Mistake: Sendable, CustomTestStringConvertible {
            let testDescription: String
            let field: String
            let entries: [String: [String]]
        }

        @Test(
            "A movie",
            arguments: [
                Mistake(testDescription: "no title", field: "title", entries: ["title": ["  "]]),
                Mistake(testDescription: "year 18", field: "year", entries: ["year": ["18"]]),
                Mistake(testDescription: "year 3000", field: "year", entries: ["year": ["3000"]]),
                Mistake(testDescription: "no year", field: "year", entries: ["year": [""]]),
                Mistake(testDescription: "unknown quality", field: "quality", entries: ["quality": ["9000p"]]),
                Mistake(testDescription: "unknown format", field: "format", entries: ["format": ["betamax"]]),
            ])
        func movie(mistake: Mistake) async throws {
            let house = try await Household.home()
            let form = try await house.ben.get("/requests/new?kind=movie").form("/requests", having: "kind")
            let good = ["title": ["<b>Tom & \"Jerry\"</b>"], "year": ["2001"], "format": ["x265"]]
            let page = try await house.ben.submit(form, good.merging(mistake.entries) { $1 })
            #expect(page.status == 422)
            #expect(page.reason(at: mistake.field)?.isEmpty == false)
            let back = try page.form("/requests", having: "kind")
            for (name, values) in good where name != mistake.field {
                #expect(back.values(name) == values)
            }
            #expect(back.values("key") == form.values("key"))
        }

        @Test("A show without a tick, with a season that is not there, and one nobody knows") func show() async throws {
            let house = try await Household.home()
            let address = "/requests/new/show/\(Shows.harbour.id)"
            let form = try await house.ben.get(address).form("/requests", having: "kind")
            let none = try await house.ben.submit(form, ["scope": ["selection"], "season": [], "episode": []])
            #expect(none.status == 422)
            #expect(none.reason(at: "seasons")?.contains("Tick") == true)
            let missing = try await house.ben.submit(form, ["scope": ["selection"], "season": ["9"]])
            #expect(missing.reason(at: "seasons")?.contains("no season 9") == true)
            let episode = try await house.ben.submit(
                form, ["scope": ["selection"], "episode": ["S01E01", "S01E99"]])
            #expect(episode.status == 422)
            #expect(episode.reason(at: "seasons") != nil)
            #expect(try episode.form("/requests", having: "kind").values("episode").contains("S01E01"))
            #expect(try await house.ben.get("/requests/new/show/424242").status == 404)
        }

        @Test("A game on each of no platforms") func game() async throws {
            let house = try await Household.home()
            let form = try await house.ben.get("/requests/new?kind=game").form("/requests", having: "kind")
            let page = try await house.ben.submit(form, ["title": ["Anything"], "platform": [], "each": ["yes"]])
            #expect(page.status == 422)
            #expect(page.reason(at: "platform") != nil)
            #expect(page.value(of: "title") == "Anything")
        }

        @Test("An indexer") func indexer() async throws {
            let house = try await Household.home()
            let form = try await house.anna.get("/admin/indexers/new").form("/admin/indexers")
            let indexer = try StandInIndexer()
            defer { indexer.stop() }
            func test(_ url: String, key: String = "household-key") async throws -> Page {
                try await house.anna.submit(
                    form, ["name": ["Other"], "url": [url], "key": [key]], to: "/admin/indexers/tests")
            }
            let good = try await test(indexer.url)
            #expect(good.status == 200)
            #expect(!good.notices.isEmpty)

            let noURL = try await test("not an address")
            #expect(noURL.status == 422)
            #expect(noURL.reason(at: "url") != nil)
            #expect(noURL.value(of: "url") == "not an address")
            let wrongKey = try await test(indexer.url, key: "wrong")
            #expect(wrongKey.status == 422)
            #expect(wrongKey.reason(at: "key") != nil)
            #expect(!wrongKey.source.contains("wrong\""))
            indexer.behave(.page)
            let page = try await test(indexer.url)
            #expect(page.reason(at: "url")?.contains("HTML") == true)
            indexer.behave(.silence)
            let silent = try await test(indexer.url)
            #expect(silent.reason(at: "url") != nil)
            indexer.stop()
            let gone = try await test(indexer.url)
            #expect(gone.reason(at: "url") != nil)
        }

        @Test("A sign-in says the same for a wrong name and a wrong password") func signIn() async throws {
            let house = try await Household.home()
            let wrongName = try await Browser(house.world).signIn(name: "Nobody", password: "something long enough")
            let wrongPassword = try await Browser(house.world).signIn(name: "Ben", password: "something long enough")
            #expect(wrongName.status == 422)
            #expect(wrongName.notices == wrongPassword.notices)
            #expect(!wrongName.notices.isEmpty)
        }
    }
}
