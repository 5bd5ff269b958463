import FoundationEssentials
import HTTP
import Lifecycle
import Storage

/// What a list is narrowed to and goes by, as its address says. What an address says that makes no sense is passed over.
struct ListChoice: Equatable {
    static let pageSize = 48

    /// The page that the list is on.
    let path: String
    /// What it goes by when its address does not say.
    private let usual: RequestSummaries.Order
    var status: Lifecycle.Status?
    /// Only what waits for approval.
    var isAwaited = false
    var kind: Kind?
    var person: Int64?
    var text = ""
    var part: RequestSummaries.Part

    var order: RequestSummaries.Order { part.order }

    init(_ query: Form, on path: String = "/requests", by usual: RequestSummaries.Order = .changed) {
        (self.path, self.usual) = (path, usual)
        status = query["status"].flatMap(Lifecycle.Status.init)
        isAwaited = status == nil && query["approval"] == "awaited"
        kind = query["kind"].flatMap(Kind.init)
        person = query["person"].flatMap(Int64.init)
        text = String((query["q"] ?? "").trimmed.prefix(200))
        let order = query["sort"].flatMap(RequestSummaries.Order.init) ?? usual
        if let mark = query["below"].flatMap({ RequestSummaries.Mark(text: $0, in: order) }) {
            part = .below(mark)
        } else if let mark = query["above"].flatMap({ RequestSummaries.Mark(text: $0, in: order) }) {
            part = .above(mark)
        } else {
            part = .first(order)
        }
    }

    var filter: RequestSummaries.Filter {
        RequestSummaries.Filter(
            statuses: status.map { [$0] } ?? [], kind: kind, text: text, person: person, isAwaited: isAwaited,
            isExpiring: order == .expiry)
    }

    /// Where the list is.
    var address: String { query.isEmpty ? path : "\(path)?\(query)" }

    /// The part of its address that says which list it is.
    var query: String {
        var pairs: [(String, String)] = []
        if let status { pairs.append(("status", status.rawValue)) }
        if isAwaited { pairs.append(("approval", "awaited")) }
        if let kind { pairs.append(("kind", kind.rawValue)) }
        if let person { pairs.append(("person", "\(person)")) }
        if !text.isEmpty { pairs.append(("q", text)) }
        if order != usual { pairs.append(("sort", order.rawValue)) }
        switch part {
        case .first: break
        case .below(let mark): pairs.append(("below", mark.text))
        case .above(let mark): pairs.append(("above", mark.text))
        }
        return Form(pairs).encoded()
    }

    /// The same list with something else about it, from its top.
    func with(_ change: (inout ListChoice) -> Void) -> ListChoice {
        var other = self
        other.part = .first(order)
        change(&other)
        return other
    }
}

extension ListChoice {
    func statusLinks(counts: [Lifecycle.Status: Int], for me: Me) -> [FilterLink] {
        let all = with { ($0.status, $0.isAwaited) = (nil, false) }
        var links = [FilterLink(href: all.address, label: "All", isCurrent: status == nil && !isAwaited)]
        if isAwaited || me.user.role.isApprover {
            links.append(
                FilterLink(
                    href: all.with { $0.isAwaited = true }.address, label: "Waits for approval", isCurrent: isAwaited))
        }
        return links
            + Lifecycle.Status.allCases.filter { counts[$0] != nil || $0 == status }.map { each in
                FilterLink(
                    href: all.with { $0.status = each }.address, label: each.word,
                    count: counts[each].map(Self.counted), isCurrent: status == each)
            }
    }

    var kindLinks: [FilterLink] {
        Kind.allCases.map { each in
            FilterLink(
                href: with { $0.kind = kind == each ? nil : each }.address, label: "\(each.word)s",
                isCurrent: kind == each)
        }
    }

