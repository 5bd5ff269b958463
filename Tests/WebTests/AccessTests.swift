import HTTPTypes
import Lifecycle
import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("Who may use what")
struct AccessTests {
    /// Paths that exist in a house with one request, one account and one indexer.
    private static func target(_ route: SiteRoute) -> String {
        route.pattern.split(separator: "/", omittingEmptySubsequences: false).map { part in
            switch part {
            case ":role", ":job": "nobody"
            case ":tvmaze", ":id", ":item", ":download": "999999"
            case ":key": String(repeating: "0", count: 32)
            case "*path": "no.such.file"
            default: String(part)
            }
        }.joined(separator: "/")
    }

    @Test func strangersAreLedToSignIn() async throws {
        let house = try await House.inhabited()
        for route in house.web.routes where route.audience != .everybody {
            let stranger = try await house.browser()
            _ = try await stranger.get("/sign-in")
            let page =
                route.method == .get
                ? try await stranger.get(Self.target(route)) : try await stranger.post(Self.target(route))
            #expect(page.status == 303, "\(route.method) \(route.pattern)")
            #expect(page.location?.hasPrefix("/sign-in") == true, "\(route.method) \(route.pattern)")
        }
    }

    @Test func membersAreKeptFromWhatIsForAdministrators() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account")
        let routes = house.web.routes.filter { $0.audience == .administrators }
        #expect(routes.count > 15)
        for route in routes {
            let page =
                route.method == .get ? try await anna.get(Self.target(route)) : try await anna.post(Self.target(route))
            #expect(page.status == 403, "\(route.method) \(route.pattern)")
        }
    }

    @Test func everythingUnderAdminIsForAdministrators() async throws {
        let house = try await House.empty()
        for route in house.web.routes {
            #expect((route.audience == .administrators) == route.pattern.hasPrefix("/admin"), "\(route.pattern)")
        }
        let open = Set(house.web.routes.filter { $0.audience == .everybody }.map(\.pattern))
        #expect(
            open == [
                "/healthz", "/readyz", "/metrics", "/static/*path", "/feeds/calendar.ics", "/feeds/notices.atom",
                "/setup", "/sign-in", "/sign-in/provider",
                "/sign-in/provider/return", "/sign-in/provider/ending", "/sessions", "/invitation",
            ])
    }

    /// Every route and everybody: who is not named for it is led to sign in or refused, and who is, gets past the door.
    @Test func everyRouteForEverybody() async throws {
        let house = try await House.inhabited()
        for route in house.web.routes where route.audience != .everybody {
            for (name, audiences) in [
                (nil, []), ("Anna", [.members]), ("Carl", [.members]), ("Vera", [.members, .approvers]),
                ("Olga", [.members, .approvers, .administrators]),
            ] as [(String?, [Audience])] {
                // Each anew: some routes end the session.
                let browser = try await house.browser(of: name)
                _ = try await browser.get(name == nil ? "/sign-in" : "/account")
                let target = Self.target(route)
                let page = route.method == .get ? try await browser.get(target) : try await browser.post(target)
                let isTurnedAway = page.status == 403 || page.location?.hasPrefix("/sign-in?") == true
                let isLedAway = name == nil && page.status == 303 && page.location?.hasPrefix("/sign-in") == true
                #expect(
                    (isTurnedAway || isLedAway) != audiences.contains(route.audience),
                    "\(route.method) \(route.pattern) for \(name ?? "nobody"): \(page.status)")
                #expect(page.status < 500 || page.status == 503, "\(route.method) \(route.pattern)")
            }
        }
    }

    @Test func everyPageOpensForWhomItIs() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let anna = try await house.browser(of: "Anna")
        let pages = ["/", "/requests", "/requests/new", "/account"]
        for path in pages { #expect(try await anna.get(path).status == 200, "\(path)") }
        let admin = [
            "", "/accounts", "/rules", "/indexers", "/indexers/new", "/queue", "/expiry", "/backups", "/settings",
            "/jobs", "/audit", "/guide",
        ].map { "/admin\($0)" }
        for path in pages + admin { #expect(try await olga.get(path).status == 200, "\(path)") }
    }

    @Test func aFormWithoutItsTokenDoesNothing() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let anna = try await house.browser(of: "Anna")
        _ = try await olga.get("/")
        let foreign = try await anna.get("/account").formToken
        for route in house.web.routes where route.method == .post {
            for token in ["", "x", foreign ?? ""] {
                let page = try await olga.post(Self.target(route), token: token)
                #expect(page.status == 403, "\(route.pattern)")
            }
        }
        #expect(try await house.count("users") == 5)
    }

    @Test(arguments: ["cross-site", "same-site"])
    func aFormOfAnotherSiteDoesNothing(site: String) async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/")
        for route in house.web.routes where route.method == .post {
            let target = Self.target(route)
            let page = try await olga.post(target, fields: [HTTPField.Name("Sec-Fetch-Site")!: site])
            #expect(page.status == 403, "\(route.pattern)")
            let older = try await olga.post(target, fields: [.origin: "https://elsewhere.test"])
            #expect(older.status == 403, "\(route.pattern)")
            let opaque = try await olga.post(target, fields: [.origin: "null"])
            #expect(opaque.status == 403, "\(route.pattern)")
        }
    }

    @Test func onlyThoseOnARequestChangeIt() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        let ben = try await house.browser(of: "Ben")
        let page = try await ben.get("/requests/\(request)")
        #expect(page.status == 200)
        #expect(!page.hasForm(to: "/requests/\(request)/cancellation"))
        for verb in ["searches", "cancellation", "selections"] {
            #expect(try await ben.post("/requests/\(request)/\(verb)", [("release", "1")]).status == 403)
        }
        #expect(try await ben.post("/requests/\(request)/people").status == 303)
        #expect(try await ben.post("/requests/\(request)/searches").status == 303)
    }

    /// What is somebody's, others change in no way (OWASP ASVS 5.0.0, 8.2.2): each form that names a thing, for a thing that
    /// is there.
    @Test func whatIsSomebodysOthersDoNotChange() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        let release = try #require(try await house.found(["The.Long.Way.2019.1080p.WEB-DL.x264-A"], for: request).first)
        let anna = try await house.person("Anna").userID
        let way = try await house.pool.withConnection {
            try await Ways.add(
                WaySettings(kind: .ntfy, name: "x", address: "https://ntfy.sh", target: "t", notices: []), of: anna,
                on: $0)
        }
        _ = try await house.browser(of: "Anna")
        let item: Int64 = try await house.pool.query("SELECT id FROM items")[0].get("id")
        let session: Int64 = try await house.pool.query("SELECT id FROM sessions")[0].get("id")
        let routes = house.web.routes.filter {
            $0.method == .post && $0.audience == .members && $0.pattern.contains("/:")
                // Whoever likes may want it too.
                && $0.pattern != "/requests/:id/people"
        }
        #expect(routes.count >= 12)
        let form = [
            ("release", "\(release)"), ("choosing", "best"), ("names", "Another"), ("code", "123456"), ("name", "y"),
            ("kind", "ntfy"), ("address", "https://ntfy.sh"), ("target", "theirs"),
        ]
        for name in ["Ben", "Carl", "Vera"] {
            let other = try await house.browser(of: name)
            _ = try await other.get("/account")
            let before = try await house.contents()
            for route in routes {
                var target = route.pattern.replacing(":item", with: "\(item)").replacing(":download", with: "1")
                let owned = target.hasPrefix("/requests") ? request : target.contains("/sessions/") ? session : way
                target.replace(":id", with: "\(owned)")
                // An approver may act on what they approve, and has no business with what is anybody's own.
                if name == "Vera", target.hasPrefix("/requests") { continue }
                let page = try await other.post(target, form)
                #expect(page.status == 403 || page.status == 404 || page.status == 400, "\(target) for \(name)")
                #expect(try await house.contents() == before, "\(target) by \(name)")
            }
        }
    }

    @Test func aSessionOfAClosedAccountIsOver() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/").status == 200)
        let olga = try await house.browser(of: "Olga")
        let account = try await house.person("Anna").userID
        _ = try await olga.get("/admin/accounts/\(account)")
        #expect(try await olga.post("/admin/accounts/\(account)/closing").status == 303)
        #expect(try await anna.get("/").location == "/sign-in")
    }

    @Test func theLastAdministratorStays() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let account = try await house.person("Olga").userID
        _ = try await olga.get("/admin/accounts/\(account)")
        #expect(try await olga.post("/admin/accounts/\(account)/closing").status == 409)
        let page = try await olga.post("/admin/accounts/\(account)/role", [("role", "member")])
        #expect(page.status == 409)
        #expect(page.text.contains("last administrator"))
    }
}
