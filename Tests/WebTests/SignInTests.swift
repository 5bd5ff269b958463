import HTTPTypes
import Postgres
import Storage
import Testing

@testable import Web

@Suite("Set-up, signing in and out")
struct SignInTests {
    private static let password = "correct horse battery"

    @Test func theFirstAdministratorIsMadeWithTheToken() async throws {
        let house = try await House.empty()
        let token = try #require(try await house.web.setupToken())
        let browser = try await house.browser()
        #expect(try await browser.get("/sign-in").location == "/setup")
        let form = try await browser.get("/setup?token=\(token)")
        #expect(form.status == 200)

        let wrong = try await browser.post(
            "/setup", [("token", "wrong"), ("name", "Olga"), ("password", Self.password)])
        #expect(wrong.status == 422)
        #expect(wrong.error(at: "token") != nil)
        #expect(wrong.value(of: "name") == "Olga")

        let short = try await browser.post("/setup", [("token", token), ("name", "Olga"), ("password", "short")])
        #expect(short.error(at: "password")?.contains("at least 8") == true)
        #expect(!short.html.contains("value=\"short\""))

        let filled = [("token", token), ("name", "Olga"), ("password", Self.password)]
        let nowhere = try await browser.post("/setup", filled + [("zone", "Europe/Atlantis")])
        #expect(nowhere.error(at: "zone") != nil)
        let done = try await browser.post("/setup", filled + [("zone", "Europe/Lisbon")])
        #expect(done.location == "/admin/guide")
        #expect(try await browser.get("/admin/guide").text.contains("This account is the administrator's"))
        #expect(try await house.web.setupToken() == nil)
        #expect(try await house.count("settings WHERE time_zone = 'Europe/Lisbon'") == 1)
        let again = try await house.browser()
        #expect(try await again.get("/setup?token=\(token)").location == "/sign-in")
    }

