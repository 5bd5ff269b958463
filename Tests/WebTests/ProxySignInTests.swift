import HTTPClient
import HTTPServer
import HTTPTypes
import Logging
import Postgres
import Reactor
import Storage
import TestSupport
import Testing

@testable import Web

/// Over real connections to the real server, which alone knows where a connection comes from.
@Suite("Sign-in by the header of a proxy")
struct ProxySignInTests {
    private struct Answer {
        let status: Int
        let fields: HTTPFields
        let body: String

        var location: String? { fields[.location] }
        /// The session that begins.
        var session: String? {
            fields[values: .setCookie].lazy.compactMap { $0.wholeMatch(of: /usher=([^;]+);.*/) }.first
                .map { String($0.1) }
        }
    }

    private func serve(
        _ house: House, trusting proxies: [String] = ["127.0.0.1"], _ body: (Int) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration(listen: ["127.0.0.1:0"])
        configuration.trustedProxies = proxies.compactMap { AddressBlock($0) }
        let web = house.web
        let server = Server(
            configuration: configuration, group: TestDatabase.group, logger: Logger(label: "test"), hooks: web.hooks
        ) { await web.respond(to: $0) }
        let port = try #require(try await server.start().first).port
        do {
            try await body(port)
        } catch {
            await server.shutdown(grace: .zero)
            throw error
        }
        await server.shutdown(grace: .zero)
    }

