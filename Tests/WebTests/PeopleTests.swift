import Lifecycle
import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("The people of a house")
struct PeopleTests {
    /// The link of an invitation that Olga makes.
    private static func link(in house: House, as role: Role) async throws -> String {
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/accounts")
        let page = try await olga.post("/admin/invitations", [("role", role.rawValue)])
        #expect(page.status == 201)
        let link = try #require(page.between("id=\"invitation-link\">", "</p>"))
        #expect(link.hasPrefix("http://usher.test/invitation?token="))
        #expect(try await olga.get("/admin/accounts").between("id=\"invitation-link\">", "</p>") == nil)
        return String(link.trimmingPrefix("http://usher.test"))
    }

    @Test func anInvitationMakesOneAccount() async throws {
        let house = try await House.inhabited()
        let link = try await Self.link(in: house, as: .child)
        let token = String(link.trimmingPrefix("/invitation?token="))
        let guest = try await house.browser()
        #expect(try await guest.get(link).text.contains("You will be a child"))
        let form = [("token", token), ("name", "anna"), ("password", "correct horse battery")]
        let taken = try await guest.post("/invitation", form)
        #expect(taken.status == 422 && taken.error(at: "name") != nil)
        _ = try await guest.get(link)
        let made = try await guest.post("/invitation", [("token", token), ("name", "Dora"), form[2]])
        #expect(made.status == 303 && made.location == "/")
        #expect(try await guest.get("/account").status == 200)
        let dora = try await house.pool.withConnection { try await Users.credentials(named: "Dora", on: $0)?.user }
        #expect(dora?.role == .child)
        // Once.
        let second = try await house.browser()
        #expect(try await second.get(link).status == 409)
        _ = try await second.get("/sign-in")
        #expect(try await second.post("/invitation", [("token", token), ("name", "Emil"), form[2]]).status == 409)
        #expect(try await house.count("users WHERE name = 'Emil'") == 0)
    }

    @Test func anInvitationIsRevokedAndEnds() async throws {
        let house = try await House.inhabited()
        let revoked = try await Self.link(in: house, as: .member)
        let olga = try await house.browser(of: "Olga")
        let page = try await olga.get("/admin/accounts")
        let id = try #require(page.between("/admin/invitations/", "/revocation"))
        #expect(try await olga.post("/admin/invitations/\(id)/revocation").status == 303)
        #expect(try await olga.post("/admin/invitations/\(id)/revocation").status == 409)
        let guest = try await house.browser()
        #expect(try await guest.get(revoked).status == 409)
        let late = try await Self.link(in: house, as: .member)
        #expect(try await guest.get(late).status == 200)
        try await house.pool.execute("UPDATE invitations SET expires_at = now()")
        #expect(try await guest.get(late).status == 409)
        #expect(try await guest.get("/invitation").status == 409)
    }

    @Test(arguments: [Inheritance.kept, .cancelled])
    func whoIsDeletedLeavesNothingUndecided(wishes: Inheritance) async throws {
        let house = try await House.inhabited()
        let alone = try await house.movie("Only Hers", by: "Anna")
        let joint = try await house.movie("Theirs", by: "Anna")
        try await house.orchestrator.join(joint, by: house.person("Ben"))
        let anna = try await house.person("Anna").userID
        let olga = try await house.browser(of: "Olga")
        let page = try await olga.get("/admin/accounts/\(anna)/deletion")
        #expect(page.text.contains("One request is only theirs"))
        let unsaid = try await olga.post("/admin/accounts/\(anna)/deletion")
        #expect(unsaid.status == 422 && unsaid.error(at: "requests") != nil)
        let done = try await olga.post("/admin/accounts/\(anna)/deletion", [("requests", wishes.rawValue)])
        #expect(done.location == "/admin/accounts")
        #expect(try await house.count("users WHERE name = 'Anna'") == 0)
        let hers = try await olga.get("/requests/\(alone)")
        #expect(hers.badge == (wishes == .kept ? "PENDING" : "CANCELLED"))
        #expect(hers.text.contains("took it over from Anna"))
        #expect(try await olga.get("/requests/\(joint)").badge == "PENDING")
        for invariant in Invariant.all {
            let contradictions = try await house.pool.withConnection { try await invariant.check(on: $0) }
            #expect(contradictions == [], "\(invariant.sentence)")
        }
    }

