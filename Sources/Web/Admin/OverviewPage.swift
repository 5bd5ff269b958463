import FoundationEssentials
import HTTP
import Lifecycle
import Metadata
import Orchestrator
import Postgres
import Storage

extension Site {
    func overviewPage(_ visit: Visit, _ me: Me) async throws -> Response {
        async let health = orchestrator.health()
        let found = try await read { connection in
            func requests(_ filter: RequestSummaries.Filter) async throws -> Troubled {
                Troubled(
                    count: try await RequestSummaries.count(filter, on: connection),
                    some: try await RequestSummaries.list(
                        filter, seenBy: me.id, limit: OverviewPage.shown, on: connection))
            }
            return HouseState(
                awaited: try await requests(.init(isAwaited: true)), failed: try await requests(.init(isGivenUp: true)),
                indexers: try await Indexers.list(on: connection), jobs: try await Jobs.list(on: connection),
                effects: try await Outbox.failing(on: connection), pause: try await SearchQueue.pause(on: connection),
                deliveries: try await Deliveries.failed(limit: OverviewPage.shown, on: connection))
        }
        return visit.page(OverviewPage(found, await health, silent: orchestrator.silentSources, visit, me))
    }
}

/// Requests that need a hand: how many, and the first of them.
struct Troubled {
    var count: Int
    var some: [RequestSummary]
}

/// How the house is, as the database says.
struct HouseState {
    var awaited: Troubled
    var failed: Troubled
    var indexers: [Indexer]
    var jobs: [JobRow]
    var effects: [FailingEffect]
    var pause: SearchQueue.Pause?
    var deliveries: [FailedDelivery]
}

extension OverviewPage {
    /// So many requests of each trouble are named.
    static let shown = 8

    fileprivate init(
        _ house: HouseState, _ health: ServiceHealth, silent: [(source: SourceID, sentence: String)], _ visit: Visit,
        _ me: Me
    ) {
        let troubles = [
            Trouble(parts: health, silent: silent), Trouble(indexers: house.indexers, visit),
            Trouble(pause: house.pause, visit),
            Trouble(awaited: house.awaited, visit),
            Trouble(failed: house.failed, visit), Trouble(jobs: house.jobs, visit), Trouble(effects: house.effects),
            Trouble(deliveries: house.deliveries, visit),
        ].compactMap(\.self)
        let used = house.indexers.filter(\.settings.enabled)
        self.init(
            page: visit.frame("What needs a hand", for: me, live: LiveAddress.path(downloads: [])), troubles: troubles,
            well: troubles.isEmpty ? Notice(kind: "success", text: "Nothing needs a hand.") : nil,
            facts: [
                Fact(name: "aria2", value: health.aria2 == nil ? "answers" : "does not answer"),
                Fact(name: "Room for downloads", value: health.room.map(Figures.bytes) ?? "unknown"),
                Fact(name: "Indexers", value: "\(used.count) of \(house.indexers.count) in use"),
            ])
    }
}

extension Trouble {
    /// What Usher stands on, and who tells it of titles.
    fileprivate init?(parts: ServiceHealth, silent: [(source: SourceID, sentence: String)]) {
        let rows =
            [
                parts.aria2.map { TroubleRow(name: "aria2 does not answer", why: "\($0). Nothing is lost meanwhile.") },
                parts.disk.map { problem in
                    TroubleRow(
                        name: "No room for downloads", href: "/requests?status=DOWNLOADING",
                        why: "\(problem.prefix(1).uppercased())\(problem.dropFirst()).")
                },
            ].compactMap(\.self)
            + silent.map { source, sentence in
                TroubleRow(
                    name: source.name, href: source.needsKey ? "/admin/sources" : nil,
                    why: "\(sentence) Titles that it knows may be missing from searches.")
            }
        guard !rows.isEmpty else { return nil }
        self.init(
            id: "away", title: "Something that Usher needs is away",
            why: "Usher asks again by itself, and goes on when it is back.", rows: rows, href: "/admin",
            label: "Look again")
    }