    /// Words, a person and an order, beside what the links say.
    func narrowForm(people: [User], _ me: Me) -> NarrowForm {
        NarrowForm(
            action: path, words: text,
            kept: [
                status.map { HiddenField(name: "status", value: $0.rawValue) },
                isAwaited ? HiddenField(name: "approval", value: "awaited") : nil,
                kind.map { HiddenField(name: "kind", value: $0.rawValue) },
            ].compactMap(\.self),
            person: SelectField(
                name: "person", label: "Whose",
                options: [Option(value: "", label: "Everybody’s", isSelected: person == nil)]
                    + people.map { each in
                        Option(
                            value: "\(each.id)", label: each.id == me.id ? "\(each.name) (you)" : each.name,
                            isSelected: each.id == person)
                    }),
            order: usual == .expiry
                ? nil
                : SelectField(
                    name: "sort", label: "Order",
                    options: RequestSummaries.Order.allCases.map { each in
                        Option(value: each.rawValue, label: each.words, isSelected: each == order)
                    }), isOpen: !text.isEmpty || person != nil || order != usual)
    }

    var nothing: EmptyState {
        if self == ListChoice(Form()) {
            return EmptyState(
                icon: "list", title: "Nothing has been asked for yet", text: "Whatever the household asks for is here.",
                href: "/requests/new", label: "Ask for something")
        }
        return EmptyState(
            icon: "search", title: "Nothing like that", text: "No request fits what you are looking for.",
            href: "/requests", label: "Show all requests")
    }

    /// A number, or that there are more than anybody counts.
    private static func counted(_ count: Int) -> String {
        count > RequestSummaries.countLimit ? "\(RequestSummaries.countLimit)+" : "\(count)"
    }

    func pagination(_ page: RequestListPart, of total: Int) -> Pagination? {
        guard page.hasMoreAbove || page.hasMoreBelow else { return nil }
        func address(_ part: RequestSummaries.Part) -> String { with { $0.part = part }.address }
        func mark(_ summary: RequestSummary) -> RequestSummaries.Mark { RequestSummaries.Mark(summary, in: order) }
        return Pagination(
            position: "\(page.summaries.count) of \(Self.counted(total))",
            previous: page.hasMoreAbove
                ? address(page.summaries.first.map { .above(mark($0)) } ?? .first(order)) : nil,
            next: page.hasMoreBelow ? page.summaries.last.map { address(.below(mark($0))) } : nil)
    }
}

extension RequestSummaries.Order {
    fileprivate var words: String {
        switch self {
        case .changed: "Last changed"
        case .newest: "Newest"
        case .title: "Title"
        case .expiry: "Next to expire"
        }
    }
}

extension RequestSummaries.Mark {
    /// As addresses have it: the id, and what the list goes by, a moment in microseconds since 1970: `42-1700000000000000`.
    fileprivate init?(text: String, in order: RequestSummaries.Order) {
        let parts = text.split(separator: "-", maxSplits: 1)
        guard let id = parts.first.flatMap({ Int64($0) }) else { return nil }
        let key = parts.count == 2 ? parts[1] : ""
        switch order {
        case .newest: self = .newest(id)
        case .title: self = .title(String(key), id)
        case .changed:
            guard let at = Self.moment(key) else { return nil }
            self = .changed(at, id)
        case .expiry:
            guard let at = Self.moment(key) else { return nil }
            self = .expiry(at, id)
        }
    }

    fileprivate var text: String {
        switch self {
        case .changed(let at, let id), .expiry(let at, let id):
            "\(id)-\(Int64((at.timeIntervalSince1970 * 1_000_000).rounded()))"
        case .newest(let id): "\(id)"
        case .title(let name, let id): "\(id)-\(name)"
        }
    }

    private static func moment(_ text: Substring) -> Date? {
        // Until the year 2096; the database would refuse what is no time at all.
        guard let microseconds = Int64(text), (0...4_000_000_000_000_000).contains(microseconds) else { return nil }
        return Date(timeIntervalSince1970: Double(microseconds) / 1_000_000)
    }
}
