import FoundationEssentials
import Lifecycle
import Postgres
import Releases
import Storage
import Torznab

/// Looks at the newest releases of each indexer, one question for all requests: what has just appeared is found minutes
/// later, without a search for each that waits.
struct NewestReleases: Sendable {
    /// One process looks: the one that has this duty.
    static let duty = "newest"
    /// Seconds after which another process takes over; longer than an indexer may take to answer.
    static let lease = 120

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        await orchestrator.loop("The look at the newest releases", every: .seconds(30)) {
            guard try await orchestrator.has(Self.duty, for: Self.lease) else { return false }
            while try await pool.transaction(.readWrite, { try await TitleKeys.renew(on: $0) }) {}
            try await look()
            return false
        }
        await orchestrator.leave(Self.duty)
    }

    private func look() async throws {
        let isAsked = try await orchestrator.isAsked(.newest)
        let indexers = try await pool.withConnection { connection in
            if !isAsked, try await SearchQueue.pause(on: connection) != nil { return [Indexer]() }
            return try await Indexers.withUnseenReleases(after: isAsked ? 0 : Job.newest.interval, on: connection)
        }
        guard isAsked || !indexers.isEmpty else { return }
        try await orchestrator.run(.newest) { try await look(at: indexers) }
    }

    private func look(at indexers: [Indexer]) async throws -> JobOutcome {
        let search = IndexerSearch(pool: pool, torznab: orchestrator.parts.torznab, logger: orchestrator.logger)
        let start = try await pool.withConnection { try await DatabaseClock.now(on: $0) }
        let outcomes = await search.newest(indexers)
        let waiting = try await waiting(for: outcomes)
        for (request, outcomes) in waiting.sorted(by: { $0.key < $1.key }) { try await offer(outcomes, to: request) }
        // Only now: what could not be recorded is asked for again.
        let seen = outcomes.filter(\.hasAnswered).map(\.indexer.id)
        try await pool.withConnection { try await Indexers.noteNewest(seen, at: start, on: $0) }
        if outcomes.isEmpty { return JobOutcome(sentence: "No indexer could be asked just now.") }
        let silent = outcomes.filter { !$0.hasAnswered }.map(\.indexer.name)
        let sentence = silent.isEmpty ? "" : " No answer from \(silent.joined(separator: ", "))."
        return JobOutcome(
            sentence: "\(seen.count) of \(outcomes.count) indexers answered, "
                + "with something for \(waiting.count) requests.\(sentence)", hasFailed: !silent.isEmpty)
    }

    /// Which requests wait for something that may be among it, and what that is.
    func waiting(for outcomes: [IndexerOutcome]) async throws -> [Int64: [IndexerOutcome]] {
        let keys = outcomes.map { outcome in outcome.offers.map { TitleLookup.keys(of: ParsedRelease($0.title)) } }
        let all = keys.joined().reduce(into: Set<String>()) { $0.formUnion($1) }
        let requests = try await pool.withConnection { try await TitleKeys.waiting(for: all, on: $0) }
        var offered: [Int64: [IndexerOutcome]] = [:]
        for (outcome, keys) in zip(outcomes, keys) {
            var mine: [Int64: IndexerOutcome] = [:]
            for (item, keys) in zip(outcome.offers, keys) {
                for request in keys.reduce(into: Set<Int64>(), { $0.formUnion(requests[$1] ?? []) }) {
                    var some = mine[request] ?? outcome
                    if mine[request] == nil { some.offers = [] }
                    some.offers.append(item)
                    mine[request] = some
                }
            }
            for (request, some) in mine { offered[request, default: []].append(some) }
        }
        return offered
    }

    /// Records what of it a request can use. What it cannot use is no news, and no search either: it was not asked for.
    private func offer(_ outcomes: [IndexerOutcome], to request: Int64) async throws {
        try await orchestrator.withDoor(of: request) { door in
            let connection = door.connection
            let plan = try await SearchPlan.load(for: request, on: connection)
            let known = try await ReleaseRows.offers(of: request, on: connection)
            var unknown = outcomes.filter { $0.indexer.settings.kinds.contains(plan.request.title.kind) }
            for index in unknown.indices {
                let name = unknown[index].indexer.name
                unknown[index].offers.removeAll { known.contains(OfferID(indexer: name, guid: $0.guid)) }
            }
            let judging = Judging(unknown, plan: plan)
            guard judging.accepted > 0 else { return }
            let items = try await door.items()
            let found = items.filter { item in
                (item.status == .pending || item.status == .found)
                    && judging.releases.contains { $0.accepted && $0.coverage.holds(item) }
            }
            guard !found.isEmpty else { return }
            let sentence = "among the newest releases, " + judging.sentence
            var outcome = SearchOutcome(judging, answers: unknown.map { $0.answer(judging, known: known) })
            outcome.sentence = sentence
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: try await DatabaseClock.now(on: connection), outcome,
                on: connection)
            try await ReleaseRows.save(judging.releases, request: request, search: search, on: connection)
            try await door.carryOut(
                .recordSearch(acceptableFor: Set(found.map(\.id))), among: found, reason: sentence)
            // What is to wait for a better one is searched once more when its time is over.
            if let seconds = try await door.takeBest(try await Settings.load(on: connection)) {
                try await Requests.search(request, within: seconds, on: connection)
            }
        }
    }
}
