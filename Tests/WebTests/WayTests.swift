import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Ways to be told")
struct WayTests {
    private static func gotify(_ address: String, secret: String = "planted-token") -> [(String, String)] {
        [
            ("kind", "gotify"), ("name", "Hall"), ("address", address), ("secret", secret),
        ]
    }

    @Test func oneIsTestedSavedChangedAndRemoved() async throws {
        let far = try StandInServer { _ in .text("{\"id\": 7}") }
        defer { far.stop() }
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let fresh = try await olga.get("/account/notices/new?kind=gotify")
        #expect(fresh.text.contains("Token of the application"))
        let tested = try await olga.post("/account/notices/tests", Self.gotify(far.url))
        #expect(tested.status == 200 && tested.text.contains("It answered 200: {\"id\": 7}"))
        #expect(!tested.html.contains("planted-token") && tested.value(of: "name") == "Hall")
        #expect(try await house.count("ways") == 0)

        #expect(try await olga.post("/account/notices", Self.gotify(far.url + "/deep-secret")).status == 303)
        let list = try await olga.get("/account/notices")
        #expect(list.text.contains("Hall") && list.isTicked("tick", "1:completed"))
        let id: Int64 = try await house.pool.query("SELECT id FROM ways")[0].get("id")
        let page = try await olga.get("/account/notices/\(id)")
        for html in [list.html, page.html] {
            #expect(!html.contains("planted-token") && !html.contains("deep-secret"))
        }
        // What is stored is used for a test of what the form says.
        let again = [("way", "\(id)"), ("name", "Hall")]
        #expect(try await olga.post("/account/notices/tests", again).status == 200)
        #expect(far.requests.last?.fields["x-gotify-key"] == "planted-token")
        #expect(far.requests.last?.path == "/deep-secret/message")
        // The stored token never goes to another address.
        let moved = try await olga.post("/account/notices/\(id)", Self.gotify("http://127.0.0.1:1", secret: ""))
        #expect(moved.status == 422 && moved.error(at: "secret") != nil)
        #expect(try await olga.post("/account/notices/\(id)", again).status == 303)
        let twin = try await olga.post("/account/notices", Self.gotify(far.url))
        #expect(twin.error(at: "name")?.contains("already") == true)
        #expect(try await olga.post("/account/notices/\(id)/deletion").status == 303)
        #expect(try await house.count("ways") == 0)
    }

    @Test func whatIsSomebodyElsesIsNotFound() async throws {
        let house = try await House.inhabited()
        let olga = try await house.person("Olga")
        let id = try await house.pool.withConnection {
            try await Ways.add(
                WaySettings(kind: .ntfy, name: "x", address: "https://ntfy.sh", target: "t", notices: []),
                of: olga.userID, on: $0)
        }
        let anna = try await house.browser(of: "Anna")
        #expect(try await !anna.get("/account/notices").text.contains("ntfy.sh:443"))
        #expect(try await anna.get("/account/notices/\(id)").status == 404)
        #expect(try await anna.post("/account/notices/\(id)", [("name", "y"), ("target", "t")]).status == 404)
        #expect(try await anna.post("/account/notices/tests", [("way", "\(id)")]).status == 404)
        #expect(try await anna.post("/account/notices/\(id)/deletion").status == 404)
    }

    @Test func membersReachNothingInsideUnlessTheyMay() async throws {
        let far = try StandInServer { _ in .text("inside") }
        defer { far.stop() }
        let house = try await House.inhabited()
        let (anna, olga) = (try await house.browser(of: "Anna"), try await house.browser(of: "Olga"))
        _ = try await anna.get("/account/notices")
        let refused = try await anna.post("/account/notices/tests", Self.gotify(far.url))
        #expect(refused.status == 422 && refused.text.contains("only an administrator"))
        #expect(far.connections == 0)
        #expect(try await olga.get("/admin/deliveries").text.contains("may not lead"))
        #expect(try await olga.post("/admin/deliveries/addresses", [("private", "yes")]).status == 303)
        #expect(try await anna.post("/account/notices/tests", Self.gotify(far.url)).status == 200)
    }

