import Orchestrator
import Postgres
import Releases
import Storage
import Testing

@testable import Web

@Suite("Asking for things")
struct AskingTests {
    private static let movie = [("kind", "movie"), ("title", "The Long Way"), ("year", "2019")]

    private func browser(
        _ house: House, at path: String, of name: String = "Anna"
    ) async throws -> (Browser, key: (String, String)) {
        let browser = try await house.browser(of: name)
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

    @Test func whatSomebodySaysAboutIt() async throws {
        let house = try await House.inhabited()
        let (carl, key) = try await browser(house, at: "/requests/new?kind=movie", of: "Carl")
        let long = try await carl.post("/requests", Self.movie + [("note", String(repeating: "x", count: 301)), key])
        #expect(long.status == 422 && long.error(at: "note") != nil)
        let path = try #require(
            try await carl.post("/requests", Self.movie + [("note", "For <Friday>"), key]).location)
        // Who decides reads it, and whoever joins adds theirs, or says it otherwise.
        #expect(try await house.browser(of: "Vera").get(path).text.contains("For <Friday> Carl"))
        let (anna, other) = try await browser(house, at: "/requests/new?kind=movie")
        _ = try await anna.post("/requests", Self.movie + [("note", "I saw it"), other])
        let page = try await anna.get(path)
        #expect(page.text.contains("For <Friday> Carl") && page.text.contains("I saw it Anna"))
        let (again, third) = try await browser(house, at: "/requests/new?kind=movie", of: "Carl")
        _ = try await again.post("/requests", Self.movie + [("note", "Any day"), third])
        #expect(try await anna.get(path).text.contains("Any day Carl"))
        #expect(try await again.post("\(path)/cancellation").status == 303)
        #expect(try await !anna.get(path).text.contains("Any day"))
    }

    @Test func aFormSaysThatSomebodyHasAskedForItAlready() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Ben")
        let anna = try await house.browser(of: "Anna")
        let page = try await anna.get("/requests/new?kind=movie&title=the+long+way&year=2019")
        #expect(page.text.contains("Ben asked for it already: pending."))
        #expect(page.html.contains("href=\"/requests/\(request)\""))
        #expect(try await !anna.get("/requests/new?kind=movie&title=the+long+way&year=2020").text.contains("already"))
        // The request's page leads there.
        let more = try #require(try await anna.get("/requests/\(request)").between("href=\"/requests/new?", "\""))
        let form = try await anna.get("/requests/new?" + more.replacing("&amp;", with: "&"))
        #expect(form.value(of: "title") == "The Long Way" && form.text.contains("Ben asked for it already"))
        // What is kept from a child it is not told of.
        try await house.pool.execute("UPDATE titles SET age = 16")
        let carl = try await house.person("Carl")
        try await house.pool.withConnection {
            try await AgeLimit.set(AgeLimit(age: 12, allowsUnrated: true), of: carl.userID, on: $0)
        }
        let child = try await house.browser(of: "Carl")
        #expect(try await !child.get("/requests/new?kind=movie&title=the+long+way&year=2019").text.contains("Ben"))
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

