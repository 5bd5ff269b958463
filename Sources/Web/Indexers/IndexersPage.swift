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
                rows: indexers.map { IndexerRow($0, csrf: visit.csrf, times: visit.times) },
                nothing: indexers.isEmpty
                    ? EmptyState(
                        icon: "indexer", title: "No indexer yet",
                        text: "Usher searches Torznab indexers: Jackett, Prowlarr, or a tracker's own.",
                        href: "/admin/indexers/new", label: "Add an indexer") : nil))
    }

    func removeIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        try await write { connection in
            guard let known = try await Indexers.find(id, on: connection), try await Indexers.remove(id, on: connection)
            else { throw NotFound() }
            try await Audit.add(.indexers, "removed the indexer “\(known.name)”", by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("An indexer was removed", metadata: ["indexer": "\(id)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/indexers", saying: .indexerRemoved)
    }
}

extension Site {
    /// Asks an indexer at once that was left alone, by searching for all that waits.
    func tryIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        try await write { connection in
            guard try await Indexers.unblock(id, on: connection),
                let known = try await Indexers.find(id, on: connection)
            else { throw NotFound() }
            try await Audit.add(.indexers, "had the indexer “\(known.name)” asked at once", by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: true)
        return visit.redirect(to: "/admin/indexers", saying: .indexerTried)
    }
}

extension IndexerRow {
    fileprivate init(_ indexer: Indexer, csrf: String, times: Times) {
        var state = "Not asked yet"
        let isBlocked = indexer.settings.enabled && indexer.blockedUntil != nil
        if !indexer.settings.enabled {
            state = "Not used"
        } else if let until = indexer.blockedUntil, isBlocked {
            state = "Blocked till \(times.clock(until)) after \(Times.count(indexer.failures, "failure"))"
        } else if let answered = indexer.lastAnswerAt {
            state = "Answered \(times.relative(answered))"
        }
        let trouble = indexer.lastError.map { error in
            indexer.lastErrorAt.map { "\(error) (\(times.relative($0)))" } ?? error
        }
        let path = "/admin/indexers/\(indexer.id)"
        // A query may hold the key, so the address ends before it.
        let address = String(indexer.settings.url.prefix { $0 != "?" })
        self.init(
            name: indexer.name, href: path, address: address, kinds: indexer.settings.kinds.words, state: state,
            trouble: trouble, priority: String(indexer.settings.priority),
            trial: isBlocked ? ActionForm(action: "\(path)/trial", label: "Try now", csrf: csrf) : nil,
            test: ActionForm(action: "\(path)/tests", label: "Test", csrf: csrf))
    }
}

extension Set<Kind> {
    /// "Movies and games"; nothing when it is all.
    fileprivate var words: String? {
        guard count < Kind.allCases.count else { return nil }
        return Kind.allCases.filter(contains).map(\.plural).joined(separator: ", ")
    }
}
