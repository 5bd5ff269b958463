import HTTP
import HTTPTypes
import Orchestrator
import Postgres
import Reactor
import Storage
import Testing

@testable import Web

/// What OWASP ASVS 5.0.0 asks of pages and accounts, where no other suite shows it; with its numbers.
@Suite("What visitors may try", .timeLimit(.minutes(10)))
struct SecurityTests {
    @Test("6.2.1, 6.2.4, 6.2.5, 6.2.9: long and odd passwords are taken, those that everybody has are not")
    func passwordsThatMayBe() {
        for password in [
            "aaaaaaab", "  blanks  ", "ÅÄÖåäö!?", "🐎🔋📎🐎🔋📎🐎🔋", "\u{0}\u{1}\u{2}zero bytes",
            String(repeating: "x", count: 64), String(repeating: "x", count: 4096),
        ] {
            #expect(Credentials.problem(password: password, name: "Anna") == nil, "\(password)")
        }
        for password in ["", "seven77", "12345678", "Password", "SUNSHINE", "password1", "Annamaria"] {
            #expect(Credentials.problem(password: password, name: "annaMaria") != nil, "\(password)")
        }
        #expect(Credentials.problem(password: String(repeating: "x", count: 4097), name: "Anna") != nil)
    }

    @Test("6.3.8: for a name that nobody has the same work is done") func unknownNames() async throws {
        // An outdated hash would be compared in another time than everybody's.
        #expect(!Passwords().isOutdated(Passwords.nobodys))
        #expect(try await !Passwords().verify("x", against: nil))
    }

    @Test("11.4.2: more passwords at once than there is memory for are put off") func manyPasswords() async throws {
        let passwords = Passwords(mostWaiting: 2)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<20 {
                tasks.addTask {
                    do {
                        return try await passwords.verify("x", against: nil) ? 303 : 422
                    } catch Web.PageError.busy {
                        return 503
                    }
                }
            }
            return try await tasks.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(statuses == [422, 503])
        #expect(try await !passwords.verify("x", against: nil))
    }

