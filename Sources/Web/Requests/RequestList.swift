import FoundationEssentials
import HTTP
import HTTPTypes
import Lifecycle
import Orchestrator
import Postgres
import Storage

extension Site {
    func requestList(_ visit: Visit, _ me: Me) async throws -> Response {
        try await requestList(visit, me, ListChoice(visit.request.query), Entries())
    }

    /// Does the same to all that are ticked, and says what came of each.
    func actOnRequests(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries(repeated: ["request"])
        let chosen = try ListChoice(Form.parse(entries["list"].utf8))
        guard let many = try entries.many() else {
            return try await requestList(visit, me, chosen, entries, status: .unprocessableContent)
        }
        return visit.redirect(to: chosen.address, saying: try await carryOut(many, by: me))
    }

    /// - Parameter entries: what was ticked and typed, if it was not accepted.
    private func requestList(
        _ visit: Visit, _ me: Me, _ chosen: ListChoice, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        var filter = chosen.filter
        filter.ageLimit = me.user.ageLimit
        let found = try await read { [filter] connection in
            (
                total: try await RequestSummaries.count(filter, on: connection),
                counts: try await RequestSummaries.countsByStatus(under: me.user.ageLimit, on: connection),
                people: try await Users.list(on: connection),
                page: try await RequestListPart.load(chosen.part, of: filter, seenBy: me.id, on: connection)
            )
        }
        let downloads = found.page.summaries.flatMap(\.downloads)
        let progress = await progress(of: downloads)
        let ticked = entries.all("request")
        return visit.page(
            RequestListPage(
                page: visit.frame(
                    "Requests", for: me, live: LiveAddress.path(downloads: downloads),
                    refreshSeconds: downloads.isEmpty ? nil : 15),
                notice: entries.error("request").map { Notice(kind: "error", text: $0) },
                statuses: chosen.statusLinks(counts: found.counts, for: me), kinds: chosen.kindLinks,
                narrow: chosen.narrowForm(people: found.people, me), list: chosen.query,
                isApproval: chosen.isAwaited && me.user.role.isApprover,
                reason: Field("reason", "The reason, if you decline", entries, isRequired: true, autocomplete: "off"),
                cards: found.page.summaries.map { summary in
                    var card = RequestCard(summary, progress: progress, times: visit.times)
                    card.tick = Tick(value: "\(summary.id)", isTicked: ticked.contains("\(summary.id)"))
                    return card
                },
                nothing: found.page.summaries.isEmpty ? chosen.nothing : nil,
                pagination: chosen.pagination(found.page, of: found.total)),
            status: status)
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
        case .above(let mark):
            // Back at the top: a whole page of it.
            return try await load(.first(mark.order), of: filter, seenBy: user, on: connection)
        }
    }
}
