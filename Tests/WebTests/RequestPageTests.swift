import FoundationEssentials
import Lifecycle
import Postgres
import Storage
import Testing

@testable import Orchestrator
@testable import Web

@Suite("The page of a request")
struct RequestPageTests {
    @Test func releasesAreRankedAndRejectedOnesSayWhy() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let ids = try await house.found(
            ["The.Long.Way.2019.1080p.WEB-DL.x264-A", "The.Long.Way.2019.720p.WEB-DL.x264-B"],
            rejected: ["The.Long.Way.2019.CAM-C": "Recorded in a cinema."], for: request)
        let anna = try await house.browser(of: "Anna")
        let page = try await anna.get("/requests/\(request)")
        let text = page.text
        let first = try #require(text.firstRange(of: "1080p.WEB-DL"))
        let second = try #require(text.firstRange(of: "720p.WEB-DL"))
        #expect(first.lowerBound < second.lowerBound)
        #expect(text.contains("Recorded in a cinema."))
        for id in ids { #expect(page.html.contains("name=\"release\" value=\"\(id)\"")) }
        // Links carry keys.
        #expect(!page.html.contains("planted-secret"))
    }

    @Test func aSearchIsShownAsItsIndexersAnswer() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        _ = try await house.found(["The.Long.Way.2019.1080p.WEB-DL.x264-A"], for: request)
        let anna = try await house.browser(of: "Anna")
        try await house.pool.transaction { connection in
            let claim = try #require(try await SearchQueue.claim(by: "worker", lease: 100, on: connection))
            let id = try await Searches.begin(
                request: request, askedBy: nil, startedAt: claim.at, answers: [], on: connection)
            let answers = [
                IndexerAnswer(indexer: "Quick", count: 3, fresh: 2, accepted: 1, milliseconds: 340),
                IndexerAnswer(indexer: "Slow"),
                IndexerAnswer(
                    indexer: "Away", milliseconds: 9, error: "left alone after 3 failures",
                    restsUntil: Date(timeIntervalSince1970: 1_778_611_200)),  // 12 May 2026, 18:40 UTC
            ]
            try await Searches.note(id, seen: 3, accepted: 1, answers: answers, on: connection)
        }
        let page = try await anna.get("/requests/\(request)")
        #expect(page.between("id=\"running\">", "</p>") == "Being searched for now: 2 of 3 indexers have answered.")
        #expect(page.text.contains("Quick: 3 releases, 2 new, 1 acceptable, in 340 ms"))
        #expect(page.text.contains("Slow: is being asked"))
        #expect(page.text.contains("Away: left alone after 3 failures, until 18:40 UTC"))
        try await house.pool.execute("UPDATE users SET time_zone = 'Asia/Tokyo'")
        let there = try await anna.get("/requests/\(request)")
        #expect(there.text.contains("Away: left alone after 3 failures, until 03:40"))
        // What was found before stays where it was.
        #expect(page.text.contains("1080p.WEB-DL") && !page.text.contains("Releases of earlier searches"))

