import Postgres
import Storage

/// A search while the indexers are asked: what its line in the history says, as each of them answers.
struct SearchUnderWay: Sendable {
    let plan: SearchPlan
    /// Who is asked.
    let indexers: [Indexer]
    /// What the request was offered before.
    let known: Set<OfferID>
    /// Its row.
    let id: Int64

    /// Prepares a search for a claimed request. `nil` when there is nothing to ask for.
    static func begin(
        _ claim: Claim, on connection: PostgresConnection
    ) async throws -> (plan: SearchPlan, search: SearchUnderWay?) {
        let plan = try await SearchPlan.load(for: claim.request, on: connection)
        guard !plan.isEmpty else { return (plan, nil) }
        let indexers = try await Indexers.list(on: connection).filter {
            $0.settings.enabled && $0.settings.kinds.contains(plan.request.title.kind)
        }
        let id = try await Searches.begin(
            request: claim.request, askedBy: claim.askedBy, startedAt: claim.at,
            answers: indexers.map { IndexerAnswer(indexer: $0.name) }, on: connection)
        let known = try await ReleaseRows.offers(of: claim.request, on: connection)
        return (plan, SearchUnderWay(plan: plan, indexers: indexers, known: known, id: id))
    }

    /// What is offered so far can be seen, and chosen, before the slowest has answered.
    func note(_ judging: Judging, _ outcomes: [IndexerOutcome], on connection: PostgresConnection) async throws {
        try await Searches.note(
            id, seen: judging.releases.count, accepted: judging.accepted, answers: answers(judging, outcomes),
            on: connection)
        try await ReleaseRows.save(judging.releases, request: plan.request.id, search: id, on: connection)
    }

    /// What all of it came to.
    func outcome(_ judging: Judging, _ outcomes: [IndexerOutcome]) -> SearchOutcome {
        SearchOutcome(judging, answers: answers(judging, outcomes))
    }

    /// A line for each that is asked, whether it has answered or not.
    private func answers(_ judging: Judging, _ outcomes: [IndexerOutcome]) -> [IndexerAnswer] {
        indexers.map { indexer in
            outcomes.first { $0.indexer.id == indexer.id }?.answer(judging, known: known)
                ?? IndexerAnswer(indexer: indexer.name)
        }
    }
}

extension SearchOutcome {
    init(_ judging: Judging, answers: [IndexerAnswer]) {
        self.init(
            seen: judging.releases.count, accepted: judging.accepted, sentence: judging.sentence,
            whyFirst: judging.whyFirst, answers: answers)
    }
}
