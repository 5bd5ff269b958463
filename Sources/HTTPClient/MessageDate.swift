/// Dates as mail, feeds and HTTP write them (RFC 5322 §3.3, RFC 9110 §5.6.7), with the liberties that feeds take.
public enum MessageDate {
    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    /// Hours from UTC of the zones with names (RFC 5322 §4.3).
    private static let zones = [
        "EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8,
    ]

    /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 +0000`; weekday, seconds and zone may be missing, and a missing
    /// or unknown zone is UTC. Nil if it is no such date.
    public static func parse(_ text: String) -> Int? {
        var words = text.split { $0 == " " || $0 == "," || $0 == "\t" }[...]
        if let first = words.first, Int(first) == nil { words.removeFirst() }
        guard words.count >= 4, let day = Int(words.removeFirst()), (1...31).contains(day),
            let month = months.firstIndex(of: words.removeFirst().prefix(3).lowercased()),
            let year = year(words.removeFirst()), let time = time(words.removeFirst())
        else { return nil }
        return daysSince1970(year, month + 1, day) * 86400 + time - offset(words.first)
    }

    private static func year(_ word: Substring) -> Int? {
        guard let number = Int(word), (0...9999).contains(number) else { return nil }
        guard word.count == 2 else { return number >= 1900 ? number : nil }
        return number < 50 ? 2000 + number : 1900 + number
    }

    private static func time(_ word: Substring) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard parts.count == 2 || parts.count == 3, (0...23).contains(parts[0]), (0...59).contains(parts[1]) else {
            return nil
        }
        let second = parts.count == 3 ? parts[2] : 0
        return (0...60).contains(second) ? parts[0] * 3600 + parts[1] * 60 + second : nil
    }

    private static func offset(_ word: Substring?) -> Int {
        guard let word else { return 0 }
        guard let sign = word.first, sign == "+" || sign == "-", word.count == 5, let number = Int(word.dropFirst())
        else { return (zones[word.uppercased()] ?? 0) * 3600 }
        return (number / 100 * 3600 + number % 100 * 60) * (sign == "-" ? -1 : 1)
    }

    /// Days of the proleptic Gregorian calendar; years are counted from March here, so that the leap day is the last.
    private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