    @Test func ofTwoAtOnceOneMakesTheAdministrator() async throws {
        let house = try await House.empty()
        let token = try #require(try await house.web.setupToken())
        let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for name in ["Olga", "Oleg"] {
                tasks.addTask {
                    let browser = try await house.browser()
                    _ = try await browser.get("/setup")
                    let form = [("token", token), ("name", name), ("password", Self.password)]
                    return try await browser.post("/setup", form).status
                }
            }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [303, 409])
        #expect(try await house.count("users") == 1)
    }

    @Test func signingInAndOut() async throws {
        let house = try await House.empty()
        _ = try await Accounts.create(name: "Anna", password: Self.password, role: .member, in: house.pool)
        let browser = try await house.browser()
        #expect(try await browser.get("/requests?kind=movie").location == "/sign-in?next=%2Frequests%3Fkind%3Dmovie")
        _ = try await browser.get("/sign-in?next=%2Frequests%3Fkind%3Dmovie")

        let wrong = try await browser.post("/sessions", [("name", "Anna"), ("password", "wrong")])
        let unknown = try await browser.post("/sessions", [("name", "Nobody"), ("password", "wrong")])
        #expect(wrong.status == 422)
        #expect(wrong.text.contains("The name or the password is wrong."))
        #expect(wrong.value(of: "name") == "Anna")
        #expect(unknown.status == wrong.status)
        #expect(unknown.text == wrong.text)

        let form = [("name", "anna"), ("password", Self.password), ("next", "/requests?kind=movie")]
        #expect(try await browser.post("/sessions", form).location == "/requests?kind=movie")
        let home = try await browser.get("/")
        #expect(home.status == 200)
        #expect(try await browser.post("/session/ending").location == "/sign-in")
        #expect(try await browser.get("/").location == "/sign-in")
        #expect(try await house.count("sessions") == 0)
    }

    @Test(arguments: ["//evil.test", "https://evil.test", "/\\evil.test", "", "evil", "/a\u{1}b"])
    func afterSigningInNobodyIsLedElsewhere(next: String) {
        #expect(SignIn.destination(next) == "/")
    }

    @Test func triesAreLimitedByName() async throws {
        let house = try await House.inhabited()
        for _ in 0..<SignInFailures.limitPerName {
            let attempt = try await house.pool.transaction {
                try await SignInFailures.begin(name: "anna", address: "192.0.2.50", on: $0)
            }
            guard case .allowed = attempt else {
                Issue.record("refused too early")
                return
            }
        }
        let browser = try await house.browser()
        _ = try await browser.get("/sign-in")
        let page = try await browser.post("/sessions", [("name", "Anna"), ("password", "whatever")])
        #expect(page.status == 429)
        #expect(page.fields[.retryAfter] != nil)
        #expect(page.text.contains("15 minutes"))
        // Whoever is signed in stays so, and other names are not concerned.
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/").status == 200)
        #expect(try await browser.post("/sessions", [("name", "Ben"), ("password", "whatever")]).status == 422)
    }

    /// Whoever tries many names from one place is refused there, whatever the name; elsewhere nobody notices.
    @Test func triesAreLimitedByAddress() async throws {
        let house = try await House.inhabited()
        func isAllowed(_ name: String, from address: String) async throws -> Bool {
            let attempt = try await house.pool.transaction {
                try await SignInFailures.begin(name: name, address: address, on: $0)
            }
            if case .allowed = attempt { return true } else { return false }
        }
        for number in 0..<SignInFailures.limitPerAddress {
            #expect(try await isAllowed("name \(number)", from: "192.0.2.7"))
        }
        #expect(try await !isAllowed("anna", from: "192.0.2.7"))
        #expect(try await isAllowed("anna", from: "192.0.2.8"))
        let browser = try await house.browser()
        _ = try await browser.get("/sign-in")
        #expect(try await browser.post("/sessions", [("name", "Ben"), ("password", "whatever")]).status == 429)
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/").status == 200)
    }

    @Test func manyTriesAtOnceAreNoWayAroundTheLimit() async throws {
        let house = try await House.inhabited()
        let allowed = try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for number in 0..<18 {
                tasks.addTask {
                    let attempt = try await house.pool.transaction {
                        try await SignInFailures.begin(name: "anna", address: "192.0.2.\(number)", on: $0)
                    }
                    if case .allowed = attempt { return true } else { return false }
                }
            }
            return try await tasks.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(allowed == SignInFailures.limitPerName)
    }

    @Test func cookiesAreGuarded() async throws {
        let house = try await House.empty()
        _ = try await Accounts.create(name: "Anna", password: Self.password, role: .member, in: house.pool)
        for isSecure in [false, true] {
            let browser = try await house.browser(isSecure: isSecure)
            _ = try await browser.get("/sign-in")
            let page = try await browser.post("/sessions", [("name", "Anna"), ("password", Self.password)])
            let name = isSecure ? "__Host-usher=" : "usher="
            let cookie = try #require(page.fields[values: .setCookie].first { $0.hasPrefix(name) })
            #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"))
            #expect(cookie.contains("; Secure") == isSecure)
            #expect((page.fields[.strictTransportSecurity] != nil) == isSecure)
        }
    }

    @Test func aChangedPasswordEndsOtherSessions() async throws {
        let house = try await House.empty()
        _ = try await Accounts.create(name: "Anna", password: Self.password, role: .member, in: house.pool)
        let here = try await house.browser(of: "Anna")
        let there = try await house.browser(of: "Anna")
        _ = try await here.get("/account")
        let wrong = try await here.post("/account/password", [("current", "wrong"), ("password", "another long one")])
        #expect(wrong.error(at: "current") == "That is not your password.")
        let right = try await here.post(
            "/account/password", [("current", Self.password), ("password", "another long one")])
        #expect(right.location == "/account")
        #expect(try await here.get("/account").status == 200)
        #expect(try await there.get("/account").status == 303)
    }

    @Test func ownSessionsCanBeEndedAndOthersCannot() async throws {
        let house = try await House.inhabited()
        let here = try await house.browser(of: "Anna")
        let there = try await house.browser(of: "Anna")
        _ = try await house.browser(of: "Ben")
        _ = try await here.get("/account")
        let ids: [Int64] = try await house.pool.query("SELECT id FROM sessions ORDER BY id").map { try $0.get("id") }
        #expect(try await here.post("/account/sessions/\(ids[1])/ending").status == 303)
        #expect(try await there.get("/").status == 303)
        #expect(try await here.post("/account/sessions/\(ids[2])/ending").status == 404)
        #expect(try await house.count("sessions") == 2)
    }
}
