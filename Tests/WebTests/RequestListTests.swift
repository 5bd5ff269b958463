import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

@Suite("The list of requests")
struct RequestListTests {
    @Test func eachRequestIsOnOnePageWhicheverWayOneGoes() async throws {
        let house = try await house(requests: 110)
        let anna = try await house.browser(of: "Anna")
        var pages = [try await anna.get("/requests")]
        while let older = Self.link("next", on: pages[pages.count - 1]) { pages.append(try await anna.get(older)) }
        #expect(pages.map { Self.requests(on: $0).count } == [48, 48, 14])
        #expect(Set(pages.flatMap(Self.requests)).count == 110)
        #expect(pages[0].text.contains("48 of 110"))
        #expect(Self.link("prev", on: pages[0]) == nil)
        let middle = try await anna.get(try #require(Self.link("prev", on: pages[2])))
        #expect(Self.requests(on: middle) == Self.requests(on: pages[1]))
        let top = try await anna.get(try #require(Self.link("prev", on: middle)))
        #expect(Self.requests(on: top) == Self.requests(on: pages[0]))
    }

    @Test func whatMovesToTheTopPushesNothingOffThePage() async throws {
        let house = try await house(requests: 60)
        let anna = try await house.browser(of: "Anna")
        let first = try await anna.get("/requests?kind=movie")
        let last = try #require(Self.requests(on: first).last)
        try await house.pool.execute("UPDATE requests SET changed_at = clock_timestamp() WHERE id = \(last)")
        let second = try await anna.get(try #require(Self.link("next", on: first)))
        #expect(Set(Self.requests(on: first) + Self.requests(on: second)).count == 60)
        #expect(try await anna.get("/requests?below=nonsense").status == 200)
        #expect(try await anna.get("/requests?below=99999999999999999-1").status == 200)
    }

    @Test(arguments: ["changed", "newest", "title", "expiry"])
    func eachIsOnOnePageInWhateverOrder(order: String) async throws {
        let house = try await house(requests: 110)
        try await house.pool.execute("UPDATE items SET kept_at = now() + id % 5 * interval '1 day'")
        let anna = try await house.browser(of: "Anna")
        var pages = [try await anna.get("/requests?sort=\(order)&kind=movie")]
        while let next = Self.link("next", on: pages[pages.count - 1]) { pages.append(try await anna.get(next)) }
        #expect(pages.map { Self.requests(on: $0).count } == [48, 48, 14])
        let ids = pages.flatMap(Self.requests)
        #expect(Set(ids).count == 110)
        let key: SQL =
            switch order {
            case "changed": "changed_at DESC, requests.id DESC"
            case "newest": "requests.id DESC"
            case "title": "lower(name), requests.id"
            default: "kept_at, requests.id"
            }
        let expected: [Int64] = try await house.pool.query(
            """
            SELECT requests.id FROM requests JOIN titles ON titles.id = title_id
            JOIN items ON items.request_id = requests.id ORDER BY \(key)
            """
        ).map { try $0.get("id") }
        #expect(ids == expected)
        let middle = try await anna.get(try #require(Self.link("prev", on: pages[2])))
        #expect(Self.requests(on: middle) == Self.requests(on: pages[1]))
        let top = try await anna.get(try #require(Self.link("prev", on: middle)))
        #expect(Self.requests(on: top) == Self.requests(on: pages[0]))
        #expect(try await anna.get("/requests?sort=\(order)&below=1-x&above=-").status == 200)
    }

    @Test func narrowedByPersonAndWordsAndWhatExpires() async throws {
        let house = try await House.inhabited()
        let first = try await house.movie("The Long Way")
        let second = try await house.movie("The Short Way", by: "Ben")
        try await house.orchestrator.join(first, by: try await house.person("Ben"))
        let third = try await house.movie("Elsewhere", by: "Ben")
        try await house.orchestrator.cancel(third, by: try await house.person("Ben"))
        let anna = try await house.browser(of: "Anna")
        let ben = try await house.person("Ben").userID
        let me = try await house.person("Anna").userID
        for (query, expected) in [
            ("person=\(ben)&sort=newest", [third, second, first]), ("person=\(me)", [first]),
            ("person=\(ben)&q=way&sort=title", [first, second]), ("person=\(ben)&status=CANCELLED", [third]),
            ("sort=expiry", [first, second]), ("sort=expiry&status=CANCELLED", []), ("person=nobody&kind=game", []),
        ] as [(String, [Int64])] {
            let page = try await anna.get("/requests?\(query)")
            #expect(Self.requests(on: page) == expected, "\(query)")
        }
        let page = try await anna.get("/requests?person=\(ben)&q=way&sort=title&status=PENDING")
        #expect(page.value(of: "q") == "way" && page.value(of: "status") == "PENDING")
        #expect(page.html.contains("<option value=\"\(ben)\" selected>Ben"))
        #expect(page.html.contains("<option value=\"title\" selected>"))
    }

    @Test func nobodyCountsFurtherThanSomeHundreds() async throws {
        let house = try await house(requests: 510)
        let page = try await house.browser(of: "Anna").get("/requests")
        #expect(page.text.contains("48 of 500+"))
        #expect(page.text.contains("500+"))
    }

    /// With so many films, the one asked for first changed last.
    private func house(requests: Int) async throws -> House {
        let house = try await House.inhabited()
        let statements: [SQL] = [
            """
            INSERT INTO titles (kind, identity, name, source)
            SELECT 'movie', 'n:' || n, 'Film ' || n, 'hand' FROM generate_series(1, \(requests)) AS n
            """,
            """
            INSERT INTO requests (title_id, scope, created_by) SELECT id, 'whole', 1 FROM titles ORDER BY id
            """,
            "INSERT INTO items (request_id) SELECT id FROM requests ORDER BY id",
            // Several at the same moment.
            "UPDATE requests SET changed_at = now() - id / 7 * interval '1 s'",
        ]
        for statement in statements { try await house.pool.execute(statement) }
        return house
    }

    private static func requests(on page: Page) -> [Int64] {
        page.html.matches(of: /<article[^>]*>[\s\S]*?href="\/requests\/(\d+)"/).compactMap { Int64($0.1) }
    }

    private static func link(_ rel: String, on page: Page) -> String? {
        let links = page.html.matches(of: /href="([^"]+)" rel="(prev|next)"/)
        return links.first { $0.2 == rel }.map { String($0.1).replacing("&amp;", with: "&") }
    }
}
