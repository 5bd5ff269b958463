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
                summaries: try await RequestSummaries.list(
                    filter, seenBy: me.id, limit: ListChoice.pageSize, offset: (chosen.page - 1) * ListChoice.pageSize,
                    on: connection)
            )
        }
        let downloads = found.summaries.flatMap(\.downloads)
        let progress = await progress(of: downloads)
        return visit.page(
            RequestListPage(
                page: visit.frame(
                    "Requests", for: me, live: LiveAddress.path(downloads: downloads),
                    refreshSeconds: downloads.isEmpty ? nil : 15),
                statuses: chosen.statusLinks(counts: found.counts), kinds: chosen.kindLinks,
                cards: found.summaries.map { RequestCard($0, progress: progress, now: visit.now) },
                nothing: found.summaries.isEmpty ? chosen.nothing : nil, pagination: chosen.pagination(of: found.total))
        )
    }
}

/// What a list is narrowed to, as its address says. What an address says that makes no sense is passed over.
struct ListChoice: Equatable {
    static let pageSize = 48

    var status: Lifecycle.Status?
    var kind: Kind?
    var isMine = false
    var text = ""
    var page = 1

    init(_ query: Form) {
        status = query["status"].flatMap(Lifecycle.Status.init)
        kind = query["kind"].flatMap(Kind.init)
        isMine = query["whose"] == "mine"
        text = String((query["q"] ?? "").trimmed.prefix(200))
        page = min(max(query["page"].flatMap { Int($0) } ?? 1, 1), 100_000)
    }

    func filter(for me: Me) -> RequestSummaries.Filter {
        RequestSummaries.Filter(
            statuses: status.map { [$0] } ?? [], kind: kind, text: text, person: isMine ? me.id : nil)
    }

    func statusLinks(counts: [Lifecycle.Status: Int]) -> [FilterLink] {
        let all = with { $0.status = nil }
        let links = Lifecycle.Status.allCases.filter { counts[$0] != nil || $0 == status }.map { each in
            FilterLink(
                href: with { $0.status = each }.address, label: each.word, count: counts[each].map(String.init),
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

    func pagination(of total: Int) -> Pagination? {
        let first = (page - 1) * Self.pageSize + 1
        let last = min(page * Self.pageSize, total)
        guard total > Self.pageSize || page > 1 else { return nil }
        func address(_ page: Int) -> String {
            var other = self
            other.page = page
            return other.address
        }
        return Pagination(
            position: first > total ? "nothing of \(total)" : "\(first)–\(last) of \(total)",
            previous: page > 1 ? address(page - 1) : nil, next: last < total ? address(page + 1) : nil)
    }

    private func with(_ change: (inout ListChoice) -> Void) -> ListChoice {
        var other = self
        other.page = 1
        change(&other)
        return other
    }

    private var address: String {
        var pairs: [(String, String)] = []
        if let status { pairs.append(("status", status.rawValue)) }
        if let kind { pairs.append(("kind", kind.rawValue)) }
        if isMine { pairs.append(("whose", "mine")) }
        if !text.isEmpty { pairs.append(("q", text)) }
        if page > 1 { pairs.append(("page", String(page))) }
        return pairs.isEmpty ? "/requests" : "/requests?\(Form(pairs).encoded())"
    }
}
