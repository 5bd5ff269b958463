import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("Approval and quotas on the pages")
struct ApprovalPageTests {
    private static func ask(_ title: String, with browser: Browser) async throws -> Page {
        let form = try await browser.get("/requests/new?kind=movie")
        let key = try #require(form.value(of: "key"))
        return try await browser.post(
            "/requests", [("key", key), ("kind", "movie"), ("title", title), ("year", "2019")])
    }

    @Test func aChildAsksAndSomebodyApproves() async throws {
        let house = try await House.inhabited()
        let carl = try await house.browser(of: "Carl")
        #expect(try await carl.get("/requests/new?kind=movie").text.contains("waits until somebody approves"))
        let path = try #require(try await Self.ask("The Long Way", with: carl).location)
        let waiting = try await carl.get(path)
        #expect(waiting.badge == "PENDING")
        #expect(waiting.text.contains("Waits for Olga or Vera to approve it."))
        #expect(!waiting.hasForm(to: "\(path)/searches") && !waiting.hasForm(to: "\(path)/approval"))
        #expect(try await carl.post("\(path)/approval").status == 403)
        let vera = try await house.browser(of: "Vera")
        #expect(try await vera.get("/").text.contains("Waits for your approval"))
        #expect(try await vera.get(path).hasForm(to: "\(path)/approval"))
        #expect(try await vera.post("\(path)/approval").status == 303)
        let approved = try await carl.get(path)
        #expect(approved.text.contains("Vera approved it"))
        #expect(approved.text.contains("In the queue, to be searched for next."))
        _ = try await vera.get(path)
        #expect(try await vera.post("\(path)/declination", [("reason", "too late")]).status == 409)
    }

    @Test func whoDeclinesSaysWhy() async throws {
        let house = try await House.inhabited()
        let carl = try await house.browser(of: "Carl")
        let path = try #require(try await Self.ask("The Long Way", with: carl).location)
        let vera = try await house.browser(of: "Vera")
        _ = try await vera.get(path)
        let silent = try await vera.post("\(path)/declination")
        #expect(silent.status == 422 && silent.error(at: "reason") != nil)
        #expect(try await vera.post("\(path)/declination", [("reason", "bedtime")]).status == 303)
        let page = try await carl.get(path)
        #expect(page.badge == "CANCELLED")
        #expect(page.text.contains("Declined: bedtime."))
        #expect(page.text.contains("Vera declined it"))
    }

    @Test func quotasAreSetShownAndKept() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/rules")
        let odd = try await olga.post("/admin/rules/member", [("open", "many")])
        #expect(odd.status == 422 && odd.error(at: "member-open") != nil)
        #expect(try await olga.post("/admin/rules/administrator", [("open", "1")]).status == 404)
        let size = try await olga.post("/admin/rules/child", [("gigabytes", "0")])
        #expect(size.status == 422 && size.error(at: "child-gigabytes") == "This is a number from 1 to 10000.")
        let form = [("kind", "movie"), ("gigabytes", "12")]
        #expect(try await olga.post("/admin/rules/child", form).status == 303)
        #expect(try await olga.get("/admin/rules").value(of: "gigabytes") == "12")
        #expect(try await olga.post("/admin/rules/member", [("open", "5"), ("movies", "2")]).status == 303)
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/requests/new?kind=movie").text.contains("2 of 2 movies left this week."))
        #expect(try await Self.ask("One", with: anna).status == 303)
        #expect(try await Self.ask("Two", with: anna).status == 303)
        let third = try await Self.ask("Three", with: anna)
        #expect(third.status == 422 && third.value(of: "title") == "Three")
        #expect(third.text.contains("You have asked for 2 movies this week"))
        let id = try await house.person("Anna").userID
        _ = try await olga.get("/admin/accounts/\(id)")
        #expect(try await olga.post("/admin/accounts/\(id)/limits", [("movies", "3")]).status == 303)
        #expect(try await olga.get("/admin/accounts/\(id)").value(of: "movies") == "3")
        #expect(try await Self.ask("Three", with: anna).status == 303)
    }

    @Test func withoutSpaceNothingIsChosenAndThePageSaysSo() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        let release = try await house.found(["The Long Way 2019 1080p WEB-DL"], for: request)[0]
        let olga = try await house.browser(of: "Olga")
        _ = try await olga.get("/admin/rules")
        #expect(try await olga.post("/admin/rules/member", [("space", "1")]).status == 303)
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/requests/new?kind=movie").text.contains("1.0 GB left to download this week."))
        _ = try await anna.get("/requests/\(request)")
        let page = try await anna.post("/requests/\(request)/selections", [("release", "\(release)")])
        #expect(page.status == 422 && page.text.contains("of the 1.0 GB a week that are yours 1.0 GB are left."))
        #expect(try await olga.get("/requests/\(request)").hasForm(to: "/requests/\(request)/selections"))
    }

    @Test func whoComesLaterSeesWhoAskedAndWhen() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        let ben = try await house.browser(of: "Ben")
        let page = try await ben.get("/requests/\(request)")
        #expect(page.text.contains("for Anna (just now)"))
        #expect(page.hasForm(to: "/requests/\(request)/people"))
    }
}