    fileprivate init?(indexers: [Indexer], _ visit: Visit) {
        let used = indexers.filter(\.settings.enabled)
        guard !used.isEmpty else {
            self.init(
                id: "indexers", title: "There is no indexer to search",
                why: indexers.isEmpty ? "Without one, nothing is ever found." : "All of them are switched off.",
                rows: [],
                href: indexers.isEmpty ? "/admin/indexers/new" : "/admin/indexers",
                label: indexers.isEmpty ? "Add an indexer" : "Indexers")
            return
        }
        let blocked = used.filter { $0.blockedUntil != nil }
        guard !blocked.isEmpty else { return nil }
        self.init(
            id: "indexers", title: "\(Times.count(blocked.count, "indexer")) left alone after failures",
            why: "Asked again by themselves later.",
            rows: blocked.map { indexer in
                TroubleRow(
                    name: indexer.name, href: "/admin/indexers/\(indexer.id)",
                    why: [
                        indexer.lastError,
                        indexer.blockedUntil.map { "Asked again \(visit.times.relative($0))." },
                    ].compactMap(\.self).joined(separator: " "),
                    action: ActionForm(
                        action: "/admin/indexers/\(indexer.id)/trial", label: "Try now", csrf: visit.csrf))
            })
    }

    fileprivate init?(pause: SearchQueue.Pause?, _ visit: Visit) {
        guard let pause else { return nil }
        let by = pause.by.map { " by \($0)" } ?? ""
        self.init(
            id: "pause", title: "The queue is paused",
            why: "Held \(visit.times.relative(pause.at))\(by): nothing is searched by itself.", rows: [],
            href: "/admin/queue", label: "To the queue")
    }

    fileprivate init?(awaited: Troubled, _ visit: Visit) {
        guard awaited.count > 0 else { return nil }
        self.init(
            id: "approval", title: "Waits for approval",
            why: "Not searched for until somebody has decided.",
            rows: awaited.some.map { request in
                TroubleRow(
                    request, why: "for \(request.people.joined(separator: ", "))",
                    action: ActionForm(
                        action: "/requests/\(request.id)/approval", label: "Approve", csrf: visit.csrf))
            }, href: "/requests?approval=awaited", label: "All of them")
    }

    fileprivate init?(failed: Troubled, _ visit: Visit) {
        guard failed.count > 0 else { return nil }
        self.init(
            id: "failed", title: "Failed for good", why: "Not tried again by itself.",
            rows: failed.some.map { request in
                TroubleRow(
                    request, why: Outlook(request, now: visit.now).why,
                    action: ActionForm(
                        action: "/requests/\(request.id)/searches", label: "Search again", csrf: visit.csrf))
            }, href: "/requests?status=FAILED", label: "All that failed")
    }

    fileprivate init?(jobs: [JobRow], _ visit: Visit) {
        let rows = jobs.filter(\.hasFailed).compactMap { row in
            Job(rawValue: row.name).map { job in
                TroubleRow(
                    name: job.title, why: row.outcome ?? "",
                    action: ActionForm(action: "/admin/jobs/\(row.name)/runs", label: "Run now", csrf: visit.csrf))
            }
        }
        guard !rows.isEmpty else { return nil }
        self.init(
            id: "jobs", title: "Did not succeed last time", why: "Tried again by itself.", rows: rows,
            href: "/admin/jobs", label: "Jobs")
    }

    fileprivate init?(effects: [FailingEffect]) {
        guard !effects.isEmpty else { return nil }
        self.init(
            id: "effects", title: "Tried again and again", why: "Each is tried until it succeeds.",
            rows: effects.map { effect in
                TroubleRow(
                    name: effect.title, href: "/requests/\(effect.request)",
                    why: "\(effect.error) Tried \(Times.count(effect.attempts, "time")).")
            })
    }
}

extension Trouble {
    fileprivate init?(deliveries: [FailedDelivery], _ visit: Visit) {
        guard !deliveries.isEmpty else { return nil }
        self.init(
            id: "deliveries", title: "Somebody was not told", why: "Not sent again by itself.",
            rows: deliveries.map { delivery in
                TroubleRow(
                    name: delivery.title, href: "/requests/\(delivery.request)",
                    why: "for \(delivery.person) by \(delivery.kind.label). \(delivery.error)",
                    action: ActionForm(
                        action: "/admin/deliveries/\(delivery.id)/sending", label: "Send again", csrf: visit.csrf))
            }, href: "/admin/deliveries", label: "All of them")
    }
}

extension TroubleRow {
    fileprivate init(_ request: RequestSummary, why: String, action: ActionForm) {
        self.init(name: request.title, href: "/requests/\(request.id)", why: why, action: action)
    }
}
