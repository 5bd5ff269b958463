import FoundationEssentials
import Lifecycle
import Storage
import Testing

import enum Releases.Quality

@testable import Web

@Suite("Words")
struct WordsTests {
    private let now = Date(timeIntervalSince1970: 1_795_400_430)

    @Test func moments() {
        #expect(Times.iso(Date(timeIntervalSince1970: 0)) == "1970-01-01T00:00:00Z")
        #expect(Times.iso(Date(timeIntervalSince1970: 951_782_400)) == "2000-02-29T00:00:00Z")
        #expect(Times.iso(Date(timeIntervalSince1970: -1)) == "1969-12-31T23:59:59Z")
        let times = Times(now: now, TimeFormat())
        #expect(times.moment(Date(timeIntervalSince1970: 4_102_444_799)) == "31 December 2099, 23:59 UTC")
        #expect(times.weekday(Date(timeIntervalSince1970: 0)) == "Thursday, 1 January 1970")
        #expect(times.shortWeekday(Date(timeIntervalSince1970: -1)) == "Wed 31")
    }

    @Test(
        arguments: [
            ("UTC", "en-GB", "12 May 2026, 18:40 UTC", "Tuesday, 12 May 2026"),
            ("Europe/Berlin", "en-GB", "12 May 2026, 20:40", "Tuesday, 12 May 2026"),
            ("America/New_York", "en-US", "May 12, 2026, 2:40\u{202F}PM", "Tuesday, May 12, 2026"),
            ("Asia/Kolkata", "iso", "2026-05-13 00:10", "Wednesday, 2026-05-13"),
            ("Asia/Tokyo", "ja", "2026年5月13日, 3:40", "2026年5月13日 水曜日"),
            ("Europe/Berlin", "de", "12. Mai 2026, 20:40", "Dienstag, 12. Mai 2026"),
            ("Nowhere/There", "xx", "12 May 2026, 18:40 UTC", "Tuesday, 12 May 2026"),
        ])
    func byTheReadersClock(zone: String, dates: String, moment: String, weekday: String) {
        let date = Date(timeIntervalSince1970: 1_778_611_200)
        let times = Times(now: now, TimeFormat(zone: zone, dates: dates))
        #expect(times.moment(date) == moment)
        #expect(times.weekday(date) == weekday)
    }

    @Test func clocksThatAreChanged() {
        let times = Times(now: now, TimeFormat(zone: "Europe/Berlin"))
        // 29 March 2026, 01:00 UTC: two o'clock there is three o'clock.
        #expect(times.clock(Date(timeIntervalSince1970: 1_774_745_999)) == "01:59")
        #expect(times.clock(Date(timeIntervalSince1970: 1_774_746_000)) == "03:00")
        let days = times.calendar
        let (start, end) = days.weeks(ofMonth: days.month(of: Date(timeIntervalSince1970: 1_774_746_000)))
        let shown = days.days(from: start, to: end).map(times.iso(day:))
        #expect(shown.count == 42 && Set(shown).count == 42)
        #expect(shown.first == "2026-02-23" && shown.last == "2026-04-05")
    }

    @Test func weeksBeginWhereTheyBegin() throws {
        for (dates, first) in [("en-GB", "2026-05-11"), ("en-US", "2026-05-10"), ("de", "2026-05-11")] {
            let times = Times(now: now, TimeFormat(zone: "America/New_York", dates: dates))
            let day = try #require(times.calendar.day("2026-05-12"))
            #expect(times.iso(day: times.calendar.week(of: day)) == first)
        }
    }

    @Test func allThatIsOfferedIsWritten() {
        let date = Date(timeIntervalSince1970: 1_780_252_800)
        let labels = DateStyle.offered.map(\.label)
        #expect(Set(labels).count == labels.count)
        for (identifier, label) in DateStyle.offered {
            let times = Times(now: now, TimeFormat(zone: "Europe/Berlin", dates: identifier))
            #expect(times.day(date).contains("2026") && !times.clock(date).isEmpty, "\(identifier)")
            #expect(label.contains(": ") && label.contains("2026"), "\(label)")
        }
    }

    @Test(
        arguments: [
            (0.0, "just now"), (30, "in a moment"), (-59, "just now"), (60, "in 1 minute"), (-61, "1 minute ago"),
            (899, "in 15 minutes"), (3599, "in 1 hour"), (7190, "in 2 hours"), (86_399, "in 1 day"),
            (2_591_999, "in 30 days"), (-259_200, "3 days ago"),
        ] as [(Double, String)])
    func howFarAway(seconds: Double, words: String) {
        #expect(Times(now: now, TimeFormat()).relative(now.addingTimeInterval(seconds)) == words)
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (4_200_000_000, "4.2 GB"),
            (14_200_000_000, "14 GB"), (999_999_999, "1.0 GB"), (-5, "0 bytes"),
        ] as [(Int64, String)])
    func sizes(bytes: Int64, words: String) {
        #expect(Figures.bytes(bytes) == words)
    }

    @Test("Sizes are the middle of what was seen, and of three at least")
    func sizeEstimates() {
        func seen(_ name: String, _ gigabytes: Int64, parts: Int = 1) -> SeenSize {
            SeenSize(name: name, bytes: gigabytes * 1_000_000_000, parts: parts)
        }
        func film(_ quality: String, _ gigabytes: Int64...) -> [SeenSize] {
            gigabytes.map { seen("The Long Way 2019 \(quality) WEB-DL x264-TEST", $0) }
        }
        let films = SizeEstimates(
            .movie, seen: film("1080p", 90, 4, 5) + film("2160p", 20, 21) + [seen("Some Film", 1)])
        #expect(films[.p1080] == "about 5.0 GB" && films[.p2160] == nil && films[.p720] == nil)
        let show = [
            seen("Harbour S01E01 720p WEB x264-TEST", 1), seen("Harbour S01E02E03 720p WEB x264-TEST", 4, parts: 2),
            seen("Harbour S01 720p WEB x264-TEST", 90, parts: 9),
        ]
        #expect(SizeEstimates(.show, seen: show)[.p720] == "about 2.0 GB an episode")
    }

    @Test func episodesInForms() {
        for wrong in ["", "S", "SE", "S1", "E1", "S1E", "SxE1", "S1E1E2", "S-1E1"] {
            #expect(EpisodeNumber(formValue: wrong) == nil, "\(wrong)")
        }
        #expect(EpisodeNumber(formValue: "S01E02")?.code == "S01E02")
        #expect(EpisodeNumber(formValue: "S2024E130")?.code == "S2024E130")
    }
}
