import Storage
import Testing

@testable import Web

@Suite("Asking for things")
struct AskingTests {
    private static let movie = [("kind", "movie"), ("title", "The Long Way"), ("year", "2019")]

    private func browser(_ house: House, at path: String) async throws -> (Browser, key: (String, String)) {
        let browser = try await house.browser(of: "Anna")
        let key = try #require(try await browser.get(path).value(of: "key"))
        return (browser, ("key", key))
    }

    @Test func aMovie() async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=movie")
        let form = Self.movie + [("quality", "1080p"), ("quality", "2160p"), ("format", "x265"), key]
        let asked = try await anna.post("/requests", form)
        let path = try #require(asked.location)
        let page = try await anna.get(path)
        #expect(page.title == "The Long Way 2019")
        #expect(page.badge == "PENDING")
        #expect(page.text.contains("1080p, 2160p"))
        #expect(page.text.contains("Anna"))
        // The same form again is the same request.
        #expect(try await anna.post("/requests", form).location == path)
        #expect(try await house.count("requests") == 1)
        // Somebody else's is joined.
        let (ben, other) = try await browser(house, at: "/requests/new?kind=movie")
        #expect(try await ben.post("/requests", Self.movie + [other]).location == path)
        #expect(try await house.count("requests") == 1)
    }

    @Test(arguments: [
        ("title", "", "title"), ("title", "  ", "title"),
        ("title", "abc\u{202e}gnp.exe", "title"), ("year", "", "year"),
        ("year", "18", "year"),
        ("title", String(repeating: "👩‍🚀", count: 101), "title"), ("year", "3000", "year"), ("year", "MMXIX", "year"),
        ("quality", "9000p", "quality"), ("format", "h1", "format"),
    ])
    func aMovieThatCannotBe(field: String, value: String, place: String) async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=movie")
        var form = Self.movie.filter { $0.0 != field } + [(field, value), ("format", "av1"), key]
        if field != "title" { form.append(("quality", "720p")) }
        let page = try await anna.post("/requests", form)
        #expect(page.status == 422)
        #expect(page.error(at: place) != nil)
        #expect(page.isTicked("format", "av1"))
        if field != "title" { #expect(page.value(of: "title") == "The Long Way") }
        if field != "year" { #expect(page.value(of: "year") == "2019") }
        #expect(page.value(of: "key") == key.1)
        #expect(try await house.count("requests") == 0)
    }

    @Test func aShowTypedIn() async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=show&by=hand")
        let base = [("kind", "show"), ("title", "Harbour"), ("year", "2020"), key]
        for wrong in ["", "x", "10,,8", "0", "3:", "1: 2, 1: 3", "-1", "1:2:3"] {
            let page = try await anna.post("/requests", base + [("seasons", wrong)])
            #expect(page.status == 422, "\(wrong)")
            #expect(page.error(at: "seasons") != nil, "\(wrong)")
            #expect(page.value(of: "seasons") == wrong)
        }
        let path = try #require(try await anna.post("/requests", base + [("seasons", "3, 2")]).location)
        let page = try await anna.get(path)
        #expect(page.text.contains("Season 1") && page.text.contains("Season 2"))
        #expect(try await house.count("items") == 5)
    }

    @Test func aGame() async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=game")
        let base = [("kind", "game"), ("title", "Lanterns"), key]
        let none = try await anna.post("/requests", base + [("each", "yes")])
        #expect(none.error(at: "platform") != nil)
        #expect(none.isTicked("each", "yes"))
        let asked = try await anna.post(
            "/requests",
            base + [("each", "yes"), ("platform", "linux"), ("platform", "switch"), ("genre", "puzzle")])
        let page = try await anna.get(try #require(asked.location))
        #expect(try await house.count("items") == 2)
        #expect(page.text.contains("Linux") && page.text.contains("Nintendo Switch") && page.text.contains("Puzzle"))
    }

    @Test func formsThatOurPagesWouldNotSend() async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=movie")
        #expect(try await anna.post("/requests", Self.movie).status == 400)
        #expect(try await anna.post("/requests", Self.movie + [("title", "Another"), key]).status == 400)
        #expect(try await anna.post("/requests", [("kind", "opera"), key]).status == 400)
    }

    @Test func showsFromTVmazeThatIsAway() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        let page = try await anna.get("/search?q=harbour")
        #expect(page.status == 200)
        #expect(page.text.contains("TVmaze"))
        #expect(page.value(of: "q") == "harbour")
    }
}
