import FoundationEssentials

/// Moments in words. Everything is UTC; a page's script may show it in the reader's own time.
enum Times {
    /// "just now", "5 minutes ago", "in 3 hours", and the day itself when it is further away than a month.
    static func relative(_ date: Date, to now: Date) -> String {
        let seconds = date.timeIntervalSince(now)
        let distance = abs(seconds)
        guard distance >= 60 else { return seconds > 5 ? "in a moment" : "just now" }
        guard distance < 31 * 86_400 else { return day(date) }
        let words =
            switch distance {
            case ..<3570: count(distance / 60, "minute")
            case ..<84_600: count(distance / 3600, "hour")
            default: count(distance / 86_400, "day")
            }
        return seconds > 0 ? "in \(words)" : "\(words) ago"
    }

    /// "12 May 2026".
    static func day(_ date: Date) -> String {
        let parts = Parts(date)
        return "\(parts.day) \(months[parts.month - 1]) \(parts.year)"
    }

    /// "12 May 2026, 18:40 UTC".
    static func moment(_ date: Date) -> String { "\(day(date)), \(clock(date))" }

    /// "18:40 UTC".
    static func clock(_ date: Date) -> String {
        let parts = Parts(date)
        return "\(padded(parts.hour)):\(padded(parts.minute)) UTC"
    }

    /// "2026-05-12T18:40:00Z", for `<time datetime>`.
    static func iso(_ date: Date) -> String {
        let parts = Parts(date)
        let day = "\(parts.year)-\(padded(parts.month))-\(padded(parts.day))"
        return "\(day)T\(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second))Z"
    }

    /// "3 days", "1 day".
    static func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }

    static func year(_ date: Date) -> Int { Parts(date).year }

    private static func count(_ number: Double, _ unit: String) -> String { count(Int(number.rounded()), unit) }
    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// The date of the proleptic Gregorian calendar.
    private struct Parts {
        let year, month, day, hour, minute, second: Int

        init(_ date: Date) {
            let seconds = Int(date.timeIntervalSince1970.rounded(.down))
            let days = (Double(seconds) / 86_400).rounded(.down)
            let rest = seconds - Int(days) * 86_400
            (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
            // Years that begin in March have their leap day at their end; 719468 days lie between 0000-03-01 and 1970.
            let shifted = Int(days) + 719_468
            let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
            let ofEra = shifted - era * 146_097
            let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
            let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
            let marched = (5 * ofYear + 2) / 153
            day = ofYear - (153 * marched + 2) / 5 + 1
            month = marched < 10 ? marched + 3 : marched - 9
            year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        }
    }
}
