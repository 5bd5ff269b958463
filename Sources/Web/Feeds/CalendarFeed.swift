import FoundationEssentials
import Storage

/// The calendar as calendar programs read it (RFC 5545; the name and how often to look again by RFC 7986).
struct CalendarFeed {
    let text: String

    init(_ reader: FeedReader, _ rows: [CalendarRow]) {
        var lines = [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Usher//Usher//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
            "NAME:Usher", "X-WR-CALNAME:Usher", "REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H",
        ]
        for row in rows { lines += Self.event(row, reader) }
        lines.append("END:VCALENDAR")
        text = lines.map(Self.folded).joined()
    }

    private static func event(_ row: CalendarRow, _ reader: FeedReader) -> [String] {
        let part = row.episode.map { " \($0.code)" } ?? row.year.map { " (\($0))" } ?? ""
        let name = row.episodeName.isEmpty ? "" : " \(row.episodeName)"
        let stamp = basic(Times.iso(row.changedAt))
        var lines = [
            "BEGIN:VEVENT", "UID:\(reader.uuid(of: "request \(row.request) \(row.episode?.code ?? "")"))",
            "DTSTAMP:\(stamp)", "LAST-MODIFIED:\(stamp)",
        ]
        if row.isWholeDay {
            lines.append("DTSTART;VALUE=DATE:\(basic(Times.iso(row.at)).prefix(8))")
        } else {
            lines.append("DTSTART:\(basic(Times.iso(row.at)))")
            if let minutes = row.runtime { lines.append("DURATION:PT\(minutes)M") }
        }
        return lines + [
            "SUMMARY:\(escaped(row.title + part + name))",
            "DESCRIPTION:\(escaped(row.status?.word ?? "Is asked for when it airs"))",
            "CATEGORIES:\(escaped(row.kind.word))", "URL:\(reader.link(request: row.request))",
            "TRANSP:TRANSPARENT", "END:VEVENT",
        ]
    }

    /// "20260512T184000Z" for "2026-05-12T18:40:00Z" (§3.3.5).
    private static func basic(_ iso: String) -> String { iso.filter { $0 != "-" && $0 != ":" } }

    /// §3.3.11.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "\\", ";", ",": escaped += "\\\(character)"
            case _ where character.isNewline: escaped += "\\n"
            default: escaped.unicodeScalars.append(contentsOf: character.unicodeScalars.filter { $0.value >= 0x20 })
            }
        }
        return escaped
    }

    /// A line of at most 75 octets and what is left of it, none of which begins within a character (§3.1).
    private static func folded(_ line: String) -> String {
        var folded = ""
        var octets = 0
        for scalar in line.unicodeScalars {
            let width = UTF8.width(scalar)
            if octets + width > 75 {
                folded += "\r\n "
                octets = 1
            }
            folded.unicodeScalars.append(scalar)
            octets += width
        }
        return folded + "\r\n"
    }
}
