import Reactor

/// At most so many turns in any stretch of time this long; who comes too early waits for their turn.
final class RateLimit: Sendable {
    private let count: Int
    private let window: Duration
    /// The latest turns given out, some perhaps still to come; at most `count`.
    private let turns = Locked<[ContinuousClock.Instant]>([])

    init(_ count: Int, per window: Duration) {
        self.count = count
        self.window = window
    }

    func turn() async throws(CancellationError) {
        let turn = reserve(at: .now)
        do {
            try await Task.sleep(until: turn, clock: .continuous)
        } catch {
            throw CancellationError()
        }
    }

    /// When the next turn is.
    func reserve(at now: ContinuousClock.Instant) -> ContinuousClock.Instant {
        turns.withLock { turns in
            var turn = now
            if turns.count == count { turn = max(now, turns.removeFirst() + window) }
            turns.append(turn)
            return turn
        }
    }
}
