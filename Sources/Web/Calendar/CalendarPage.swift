import FoundationEssentials
import HTTP
import Lifecycle
import Postgres
import Storage

/// How much of the calendar is shown at once.
private enum CalendarSpan: String, CaseIterable {
    case month, week, agenda

    var label: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    /// What one step back or forth is.
    var step: (component: Calendar.Component, count: Int) {
        switch self {
        case .month: (.month, 1)
        case .week: (.day, 7)
        case .agenda: (.day, 28)
        }
    }
}

extension Site {
    /// At the most so many entries are shown; a house that waits for more in a month looks at a week.
    private static let limit = 1000

    func calendar(_ visit: Visit, _ me: Me) async throws -> Response {
        let query = Entries(visit.request.query)
        let span = CalendarSpan(rawValue: query.exactly("view")) ?? .month
        let times = visit.times
        let days = times.calendar
        let day = days.day(query.exactly("day")) ?? days.startOfDay(visit.now)
        let shown = span == .month ? days.month(of: day) : day
        let (start, end): (Date, Date) =
            switch span {
            case .month: days.weeks(ofMonth: shown)
            case .week: (days.week(of: day), days.adding(7, .day, to: days.week(of: day)))
            case .agenda: (day, days.adding(span.step.count, .day, to: day))
            }
        let rows = try await read {
            try await CalendarRows.list(from: start, to: end, under: me.user.ageLimit, limit: Self.limit, on: $0)
        }
        let entries = Dictionary(grouping: rows) { days.startOfDay($0.at) }
        var views: [CalendarDay] = []
        for date in days.days(from: start, to: end) {
            let mine = entries[date] ?? []
            guard span != .agenda || !mine.isEmpty else { continue }
            views.append(
                CalendarDay(
                    iso: times.iso(day: date),
                    number: views.count < 7 ? times.shortWeekday(date) : String(days.number(date)),
                    name: times.weekday(date),
                    isToday: date == days.startOfDay(visit.now),
                    isOutside: span == .month && days.month(of: date) != shown,
                    entries: mine.map { CalendarEntry($0, when: $0.isWholeDay ? $0.kind.word : times.clock($0.at)) }))
        }
        func link(_ label: String, _ view: CalendarSpan, _ date: Date, isCurrent: Bool = false) -> CalendarLink {
            let form = Form([("view", view.rawValue), ("day", times.iso(day: date))])
            return CalendarLink(href: "/calendar?\(form.encoded())", label: label, isCurrent: isCurrent)
        }
        let (component, count) = span.step
        return visit.page(
            CalendarPage(
                page: visit.frame("Calendar", for: me),
                views: CalendarSpan.allCases.map { link($0.label, $0, day, isCurrent: $0 == span) },
                back: link("Earlier", span, days.adding(-count, component, to: shown)),
                today: link("Today", span, days.startOfDay(visit.now)),
                forth: link("Later", span, days.adding(count, component, to: shown)),
                span: span == .month ? times.month(shown) : "\(times.day(start)) – \(times.day(end - 1))",
                isGrid: span != .agenda, days: views,
                nothing: rows.isEmpty
                    ? EmptyState(
                        icon: "calendar", title: "Nothing airs or comes out here",
                        text: "Episodes, movies and games that somebody asked for stand here, on the day they come.",
                        href: "/requests/new", label: "Ask for something")
                    : nil))
    }
}

extension CalendarEntry {
    init(_ row: CalendarRow, when: String) {
        self.init(
            href: "/requests/\(row.request)", title: row.title,
            part: row.episode.map { "\($0.code)\(row.episodeName.isEmpty ? "" : " \(row.episodeName)")" },
            when: when, iso: row.isWholeDay ? String(Times.iso(row.at).prefix(10)) : Times.iso(row.at),
            badge: row.status.map { StatusBadge($0) })
    }
}
