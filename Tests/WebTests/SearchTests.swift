import FoundationEssentials
import HTTP
import HTTPTypes
import Metadata
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@testable import Web

@Suite("Searching for titles", .timeLimit(.minutes(10)))
struct SearchTests {
    private struct Place {
        let house: House
        let anna: Browser
        let tvmaze: StandInTVmaze
        let catalogue: StandInCatalogue
    }

    /// A house that asks stand-ins, all four of them.
    private func inPlace(_ body: (Place) async throws -> Void) async throws {
        let catalogue = try StandInCatalogue(works: [
            .init("The Paper Lighthouse", 2024, wikidata: "Q24", imdb: "tt24", isInCinemeta: true),
            .init("The Paper Lighthouse", 1971, wikidata: "Q71"),
            .init("Lighthouse Courier", 2023, platforms: ["PlayStation 5"], wikidata: "Q5", steam: 5),
            .init("Harbour 1984", 2020, wikidata: "Q84"),
        ])
        defer { catalogue.stop() }
        let episodes = (1...3).map {
            StandInTVmaze.Episode(
                id: $0, name: "Night \($0)", season: 1, number: $0, airs: Date().addingTimeInterval(-86_400))
        }
        let tvmaze = try StandInTVmaze(shows: [
            .init(id: 82, name: "Lighthouse Keepers", image: "\(catalogue.url)/keepers", episodes: episodes)
        ])
        defer { tvmaze.stop() }
        let house = try await House.inhabited(.standIns(tvmaze: tvmaze.url, others: catalogue.url))
        try await house.pool.query("UPDATE settings SET sources = '{tvmaze,wikidata,cinemeta,steam}'")
        let anna = try await house.browser(of: "Anna")
        try await body(Place(house: house, anna: anna, tvmaze: tvmaze, catalogue: catalogue))
    }

    @Test func anAdministratorSeesWhichSourcesAreAway() async throws {
        try await inPlace { place in
            let olga = try await place.house.browser(of: "Olga")
            #expect(try await !olga.get("/admin").text.contains("Wikidata"))
            place.catalogue.behave(.text("", status: 500), as: .wikidata)
            _ = try await place.anna.get("/search?q=lighthouse")
            #expect(try await olga.get("/admin").text.contains("Wikidata is in trouble and answered with status 500."))
        }
    }

