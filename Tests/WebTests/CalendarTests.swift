import Foundation
import Postgres
import Storage
import Testing

@testable import Web

@Suite("The calendar")
struct CalendarTests {
    /// A show with three episodes, of which the first aired in May and the others do not air.
    private func house() async throws -> (house: House, request: Int64) {
        let house = try await House.inhabited()
        let request = try await house.show([1: 3])
        try await house.pool.execute("UPDATE episodes SET name = 'Fog', airs_at = '2026-05-04 18:30Z' WHERE number = 1")
        return (house, request)
    }

    @Test func anEpisodeStandsOnItsDayWithItsStatus() async throws {
        let (house, request) = try await house()
        let ben = try await house.browser(of: "Ben")
        for view in ["month", "week", "agenda"] {
            let page = try await ben.get("/calendar?view=\(view)&day=2026-05-04")
            #expect(page.status == 200)
            let day = try #require(
                page.html.components(separatedBy: "<li class=\"day").dropFirst().first { $0.contains("2026-05-04") })
            #expect(day.contains("href=\"/requests/\(request)\"") && day.contains("S01E01 Fog"), "\(view)")
            #expect(day.contains("18:30 UTC") && day.contains("status-PENDING"), "\(view)")
        }
        // Whole weeks from Monday on: April 27 to May 31; what is of another month says so.
        let month = try await ben.get("/calendar?day=2026-05-20")
        let days = month.html.components(separatedBy: "<li class=\"day").dropFirst()
        #expect(days.count == 35 && days.first?.contains("2026-04-27") == true)
        #expect(days.count { $0.hasPrefix(" day-outside") } == 4)
        #expect(month.text.contains("May 2026"))
        #expect(month.html.contains("/calendar?view=month&amp;day=2026-06-01"))
        let week = try await ben.get("/calendar?view=week&day=2026-05-10")
        #expect(week.html.components(separatedBy: "<li class=\"day").count == 8 && week.text.contains("S01E01"))
        #expect(try await !ben.get("/calendar?view=week&day=2026-05-11").text.contains("S01E01"))
    }

    @Test("An episode stands on the day that it is where its reader lives")
    func byTheReadersClock() async throws {
        let (house, request) = try await house()
        try await house.pool.execute("UPDATE episodes SET airs_at = '2026-05-04 23:30Z' WHERE number = 1")
        let anna = try await house.browser(of: "Anna")
        for (zone, dates, day, clock) in [
            ("Europe/Berlin", "", "2026-05-05", "01:30"), ("America/New_York", "en-US", "2026-05-04", "7:30\u{202F}PM"),
            ("", "", "2026-05-04", "23:30 UTC"),
        ] {
            _ = try await anna.get("/account")
            let form = [("name", "Anna"), ("theme", "system"), ("zone", zone), ("dates", dates)]
            #expect(try await anna.post("/account/looks", form).status == 303)
            let page = try await anna.get("/calendar?view=agenda&day=2026-05-01")
            let days = page.html.components(separatedBy: "<li class=\"day").dropFirst()
            let shown = try #require(days.first { $0.contains("/requests/\(request)\"") })
            #expect(shown.contains(day) && shown.contains(clock), "\(zone)")
        }
    }

    @Test("A movie stands on the day on which it comes out, wherever its reader lives")
    func movies() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        try await house.pool.execute("UPDATE titles SET released_on = '2026-05-12'")
        let anna = try await house.browser(of: "Anna")
        for zone in ["America/Los_Angeles", "UTC", "Asia/Tokyo"] {
            try await house.pool.execute("UPDATE users SET time_zone = \(zone)")
            let page = try await anna.get("/calendar?view=week&day=2026-05-12")
            let days = page.html.components(separatedBy: "<li class=\"day").dropFirst()
            let shown = try #require(days.first { $0.contains("/requests/\(request)\"") })
            #expect(shown.contains("2026-05-12") && shown.contains("Movie") && !shown.contains("12:00"), "\(zone)")
            #expect(try await anna.get("/requests/\(request)").text.contains("Came out 12 May 2026"))
        }
        #expect(try await !anna.get("/").text.contains("Comes next"))
        try await house.pool.execute("UPDATE titles SET released_on = current_date + 20")
        try await house.pool.execute(
            "UPDATE requests SET next_search_at = now() + interval '1 day', search_asked_at = NULL")
        #expect(try await anna.get("/").text.contains("Comes next"))
        #expect(try await anna.get("/requests/\(request)").text.contains("It comes out in "))
        _ = try await anna.post("/requests/\(request)/cancellation")
        #expect(try await !anna.get("/").text.contains("Comes next"))
    }

    @Test func whatIsNotWaitedForIsNotInIt() async throws {
        let (house, request) = try await house()
        let anna = try await house.browser(of: "Anna")
        func isShown() async throws -> Bool {
            try await anna.get("/calendar?day=2026-05-04").html.contains("/requests/\(request)\"")
        }
        #expect(try await isShown())
        try await house.pool.execute("UPDATE episodes SET gone_at = now()")
        #expect(try await !isShown())
        try await house.pool.execute("UPDATE episodes SET gone_at = NULL")
        _ = try await anna.get("/requests/\(request)")
        #expect(try await anna.post("/requests/\(request)/cancellation").status == 303)
        #expect(try await !isShown())
    }

    @Test func whatComesNextOfAShowThatIsFollowedIsOnTheFirstPage() async throws {
        let (house, request) = try await house()
        let anna = try await house.browser(of: "Anna")
        #expect(try await !anna.get("/").text.contains("Comes next"))
        try await house.pool.execute(
            """
            INSERT INTO episodes (title_id, source_id, season, number, name, airs_at)
            SELECT id, 'test:9', 1, 9, 'Harbour', now() + interval '50 hours' FROM titles
            """)
        #expect(try await !anna.get("/").text.contains("S01E09"))
        try await house.pool.execute("UPDATE requests SET scope = 'ongoing' WHERE id = \(request)")
        let home = try await anna.get("/")
        #expect(home.text.contains("Comes next") && home.text.contains("S01E09 Harbour"))
        #expect(home.text.contains("in 2 days"))
        #expect(try await anna.get("/calendar?view=agenda").text.contains("S01E09 Harbour"))
        try await house.pool.execute("UPDATE requests SET stopped_at = now() WHERE id = \(request)")
        #expect(try await !anna.get("/").text.contains("S01E09"))
    }

    @Test(arguments: ["x", "2026-13-01", "2026-02-99", "-1-1-1", "9999-01-01", "", "2026-05"])
    func aDayThatIsNoneIsToday(day: String) async throws {
        let house = try await House.inhabited()
        let page = try await house.browser(of: "Anna").get("/calendar?view=week&day=\(day)")
        #expect(page.status == 200 && page.html.contains("day-today"))
    }
}
