import TestSupport
import Testing

extension EndToEndTests {
    /// Several people in one house.
    @Suite("People") struct People {
        @Test("Join, leave, and what is not one's own") func twoPeople() async throws {
            let house = try await Household.home()
            let request = try await house.ben.askForMovie("Borrowed Winter", year: 2016)

            // Carol sees it and cannot change it.
            let foreign = try await house.carol.get(request)
            #expect(!foreign.hasForm("\(request)/cancellation"))
            let token = try foreign.form("\(request)/people").values("csrf")[0]
            for action in ["searches", "cancellation"] {
                #expect(try await house.carol.post("\(request)/\(action)", [("csrf", token)]).status == 403)
            }
            #expect(try await house.ben.get(request).requestStatus != "CANCELLED")

            // Asking for the same joins it, and so does the button.
            #expect(try await house.carol.askForMovie("Borrowed Winter", year: 2016) == request)
            let joint = try await house.carol.get(request)
            #expect(joint.text.contains("Ben") && joint.text.contains("Carol"))

            let left = try await house.ben.press("\(request)/cancellation", on: house.ben.get(request))
            #expect(left.requestStatus != "CANCELLED")
            #expect(left.hasForm("\(request)/people"))
            try await house.ben.press("\(request)/people", on: left)
            _ = try await house.ben.press("\(request)/cancellation", on: house.ben.get(request))
            let last = try await house.carol.press("\(request)/cancellation", on: house.carol.get(request))
            #expect(last.requestStatus == "CANCELLED")
        }

        @Test("The same form sent twice makes one request") func twice() async throws {
            let house = try await Household.home()
            let form = try await house.ben.get("/requests/new?kind=movie").form("/requests", having: "kind")
            let entries = ["title": ["Twice Told"], "year": ["2015"]]
            let first = try await house.ben.submit(form, entries)
            let second = try await house.ben.submit(form, entries)
            #expect(try first.requestPath == second.requestPath)
        }

        @Test("What is nobody's, and what is not for members") func doors() async throws {
            let house = try await Household.home()
            for path in ["/requests/999999", "/requests/none", "/nowhere", "/admin/nowhere"] {
                let page = try await house.ben.get(path)
                #expect(page.status == 404)
                #expect(!page.title.isEmpty)
            }
            for path in ["/admin/accounts", "/admin/indexers", "/admin/expiry", "/admin/settings"] {
                #expect(try await house.ben.get(path).status == 403)
            }
            let stranger = Browser(house.world)
            let asked = try await stranger.get("/admin/accounts")
            #expect(asked.address.hasPrefix("/sign-in"))
            let mine = try await house.ben.askForMovie("Mine Alone", year: 2014)
            let csrf = try await house.ben.get(mine).form("\(mine)/cancellation").values("csrf")[0]
            #expect(try await house.ben.post("\(mine)/items/999999/cancellation", [("csrf", csrf)]).status == 404)
            #expect(
                try await house.ben.post("\(mine)/selections", [("csrf", csrf), ("release", "999999")]).status == 404)
            // Without the token of its page a form does nothing.
            #expect(try await house.ben.post("\(mine)/cancellation", []).status == 403)
            #expect(try await house.ben.get(mine).requestStatus != "CANCELLED")
        }
    }
}
