import FoundationEssentials
import HTTP
import HTTPServer
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    func indexersPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let indexers = try await read { try await Indexers.list(on: $0) }
        return visit.page(
            IndexersPage(
                page: visit.frame("Indexers", for: me),
                rows: indexers.map { IndexerRow($0, csrf: visit.csrf, now: visit.now) },
                nothing: indexers.isEmpty
                    ? EmptyState(
                        icon: "indexer", title: "No indexer yet",
                        text: "Usher searches Torznab indexers: Jackett, Prowlarr, or a tracker's own.",
                        href: "/admin/indexers/new", label: "Add an indexer") : nil))
    }

    func removeIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        guard try await write({ try await Indexers.remove(id, on: $0) }) else { throw NotFound() }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("An indexer was removed", metadata: ["indexer": "\(id)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/indexers", saying: .indexerRemoved)
    }
}

extension IndexerRow {
    fileprivate init(_ indexer: Indexer, csrf: String, now: Date) {
        var state = "Enabled"
        if !indexer.enabled {
            state = "Not used"
        } else if let until = indexer.blockedUntil, until > now {
            state = "Left alone, asked again \(Times.relative(until, to: now))"
        } else if let answered = indexer.lastAnswerAt {
            state = "Answered \(Times.relative(answered, to: now))"
        }
        let trouble = indexer.lastError.map { error in
            indexer.lastErrorAt.map { "\(error) (\(Times.relative($0, to: now)))" } ?? error
        }
        // A query may hold the key, so the address ends before it.
        let address = String(indexer.url.prefix { $0 != "?" })
        self.init(
            name: indexer.name, href: "/admin/indexers/\(indexer.id)", address: address, state: state,
            trouble: trouble, priority: String(indexer.priority),
            test: ActionForm(
                action: "/admin/indexers/tests", label: "Test", csrf: csrf,
                fields: [
                    HiddenField(name: "indexer", value: String(indexer.id)),
                    HiddenField(name: "name", value: indexer.name), HiddenField(name: "url", value: indexer.url),
                    HiddenField(name: "priority", value: String(indexer.priority)),
                    HiddenField(name: "enabled", value: indexer.enabled ? "yes" : "no"),
                ]))
    }
}