    @Test(
        "7.3.1, 7.3.2, 7.4.1, 7.4.2: a session is over when it is idle or old, and with its account",
        arguments: [
            "UPDATE sessions SET last_seen_at = now() - interval '30 days'", "UPDATE sessions SET expires_at = now()",
            "UPDATE users SET disabled_at = now() WHERE name = 'Anna'", "DELETE FROM users WHERE name = 'Anna'",
        ])
    func sessionsEnd(with change: String) async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        try await house.pool.execute(
            """
            UPDATE sessions SET last_seen_at = now() - interval '29 days 23 hours',
                                expires_at = now() + interval '1 hour'
            """)
        #expect(try await anna.get("/account").status == 200)
        try await house.pool.execute("\(raw: change)")
        #expect(try await anna.get("/account").location?.hasPrefix("/sign-in") == true)
        #expect(try await anna.post("/account/looks", [("name", "Annie"), ("theme", "dark")]).status != 200)
        #expect(try await house.count("users WHERE name = 'Annie'") == 0)
    }

    @Test("7.4.5: an administrator who sets somebody's password ends their sessions, not their own")
    func administratorsEndSessions() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let olga = try await house.browser(of: "Olga")
        let path = "/admin/accounts/\(try await house.person("Anna").userID)"
        _ = try await olga.get(path)
        #expect(try await olga.post("\(path)/password", [("password", "another long one")]).status == 303)
        #expect(try await anna.get("/account").status == 303)
        #expect(try await olga.get(path).status == 200)
    }

    @Test("7.2.3, 7.2.4: signing in makes a token, of which only the hash is kept") func tokens() async throws {
        let house = try await House.empty()
        let password = "correct horse battery"
        _ = try await Accounts.create(name: "Anna", password: password, role: .member, in: house.pool)
        let browser = try await house.browser()
        browser.cookies.withLock { $0["usher"] = "planted by somebody else" }
        _ = try await browser.get("/sign-in")
        _ = try await browser.post("/sessions", [("name", "Anna"), ("password", password)])
        let token = try #require(browser.cookies.withLock { $0["usher"] })
        #expect(token.utf8.count == 43)  // 256 bits in base64
        let kept: [UInt8] = try await house.pool.query("SELECT token_hash FROM sessions")[0].get("token_hash")
        #expect(kept == Tokens.hash(token) && kept != Array(token.utf8))
    }

    @Test("15.3.3: fields that a form does not have change nothing") func unaskedFields() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let olga = try await house.person("Olga").userID
        _ = try await anna.get("/account")
        let form = [("name", "Annie"), ("theme", "dark"), ("role", "administrator"), ("id", "\(olga)")]
        #expect(try await anna.post("/account/looks", form).status == 303)
        #expect(try await house.count("users WHERE name = 'Annie' AND role = 'member'") == 1)
        #expect(try await house.count("users WHERE name = 'Olga' AND role = 'administrator'") == 1)
    }

    @Test("15.3.7: a field that is sent twice is refused") func repeatedFields() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let path = "/admin/accounts/\(try await house.person("Anna").userID)"
        _ = try await olga.get(path)
        for (target, field) in [
            ("/account/looks", "name"), ("\(path)/role", "role"), ("\(path)/password", "password"),
            ("/requests", "title"),
        ] {
            let page = try await olga.post(target, [(field, "administrator"), (field, "member")])
            #expect(page.status == 400, "\(target)")
        }
        #expect(try await olga.post("\(path)/closing", [("csrf", "x")]).status == 403)
        #expect(try await house.count("users WHERE role = 'administrator'") == 1)
    }

    @Test("3.5.1: what is not sent as a form is not read as one") func otherContent() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let token = try #require(try await anna.get("/account").formToken)
        let body = Array("csrf=\(token)&name=Annie&theme=dark".utf8)
        for type in ["text/plain", "multipart/form-data; boundary=x", "application/json"] {
            let page = try await anna.send(.post, "/account/looks", fields: [.contentType: type], body: body)
            #expect(400..<500 ~= page.status, "\(type)")
        }
        #expect(try await house.count("users WHERE name = 'Annie'") == 0)
    }

    @Test("3.5.3: opening a page changes nothing") func opening() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        let olga = try await house.browser(of: "Olga")
        let before = try await house.contents()
        for route in house.web.routes where route.method == .get {
            let target = route.pattern.split(separator: "/", omittingEmptySubsequences: false).map {
                $0.hasPrefix(":") || $0.hasPrefix("*") ? "\(request)" : String($0)
            }.joined(separator: "/")
            let page = try await olga.get(target)
            #expect(page.status < 500 || page.status == 503, "\(target)")
            #expect(try await house.contents() == before, "\(target)")
        }
    }

    @Test("3.4.2, 13.4.3, 13.4.6: no other site may read, nothing is listed, and nobody says what they are")
    func whatAnswersDoNotSay() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let targets = ["/", "/account", "/static", "/static/", "/no/such/page", "/healthz"]
        for target in targets + Assets.all.map(\.path) {
            for method in [HTTPRequest.Method.get, .options] {
                let fields: HTTPFields = [.origin: "https://elsewhere.test", .accessControlRequestMethod: "POST"]
                let page = try await anna.send(method, target, fields: fields, body: [])
                for field in page.fields {
                    let name = field.name.canonicalName
                    #expect(!name.hasPrefix("access-control-"), "\(target)")
                    #expect(name != "server" && name != "x-powered-by", "\(target)")
                }
                if page.fields[.contentType]?.hasPrefix("text/html") == true {
                    #expect(page.fields[.contentType]?.lowercased() == "text/html; charset=utf-8", "\(target)")
                }
                if target.hasPrefix("/static"), page.status == 200 {
                    #expect(Assets.all.contains { $0.path == target }, "\(target)")
                }
            }
        }
    }
}
