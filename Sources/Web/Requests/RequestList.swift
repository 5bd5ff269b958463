import FoundationEssentials
import HTTP
import Lifecycle
import Postgres
import Storage

extension Site {
    func requestList(_ visit: Visit, _ me: Me) async throws -> Response {
        let chosen = ListChoice(visit.request.query)
        let filter = chosen.filter(for: me)
        let found = try await read { connection in
            (
                total: try await RequestSummaries.count(filter, on: connection),
                counts: try await RequestSummaries.countsByStatus(on: connection),
                page: try await RequestListPart.load(chosen.part, of: filter, seenBy: me.id, on: connection)
            )
        }
        let progress = await progress(of: found.page.summaries.flatMap(\.downloads))
        return visit.page(
            visit.requestList(chosen, found.page, total: found.total, counts: found.counts, progress, for: me))
    }
}

extension Visit {
    /// What the list shows, of what was found.
    func requestList(
        _ chosen: ListChoice, _ part: RequestListPart, total: Int, counts: [Lifecycle.Status: Int],
        _ progress: [Int64: DownloadProgress], for me: Me
    ) -> RequestListPage {
        let downloads = part.summaries.flatMap(\.downloads)
        return RequestListPage(
            page: frame(
                "Requests", for: me, live: LiveAddress.path(downloads: downloads),
                refreshSeconds: downloads.isEmpty ? nil : 15),
            statuses: chosen.statusLinks(counts: counts), kinds: chosen.kindLinks,
            cards: part.summaries.map { RequestCard($0, progress: progress, now: now) },
            nothing: part.summaries.isEmpty ? chosen.nothing : nil, pagination: chosen.pagination(part, of: total))
    }
}

/// What one page of the list shows, and whether there is more on either side.
struct RequestListPart {
    var summaries: [RequestSummary]
    var hasMoreAbove = false
    var hasMoreBelow = false

    static func load(
        _ part: RequestSummaries.Part, of filter: RequestSummaries.Filter, seenBy user: Int64,
        on connection: PostgresConnection
    ) async throws -> RequestListPart {
        let size = ListChoice.pageSize
        // One more than is shown tells whether there is more.
        let found = try await RequestSummaries.list(filter, part, seenBy: user, limit: size + 1, on: connection)
        let hasMore = found.count > size
        switch part {
        case .first: return RequestListPart(summaries: Array(found.prefix(size)), hasMoreBelow: hasMore)
        case .below:
            return RequestListPart(summaries: Array(found.prefix(size)), hasMoreAbove: true, hasMoreBelow: hasMore)
        case .above where hasMore:
            return RequestListPart(summaries: Array(found.suffix(size)), hasMoreAbove: true, hasMoreBelow: true)
        case .above:
            // Back at the top: a whole page of it.
            return try await load(.first, of: filter, seenBy: user, on: connection)
        }
    }
}

/// What a list is narrowed to, as its address says. What an address says that makes no sense is passed over.
struct ListChoice: Equatable {
    static let pageSize = 48

    var status: Lifecycle.Status?
    var kind: Kind?
    var isMine = false
    var text = ""
    var part = RequestSummaries.Part.first

    init(_ query: Form) {
        status = query["status"].flatMap(Lifecycle.Status.init)
        kind = query["kind"].flatMap(Kind.init)
        isMine = query["whose"] == "mine"
        text = String((query["q"] ?? "").trimmed.prefix(200))
        if let mark = query["below"].flatMap(RequestSummaries.Mark.init(text:)) {
            part = .below(mark)
        } else if let mark = query["above"].flatMap(RequestSummaries.Mark.init(text:)) {
            part = .above(mark)
        }
    }

    func filter(for me: Me) -> RequestSummaries.Filter {
        RequestSummaries.Filter(
            statuses: status.map { [$0] } ?? [], kind: kind, text: text, person: isMine ? me.id : nil)
    }

    func statusLinks(counts: [Lifecycle.Status: Int]) -> [FilterLink] {
        let all = with { $0.status = nil }
        let links = Lifecycle.Status.allCases.filter { counts[$0] != nil || $0 == status }.map { each in
            FilterLink(
                href: with { $0.status = each }.address, label: each.word, count: counts[each].map(Self.counted),
                isCurrent: status == each)
        }
        return [FilterLink(href: all.address, label: "All", isCurrent: status == nil)] + links
    }

    var kindLinks: [FilterLink] {
        let kinds = Kind.allCases.map { each in
            FilterLink(
                href: with { $0.kind = kind == each ? nil : each }.address, label: "\(each.word)s",
                isCurrent: kind == each)
        }
        let mine = FilterLink(href: with { $0.isMine = !isMine }.address, label: "Mine", isCurrent: isMine)
        guard !text.isEmpty else { return kinds + [mine] }
        return kinds + [mine, FilterLink(href: with { $0.text = "" }.address, label: "“\(text)”", isCurrent: true)]
    }

    var nothing: EmptyState {
        if status == nil, kind == nil, text.isEmpty, !isMine {
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
        let (first, last) = (
            page.summaries.first.map(RequestSummaries.Mark.init), page.summaries.last.map(RequestSummaries.Mark.init)
        )
        return Pagination(
            position: "\(page.summaries.count) of \(Self.counted(total))",
            previous: page.hasMoreAbove ? address(first.map { .above($0) } ?? .first) : nil,
            next: page.hasMoreBelow ? last.map { address(.below($0)) } : nil)
    }

    private func with(_ change: (inout ListChoice) -> Void) -> ListChoice {
        var other = self
        other.part = .first
        change(&other)
        return other
    }

    private var address: String {
        var pairs: [(String, String)] = []
        if let status { pairs.append(("status", status.rawValue)) }
        if let kind { pairs.append(("kind", kind.rawValue)) }
        if isMine { pairs.append(("whose", "mine")) }
        if !text.isEmpty { pairs.append(("q", text)) }
        switch part {
        case .first: break
        case .below(let mark): pairs.append(("below", mark.text))
        case .above(let mark): pairs.append(("above", mark.text))
        }
        return pairs.isEmpty ? "/requests" : "/requests?\(Form(pairs).encoded())"
    }
}

extension RequestSummaries.Mark {
    /// Beside a request that is shown.
    fileprivate init(_ summary: RequestSummary) {
        self.init(changedAt: summary.changedAt, request: summary.id)
    }

    /// As addresses have it: microseconds since 1970 and the id, `1700000000000000-42`.
    fileprivate init?(text: String) {
        let parts = text.split(separator: "-", maxSplits: 1).compactMap { Int64($0) }
        // Until the year 2096; the database would refuse what is no time at all.
        guard parts.count == 2, (0...4_000_000_000_000_000).contains(parts[0]) else { return nil }
        self.init(changedAt: Date(timeIntervalSince1970: Double(parts[0]) / 1_000_000), request: parts[1])
    }

    fileprivate var text: String { "\(Int64((changedAt.timeIntervalSince1970 * 1_000_000).rounded()))-\(request)" }
}
