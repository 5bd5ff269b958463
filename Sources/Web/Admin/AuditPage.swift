import FoundationEssentials
import HTTP
import Lifecycle
import Postgres
import Storage

extension Site {
    func auditPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let choice = AuditChoice(visit.request.query)
        let found = try await read { connection in
            (
                people: try await Users.list(on: connection),
                trail: try await AuditTrail.load(
                    of: choice.who, isAboutRequests: choice.isAboutRequests, areas: choice.areas, before: choice.mark,
                    limit: AuditChoice.pageSize, on: connection)
            )
        }
        return visit.page(
            AuditPage(
                page: visit.frame("Who did what", for: me), areas: choice.areaLinks, area: choice.area,
                who: SelectField(
                    name: "who", label: "Who",
                    options: [
                        Option(value: "", label: "Everybody", isSelected: choice.who == .people),
                        Option(value: "usher", label: "Usher itself", isSelected: choice.who == .usher),
                    ]
                        + found.people.map {
                            Option(value: "\($0.id)", label: $0.name, isSelected: choice.who == .person($0.id))
                        }),
                lines: AuditRow.rows(found.trail.lines, visit.times),
                newest: choice.mark == AuditTrail.Mark() ? nil : choice.address(before: nil),
                older: found.trail.next.map { choice.address(before: $0) }))
    }
}

/// What of it is shown, as the address says. What makes no sense is passed over.
private struct AuditChoice {
    static let pageSize = 100

    /// "requests", an area of the house, or empty for all.
    var area: String
    var who = AuditTrail.Who.people
    var mark = AuditTrail.Mark()

    init(_ query: Form) {
        let wanted = query["area"] ?? ""
        area = wanted == "requests" || AuditArea(rawValue: wanted) != nil ? wanted : ""
        if let text = query["who"] { who = text == "usher" ? .usher : Int64(text).map { .person($0) } ?? .people }
        let ids = (query["before"] ?? "").split(separator: "-").compactMap { Int64($0) }
        if ids.count == 3 { mark = AuditTrail.Mark(events: ids[0], notes: ids[1], changes: ids[2]) }
    }

    var isAboutRequests: Bool { area.isEmpty || area == "requests" }

    var areas: Set<AuditArea> {
        area.isEmpty ? Set(AuditArea.allCases) : Set([AuditArea(rawValue: area)].compactMap(\.self))
    }

    var areaLinks: [FilterLink] {
        let all = [("", "All"), ("requests", "Requests")] + AuditArea.allCases.map { ($0.rawValue, $0.word) }
        return all.map { value, label in
            var other = self
            other.area = value
            return FilterLink(href: other.address(before: nil), label: label, isCurrent: value == area)
        }
    }

    func address(before mark: AuditTrail.Mark?) -> String {
        var pairs: [(String, String)] = []
        if !area.isEmpty { pairs.append(("area", area)) }
        switch who {
        case .people: break
        case .usher: pairs.append(("who", "usher"))
        case .person(let id): pairs.append(("who", "\(id)"))
        }
        if let mark { pairs.append(("before", "\(mark.events)-\(mark.notes)-\(mark.changes)")) }
        return pairs.isEmpty ? "/admin/audit" : "/admin/audit?\(Form(pairs).encoded())"
    }
}

extension AuditArea {
    fileprivate var word: String {
        switch self {
        case .settings: "Settings"
        case .accounts: "People"
        case .indexers: "Indexers"
        case .operation: "Operation"
        }
    }
}

extension AuditRow {
    /// The lines; what happened to several parts of one request in one go is one of them.
    fileprivate static func rows(_ lines: [AuditLine], _ times: Times) -> [AuditRow] {
        var rows: [(row: AuditRow, line: AuditLine, count: Int)] = []
        for line in lines {
            let row = AuditRow(line, times)
            if case .event = line.what, let last = rows.last, last.line.request == line.request,
                (last.row.what, last.row.who, last.row.why) == (row.what, row.who, row.why),
                abs(last.line.at.timeIntervalSince(line.at)) < 2
            {
                rows[rows.count - 1].count += 1
            } else {
                rows.append((row, line, 1))
            }
        }
        return rows.map { row, _, count in
            var row = row
            if count > 1 { row.what += ", \(count) parts" }
            return row
        }
    }

    private init(_ line: AuditLine, _ times: Times) {
        let (what, why): (String, String?) =
            switch line.what {
            case .event(let event, let reason): (HistoryLines.words(event), reason)
            case .note(let sentence), .change(_, let sentence): (sentence, nil)
            }
        self.init(
            time: times.moment(line.at), iso: Times.iso(line.at), who: line.by ?? "Usher", what: what, why: why,
            title: line.title, href: line.request.map { "/requests/\($0)" } ?? "")
    }
}