    @Test func nobodyDeletesThemselves() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let id = try await house.person("Olga").userID
        _ = try await olga.get("/account")
        #expect(try await olga.post("/admin/accounts/\(id)/deletion", [("requests", "kept")]).status == 409)
        #expect(try await house.count("users WHERE name = 'Olga'") == 1)
    }

    @Test func whatOneIsCalledIsNotWhatOneSignsInWith() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        func rename(_ name: String, _ signIn: String) async throws -> Page {
            try await anna.post("/account/looks", [("name", name), ("signin", signIn), ("theme", "dark")])
        }
        let password = "correct horse battery"
        let hash = try await Passwords().hash(password)
        let id = try await house.person("Anna").userID
        try await house.pool.withConnection { try await Users.setPassword(hash, of: id, on: $0) }
        func signIn(_ name: String) async throws -> Page {
            let browser = try await house.browser()
            _ = try await browser.get("/sign-in")
            return try await browser.post("/sessions", [("name", name), ("password", password)])
        }
        _ = try await anna.get("/account")
        #expect(try await rename("Mum", "anna.h").status == 303)
        let page = try await anna.get("/account")
        #expect(page.value(of: "name") == "Mum" && page.value(of: "signin") == "anna.h")
        #expect(try await signIn("Mum").status == 422)
        #expect(try await signIn("ANNA.H").status == 303)
        let olga = try await house.browser(of: "Olga")
        #expect(try await olga.get("/admin/accounts").html.contains("signs in as anna.h"))

        let ben = try await rename("Mum", "BEN")
        #expect(ben.status == 422 && ben.error(at: "signin") == "Somebody else signs in with that already.")
        #expect(ben.value(of: "signin") == "BEN")
        #expect(try await rename("Mum", " ").status == 303)
        #expect(try await signIn("mum").status == 303)
    }

    @Test func aPersonChoosesNameAndLook() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account")
        let taken = try await anna.post("/account/looks", [("name", "BEN"), ("theme", "dark")])
        #expect(taken.status == 422 && taken.error(at: "name") != nil)
        let odd = try await anna.post("/account/looks", [("name", "Anna"), ("theme", "pink")])
        #expect(odd.status == 422 && odd.error(at: "theme") != nil)
        #expect(try await anna.post("/account/looks", [("name", "Annie"), ("theme", "dark")]).status == 303)
        let page = try await anna.get("/account")
        #expect(page.html.contains("data-theme=\"dark\""))
        #expect(page.value(of: "name") == "Annie")
        _ = try await anna.post("/account/looks", [("name", "Annie"), ("theme", "system")])
        #expect(try await !anna.get("/account").html.contains("data-theme"))
    }

    @Test("Who has chosen no clock reads by the house's") func clocks() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let olga = try await house.browser(of: "Olga")
        let request = try await house.movie()
        try await house.pool.execute("UPDATE requests SET created_at = '2026-05-12 18:40Z'")
        func asked() async throws -> String { try await anna.get("/requests/\(request)").text }
        #expect(try await asked().contains("12 May 2026, 18:40 UTC"))

        _ = try await olga.get("/admin/settings")
        let settings = [
            ("attempts", "14"), ("seeders", "1"), ("airing", "60"), ("patience", "0"), ("stall", "360"),
            ("metadata", "60"),
            ("retries", "3"), ("history", "365"), ("retry", "yes"), ("choosing", "ask"), ("zone", "Asia/Tokyo"),
        ]
        #expect(try await olga.post("/admin/settings", settings).status == 303)
        #expect(try await asked().contains("13 May 2026, 03:40"))
        #expect(try await anna.get("/account").text.contains("As in the house (Asia/Tokyo)"))
        #expect(try await house.count("audit WHERE sentence LIKE '%UTC%→%Asia/Tokyo%'") == 1)

        let form = [("name", "Anna"), ("theme", "system")]
        let odd = try await anna.post("/account/looks", form + [("zone", "Europe/Atlantis"), ("dates", "elvish")])
        #expect(odd.status == 422 && odd.error(at: "zone") != nil && odd.error(at: "dates") != nil)
        let own = form + [("zone", "America/New_York"), ("dates", "de")]
        #expect(try await anna.post("/account/looks", own).status == 303)
        #expect(try await asked().contains("12. Mai 2026, 14:40"))
        #expect(try await anna.get("/account/notices").text.contains("in these hours (America/New York)"))
    }
}
