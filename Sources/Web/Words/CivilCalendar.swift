import Foundation

/// Days, weeks and months by somebody's clock.
struct CivilCalendar {
    private let calendar: Calendar
    /// 1 is Sunday.
    private let firstWeekday: Int

    init(_ zone: TimeZone, firstWeekday: Locale.Weekday) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        self.calendar = calendar
        let week: [Locale.Weekday] = [.sunday, .monday, .tuesday, .wednesday, .thursday, .friday, .saturday]
        self.firstWeekday = (week.firstIndex(of: firstWeekday) ?? 1) + 1
    }

    /// The day of "2026-11-23"; `nil` when it is none, or one that no calendar is opened at.
    func day(_ text: String) -> Date? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
            1900..<2200 ~= year, 1...12 ~= month, 1...31 ~= day
        else { return nil }
        return calendar.date(from: DateComponents(year: year, month: month, day: day))
    }

    func startOfDay(_ date: Date) -> Date { calendar.startOfDay(for: date) }

    func adding(_ count: Int, _ component: Calendar.Component, to date: Date) -> Date {
        // `nil` only for what lies beyond the calendar's own end.
        calendar.date(byAdding: component, value: count, to: date) ?? date
    }

    /// The first day of its week.
    func week(of date: Date) -> Date {
        adding(-((calendar.component(.weekday, from: date) + 7 - firstWeekday) % 7), .day, to: startOfDay(date))
    }

    /// The first day of its month.
    func month(of date: Date) -> Date { adding(1 - number(date), .day, to: startOfDay(date)) }

    /// From the beginning of the week in which a month begins to the end of that in which it ends.
    func weeks(ofMonth first: Date) -> (Date, Date) {
        let last = adding(-1, .day, to: adding(1, .month, to: first))
        return (week(of: first), adding(7, .day, to: week(of: last)))
    }

    func days(from start: Date, to end: Date) -> [Date] {
        Array(sequence(first: start) { adding(1, .day, to: $0) }.prefix { $0 < end })
    }

    /// The day of the month.
    func number(_ date: Date) -> Int { calendar.component(.day, from: date) }
}
