import FoundationEssentials
import Lifecycle
import Postgres
import Storage

/// Takes requests from the queue, has the indexers asked, and records what they offer.
struct SearchWorker: Sendable {
    /// A search takes less; a worker that died gives its claim back after this many seconds.
    static let lease = 180
    /// Seconds after which a request is tried again when no indexer answered.
    static let outagePause = 300

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        await orchestrator.loop("The search queue", every: .seconds(15)) { try await searchNext() }
    }

    /// Searches for the most urgent request; `false` when none is due.
    func searchNext() async throws -> Bool {
        let worker = "\(orchestrator.worker)-\(UInt32.random(in: .min ... .max))"
        let claimed = try await pool.withConnection { connection in
            try await SearchQueue.claim(by: worker, lease: Self.lease, on: connection)
        }
        guard let claim = claimed else { return false }
        FaultPoint.searchClaimed.reach()
        orchestrator.announcer.tell(.request(claim.request))
        let (plan, indexers) = try await prepare(claim.request)
        let search = IndexerSearch(pool: pool, torznab: orchestrator.parts.torznab, logger: orchestrator.logger)
        let outcomes = plan.isEmpty ? [] : await search.ask(indexers, plan.queries) { _ in }
        if Task.isCancelled {
            await orchestrator.evenWhenStopped { try await SearchQueue.release(claim, by: worker, on: $0) }
            throw CancellationError()
        }
        FaultPoint.searchAnswered.reach()
        try await orchestrator.withDoor(of: claim.request) { door in
            // By what is wanted now: somebody may have changed their mind while the indexers were asked.
            let judging = Judging(outcomes, plan: try await SearchPlan.load(for: claim.request, on: door.connection))
            try await record(judging, outcomes, plan: plan, claim: claim, worker: worker, at: door)
        }
        return true
    }

    private func prepare(_ id: Int64) async throws -> (SearchPlan, [Indexer]) {
        try await pool.transaction(.readOnly) { connection in
            let plan = try await SearchPlan.load(for: id, on: connection)
            let indexers = try await Indexers.list(on: connection).filter {
                $0.settings.enabled && $0.settings.kinds.contains(plan.request.title.kind)
            }
            return (plan, indexers)
        }
    }

    private func record(
        _ judging: Judging, _ outcomes: [IndexerOutcome], plan: SearchPlan, claim: Claim, worker: String,
        at door: Door
    ) async throws {
        let (request, connection) = (door.request, door.connection)
        let settings = try await Settings.load(on: connection)
        var attempts = request.searchAttempts
        var pause: Int?
        let hasAnswer = outcomes.contains(where: \.hasAnswered)
        if plan.isEmpty {
            // Nothing of it is out yet, or nothing of it is left to find.
            pause = try await Items.secondsToNextRelease(of: request.id, on: connection)
        } else {
            if hasAnswer {
                let search = try await Searches.add(
                    request: request.id, askedBy: claim.askedBy, startedAt: claim.at,
                    seen: judging.releases.count, accepted: judging.accepted, sentence: judging.sentence,
                    whyFirst: judging.whyFirst, answers: outcomes.map(\.answer), on: connection)
                try await ReleaseRows.save(judging.releases, request: request.id, search: search, on: connection)
                let released = try await Items.released(of: request.id, on: connection)
                // An item that was added while the indexers were asked was not asked for.
                let items = try await door.items().filter { released.contains($0.id) && plan.items.contains($0.id) }
                let found = items.filter { item in
                    judging.releases.contains { $0.accepted && $0.coverage.holds(item) }
                }
                try await door.carryOut(
                    .recordSearch(acceptableFor: Set(found.map(\.id))), among: items, by: claim.askedBy,
                    reason: judging.sentence)
                if try await door.items().contains(where: { $0.status == .pending && released.contains($0.id) }) {
                    let usual = Policy.searchDelay(afterAttempt: attempts + 1, limit: .max) ?? .max
                    if let sooner = Self.secondsToWhoIsMissing(outcomes), sooner < usual {
                        // Who did not answer may be the one who has it: asked again as soon as it can be, and not
                        // counted. One that is away for long is left alone for longer than this, and not waited for.
                        pause = sooner
                    } else {
                        attempts += 1
                        let delay = Policy.searchDelay(afterAttempt: attempts, limit: settings.searchAttempts)
                        // Not all that were asked for in one evening at the same moment.
                        pause = delay.map { Int(Double($0) * Double.random(in: 0.9...1.1)) }
                    }
                } else {
                    attempts += 1
                }
                if let next = try await Items.secondsToNextRelease(of: request.id, on: connection) {
                    pause = min(pause ?? next, next)
                }
            } else {
                // An outage is no answer: it costs no attempt, and nothing is recorded of the items.
                try await Searches.noteOutage(
                    request: request.id, askedBy: claim.askedBy, startedAt: claim.at,
                    sentence: judging.sentence, answers: outcomes.map(\.answer), on: connection)
                pause = Self.outagePause
            }
        }
        if let seconds = try await door.takeBest(settings) { pause = min(pause ?? seconds, seconds) }
        let isOurs = try await SearchQueue.settle(
            claim, by: worker, attempts: attempts, next: pause, on: connection)
        // The lease ran out and somebody else searches: theirs counts, and this transaction is rolled back.
        guard isOurs else { throw LostClaim() }
    }

    /// Seconds, at least a minute, to the moment when the first of those who did not answer can be asked again.
    private static func secondsToWhoIsMissing(_ outcomes: [IndexerOutcome]) -> Int? {
        outcomes.compactMap(\.isBackAt).min().map { max(60, Int($0.timeIntervalSinceNow.rounded(.up))) }
    }

    private struct LostClaim: Error {}
}
