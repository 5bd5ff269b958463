import Foundation
import HTTP
import HTTPClient
import HTTPTypes
import OpenIDConnect
import Postgres
import Reactor
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Sign-in with OpenID Connect")
struct ProviderSignInTests {
    private func house(
        _ issuer: String, makesAccounts: Bool = true, roles: [String: Role] = [:]
    ) async throws -> House {
        var outside = OutsideSignIn()
        outside.makesAccounts = makesAccounts
        outside.roles = roles
        var settings = OpenIDProvider.Settings(issuer: issuer, clientID: "usher", clientSecret: "a secret/+")
        settings.name = "the house's key"
        return try await House.inhabited(outside: outside, provider: settings)
    }

    private func query(_ address: String?) throws -> [String: String] {
        let items = URLComponents(string: try #require(address))?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { $1 }
    }

    /// Goes to the stand-in and comes back, as a browser would.
    private func arrive(
        _ browser: Browser, by provider: StandInProvider, from start: String = "/sign-in/provider"
    ) async throws -> Page {
        let there = try query(try await browser.get(start).location)
        let code = provider.code(for: there["nonce"] ?? "")
        return try await browser.get("/sign-in/provider/return?code=\(code)&state=\(there["state"] ?? "")")
    }

    private func user(_ name: String, in house: House) async throws -> User? {
        try await house.pool.withConnection { try await Users.credentials(named: name, on: $0)?.user }
    }

    @Test func aRealProviderSignsSomebodyIn() async throws {
        let claims =
            #"{"sub": "dora", "name": "Dora Example", "email": "d@example.org", "realm": {"roles": ["media"]}}"#
        let provider = try await TestProvider.start(people: [claims])
        let house = try await house(provider.url)
        let browser = try await house.browser()
        let page = try await browser.get("/sign-in?next=%2Frequests")
        #expect(page.text.contains("Sign in with the house's key"))
        let there = try #require(try await browser.get("/sign-in/provider?next=%2Frequests").location)
        #expect(there.hasPrefix(provider.url + "/"))
        #expect(try query(there)["redirect_uri"] == "http://usher.test/sign-in/provider/return")
        // The page there, as somebody fills it in.
        let origin = try #require(WebURL(provider.url)).origin
        let answer = try await HTTPClient(group: TestDatabase.group, userAgent: "test").send(
            ClientRequest(
                url: there, method: .post, fields: [.contentType: "application/x-www-form-urlencoded"],
                body: Array("sub=dora".utf8), addresses: .exactly(origin)))
        let back = try #require(answer.location)
        #expect(back.hasPrefix("http://usher.test/sign-in/provider/return?"))
        let done = try await browser.get(String(back.dropFirst("http://usher.test".count)))
        #expect(done.location == "/requests", "\(done.text)")
        #expect(try await browser.get("/account").value(of: "name") == "Dora Example")
        // The same answer once more is worth nothing.
        let again = try await house.browser()
        #expect(try await again.get(String(back.dropFirst("http://usher.test".count))).status == 400)
    }

    @Test(arguments: ["RS256", "ES256"]) func bothSignaturesAreRead(algorithm: String) async throws {
        let provider = try StandInProvider()
        provider.manner.withLock { $0.algorithm = algorithm }
        let house = try await house(provider.url, roles: ["media": .approver])
        let browser = try await house.browser()
        #expect(try await arrive(browser, by: provider).location == "/")
        #expect(try await user("Dora Example", in: house)?.role == .approver)
        // Once more, with new keys: the same account.
        provider.rotate()
        #expect(try await arrive(try await house.browser(), by: provider).location == "/")
        #expect(try await house.count("users") == 6)
        let token = try #require(provider.requests.first { $0.target == "/token" })
        let basic = (token.fields["authorization"] ?? "").split(separator: " ").last.map(String.init) ?? ""
        let pair = Data(base64Encoded: basic).map { String(decoding: $0, as: UTF8.self) }
        #expect(pair == "usher:a+secret%2F%2B" || pair == "usher:a%20secret%2F%2B")
        #expect(String(decoding: token.body, as: UTF8.self).contains("code_verifier="))
    }

    struct Forgery: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let manner: @Sendable (inout StandInProvider.Manner) -> Void
    }

