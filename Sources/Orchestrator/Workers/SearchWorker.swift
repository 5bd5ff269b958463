import FoundationEssentials
import Lifecycle
import Logging
import Postgres
import Storage

/// Takes requests from the queue, has the indexers asked, and records what they offer.
struct SearchWorker: Sendable {
    /// A search takes less; a worker that died gives its claim back after this many seconds.
    static let lease = 180
    /// Seconds after which a request is tried again when no indexer answered.
    static let outagePause = 300
    /// Seconds between looks for what is not out yet, by the day that its source names: days are moved.
    static let earlyPause = 7 * 86_400

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        await orchestrator.loop("The search queue", every: .seconds(15)) { try await searchNext() }
    }

    /// Searches for the most urgent request; `false` when none is due.
    func searchNext() async throws -> Bool {
        let worker = "\(orchestrator.worker)-\(UInt32.random(in: .min ... .max))"
        let claimed = try await orchestrator.evenWhenStopped { connection in
            try await SearchQueue.claim(by: worker, lease: Self.lease, on: connection)
        }
        guard let claim = claimed else { return false }
        do {
            try await search(claim, by: worker)
        } catch {
            if Task.isCancelled {
                await orchestrator.giveBack { try await SearchQueue.release(claim, by: worker, on: $0) }
            }
            throw error
        }
        return true
    }

    private func search(_ claim: Claim, by worker: String) async throws {
        FaultPoint.searchClaimed.reach()
        let (plan, search) = try await pool.transaction { try await SearchUnderWay.begin(claim, on: $0) }
        orchestrator.announcer.tell(.request(claim.request))
        let asking = IndexerSearch(pool: pool, torznab: orchestrator.parts.torznab, logger: orchestrator.logger)
        let outcomes = await asking.ask(search?.indexers ?? [], plan) { outcomes in
            await show(outcomes, of: search, claim: claim, worker: worker)
        }
        try Task.checkCancellation()
        FaultPoint.searchAnswered.reach()
        try await orchestrator.withDoor(of: claim.request) { door in
            // By what is wanted now: somebody may have changed their mind while the indexers were asked.
            let judging = Judging(outcomes, plan: try await SearchPlan.load(for: claim.request, on: door.connection))
            try await record(judging, outcomes, of: search, claim: claim, worker: worker, at: door)
        }
    }

    /// Puts on the pages what those who have answered offer, while others are still asked.
    private func show(
        _ outcomes: [IndexerOutcome], of search: SearchUnderWay?, claim: Claim, worker: String
    ) async {
        guard let search else { return }
        let judging = Judging(outcomes, plan: search.plan)
        do {
            try await orchestrator.withDoor(of: claim.request) { door in
                guard try await SearchQueue.holds(claim, by: worker, on: door.connection) else { return }
                try await search.note(judging, outcomes, on: door.connection)
            }
        } catch {
            // It is shown later, with the others.
            orchestrator.logger.debug("Could not note who has answered", metadata: ["reason": "\(error)"])
        }
    }

    private func record(
        _ judging: Judging, _ outcomes: [IndexerOutcome], of search: SearchUnderWay?, claim: Claim, worker: String,
        at door: Door
    ) async throws {
        let (request, connection) = (door.request, door.connection)
        if request.approval != nil {
            return try await recordLook(judging, outcomes, of: search, claim: claim, worker: worker, at: door)
        }
        let settings = try await Settings.load(on: connection)
        var attempts = request.searchAttempts
        var pause: Int?
        let hasAnswer = outcomes.contains(where: \.hasSpoken)
        if let search {
            if hasAnswer {
                try await Searches.finish(search.id, search.outcome(judging, outcomes), on: connection)
                try await ReleaseRows.save(judging.releases, request: request.id, search: search.id, on: connection)
                let released = try await Items.released(of: request.id, on: connection)
                // An item that was added while the indexers were asked was not asked for.
                let items = try await door.items().filter {
                    released.contains($0.id) && search.plan.items.contains($0.id)
                }
                let found = items.filter { item in
                    judging.releases.contains { $0.accepted && $0.coverage.holds(item) }
                }
                try await door.carryOut(
                    .recordSearch(acceptableFor: Set(found.map(\.id))), among: items, by: claim.askedBy,
                    reason: judging.sentence)
                if try await door.items().contains(where: { $0.status == .pending && released.contains($0.id) }) {
                    let usual = Policy.searchDelay(afterAttempt: attempts + 1, limit: .max) ?? .max
                    let now = try await DatabaseClock.now(on: connection)
                    if let sooner = Self.secondsToWhoIsMissing(outcomes, now: now), sooner < usual {
                        // Who did not answer may be the one who has it: asked again as soon as it can be, and not
                        // counted. One that is away for long is left alone for longer than this, and not waited for.
                        pause = sooner
                    } else if let out = request.title.releasedAt, out > now {
                        // The search that counts begins when there is something to find.
                        pause = min(Self.earlyPause, Int(out.timeIntervalSince(now).rounded(.up)))
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
                try await Searches.finishInOutage(search.id, search.outcome(judging, outcomes), on: connection)
                // Somebody may have cancelled it meanwhile.
                let isWaiting = try await door.items().contains { [.pending, .found, .failed].contains($0.status) }
                pause = isWaiting ? Self.outagePause : nil
            }
        } else {
            // Nothing of it is out yet, or nothing of it is left to find. Whoever asked for the search is told.
            if claim.askedBy != nil { try await recordNothingToAsk(claim, at: door) }
            pause = try await Items.secondsToNextRelease(of: request.id, on: connection)
            // Something came out just now, or its source has moved the episode and not the item yet. Whatever it is: what
            // waits and is out never rests without a next time.
            let released = try await Items.released(of: request.id, on: connection)
            if try await door.items().contains(where: { $0.status == .pending && released.contains($0.id) }) {
                let soon = Policy.searchDelay(afterAttempt: 1, limit: .max) ?? Self.outagePause
                pause = min(pause ?? soon, soon)
            }
        }
        if let seconds = try await door.takeBest(settings) { pause = min(pause ?? seconds, seconds) }
        let isOurs = try await SearchQueue.settle(
            claim, by: worker, attempts: attempts, next: pause, on: connection)
        // The lease ran out and somebody else searches: theirs counts, and this transaction is rolled back.
        guard isOurs else { throw LostClaim() }
    }

    /// Somebody asked for a search, and there is nothing that indexers could be asked for.
    private func recordNothingToAsk(_ claim: Claim, at door: Door) async throws {
        let isOpen = try await door.items().contains { $0.status != .completed && $0.status != .cancelled }
        let nothing =
            isOpen || door.request.scope.isFollowing
            ? "Nothing of it is out yet" : "Nothing of it is left to find"
        _ = try await Searches.add(
            request: claim.request, askedBy: claim.askedBy, startedAt: claim.at,
            SearchOutcome(seen: 0, accepted: 0, sentence: "\(nothing): no indexer was asked.", answers: []),
            on: door.connection)
    }

    /// What nobody has approved was looked for so that somebody can: it is on the page, and changes nothing, unless it is
    /// so small that nobody has to.
    private func recordLook(
        _ judging: Judging, _ outcomes: [IndexerOutcome], of search: SearchUnderWay?, claim: Claim, worker: String,
        at door: Door
    ) async throws {
        let (request, connection) = (door.request, door.connection)
        if let search, outcomes.contains(where: \.hasSpoken) {
            try await Searches.finish(search.id, search.outcome(judging, outcomes), on: connection)
            try await ReleaseRows.save(judging.releases, request: request.id, search: search.id, on: connection)
            try await door.approveIfSmall()
        } else if let search {
            try await Searches.finishInOutage(search.id, search.outcome(judging, outcomes), on: connection)
        }
        let isOurs = try await SearchQueue.settle(
            claim, by: worker, attempts: request.searchAttempts, next: nil, on: connection)
        guard isOurs else { throw LostClaim() }
    }

    /// Seconds, at least a minute, to the moment when the first of those who did not answer can be asked again.
    private static func secondsToWhoIsMissing(_ outcomes: [IndexerOutcome], now: Date) -> Int? {
        outcomes.compactMap(\.isBackAt).min().map { max(60, Int($0.timeIntervalSince(now).rounded(.up))) }
    }

    private struct LostClaim: Error {}
}
