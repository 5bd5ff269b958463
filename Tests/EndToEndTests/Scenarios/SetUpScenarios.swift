import HTTPClient
import HTTPTypes
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
            let setUp = try await anna.get("/setup?token=guessed").form("/setup")
            let refused = try await anna.submit(setUp, ["name": ["Anna"], "password": [Household.password]])
            #expect(refused.status == 422)
            #expect(refused.reason(at: "token") != nil)
            #expect(refused.value(of: "name") == "Anna")
            let token = try #require(world.usher.setupToken)
            let weak = try await anna.submit(setUp, ["token": [token], "name": ["Anna"], "password": ["short"]])
            #expect(weak.status == 422)
            #expect(weak.reason(at: "password") != nil)

            let home = try await anna.setUpHouse(name: "Anna", token: token)
            #expect(home.status == 200)
            #expect(home.address == "/admin/guide")
            // It works once.
            let again = try await Browser(world).get("/setup?token=\(token)")
            #expect(again.address.hasPrefix("/sign-in"))

            try await anna.addIndexer(world.indexer)
            let request = try await anna.askForMovie("Kept Over Night", year: 2012)

            // No secret is in the log, whatever became of it, and nothing that steers a terminal (OWASP ASVS 5.0.0,
            // 16.2.5 and 16.4.1).
            let mistyped = "typed into the wrong field"
            #expect(try await Browser(world).signIn(name: "Anna\u{1b}[2J\n", password: mistyped).status == 422)
            let second = Browser(world)
            let form = try await second.get("/sign-in").form("/sessions")
            let entries = ["name": ["Anna"], "password": [Household.password]]
            let signedIn = try await second.send("/sessions", fields: form.filled(entries))
            let tokens = signedIn.fields[values: .setCookie].compactMap { $0.firstMatch(of: /usher=([^;]{20,})/)?.1 }
            #expect(tokens.count == 1)
            let secrets = [world.indexer.apiKey, Household.password, mistyped] + tokens.map(String.init)
            let log = world.usher.log
            #expect(log.contains("A sign-in failed") && log.contains("Signed in"))
            for secret in secrets { #expect(!log.contains(secret)) }
            #expect(log.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })

            #expect(try await world.usher.stop() == 0)
            #expect(!world.runsPostgres)
            #expect(throws: TestSupportError.self) { try world.aria2PID() }
            try await world.usher.start()
            #expect(world.usher.setupToken == nil)
            #expect(try await anna.get(request).title.contains("Kept Over Night"))
        }
    }
}
