import FoundationEssentials
import HTTP
import Lifecycle
import Postgres
import Storage

extension Site {
    func home(_ visit: Visit, _ me: Me) async throws -> Response {
        let found = try await read { connection in
            var shelves: [(Shelf, [RequestSummary])] = []
            for shelf in Shelf.allCases where shelf != .approve || me.user.role.isApprover {
                // A show of which one season waits for a choice and another is on its way stands where it matters most.
                let shown = Set(shelves.flatMap(\.1).map(\.id))
                var filter = shelf.filter(for: me)
                filter.ageLimit = me.user.ageLimit
                let summaries = try await RequestSummaries.list(
                    filter, seenBy: me.id, limit: shelf.limit, on: connection
                ).filter { !shown.contains($0.id) }
                if !summaries.isEmpty { shelves.append((shelf, summaries)) }
            }
            let isSearchable = try await !Indexers.list(on: connection).isEmpty
            let next = try await CalendarRows.list(
                from: visit.now, to: visit.now.addingTimeInterval(28 * 86_400), under: me.user.ageLimit, limit: 6,
                on: connection)
            return (shelves: shelves, isSearchable: isSearchable, next: next)
        }
        let summaries = found.shelves.flatMap(\.1)
        let progress = await progress(of: summaries.flatMap(\.downloads))
        var nothing: EmptyState?
        if !found.isSearchable, me.isAdministrator {
            nothing = EmptyState(
                icon: "indexer", title: "Where shall Usher search?",
                text: "There is no indexer yet. With one or more, what is asked for can be found.",
                href: "/admin/indexers/new", label: "Add an indexer")
        } else if summaries.isEmpty {
            nothing = EmptyState(
                icon: "plus", title: "Nothing has been asked for yet",
                text: "A movie, a show or a game: what would you like?",
                href: "/requests/new", label: "Ask for something")
        }
        return visit.page(
            HomePage(
                page: visit.frame(
                    "Home", for: me, live: LiveAddress.path(downloads: summaries.flatMap(\.downloads)),
                    refreshSeconds: summaries.contains { !$0.downloads.isEmpty } ? 15 : nil),
                sections: found.shelves.map { shelf, summaries in
                    CardSection(
                        id: shelf.rawValue, title: shelf.title,
                        href: summaries.count == shelf.limit ? "/requests?\(shelf.query(for: me))" : nil,
                        isGrid: shelf == .arrived,
                        cards: summaries.map { RequestCard($0, progress: progress, times: visit.times) })
                },
                next: found.next.map {
                    CalendarEntry(
                        $0, when: $0.isWholeDay ? visit.times.day($0.at) : visit.times.relative($0.at))
                },
                nothing: nothing))
    }
}

/// What the first page shows, in this order: first what waits for whoever looks.
private enum Shelf: String, CaseIterable {
    case approve, choose, coming, failed, found, wanted, arrived

    private var status: Lifecycle.Status {
        switch self {
        case .choose, .found: .found
        case .coming: .downloading
        case .failed: .failed
        case .approve, .wanted: .pending
        case .arrived: .completed
        }
    }

    /// What waits or comes counts for a request when it is true of a part of it.
    func filter(for me: Me) -> RequestSummaries.Filter {
        switch self {
        case .approve: RequestSummaries.Filter(isAwaited: true)
        case .choose: RequestSummaries.Filter(part: status, person: me.id, isAsked: true)
        case .coming, .found: RequestSummaries.Filter(part: status)
        case .failed, .wanted, .arrived: RequestSummaries.Filter(statuses: [status])
        }
    }

    /// Where all of it is, in the list of requests.
    func query(for me: Me) -> String {
        switch self {
        case .approve: "approval=awaited"
        case .choose: "status=\(status.rawValue)&person=\(me.id)"
        default: "status=\(status.rawValue)"
        }
    }

    var title: String {
        switch self {
        case .approve: "Waits for your approval"
        case .choose: "Waits for you to choose"
        case .coming: "On its way"
        case .failed: "Failed"
        case .found: "Found"
        case .wanted: "Being looked for"
        case .arrived: "Lately arrived"
        }
    }

    var limit: Int { self == .arrived ? 12 : 9 }
}