    private func get(_ target: String, _ lines: [String], at port: Int, session: String? = nil) async throws -> Answer {
        var fields = HTTPFields()
        for line in lines + (session.map { ["Cookie: usher=\($0)"] } ?? []) {
            let halves = line.split(separator: ": ", maxSplits: 1)
            fields.append(HTTPField(name: try #require(HTTPField.Name(String(halves[0]))), value: String(halves[1])))
        }
        let answer = try await HTTPClient(group: TestDatabase.group, userAgent: "test").send(
            ClientRequest(
                url: "http://127.0.0.1:\(port)\(target)", fields: fields,
                addresses: .exactly(Origin(host: "127.0.0.1", port: port))))
        return Answer(
            status: answer.status, fields: answer.fields, body: String(decoding: answer.body, as: UTF8.self))
    }

    private func house(
        _ headers: ProxyHeaders = .authelia, makesAccounts: Bool = false, roles: [String: Role] = [:],
        signOut: String? = nil
    ) async throws -> House {
        var outside = OutsideSignIn()
        outside.proxy = headers
        outside.makesAccounts = makesAccounts
        outside.roles = roles
        outside.proxySignOut = signOut
        return try await House.inhabited(outside: outside)
    }

    private func role(of name: String, in house: House) async throws -> Role? {
        try await house.pool.withConnection { try await Users.credentials(named: name, on: $0)?.user.role }
    }

    @Test func whoTheProxyNamesComesInAndStaysWhileItNamesThem() async throws {
        let house = try await house()
        try await serve(house) { (port: Int) async throws in
            let first = try await get("/requests?q=a", ["Remote-User: anna"], at: port)
            #expect(first.location == "/sign-in?next=%2Frequests%3Fq%3Da")
            let second = try await get(try #require(first.location), ["Remote-User: anna"], at: port)
            #expect(second.location == "/requests?q=a")
            let session = try #require(second.session)
            let page = try await get("/account", ["Remote-User: anna"], at: port, session: session)
            #expect(page.status == 200 && page.body.contains("value=\"Anna\""))
            // The cookie alone is worth nothing, and nothing to somebody else.
            for fields in [[], ["Remote-User: ben"], ["Remote-User: anna", "Remote-User: anna"]] {
                #expect(try await get("/account", fields, at: port, session: session).status == 303, "\(fields)")
            }
            // Signed out, nobody comes in again unasked.
            let out = try await get("/sign-in?out=1", ["Remote-User: anna"], at: port)
            #expect(out.status == 200 && out.session == nil)
        }
    }

    @Test(arguments: [
        ["10.0.0.0/8"], [],
    ]) func fromAnybodyElseTheHeaderGivesNothing(trusted: [String]) async throws {
        let house = try await house(makesAccounts: true)
        try await serve(house, trusting: trusted) { (port: Int) async throws in
            for fields in [
                ["Remote-User: olga"], ["Remote-User: olga", "X-Forwarded-For: 10.0.0.1"],
                ["Remote-User: olga", "Forwarded: for=10.0.0.1"], ["remote-user: stranger"],
            ] {
                let answer = try await get("/sign-in", fields, at: port)
                #expect(answer.status == 200 && answer.session == nil, "\(fields)")
                #expect(try await get("/admin/accounts", fields, at: port).status == 303)
            }
        }
        #expect(try await house.count("users") == 5)
        #expect(try await house.count("sessions") == 0)
        #expect(try await house.count("identities") == 0)
    }

    @Test func withoutTheSettingTheHeaderIsNothing() async throws {
        let house = try await House.inhabited()
        try await serve(house) { (port: Int) async throws in
            for headers in ProxyHeaders.allCases {
                #expect(try await get("/sign-in", ["\(headers.user): olga"], at: port).session == nil)
            }
        }
    }

    @Test(arguments: [
        (
            ProxyHeaders.authelia,
            ["Remote-User: dora", "Remote-Name: Dora Example", "Remote-Groups: media,admins"], "Dora Example"
        ),
        (
            .authentik,
            ["X-authentik-username: dora", "X-authentik-groups: media|admins", "X-authentik-name: Ben"], "dora"
        ),
        (.oauth2Proxy, ["X-Auth-Request-User: dora", "X-Auth-Request-Groups: media, admins"], "dora"),
    ])
    func newPeopleGetAnAccountAndTheRoleOfTheirGroups(
        headers: ProxyHeaders, fields: [String], name: String
    ) async throws {
        let house = try await house(headers, makesAccounts: true, roles: ["media": .child, "admins": .approver])
        try await serve(house) { (port: Int) async throws in
            #expect(try await get("/sign-in", fields, at: port).session != nil)
            #expect(try await role(of: name, in: house) == .approver)
            #expect(try await house.count("users") == 6)
            // Once more: the same account.
            #expect(try await get("/sign-in", fields, at: port).session != nil)
            #expect(try await house.count("users") == 6)
            let stranger = ["\(headers.user): egon"]
            let refused = try await get("/sign-in", stranger, at: port)
            #expect(refused.status == 403 && refused.body.contains("none of the groups"))
        }
        #expect(try await house.count("users") == 6)
    }

    @Test func groupsDecideAgainAtEachSignIn() async throws {
        let house = try await house(roles: ["admins": .administrator, "*": .member])
        try await serve(house) { (port: Int) async throws in
            #expect(try await get("/sign-in", ["Remote-User: Anna", "Remote-Groups: admins"], at: port).session != nil)
            #expect(try await role(of: "Anna", in: house) == .administrator)
            #expect(try await get("/sign-in", ["Remote-User: Anna"], at: port).session != nil)
            #expect(try await role(of: "Anna", in: house) == .member)
            // The last administrator stays one.
            #expect(try await get("/sign-in", ["Remote-User: Olga"], at: port).session != nil)
            #expect(try await role(of: "Olga", in: house) == .administrator)
        }
    }

    @Test func whoHasNoAccountIsToldAndGetsNone() async throws {
        let house = try await house(.tailscale)
        try await serve(house) { (port: Int) async throws in
            let answer = try await get("/sign-in", ["Tailscale-User-Login: dora@example.org"], at: port)
            #expect(answer.status == 403 && answer.session == nil)
            #expect(answer.body.contains("There is no account for dora@example.org here"))
            #expect(answer.body.contains("action=\"/sessions\""))
        }
        #expect(try await house.count("users") == 5)
    }

    @Test func aClosedAccountStaysClosed() async throws {
        let house = try await house()
        _ = try await house.pool.query("UPDATE users SET disabled_at = now() WHERE name = 'Anna'")
        try await serve(house) { (port: Int) async throws in
            let answer = try await get("/sign-in", ["Remote-User: Anna"], at: port)
            #expect(answer.status == 403 && answer.session == nil && answer.body.contains("closed"))
        }
    }

    @Test func renamedAnAccountStaysTheirs() async throws {
        let house = try await house()
        try await serve(house) { (port: Int) async throws in
            #expect(try await get("/sign-in", ["Remote-User: anna"], at: port).session != nil)
            _ = try await house.pool.query("UPDATE users SET name = 'Annie' WHERE name = 'Anna'")
            // Who takes the free name does not get to see what she does.
            _ = try await house.pool.query("UPDATE users SET name = 'anna' WHERE name = 'Ben'")
            let session = try await get("/sign-in", ["Remote-User: anna"], at: port).session
            let page = try await get("/account", ["Remote-User: anna"], at: port, session: session)
            #expect(page.body.contains("value=\"Annie\""))
        }
    }

    @Test func ofManyWindowsAtOnceOneMakesTheAccount() async throws {
        let house = try await house(makesAccounts: true)
        try await serve(house) { (port: Int) async throws in
            let answers = try await withThrowingTaskGroup(of: Answer.self) { tasks in
                for _ in 0..<8 {
                    tasks.addTask { try await get("/sign-in", ["Remote-User: dora"], at: port) }
                }
                return try await tasks.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.allSatisfy { $0.session != nil })
        }
        #expect(try await house.count("users") == 6)
    }

    @Test func theSignOutPageSaysWhereToSignOut() async throws {
        let house = try await house(signOut: "https://auth.example.org/logout")
        try await serve(house) { (port: Int) async throws in
            let out = try await get("/sign-in?out=1", ["Remote-User: anna"], at: port)
            #expect(out.body.contains("href=\"https://auth.example.org/logout\""))
        }
    }
}