    @Test func allKindsTogether() async throws {
        try await inPlace { place in
            let page = try await place.anna.get("/search?q=lighthouse")
            #expect(page.status == 200)
            let hits = page.hits
            #expect(Set(hits.map(\.title)) == ["The Paper Lighthouse", "Lighthouse Keepers", "Lighthouse Courier"])
            // Cinemeta and Wikidata mean the same by an id that both name; the older one is another.
            #expect(hits.filter { $0.title == "The Paper Lighthouse" }.map(\.year).sorted() == ["1971", "2024"])
            #expect(
                hits.first { $0.year == "2024" }?.href
                    == "/requests/new?kind=movie&found=cinemeta%3Att24&found=wikidata%3AQ24")
            #expect(hits.first { $0.title == "Lighthouse Keepers" }?.href == "/requests/new/show/82")
            #expect(page.html.contains("https://www.tvmaze.com/") && page.text.contains("CC BY-SA"))
            let shows = try await place.anna.get("/search?q=lighthouse&kind=show")
            #expect(shows.hits.map(\.title) == ["Lighthouse Keepers"])
            let part = try await place.anna.get("/search/suggestions?q=lighthouse")
            #expect(part.hits.count == 4 && !part.html.contains("<html"))
        }
    }

    @Test func whatIsTypedIsUnderstood() async throws {
        try await inPlace { place in
            let year = try await place.anna.get("/search?q=lighthouse+1971")
            #expect(year.hits.first?.year == "1971")
            #expect(!year.hits.contains { $0.year == "2024" })
            let partOfTheTitle = try await place.anna.get("/search?q=harbour+1984")
            #expect(partOfTheTitle.hits.map(\.title) == ["Harbour 1984"])
            let episode = try await place.anna.get("/search?q=lighthouse+keepers+s01e02")
            let form = try #require(episode.hits.first?.href)
            #expect(form == "/requests/new/show/82?episode=S01E02")
            let pick = try await place.anna.get(form)
            #expect(pick.isTicked("episode", "S01E02") && !pick.isTicked("episode", "S01E01"))
        }
    }

    @Test func aHitIsAskedForAndThenSaysSo() async throws {
        try await inPlace { place in
            let (house, anna) = (place.house, place.anna)
            let hit = try #require(try await anna.get("/search?q=paper+2024").hits.first)
            let form = try await anna.get(hit.href)
            #expect(form.value(of: "title") == "The Paper Lighthouse" && form.value(of: "year") == "2024")
            #expect(form.values(of: "found") == ["cinemeta:tt24", "wikidata:Q24"])
            let fields = [
                ("kind", "movie"), ("title", "The Paper Lighthouse"), ("year", "2024"), ("found", "cinemeta:tt24"),
                ("found", "wikidata:Q24"), ("key", form.value(of: "key") ?? ""),
            ]
            // What is wrong with the form keeps what it is about.
            let wrong = try await anna.post("/requests", fields + [("format", "x")])
            #expect(wrong.status == 422 && wrong.values(of: "found").count == 2)
            let asked = try await anna.post("/requests", fields)
            let request = try #require(asked.location)
            let ids = try await house.pool.query("SELECT source, value FROM title_ids ORDER BY source")
            let values: [String] = try ids.map { try $0.get("value") }
            #expect(values == ["tt24", "Q24"])
            let requestPage = try await anna.get(request)
            #expect(requestPage.html.contains("/pictures/"))

            let ben = try await house.browser(of: "Ben")
            let again = try #require(try await ben.get("/search?q=paper+2024").hits.first)
            #expect(again.href == request && again.html.contains("status-PENDING") && again.html.contains("for Anna"))
            let other = try await ben.get("/search?q=paper+1971")
            #expect(other.hits.first?.html.contains("status-") == false)
            // The other of the same name is another title; one with the same id is the same, whatever it is called.
            _ = try await house.orchestrator.ask(
                Wish(
                    kind: .movie,
                    title: .found(
                        [try #require(WorkReference("wikidata:Q71"))], name: "The Paper Lighthouse", year: 2024),
                    scope: .whole), by: try await house.person("Ben"), key: FormKey.make())
            #expect(try await house.count("requests") == 2)
            _ = try await house.orchestrator.ask(
                Wish(
                    kind: .movie,
                    title: .found([try #require(WorkReference("wikidata:Q24"))], name: "Papierleuchtturm", year: 2025),
                    scope: .whole), by: try await house.person("Ben"), key: FormKey.make())
            #expect(try await house.count("requests") == 2)
            #expect(try await house.count("titles WHERE name = 'The Paper Lighthouse' AND year = 2024") == 2)
        }
    }

    @Test func manyWhoAskForOneWorkAtOnceUnderNamesOfTheirOwn() async throws {
        try await inPlace { place in
            _ = try await place.anna.get("/search?q=paper+2024")
            let references = try ["cinemeta:tt24", "wikidata:Q24"].map { try #require(WorkReference($0)) }
            let anna = try await place.house.person("Anna")
            let requests = try await withThrowingTaskGroup(of: Int64.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        try await place.house.orchestrator.ask(
                            Wish(
                                kind: .movie, title: .found(references, name: "Name \(number)", year: 2024),
                                scope: .whole), by: anna, key: FormKey.make()
                        ).request
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(requests.count == 1)
            #expect(try await place.house.count("titles") == 1)
        }
    }

    @Test func whatWasTypedInByHandIsKnownToo() async throws {
        try await inPlace { place in
            _ = try await place.house.movie("The Paper Lighthouse", year: 1971, by: "Ben")
            _ = try await place.house.movie("Lighthouse Nobody Knows", year: 1999, by: "Ben")
            let page = try await place.anna.get("/search?q=lighthouse")
            let badged = page.hits.filter { $0.html.contains("status-PENDING") }
            #expect(Set(badged.map(\.year)) == ["1971", "1999"])
            #expect(page.hits.count { $0.year == "1971" } == 1)
        }
    }

    @Test func anOutageIsNotTakenForNothing() async throws {
        try await inPlace { place in
            let (anna, catalogue) = (place.anna, place.catalogue)
            try await place.house.pool.query("UPDATE settings SET sources = '{tvmaze,wikidata}'")
            #expect(try await anna.get("/search?q=nothing+like+it").text.contains("Nothing is called so"))
            _ = try await anna.get("/search?q=courier")
            catalogue.behave(.text("", status: 500), as: .wikidata)
            let away = try await anna.get("/search?q=lighthouse")
            #expect(
                away.text.contains("Wikidata is in trouble") && away.text.contains("Movies and games may be missing"))
            #expect(away.hits.map(\.title) == ["Lighthouse Keepers"])
            let none = try await anna.get("/search?q=nothing+else")
            #expect(!none.text.contains("Nothing is called so") && none.text.contains("may be missing"))
            // What was found earlier stands in, also when it is old, and then says so.
            #expect(try await !anna.get("/search?q=courier").text.contains("Wikidata is in trouble"))
            try await place.house.pool.query("UPDATE source_answers SET at = now() - interval '7 hours'")
            let old = try await anna.get("/search?q=courier")
            #expect(old.hits.map(\.title) == ["Lighthouse Courier"])
            #expect(old.text.contains("What it said earlier is shown"))
            // Only shows: what Wikidata does is nobody's concern.
            #expect(try await !anna.get("/search?q=courier&kind=show").text.contains("Wikidata"))
        }
    }

    @Test func whoeverIsLateIsAskedForOnceMore() async throws {
        let catalogue = try StandInCatalogue()
        defer { catalogue.stop() }
        catalogue.behave(.silence, as: .wikidata)
        let house = try await House.inhabited(
            .standIns(others: catalogue.url), sourcePatience: .milliseconds(200))
        try await house.pool.query("UPDATE settings SET sources = '{wikidata}'")
        let anna = try await house.browser(of: "Anna")
        let part = try await anna.get("/search/suggestions?q=paper")
        #expect(part.text.contains("Wikidata takes its time") && part.html.contains("data-growing"))
        #expect(try await !anna.get("/search?q=paper").text.contains("Nothing is called so"))
        #expect(catalogue.requests.count <= 1)
    }

    @Test func askedOnceWhoeverAsks() async throws {
        try await inPlace { place in
            let ben = try await place.house.browser(of: "Ben")
            try await withThrowingTaskGroup { group in
                for browser in [place.anna, ben, place.anna, ben] {
                    group.addTask { _ = try await browser.get("/search?q=Paper++LIGHTHOUSE") }
                }
                try await group.waitForAll()
            }
            _ = try await ben.get("/search?q=paper+lighthouse")
            #expect(place.tvmaze.requests.count == 1)
            #expect(place.catalogue.requests.count { $0.query["list"] == "search" } == 1)
        }
    }

    @Test func pictures() async throws {
        try await inPlace { place in
            let (anna, catalogue) = (place.anna, place.catalogue)
            catalogue.show(.text("x", type: "image/png"), at: "/poster/tt24")
            catalogue.show(
                .reply(status: 200, fields: ["Content-Type": "text/html"], body: StandInCatalogue.poster),
                at: "/store_item_assets/steam/apps/5/library_600x900.jpg")
            let hits = try await anna.get("/search?q=lighthouse").hits
            func picture(_ hit: Hit?) -> String? { hit.flatMap { Page.between("src=\"", "\"", in: $0.html) } }
            let game = try #require(picture(hits.first { $0.title == "Lighthouse Courier" }))
            #expect(game.hasPrefix("/pictures/"))
            for _ in 0..<2 {
                let response = try await anna.response(to: game)
                #expect(response.status == .ok && response.fields[.contentType] == "image/png")
            }
            #expect(catalogue.requests.count { $0.path.hasPrefix("/store_item") } == 1)
            // No picture, whatever it says of itself; not a picture of this source; one that nobody has named.
            let movie = try #require(picture(hits.first { $0.year == "2024" }))
            for _ in 0..<2 {
                #expect(try await anna.response(to: movie).fields[.contentType] == "image/gif")
            }
            #expect(catalogue.requests.count { $0.path == "/poster/tt24" } == 1)
            let show = try #require(picture(hits.first { $0.title == "Lighthouse Keepers" }))
            #expect(try await anna.response(to: show).fields[.contentType] == "image/gif")
            #expect(!catalogue.requests.contains { $0.path == "/keepers" })
            for key in [String(repeating: "0", count: 32), "passwd", "x"] {
                #expect(try await anna.response(to: "/pictures/\(key)").status == .notFound)
            }
            // Without an account there is nothing to see.
            #expect(try await place.house.browser().response(to: game).status == .seeOther)
        }
    }

    @Test func whatIsSwitchedOffIsNotAsked() async throws {
        try await inPlace { place in
            let olga = try await place.house.browser(of: "Olga")
            let settings = try await olga.get("/admin/settings")
            #expect(settings.isTicked("source", "cinemeta"))
            try await place.house.pool.query("UPDATE settings SET sources = '{}'")
            let page = try await place.anna.get("/search?q=lighthouse")
            #expect(page.hits.isEmpty)
            #expect(place.catalogue.requests.isEmpty && place.tvmaze.requests.isEmpty)
        }
    }
}

/// A title on a search page.
struct Hit {
    let html: String
    var title: String { Page.between(">", "</a>", in: Page.between("<h3>", "</h3>", in: html) ?? "") ?? "" }
    var year: String { Page.between("<span class=\"year\">", "<", in: html) ?? "" }
    var href: String { (Page.between("href=\"", "\"", in: heading) ?? "").replacing("&amp;", with: "&") }
    private var heading: String { Page.between("<h3>", "</h3>", in: html) ?? "" }
}

extension Page {
    var hits: [Hit] {
        html.split(separator: "<article class=\"card request-card hit\">").dropFirst().map { Hit(html: String($0)) }
    }

    fileprivate func values(of field: String) -> [String] {
        html.split(separator: "name=\"\(field)\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
    }
}