    @Test func whatElseIsAskedOfReleases() async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=movie")
        #expect(try await !anna.get("/requests/new?kind=movie").html.contains("<details open"))
        let more = [
            ("required", "german, x264"), ("refused", "HDR"), ("preferred", ""), ("seeders", "5"), ("smallest", "1,5"),
            ("largest", "12"), ("patience", "30"), ("failure", "best"),
        ]
        let path = try #require(try await anna.post("/requests", Self.movie + more + [key]).location)
        let text = try await anna.get(path).text
        for fact in ["german, x264", "HDR", "1.5 to 12 GB", "30 minutes", "the next best is taken"] {
            #expect(text.contains(fact), "\(fact)")
        }
        // They can be changed while it waits, by whoever is on it.
        let form = try await anna.get("\(path)/demands")
        #expect(form.value(of: "required") == "german, x264" && form.value(of: "smallest") == "1.5")
        #expect(form.isTicked("failure", "best"))
        let wrong = try await anna.post(
            "\(path)/demands", [("required", "german"), ("refused", "German"), ("seeders", "7")])
        #expect(wrong.status == 422)
        #expect(wrong.error(at: "refused") == "No release can be without “German” and have “german”.")
        #expect(wrong.value(of: "seeders") == "7")
        #expect(try await anna.post("\(path)/demands", [("refused", "3D")]).location == path)
        #expect(try await anna.get(path).text.contains("3D"))
        let odd = try await anna.post("\(path)/names", [("names", "Der lange Weg; x")])
        #expect(odd.status == 422 && odd.error(at: "names") == "“x” is no name that a title could have.")
        #expect(odd.value(of: "names") == "Der lange Weg; x" && odd.value(of: "refused") == "3D")
        #expect(try await anna.post("\(path)/names", [("names", " Der lange Weg;; 長い道 ")]).location == path)
        let called = try await anna.get(path).text
        #expect(called.contains("Der lange Weg; 長い道"))
        #expect(called.contains("Anna said that it is also called Der lange Weg; 長い道"))
        let ben = try await house.browser(of: "Ben")
        #expect(try await ben.post("\(path)/demands", [("refused", "x264")]).status == 403)
        #expect(try await ben.post("\(path)/names", [("names", "It")]).status == 403)
        #expect(try await !ben.get(path).html.contains("\(path)/demands"))
        #expect(try await anna.get("/requests/999/demands").status == 404)
    }

    @Test(arguments: [
        ("seeders", "-1", "seeders"), ("seeders", "many", "seeders"), ("smallest", "-2", "smallest"),
        ("smallest", "1.2.3", "smallest"), ("largest", "0", "largest"), ("largest", "1e3", "largest"),
        ("largest", "0.5", "smallest"), ("patience", "10081", "patience"), ("required", "dub, …", "required"),
        ("preferred", "hdr dv", "refused"), ("failure", "never", "failure"),
        ("refused", String(repeating: "x", count: 61), "refused"), ("required", "\u{202e}x", "required"),
    ])
    func demandsThatCannotBe(field: String, value: String, place: String) async throws {
        let house = try await House.inhabited()
        let (anna, key) = try await browser(house, at: "/requests/new?kind=movie")
        let others = [("refused", "hdr"), ("smallest", "1"), ("seeders", "3")].filter { $0.0 != field }
        let page = try await anna.post("/requests", Self.movie + others + [(field, value), key])
        #expect(page.status == 422)
        #expect(page.error(at: place) != nil)
        #expect(page.html.contains("<details open"))
        for (name, typed) in others { #expect(page.value(of: name) == typed) }
        if field != "failure" { #expect(page.value(of: field) == value) }
        #expect(try await house.count("requests") == 0)
    }

    @Test func whatTheHouseAsksOfReleases() async throws {
        let house = try await House.inhabited()
        let olga = try await house.browser(of: "Olga")
        let numbers = [
            ("attempts", "14"), ("seeders", "1"), ("airing", "60"), ("patience", "0"), ("stall", "360"),
            ("metadata", "60"),
            ("retries", "3"), ("history", "365"),
        ]
        let form = numbers + [("retry", "yes"), ("choosing", "ask"), ("refused", "german"), ("failure", "best")]
        _ = try await olga.get("/admin/settings")
        let wrong = try await olga.post("/admin/settings", form + [("preferred", "german dub")])
        #expect(wrong.status == 422)
        #expect(wrong.error(at: "refused") == "No release can be without “german” and have “german dub”.")
        #expect(wrong.value(of: "preferred") == "german dub" && wrong.isTicked("failure", "best"))
        let sizes = [("movie-largest", "12,5"), ("show-smallest", "0.2"), ("show-largest", "4")]
        let crossed = try await olga.post("/admin/settings", form + sizes + [("movie-smallest", "13")])
        #expect(crossed.status == 422 && crossed.value(of: "movie-largest") == "12,5")
        #expect(crossed.error(at: "movie-smallest") == "This is more than the largest size.")
        #expect(try await olga.post("/admin/settings", form + sizes).location == "/admin/settings")
        let settings = try await house.pool.withConnection { try await Settings.load(on: $0) }
        #expect(settings.words.refused == ["german"] && settings.afterFailure == .best)
        #expect(settings.movieSize == SizeLimits(most: 12_500) && settings.gameSize == SizeLimits())
        #expect(settings.showSize == SizeLimits(least: 200, most: 4_000))
        #expect(try await olga.get("/admin/settings").value(of: "show-smallest") == "0.2")
        let lines = try await house.pool.query("SELECT sentence FROM audit ORDER BY id DESC LIMIT 1")
        #expect(try (lines.first?.get("sentence") as String?)?.contains("→ least unset, most 12500") == true)
        #expect(try await olga.get("/admin/settings").isTicked("failure", "best"))
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

    @Test func theFormSaysHowLargeItWillBe() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        func form(_ kind: String) async throws -> String { try await anna.get("/requests/new?kind=\(kind)").text }
        #expect(try await !form("movie").contains("about 4.2 GB"))
        let movie = try await house.movie()
        let names = ["WEB-DL", "BluRay", "WEBRip"].map { "The Long Way 2019 1080p \($0) x264-TEST" }
        _ = try await house.found(Array(names.prefix(2)), for: movie)
        #expect(try await !form("movie").contains("about 4.2 GB"))
        _ = try await house.found(names, for: movie)
        #expect(try await form("movie").contains("1080p (Full HD) about 4.2 GB"))
        #expect(try await !form("show").contains("about 4.2 GB"))
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