    @Test func mistakesAreSaidAtTheirPlace() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account/notices")
        let form = [
            ("kind", "webhook"), ("name", ""), ("address", "ftp://x"), ("template", "{\"a\": "),
        ]
        let page = try await anna.post("/account/notices", form)
        #expect(page.status == 422)
        for field in ["name", "address", "template"] { #expect(page.error(at: field) != nil, "\(field)") }
        #expect(try await anna.get("/account/notices/new?kind=pigeon").status == 404)
    }

    @Test func whatGoesWhereIsSavedInOneForm() async throws {
        let house = try await House.inhabited()
        let (anna, ben) = (try await house.person("Anna"), try await house.person("Ben"))
        func add(_ name: String, of person: Person, _ notices: Set<Told.Kind>) async throws -> Int64 {
            try await house.pool.withConnection {
                try await Ways.add(
                    WaySettings(kind: .ntfy, name: name, address: "https://ntfy.sh", target: "t", notices: notices),
                    of: person.userID, on: $0)
            }
        }
        let hall = try await add("Hall", of: anna, [.completed, .found])
        let attic = try await add("Attic", of: anna, [])
        let bens = try await add("Bens", of: ben, [.failed])
        let browser = try await house.browser(of: "Anna")
        let page = try await browser.get("/account/notices")
        #expect(page.isTicked("tick", "\(hall):found") && !page.isTicked("tick", "\(attic):found"))
        #expect(page.html.contains("aria-label=\"Found: choose, by Attic\"") && !page.html.contains("\(bens):"))
        // A way that was added meanwhile is not in the form, and stays as it is; another's is not theirs to choose for.
        let porch = try await add("Porch", of: anna, [.aired])
        let form = [
            ("way", "\(hall)"), ("way", "\(attic)"), ("way", "\(bens)"), ("tick", "\(hall):failed"),
            ("tick", "\(attic):completed"), ("tick", "\(attic):found"), ("tick", "\(bens):found"),
        ]
        #expect(try await browser.post("/account/notices/choices", form).status == 303)
        let rows = try await house.pool.query("SELECT id, notices FROM ways")
        let chosen = Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.get("id") as Int64, try $0.get("notices") as [String]) })
        #expect(chosen == [hall: ["failed"], attic: ["completed", "found"], bens: ["failed"], porch: ["aired"]])
        #expect(try await browser.post("/account/notices/choices", [("tick", "\(hall):x")]).status == 400)
    }

    @Test func quietHoursAreSavedAndTakenBack() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account/notices")
        for (form, field) in [
            ([("from", "22:00"), ("to", "")], "to"), ([("from", ""), ("to", "07:00")], "from"),
            ([("from", "24:00"), ("to", "07:00")], "from"), ([("from", "22:00"), ("to", "22:00")], "to"),
        ] {
            let page = try await anna.post("/account/notices/quiet", form)
            #expect(page.status == 422 && page.error(at: field) != nil && page.value(of: "from") == form[0].1)
        }
        for (from, to) in [("22:30", "06:05"), ("", "")] {
            #expect(try await anna.post("/account/notices/quiet", [("from", from), ("to", to)]).status == 303)
            let page = try await anna.get("/account/notices")
            #expect(page.value(of: "from") == from && page.value(of: "to") == to)
        }
    }

    @Test func theHouseSaysWhereItIs() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/settings")
        let form = [
            ("attempts", "14"), ("seeders", "1"), ("airing", "60"), ("patience", "0"), ("stall", "360"),
            ("metadata", "60"),
            ("retries", "3"), ("history", "365"), ("retry", "yes"), ("choosing", "ask"),
        ]
        for address in [
            "usher.example", "ftp://usher.example", "https://a:b@usher.example", "https://x/?a", "https://x/#",
        ] {
            let refused = try await olga.post("/admin/settings", form + [("address", address)])
            #expect(refused.status == 422 && refused.error(at: "address") != nil, "\(address)")
        }
        for (typed, kept) in [("https://usher.example/films/", "https://usher.example/films"), ("", "")] {
            #expect(try await olga.post("/admin/settings", form + [("address", typed)]).status == 303)
            #expect(try await olga.get("/admin/settings").value(of: "address") == kept)
        }
    }

    @Test func whatFailedIsSeenAndSentAgain() async throws {
        let house = try await House.inhabited()
        let anna = try await house.person("Anna")
        _ = try await house.pool.withConnection {
            try await Ways.add(
                WaySettings(
                    kind: .ntfy, name: "Hall", address: "https://ntfy.sh", target: "t", notices: [.cancelled]),
                of: anna.userID, on: $0)
        }
        try await house.orchestrator.cancel(try await house.movie(by: "Anna"), by: try await house.person("Olga"))
        try await house.pool.withConnection { connection in
            _ = try await Notices.tell(atMost: 100, on: connection)
            let taken = try #require(try await Deliveries.take(lease: 60, on: connection))
            try await Deliveries.giveUp(taken.id, error: "It answered 403.", on: connection)
        }
        let olga = try await house.browser(of: "Olga")
        let overview = try await olga.get("/admin")
        #expect(overview.text.contains("Somebody was not told") && overview.text.contains("for Anna by ntfy"))
        let page = try await olga.get("/admin/deliveries")
        #expect(page.text.contains("It answered 403.") && page.text.contains("The Long Way"))
        let id: Int64 = try await house.pool.query("SELECT id FROM deliveries")[0].get("id")
        #expect(overview.hasForm(to: "/admin/deliveries/\(id)/sending"))
        #expect(try await olga.post("/admin/deliveries/\(id)/sending").status == 303)
        #expect(try await olga.post("/admin/deliveries/\(id)/sending").status == 404)
        #expect(try await olga.get("/admin/deliveries").text.contains("Nothing failed"))
        try await house.pool.execute("UPDATE deliveries SET failed_at = now(), attempts = 8")
        #expect(try await olga.get("/admin/deliveries").hasForm(to: "/admin/deliveries/sending"))
        #expect(try await olga.post("/admin/deliveries/sending").status == 303)
        let waiting = try await house.pool.query("SELECT attempts FROM deliveries WHERE failed_at IS NULL")
        #expect(try waiting.map { try $0.get("attempts") as Int } == [0])
        #expect(try await !olga.get("/admin").text.contains("Somebody was not told"))
    }

    @Test func approversAreToldOfWhatWaitsAndAskersOfWhatWasDecided() async throws {
        let house = try await House.inhabited()
        let tell: @Sendable () async throws -> Void = {
            _ = try await house.pool.withConnection { try await Notices.tell(atMost: 100, on: $0) }
        }
        let request = try await house.movie(by: "Carl")
        try await tell()
        let (vera, carl) = (try await house.browser(of: "Vera"), try await house.browser(of: "Carl"))
        #expect(try await vera.get("/notices").text.contains("Carl asks for it, and somebody has to approve that."))
        #expect(try await carl.get("/notices").text.contains("Nothing here"))
        try await house.orchestrator.decline(request, because: "too late", by: try await house.person("Vera"))
        let other = try await house.movie("Another", by: "Carl")
        try await house.orchestrator.approve(other, by: try await house.person("Vera"))
        try await tell()
        let said = try await carl.get("/notices").text
        #expect(said.contains("It was declined by Vera: too late."))
        #expect(said.contains("It was approved by Vera"))
        #expect(try await house.pool.query("SELECT id FROM notices WHERE kind = 'cancelled'").isEmpty)
    }
}
