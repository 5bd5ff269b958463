import Logging
import Reactor

/// Says once when the database cannot be used, and once when it is back, however many statements fail in between.
final class PoolHealth: Sendable {
    /// Servers and pools that are at their limit refuse one and serve the next. It is over when nothing has failed for
    /// so long.
    private static let calm = Duration.seconds(5)
    private let outage = Locked<Outage?>(nil)
    private let logger: Logger

    private struct Outage {
        let begin: ContinuousClock.Instant
        var lastFailure: ContinuousClock.Instant
        var failures = 1
    }

    init(logger: Logger) {
        self.logger = logger
    }

    /// Something was done that could have been writing.
    func noteSuccess() {
        let past: Outage? = outage.withLock { outage in
            guard let current = outage, current.lastFailure.duration(to: .now) > Self.calm else { return nil }
            outage = nil
            return current
        }
        guard let past else { return }
        logger.notice(
            "PostgreSQL is back",
            metadata: [
                "lasted": "\(past.begin.duration(to: past.lastFailure).components.seconds) s",
                "failures": "\(past.failures)",
            ])
    }

    /// Something was not done because the database cannot be used.
    func noteFailure(_ error: PostgresError) {
        let now = ContinuousClock.now
        let isNew = outage.withLock { outage in
            defer { outage = outage ?? Outage(begin: now, lastFailure: now) }
            outage?.failures += 1
            outage?.lastFailure = now
            return outage == nil
        }
        if isNew { logger.error("PostgreSQL cannot be used", metadata: ["reason": "\(error.reason)"]) }
    }
}