    static let forgeries = [
        Forgery(testDescription: "wrong nonce") { $0.claims = { $0["nonce"] = "other" } },
        Forgery(testDescription: "no nonce") { $0.claims = { $0["nonce"] = nil } },
        Forgery(testDescription: "wrong issuer") { $0.claims = { $0["iss"] = "http://elsewhere.test" } },
        Forgery(testDescription: "another provider's metadata") { $0.issuer = "http://elsewhere.test" },
        Forgery(testDescription: "wrong audience") { $0.claims = { $0["aud"] = "other" } },
        Forgery(testDescription: "several audiences, made for another") {
            $0.claims = {
                $0["aud"] = ["usher", "other"]; $0["azp"] = "other"
            }
        },
        Forgery(testDescription: "expired") { $0.claims = { $0["exp"] = 1_700_000_000 } },
        Forgery(testDescription: "no end") { $0.claims = { $0["exp"] = nil } },
        Forgery(testDescription: "from the future") { $0.claims = { $0["iat"] = 99_999_999_999 } },
        Forgery(testDescription: "not signed") { $0.algorithm = "none" },
        Forgery(testDescription: "signed with the public key as a secret") { $0.algorithm = "HS256" },
        Forgery(testDescription: "signed by an unknown key") { $0.hidesKey = true },
        Forgery(testDescription: "userinfo of somebody else") { $0.userinfoSubject = "olga" },
        Forgery(testDescription: "nobody") { $0.claims = { $0["sub"] = nil } },
        Forgery(testDescription: "somebody with a zero byte") { $0.claims = { $0["sub"] = "a\u{0}b" } },
    ]