        // Its worker died.
        try await house.pool.execute("UPDATE requests SET search_lease = NULL, search_worker = NULL")
        #expect(try await !anna.get("/requests/\(request)").html.contains("id=\"running\""))
        let searches = try await anna.get("/requests/\(request)/searches")
        #expect(searches.text.contains("Broken off before all indexers had answered."))
        #expect(searches.text.contains("Slow had not answered"))
    }

    @Test func everySearchIsListed() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let anna = try await house.browser(of: "Anna")
        let path = "/requests/\(request)/searches"
        #expect(try await anna.get(path).text.contains("Not searched for yet"))
        #expect(try await anna.get("/requests/999999/searches").status == 404)
        let person = try await house.person("Anna").userID
        try await house.pool.transaction { connection in
            for number in 1...23 {
                let question = IndexerQuestion(
                    text: "t=movie&q=Way <\(number)>&cat=2000", count: number, milliseconds: 1200)
                let answer = IndexerAnswer(
                    indexer: "Attic", count: number, fresh: 0, accepted: 1, milliseconds: 1200, questions: [question])
                _ = try await Searches.add(
                    request: request, askedBy: number == 23 ? person : nil, startedAt: .now,
                    SearchOutcome(
                        seen: number, accepted: 1, sentence: "\(number) seen: 1 acceptable.", answers: [answer]),
                    on: connection)
            }
        }
        let first = try await anna.get(path)
        #expect(first.text.contains("asked for by Anna") && first.text.contains("by the queue"))
        #expect(
            first.text.contains("23 seen: 1 acceptable.") && first.text.contains("23 releases, 0 new, 1 acceptable."))
        #expect(first.text.contains("t=movie&q=Way <23>&cat=2000 · 23 releases, 1.2 s"))
        #expect(!first.text.contains("Way <3>"))
        let older = try #require(first.between("href=\"\(path)?before=", "\""))
        let second = try await anna.get("\(path)?before=\(older)")
        #expect(second.text.contains("Way <3>") && second.text.contains("Way <1>") && !second.text.contains("Way <4>"))
        #expect(try await anna.get("/requests/\(request)").html.contains("href=\"\(path)\""))
        #expect(try await anna.get("\(path)?before=x").status == 200)
    }

    @Test func whyTheFirstIsFirst() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        _ = try await house.found(["The.Long.Way.2019.1080p.WEB-DL.x264-A"], for: request)
        let anna = try await house.browser(of: "Anna")
        let why = "id=\"why-first\""
        #expect(try await !anna.get("/requests/\(request)").html.contains(why))
        try await house.pool.execute("UPDATE searches SET why_first = 'The first goes before the next: it is bigger.'")
        let page = try await anna.get("/requests/\(request)")
        #expect(page.between(why, "</p>")?.contains("it is bigger.") == true)
    }

    @Test func choosingAndThenTooLate() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let ids = try await house.found(
            ["The.Long.Way.2019.1080p.WEB-DL.x264-A", "The.Long.Way.2019.720p-B"], for: request)
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/requests/\(request)")
        #expect(try await anna.post("/requests/\(request)/selections", [("release", "999999")]).status == 404)
        let chosen = try await anna.post("/requests/\(request)/selections", [("release", "\(ids[0])")])
        #expect(chosen.location == "/requests/\(request)")
        let page = try await anna.get("/requests/\(request)")
        #expect(page.badge == "DOWNLOADING")
        #expect(page.text.contains("Chosen. The download begins."))
        #expect(page.text.contains("Progress unknown"))
        #expect(try await !anna.get("/requests/\(request)").text.contains("Chosen. The download begins."))

        try await complete(request, of: house)
        let late = try await anna.post("/requests/\(request)/selections", [("release", "\(ids[1])")])
        #expect(late.status == 409)
        #expect(late.badge == "COMPLETED")
        #expect(late.text.contains("It is complete already."))
        #expect(try await anna.post("/requests/\(request)/searches").status == 409)
    }

    @Test func whatFitsNoMoreIsNotChosenUnseen() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let name = "The.Long.Way.2019.1080p.WEB-DL.x264-A"
        let ids = try await house.found([name], for: request)
        let anna = try await house.browser(of: "Anna")
        let shown = try await anna.get("/requests/\(request)")
        #expect(shown.value(of: "fits") == "yes")
        try await house.pool.execute("UPDATE requests SET refused_words = '{x264}'")
        let form = [("release", "\(ids[0])"), ("over", "")]
        let late = try await anna.post("/requests/\(request)/selections", form + [("fits", "yes")])
        #expect(late.status == 409)
        #expect(late.text.contains("This release does not fit any more"))
        #expect(late.text.contains("The name says “x264”, which this request does not want."))
        // It is among the rejected ones now, and is chosen as such.
        #expect(late.value(of: "fits") == nil)
        #expect(try await anna.post("/requests/\(request)/selections", form).location == "/requests/\(request)")
        #expect(try await house.count("downloads") == 1)
    }

    @Test func whenNothingIsLeftToTryItSaysSo() async throws {
        let house = try await House.inhabited()
        try await house.pool.execute("UPDATE settings SET retry_failed = false")
        let request = try await house.movie()
        let ids = try await house.found(
            ["The.Long.Way.2019.1080p.WEB-DL.x264-A", "The.Long.Way.2019.720p.WEB-DL.x264-B"], for: request)
        try await house.pool.withConnection { connection in
            for name in ["The.Long.Way.2019.1080p.WEB-DL.x264-A", "The.Long.Way.2019.720p.WEB-DL.x264-B"] {
                try await ReleaseRows.block(
                    OfferID(indexer: "Stand-in", guid: name), for: request, reason: "dead", on: connection)
            }
        }
        try await house.orchestrator.choose(release: ids[0], of: request, by: try await house.person("Anna"))
        try await house.orchestrator.failed(1, because: "nothing arrived for 60 minutes")
        let anna = try await house.browser(of: "Anna")
        let page = try await anna.get("/requests/\(request)")
        #expect(page.badge == "FAILED")
        #expect(
            page.text.contains(
                "Nothing arrived for 60 minutes. Nothing else that was found fits. "
                    + "It is not tried again by itself: search again."))
        #expect(page.text.contains("2 seen: 2 that failed before"))
        #expect(page.html.contains("action=\"/requests/\(request)/searches\""))
        #expect(try await anna.post("/requests/\(request)/searches").status == 303)
        #expect(try await anna.get("/requests/\(request)").badge == "PENDING")
    }

    private func complete(_ request: Int64, of house: House) async throws {
        try await house.pool.transaction { connection in
            _ = try await Requests.lock(request, on: connection)
            let steps = try await Items.list(of: request, on: connection).map {
                Step(item: $0.id, event: .downloadCompleted, from: $0.status, to: .completed, download: $0.download)
            }
            try await Events.record(steps, of: request, by: nil, reason: nil, on: connection)
        }
    }

    @Test func cancellingAndSearchingAgain() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/requests/\(request)")
        #expect(try await anna.post("/requests/\(request)/cancellation").status == 303)
        let page = try await anna.get("/requests/\(request)")
        #expect(page.badge == "CANCELLED")
        #expect(page.text.contains("Cancelled by Anna"))
        #expect(page.text.contains("Search again"))
        #expect(try await anna.post("/requests/\(request)/cancellation").status == 409)
        #expect(try await anna.post("/requests/\(request)/searches").status == 303)
        #expect(try await anna.get("/requests/\(request)").badge == "PENDING")
    }

    @Test func oneOfTwoLeaves() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Anna")
        try await house.orchestrator.join(request, by: try await house.person("Ben"))
        let anna = try await house.browser(of: "Anna")
        let before = try await anna.get("/requests/\(request)")
        #expect(before.text.contains("Leave"))
        #expect(try await anna.post("/requests/\(request)/cancellation").status == 303)
        let after = try await anna.get("/requests/\(request)")
        #expect(after.badge == "PENDING")
        #expect(after.text.contains("I want it too"))
        #expect(after.text.contains("You are not on this request any more."))
    }

    @Test func anAdministratorLeavesWithoutCancellingItForTheOthers() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie(by: "Olga")
        try await house.orchestrator.join(request, by: try await house.person("Ben"))
        let olga = try await house.browser(of: "Olga")
        let before = try await olga.get("/requests/\(request)")
        #expect(before.hasForm(to: "/requests/\(request)/leaving"))
        #expect(before.hasForm(to: "/requests/\(request)/cancellation"))
        #expect(try await olga.post("/requests/\(request)/leaving").status == 303)
        let after = try await olga.get("/requests/\(request)")
        #expect(after.badge == "PENDING" && after.text.contains("for Ben"))
        #expect(!after.hasForm(to: "/requests/\(request)/leaving"))
        // Who is not on it cannot leave it.
        let vera = try await house.browser(of: "Vera")
        _ = try await vera.get("/")
        #expect(try await vera.post("/requests/\(request)/leaving").status == 403)
    }

    @Test func theFirstPageSaysWhatWaitsForWhoeverLooks() async throws {
        let house = try await House.inhabited()
        let mine = try await house.movie("Mine", by: "Anna")
        let theirs = try await house.movie("Theirs", by: "Ben")
        let itself = try await house.movie("Itself", by: "Anna")
        try await house.orchestrator.set(choosing: .best, of: itself, by: try await house.person("Anna"))
        for request in [mine, theirs, itself] {
            _ = try await house.found(["\(request).2019.1080p.WEB-DL"], for: request)
            try await house.pool.transaction { connection in
                let items = try await Items.list(of: request, on: connection)
                let steps = items.map { Step(item: $0.id, event: .searchedFound, from: .pending, to: .found) }
                try await Events.record(steps, of: request, by: nil, reason: nil, on: connection)
            }
        }
        let page = try await house.browser(of: "Anna").get("/")
        func shelf(_ id: String) -> String {
            page.between("<section class=\"section\" aria-labelledby=\"\(id)\"", "</section>") ?? ""
        }
        #expect(shelf("choose").contains("Mine"))
        #expect(!shelf("choose").contains("Theirs") && !shelf("choose").contains("Itself"))
        #expect(
            shelf("found").contains("Theirs") && shelf("found").contains("Itself") && !shelf("found").contains("Mine"))
    }

    @Test func seasonsAreFoldedAndEpisodesCancelledOneByOne() async throws {
        let house = try await House.inhabited()
        let request = try await house.show([1: 2, 2: 2])
        let items: [Int64] = try await house.pool.query("SELECT id FROM items ORDER BY season, number")
            .map { try $0.get("id") }
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/requests/\(request)")
        #expect(try await anna.post("/requests/\(request)/items/\(items[3])/cancellation").status == 303)
        let page = try await anna.get("/requests/\(request)")
        #expect(page.badge == "CANCELLED")
        #expect(page.text.contains("Cancelled: S02E02 by Anna"))
        #expect(try await anna.post("/requests/\(request)/items/999999/cancellation").status == 404)
    }

    @Test func hostileTitlesAreText() async throws {
        let house = try await House.inhabited()
        let name = "<script>alert(1)</script> \"' & \u{202e}olleh"
        let request = try await house.movie(name)
        _ = try await house.found(["<img src=x onerror=alert(1)>.2019"], rejected: ["x": "<b>no</b>"], for: request)
        let olga = try await house.browser(of: "Olga")
        for path in ["/", "/requests", "/requests/\(request)", "/admin/expiry", "/requests?q=%3Cscript%3E"] {
            let page = try await olga.get(path)
            #expect(page.status == 200)
            #expect(!page.html.contains("<script>alert"), "\(path)")
            #expect(!page.html.contains("<img src=x"), "\(path)")
            #expect(!page.html.contains("<b>no"), "\(path)")
        }
        #expect(try await olga.get("/requests/\(request)").text.contains("<script>alert(1)</script>"))
    }

    @Test func requestsThatAreNotThere() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/")
        for id in ["999999", "0", "-1", "x", "1e3", "99999999999999999999"] {
            #expect(try await anna.get("/requests/\(id)").status == 404, "\(id)")
            #expect(try await anna.post("/requests/\(id)/searches").status == 404, "\(id)")
        }
    }
}
