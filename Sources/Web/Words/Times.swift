import Foundation
import Storage

/// Moments in a reader's words: by their clock, and as dates are written where they live.
struct Times: Sendable {
    /// When the page is made.
    let now: Date
    private let zone: TimeZone
    private let style: DateStyle

    init(now: Date, _ format: TimeFormat) {
        let zone = format.zone == "UTC" ? .gmt : TimeZone(identifier: format.zone) ?? .gmt
        self.init(now: now, zone: zone, style: DateStyle(format.dates))
    }

    private init(now: Date, zone: TimeZone, style: DateStyle) {
        self.now = now
        self.zone = zone
        self.style = style
    }

    /// The same clock, with dates in another style.
    func written(_ style: DateStyle) -> Times { Times(now: now, zone: zone, style: style) }

    /// "just now", "5 minutes ago", "in 3 hours", and the day itself when it is further away than a month.
    func relative(_ date: Date) -> String {
        let seconds = date.timeIntervalSince(now)
        let distance = abs(seconds)
        guard distance >= 60 else { return seconds > 5 ? "in a moment" : "just now" }
        guard distance < 31 * 86_400 else { return day(date) }
        let words =
            switch distance {
            case ..<3570: Self.count(distance / 60, "minute")
            case ..<84_600: Self.count(distance / 3600, "hour")
            default: Self.count(distance / 86_400, "day")
            }
        return seconds > 0 ? "in \(words)" : "\(words) ago"
    }

    /// "12 May 2026".
    func day(_ date: Date) -> String {
        switch style {
        case .british:
            let parts = parts(of: date)
            return "\(parts.day) \(Self.months[parts.month - 1]) \(parts.year)"
        case .iso: return parts(of: date).day8601
        case .local: return local(date) { $0.day().month(.wide).year() }
        }
    }

    /// "12 May 2026, 18:40", with "UTC" where that is the clock.
    func moment(_ date: Date) -> String {
        if case .iso = style { "\(day(date)) \(clock(date))" } else { "\(day(date)), \(clock(date))" }
    }

    /// "18:40", with "UTC" where that is the clock.
    func clock(_ date: Date) -> String {
        let clock: String
        if case .local = style {
            clock = local(date) { $0.hour().minute() }
        } else {
            let parts = parts(of: date)
            clock = "\(Self.padded(parts.hour)):\(Self.padded(parts.minute))"
        }
        return zone == .gmt ? "\(clock) UTC" : clock
    }

    /// "Monday, 12 May 2026".
    func weekday(_ date: Date) -> String {
        if case .local = style { return local(date) { $0.weekday(.wide).day().month(.wide).year() } }
        return "\(Self.weekdays[dayOfWeek(date)]), \(day(date))"
    }

    /// "Mon 12".
    func shortWeekday(_ date: Date) -> String {
        if case .local = style { return local(date) { $0.weekday(.abbreviated).day() } }
        return "\(Self.weekdays[dayOfWeek(date)].prefix(3)) \(parts(of: date).day)"
    }

    /// "May 2026".
    func month(_ date: Date) -> String {
        if case .local = style { return local(date) { $0.month(.wide).year() } }
        let parts = parts(of: date)
        return "\(Self.months[parts.month - 1]) \(parts.year)"
    }

    /// The year that it is.
    var year: Int { parts(of: now).year }

    /// "2026-05-12": the day there, as addresses have it.
    func iso(day date: Date) -> String { parts(of: date).day8601 }

    /// The days, weeks and months of this clock.
    var calendar: CivilCalendar {
        if case .local(let locale) = style { return CivilCalendar(zone, firstWeekday: locale.firstDayOfWeek) }
        return CivilCalendar(zone, firstWeekday: .monday)
    }

    /// "2026-05-12T18:40:00Z", for `<time datetime>`.
    static func iso(_ date: Date) -> String {
        let parts = Parts(date, offset: 0)
        return "\(parts.day8601)T\(padded(parts.hour)):\(padded(parts.minute)):\(padded(parts.second))Z"
    }

    /// "3 days", "1 day".
    static func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }

    /// "112 minutes", of a show "50 minutes an episode".
    static func runtime(_ minutes: Int, kind: Kind) -> String {
        count(minutes, "minute") + (kind == .show ? " an episode" : "")
    }

    private static func count(_ number: Double, _ unit: String) -> String { count(Int(number.rounded()), unit) }
    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    private func dayOfWeek(_ date: Date) -> Int {
        // 1 January 1970 was a Thursday.
        let seconds = date.timeIntervalSince1970 + Double(zone.secondsFromGMT(for: date))
        let days = Int((seconds / 86_400).rounded(.down))
        return ((days + 4) % 7 + 7) % 7
    }

    private func parts(of date: Date) -> Parts {
        Parts(date, offset: zone == .gmt ? 0 : zone.secondsFromGMT(for: date))
    }

    private func local(_ date: Date, _ fields: (Date.FormatStyle) -> Date.FormatStyle) -> String {
        guard case .local(let locale) = style else { preconditionFailure("a style that is written here") }
        let style = Date.FormatStyle(locale: locale, calendar: Calendar(identifier: .gregorian), timeZone: zone)
        return date.formatted(fields(style))
    }

    /// The date of the proleptic Gregorian calendar.
    private struct Parts {
        let year, month, day, hour, minute, second: Int

        /// "2026-05-12".
        var day8601: String { "\(year)-\(Times.padded(month))-\(Times.padded(day))" }

        init(_ date: Date, offset: Int) {
            let seconds = Int(date.timeIntervalSince1970.rounded(.down)) + offset
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
