import Foundation
import HTTPTypes
import Orchestrator
import Postgres
import Storage
import Testing

@testable import Web

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Feeds")
struct FeedTests {
    /// Somebody's two addresses, as they are shown once.
    private func addresses(_ browser: Browser) async throws -> (calendar: String, notices: String) {
        _ = try await browser.get("/account")
        let page = try await browser.post("/account/feeds")
        #expect(page.status == 201)
        let shown = page.html.components(separatedBy: "http://usher.test").dropFirst()
            .map { String($0.prefix { $0 != "<" }) }
        try #require(shown.count == 2)
        return (shown[0], shown[1])
    }

    /// The properties of the events of a calendar, read by the rules of RFC 5545 §3.1 alone.
    private func events(_ text: String) throws -> [[String: String]] {
        #expect(text.hasPrefix("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n") && text.hasSuffix("END:VCALENDAR\r\n"))
        // Octets, not characters: CR and LF are one of those.
        let bytes = Array(text.utf8)
        var lines: [[UInt8]] = [[]]
        var index = 0
        while index < bytes.count {
            if bytes[index] == 13 {
                try #require(bytes[index + 1] == 10)
                #expect(lines[lines.count - 1].count <= 75)
                #expect(String(validating: lines[lines.count - 1], as: UTF8.self) != nil, "no character is cut in two")
                lines.append([])
                index += 2
            } else {
                try #require(bytes[index] >= 32)
                lines[lines.count - 1].append(bytes[index])
                index += 1
            }
        }
        var unfolded: [[UInt8]] = []
        for line in lines {
            if line.first == 32 { unfolded[unfolded.count - 1] += line.dropFirst() } else { unfolded.append(line) }
        }
        var events: [[String: String]] = []
        for line in unfolded.map({ String(decoding: $0, as: UTF8.self) }) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let (name, value) = (String(line[..<colon]), String(line[line.index(after: colon)...]))
            if line == "BEGIN:VEVENT" {
                events.append([:])
            } else if !events.isEmpty {
                events[events.count - 1][name] = value
            }
        }
        return events
    }

    @Test func calendarProgramsReadTheCalendar() async throws {
        let house = try await House.inhabited()
        let request = try await house.show([1: 3])
        let long = String(repeating: "Nebel über dem Meer, 🦀; ", count: 6)
        try await house.pool.execute(
            """
            UPDATE episodes SET name = \(long), airs_at = date_trunc('hour', now()) + interval '2 days' WHERE number = 1
            """)
        try await house.pool.execute("UPDATE titles SET runtime = 45")
        let movie = try await house.movie("A\\B, C; D")
        try await house.pool.execute("UPDATE titles SET released_on = current_date + 9 WHERE kind = 'movie'")
        let ben = try await house.browser(of: "Ben")
        let feed = try await addresses(ben).calendar
        // The program has no cookies.
        let program = try await house.browser()
        let page = try await program.get(feed)
        #expect(page.status == 200 && page.fields[.contentType] == "text/calendar; charset=utf-8")
        #expect(page.fields[.setCookie] == nil && page.fields[.cacheControl] == "private, no-cache")
        let found = try events(page.html)
        #expect(found.count == 2)
        let episode = try #require(found.first { $0["CATEGORIES"] == "Show" })
        let written = long.replacingOccurrences(of: ",", with: "\\,").replacingOccurrences(of: ";", with: "\\;")
        #expect(episode["SUMMARY"] == "Harbour S01E01 \(written)")
        #expect(episode["DURATION"] == "PT45M" && episode["DESCRIPTION"] == "Pending")
        #expect(episode["URL"] == "http://usher.test/requests/\(request)")
        let start = try #require(episode["DTSTART"])
        #expect(start.wholeMatch(of: /\d{8}T\d{4}00Z/) != nil)
        let whole = try #require(found.first { $0["CATEGORIES"] == "Movie" })
        #expect(whole["SUMMARY"] == "A\\\\B\\, C\\; D (2019)" && whole["URL"] == "http://usher.test/requests/\(movie)")
        #expect(whole["DTSTART;VALUE=DATE"]?.wholeMatch(of: /\d{8}/) != nil && whole["DTSTART"] == nil)
        #expect(Set(found.compactMap { $0["UID"] }).count == 2)
        #expect(found.allSatisfy { UUID(uuidString: $0["UID"] ?? "") != nil && $0["DTSTAMP"]?.hasSuffix("Z") == true })

        // What has not changed is not sent again; what has is the same event.
        let tag = try #require(page.fields[.eTag])
        let same = try await program.get(feed, fields: [.ifNoneMatch: tag])
        #expect(same.status == 304 && same.html.isEmpty)
        try await house.pool.execute("UPDATE episodes SET airs_at = airs_at + interval '1 day' WHERE number = 1")
        let moved = try await program.get(feed, fields: [.ifNoneMatch: tag])
        #expect(moved.status == 200)
        let again = try #require(try events(moved.html).first { $0["CATEGORIES"] == "Show" })
        #expect(again["UID"] == episode["UID"] && again["DTSTART"] != start)
    }

    @Test func feedReadersReadWhatTheBellTells() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie("Salt & <Smoke>\u{1}")
        let anna = try await house.person("Anna").userID
        for kind in ["started", "completed"] {
            try await house.pool.execute(
                """
                INSERT INTO request_log (request_id, kind, sentence) VALUES (\(request), 'note', 'x')
                """)
            try await house.pool.execute(
                """
                INSERT INTO notices (user_id, request_id, kind, log_id, parts, at)
                SELECT \(anna), \(request), \(kind), max(id), 1, now() FROM request_log
                """)
        }
        let feed = try await addresses(try await house.browser(of: "Anna")).notices
        let program = try await house.browser()
        let page = try await program.get(feed)
        #expect(page.status == 200 && page.fields[.contentType] == "application/atom+xml; charset=utf-8")
        let document = try XMLDocument(data: Data(page.html.utf8))
        let root = try #require(document.rootElement())
        #expect(root.name == "feed" && root.namespaces?.first?.stringValue == "http://www.w3.org/2005/Atom")
        for name in ["id", "title", "updated", "author"] { #expect(root.elements(forName: name).count == 1, "\(name)") }
        let entries = root.elements(forName: "entry")
        let titles = entries.map { $0.elements(forName: "title").first?.stringValue }
        #expect(titles == ["Salt & <Smoke> (2019): It is here.", "Salt & <Smoke> (2019): It is being downloaded."])
        #expect(Set(entries.map { $0.elements(forName: "id").first?.stringValue }).count == 2)
        #expect(page.html.contains("href=\"http://usher.test/requests/\(request)\""))
        #expect(try await program.get(feed, fields: [.ifNoneMatch: page.fields[.eTag] ?? ""]).status == 304)
    }

    @Test("An address ends when it is revoked, when others are made, and with the account")
    func revocation() async throws {
        let house = try await House.inhabited()
        let anna = try await house.browser(of: "Anna")
        #expect(try await anna.get("/account").text.contains("Make addresses"))
        let first = try await addresses(anna)
        let program = try await house.browser()
        func areThere(_ addresses: (calendar: String, notices: String)) async throws -> [Bool] {
            [
                try await program.get(addresses.calendar).status == 200,
                try await program.get(addresses.notices).status == 200,
            ]
        }
        #expect(try await anna.get("/account").text.contains("not read yet"))
        #expect(try await areThere(first) == [true, true])
        let account = try await anna.get("/account")
        #expect(account.text.contains("last read just now") && !account.html.contains("token="))

        let second = try await addresses(anna)
        #expect(try await areThere(first) == [false, false])
        #expect(try await areThere(second) == [true, true])
        try await house.pool.execute("UPDATE users SET disabled_at = now() WHERE name = 'Anna'")
        #expect(try await areThere(second) == [false, false])
        try await house.pool.execute("UPDATE users SET disabled_at = NULL")
        #expect(try await areThere(second) == [true, true])
        _ = try await anna.get("/account")
        #expect(try await anna.post("/account/feeds/revocation").status == 303)
        #expect(try await areThere(second) == [false, false])
        for guess in ["", "?token=", "?token=x", "?token=\(String(repeating: "a", count: 43))"] {
            #expect(try await program.get("/feeds/calendar.ics\(guess)").status == 404)
        }
    }

    @Test func aChildsFeedsHaveWhatIsForTheChild() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie("Not For You")
        try await house.pool.execute("UPDATE titles SET age = 18, released_on = current_date + 3")
        let carl = try await house.person("Carl").userID
        try await house.pool.execute(
            "INSERT INTO request_log (request_id, kind, sentence) VALUES (\(request), 'note', 'x')")
        try await house.pool.execute(
            """
            INSERT INTO notices (user_id, request_id, kind, log_id, parts, at)
            SELECT \(carl), \(request), 'completed', max(id), 1, now() FROM request_log
            """)
        let browser = try await house.browser(of: "Carl")
        let feed = try await addresses(browser)
        func said() async throws -> [Bool] {
            var said: [Bool] = []
            for page in [feed.calendar, feed.notices, "/notices"] {
                said.append(try await browser.get(page).html.contains("Not For You"))
            }
            return said
        }
        #expect(try await said() == [true, true, true])
        try await house.pool.execute("INSERT INTO age_limits (user_id, age, unrated) VALUES (\(carl), 12, true)")
        #expect(try await said() == [false, false, false])
    }

    @Test func addressesLeadWhereTheHouseSaysItIs() async throws {
        let house = try await House.inhabited()
        _ = try await house.movie()
        try await house.pool.execute("UPDATE titles SET released_on = current_date + 3")
        try await house.pool.execute("UPDATE settings SET public_address = 'https://home.example/usher'")
        let anna = try await house.browser(of: "Anna")
        _ = try await anna.get("/account")
        let page = try await anna.post("/account/feeds")
        let shown = page.html.components(separatedBy: "https://home.example/usher").dropFirst()
        #expect(shown.count == 2 && shown.allSatisfy { $0.hasPrefix("/feeds/") })
        let address = String(try #require(shown.first).prefix { $0 != "<" })
        let feed = try await house.browser().get(address)
        #expect(feed.html.contains("URL:https://home.example/usher/requests/"))
    }
}
