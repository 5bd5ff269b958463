import HTTP
import Lifecycle
import Orchestrator
import Postgres
import Reactor
import Storage
import Testing

@testable import Web

@Suite("Several requests at once")
struct ManyRequestsTests {
    @Test func eachIsAnsweredOnItsOwn() async throws {
        let house = try await House.inhabited()
        let mine = try await house.movie("Alpha")
        let shared = try await house.movie("Beta")
        try await house.orchestrator.join(shared, by: try await house.person("Ben"))
        let bens = try await house.movie("Gamma", by: "Ben")
        let gone = try await house.movie("Delta")
        try await house.orchestrator.cancel(gone, by: try await house.person("Anna"))
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/requests?sort=title").hasForm(to: "/requests/actions"))
        let answer = try await anna.post(
            "/requests/actions",
            [mine, shared, bens, gone, 4711].map { ("request", "\($0)") }
                + [("action", "cancel"), ("list", "sort=title")])
        #expect(answer.status == 303 && answer.location == "/requests?sort=title")
        let said = try await anna.get("/requests?sort=title").text
        #expect(said.contains("1 cancelled. 1 left: others want it still. 3 refused:"))
        #expect(said.contains("“Delta”: It was cancelled."))
        #expect(said.contains("“Gamma”: Only those who are on a request, and administrators, can change it."))
        #expect(said.contains("Request 4711: There is no such request."))
        #expect(try await statuses(house) == ["CANCELLED", "PENDING", "PENDING", "CANCELLED"])
        // Once.
        #expect(try await !anna.get("/requests").text.contains("3 refused"))
    }

    @Test func searchedJoinedAndTakenByThemselves() async throws {
        let house = try await House.inhabited()
        let ids = [try await house.movie("Alpha"), try await house.movie("Beta")]
        let form = ids.map { ("request", "\($0)") }
        let ben = try await house.browser(of: "Ben")
        _ = try await ben.get("/requests")
        _ = try await ben.post("/requests/actions", form + [("action", "search")])
        #expect(try await ben.get("/requests").text.contains("2 refused: “Alpha”, “Beta”: Only those"))
        for (action, said) in [
            ("join", "2 joined."), ("search", "2 searched for now."), ("best", "2 to be taken by themselves"),
            ("ask", "2 to be chosen by somebody"), ("keep", "2 kept for another period."),
        ] {
            #expect(try await ben.post("/requests/actions", form + [("action", action)]).status == 303)
            #expect(try await ben.get("/requests").text.contains(said), "\(action)")
        }
        #expect(
            try await house.pool.query("SELECT FROM requests WHERE search_asked_at IS NOT NULL").count == 2)
    }

    @Test func approvedAndDeclinedByWhoMay() async throws {
        let house = try await House.inhabited()
        let ids = [
            try await house.movie("Alpha", by: "Carl"), try await house.movie("Beta", by: "Carl"),
            try await house.movie("Gamma", by: "Carl"),
        ]
        let anna = try await house.browser(of: "Anna")
        #expect(try await !anna.get("/requests").text.contains("Waits for approval"))
        _ = try await anna.post("/requests/actions", [("request", "\(ids[0])"), ("action", "approve")])
        #expect(try await anna.get("/requests").text.contains("1 refused"))

        let vera = try await house.browser(of: "Vera")
        #expect(try await vera.get("/requests").html.contains("approval=awaited"))
        let page = try await vera.get("/requests?approval=awaited")
        #expect(page.html.contains("value=\"approve\""))
        let list = ("list", "approval=awaited")
        let refused = try await vera.post(
            "/requests/actions", [("request", "\(ids[0])"), ("request", "\(ids[2])"), ("action", "decline"), list])
        #expect(refused.status == 422 && refused.error(at: "reason") != nil)
        // What was ticked stays so.
        #expect(refused.isTicked("request", "\(ids[0])") && !refused.isTicked("request", "\(ids[1])"))
        let approved = try await vera.post(
            "/requests/actions", [("request", "\(ids[0])"), ("action", "approve"), ("reason", ""), list])
        #expect(approved.location == "/requests?approval=awaited")
        _ = try await vera.post(
            "/requests/actions", [("request", "\(ids[1])"), ("action", "decline"), ("reason", "No room"), list])
        let after = try await vera.get("/requests?approval=awaited")
        #expect(after.text.contains("1 declined.") && after.text.contains("Gamma") && !after.text.contains("Beta"))
        #expect(try await statuses(house) == ["PENDING", "CANCELLED", "PENDING"])
    }

    @Test func aFormThatSaysTooLittleIsAnswered() async throws {
        let house = try await House.inhabited()
        _ = try await house.movie()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/requests")
        let empty = try await anna.post("/requests/actions", [("action", "cancel"), ("list", "sort=title")])
        #expect(empty.status == 422 && empty.text.contains("Tick at least one request."))
        #expect(try await anna.post("/requests/actions", [("request", "1"), ("action", "erase")]).status == 400)
        // The way back is one of our lists, whatever the form says.
        let away = try await anna.post(
            "/requests/actions", [("request", "1"), ("action", "search"), ("list", "//elsewhere.test/?q=x")])
        #expect(away.location == "/requests")
    }

    @Test func nobodyElseMakesAPageSaySomething() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let notice = Notice(kind: "success", text: "Söße = 1 & 2; “ok”, 100 %")
        let name = Cookies.flash.name(isSecure: false)
        let secret = try #require(anna.cookies.withLock { $0[Cookies.session.name(isSecure: false)] })
        let sealed = Said.cookie(notice, boundTo: secret)
        anna.cookies.withLock { $0[name] = Self.encoded(sealed) }
        #expect(try await anna.get("/requests").text.contains(notice.text))
        for forged in [
            Self.encoded(Said.cookie(notice, boundTo: "another")), Self.encoded("x success Söße"), "Söße", "%%%", "",
        ] {
            anna.cookies.withLock { $0[name] = forged }
            let page = try await anna.get("/requests")
            #expect(page.status == 200 && !page.text.contains("Söße"))
        }
    }

    private static func encoded(_ text: String) -> String { String(Form([("", text)]).encoded().dropFirst()) }

    private func statuses(_ house: House) async throws -> [String] {
        try await house.pool.query("SELECT status FROM requests ORDER BY id").map { try $0.get("status") }
    }
}
