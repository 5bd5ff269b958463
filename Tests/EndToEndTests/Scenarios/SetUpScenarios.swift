import TestSupport
import Testing

extension EndToEndTests {
    /// From nothing to a house, and through a stop and a start.
    @Suite("Setting up") struct SettingUp {
        @Test("The token, the first account, a stop and a start") func firstStart() async throws {
            let world = try await World.start()
            defer { world.close() }
            let anna = Browser(world)
            let welcome = try await anna.get("/")
            #expect(welcome.address.hasPrefix("/setup") || welcome.address.hasPrefix("/sign-in"))
            let form = try await anna.get("/setup?token=guessed").form("/setup")
            let refused = try await anna.submit(form, ["name": ["Anna"], "password": [Household.password]])
            #expect(refused.status == 422)
            #expect(refused.reason(at: "token") != nil)
            #expect(refused.value(of: "name") == "Anna")
            let token = try #require(world.usher.setupToken)
            let weak = try await anna.submit(form, ["token": [token], "name": ["Anna"], "password": ["short"]])
            #expect(weak.status == 422)
            #expect(weak.reason(at: "password") != nil)

            let home = try await anna.setUpHouse(name: "Anna", token: token)
            #expect(home.status == 200)
            #expect(home.address == "/")
            // It works once.
            let again = try await Browser(world).get("/setup?token=\(token)")
            #expect(again.address.hasPrefix("/sign-in"))

            try await anna.addIndexer(world.indexer)
            let request = try await anna.askForMovie("Kept Over Night", year: 2012)
            let log = world.usher.log
            #expect(!log.contains(world.indexer.apiKey))
            #expect(!log.contains(Household.password))

            #expect(try await world.usher.stop() == 0)
            #expect(!world.runsPostgres)
            #expect(throws: TestSupportError.self) { try world.aria2PID() }
            try await world.usher.start()
            #expect(world.usher.setupToken == nil)
            #expect(try await anna.get(request).title.contains("Kept Over Night"))
        }
    }
}