    @Test(arguments: forgeries) func whatIsForgedLetsNobodyIn(forgery: Forgery) async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url)
        let browser = try await house.browser()
        let there = try query(try await browser.get("/sign-in/provider").location)
        provider.manner.withLock { forgery.manner(&$0) }
        let code = provider.code(for: there["nonce"] ?? "")
        let page = try await browser.get("/sign-in/provider/return?code=\(code)&state=\(there["state"] ?? "")")
        #expect(page.status == 502)
        #expect(page.text.contains("Try again later"))
        #expect(try await house.count("users") == 5)
        #expect(try await house.count("sessions") == 0)
    }

    @Test func anAnswerToNobodysQuestionIsRefused() async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url)
        let browser = try await house.browser()
        let there = try query(try await browser.get("/sign-in/provider").location)
        let code = provider.code(for: there["nonce"] ?? "")
        let state = there["state"] ?? ""
        // Another browser, another state, another issuer: the code is not even asked about.
        let other = try await house.browser()
        #expect(try await other.get("/sign-in/provider/return?code=\(code)&state=\(state)").status == 400)
        for query in ["code=\(code)&state=other", "code=\(code)", "code=\(code)&state=\(state)&iss=http://other"] {
            _ = try await browser.get("/sign-in/provider")
            #expect(try await browser.get("/sign-in/provider/return?\(query)").status == 400)
        }
        #expect(!provider.requests.contains { $0.target == "/token" })
        #expect(try await house.count("sessions") == 0)
    }

    @Test func aProviderThatIsAwayIsSaidAndPasswordsWork() async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url)
        provider.stop()
        let browser = try await house.browser()
        let page = try await browser.get("/sign-in/provider")
        #expect(page.status == 502 && page.text.contains("does not answer") && page.hasForm(to: "/sessions"))
        let denied = try await house.browser().get("/sign-in/provider/return?error=access_denied")
        #expect(denied.status == 400 && denied.hasForm(to: "/sessions"))
    }

    @Test func noNameLeadsToSomebodysAccountButTheyCanBindIt() async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url, makesAccounts: false)
        _ = try await house.pool.query("UPDATE users SET name = 'Dora Example' WHERE name = 'Anna'")
        let stranger = try await arrive(try await house.browser(), by: provider)
        #expect(stranger.status == 403 && stranger.text.contains("There is no account"))

        let anna = try await house.browser(of: "Dora Example")
        #expect(try await anna.get("/account/provider").location == "/account")
        let page = try await anna.get("/account")
        let bind = try #require(page.between("href=\"/account/provider", "\"").map { "/account/provider" + $0 })
        #expect(try await arrive(anna, by: provider, from: bind).location == "/account")
        #expect(try await anna.get("/account").text.contains("is bound to this one"))
        let fresh = try await house.browser()
        #expect(try await arrive(fresh, by: provider).location == "/")
        #expect(try await fresh.get("/account").value(of: "name") == "Dora Example")
        #expect(try await house.count("audit WHERE sentence LIKE 'bound their account%'") == 1)
        // It is nobody else's any more.
        let ben = try await house.browser(of: "Ben")
        let other = try #require(try await ben.get("/account").between("href=\"/account/provider", "\""))
        #expect(try await arrive(ben, by: provider, from: "/account/provider" + other).location == "/account")
        #expect(try await ben.get("/account").text.contains("here already, or yours"))

        // It can be ended by whoever has another way in.
        try await house.pool.execute("UPDATE users SET password_hash = NULL WHERE name = 'Dora Example'")
        #expect(try await !anna.get("/account").html.contains("/account/provider/ending"))
        #expect(try await anna.post("/account/provider/ending").status == 409)
        try await house.pool.execute("UPDATE users SET password_hash = 'x' WHERE name = 'Dora Example'")
        #expect(try await anna.get("/account").html.contains("/account/provider/ending"))
        #expect(try await anna.post("/account/provider/ending").location == "/account")
        #expect(try await house.count("identities") == 0)
        #expect(try await house.count("audit WHERE sentence LIKE 'unbound their account%'") == 1)
    }

    @Test func whatSomebodyBeganIsNotBoundToWhoeverSignsInMeanwhile() async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url, makesAccounts: false)
        let browser = try await house.browser(of: "Ben")
        let bind = try #require(try await browser.get("/account").between("href=\"/account/provider", "\""))
        let there = try query(try await browser.get("/account/provider" + bind).location)
        let code = provider.code(for: there["nonce"] ?? "")
        // Anna sits down at the same browser.
        try await house.pool.execute(
            "UPDATE sessions SET user_id = (SELECT id FROM users WHERE name = 'Anna')")
        let page = try await browser.get("/sign-in/provider/return?code=\(code)&state=\(there["state"] ?? "")")
        #expect(page.location == "/sign-in")
        #expect(try await house.count("identities") == 0)
    }

    @Test(arguments: [true, false]) func whoSignsOutIsLedOutOfTheProviderToo(signsOut: Bool) async throws {
        let provider = try StandInProvider()
        provider.manner.withLock { $0.signsOut = signsOut }
        let house = try await house(provider.url)
        let browser = try await house.browser()
        _ = try await arrive(browser, by: provider)
        _ = try await browser.get("/")
        let out = try #require(try await browser.post("/session/ending").location)
        let page = try await browser.get(out)
        #expect(page.text.contains("Sign out of the house's key too"))
        let there = try await browser.get("/sign-in/provider/ending")
        if signsOut {
            #expect(there.location?.hasPrefix(provider.url + "/logout?from=usher&") == true)
            #expect(try query(there.location)["post_logout_redirect_uri"] == "http://usher.test/sign-in")
            #expect(try query(there.location)["client_id"] == "usher")
        } else {
            #expect(there.status == 400 && there.text.contains("has no page for signing out"))
        }
        // Who came in by a password is not bothered with it.
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/")
        #expect(try await anna.post("/session/ending").location == "/sign-in")
    }

    @Test func manyWhoSetOutAreOneQuestionAndManyWrongCodesAreRefused() async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url)
        for _ in 1...5 { #expect(try await house.browser().get("/sign-in/provider").location != nil) }
        #expect(provider.requests.count == 1)
        let browser = try await house.browser()
        for number in 1...(SignInFailures.limitPerAddress + 1) {
            let state = try query(try await browser.get("/sign-in/provider").location)["state"] ?? ""
            let page = try await browser.get("/sign-in/provider/return?code=wrong&state=\(state)")
            #expect(page.status == (number > SignInFailures.limitPerAddress ? 429 : 502))
        }
        #expect(provider.requests.count { $0.target == "/token" } == SignInFailures.limitPerAddress)
    }

    @Test func behindAProxyTheAddressOfTheReturnIsTheBrowsers() async throws {
        let provider = try StandInProvider()
        let house = try await house(provider.url)
        let browser = try await house.browser(isSecure: true)
        let there = try query(try await browser.get("/sign-in/provider?next=//evil.test").location)
        #expect(there["redirect_uri"] == "https://usher.test/sign-in/provider/return")
        #expect(there["code_challenge_method"] == "S256" && there["scope"] == "openid profile email groups")
        let code = provider.code(for: there["nonce"] ?? "")
        let page = try await browser.get("/sign-in/provider/return?code=\(code)&state=\(there["state"] ?? "")")
        #expect(page.location == "/")
    }
}
