import Logging
import Postgres
import Storage

/// Sends notices over the ways that people have.
///
/// One that was taken and not noted as sent, because the process died in between, is sent again when its lease has run
/// out: the other end may then see it twice, but never not at all.
struct DeliveryWorker: Sendable {
    /// Seconds after which another worker takes over; longer than any answer is waited for.
    private static let lease = 120
    /// So often is it tried, over some ten hours.
    static let attempts = 8

    let orchestrator: Orchestrator

    func run() async {
        await orchestrator.loop("The deliveries", every: .seconds(10)) {
            let taken = try await orchestrator.pool.withConnection {
                try await Deliveries.take(lease: Self.lease, on: $0)
            }
            guard let taken else { return false }
            try await deliver(taken)
            return true
        }
    }

    private func deliver(_ delivery: Delivery) async throws {
        let answer = try await WaySender(http: orchestrator.parts.http, pool: orchestrator.pool)
            .send(WayMessage(delivery), over: delivery.way, mayBePrivate: delivery.mayBePrivate)
        // In a task of its own: what was sent is noted, even when this one is stopped meanwhile.
        try await Task {
            try await orchestrator.pool.transaction { connection in
                if answer.isGood {
                    try await Deliveries.finish(delivery.id, on: connection)
                } else if answer.isFinal || delivery.attempts >= Self.attempts {
                    try await Deliveries.giveUp(delivery.id, error: answer.sentence, on: connection)
                    orchestrator.logger.notice(
                        "A notice could not be delivered",
                        metadata: ["delivery": "\(delivery.id)", "way": "\(delivery.way.kind)"])
                } else {
                    let asked = answer.retryAfter.map { Int($0.components.seconds) + 1 }
                    try await Deliveries.postpone(
                        delivery.id, seconds: max(asked ?? 0, Self.pause(after: delivery.attempts)),
                        error: answer.sentence, wholeWay: asked != nil, on: connection)
                }
            }
        }.value
    }

    /// Seconds: 10, 40, 160, … at most six hours.
    static func pause(after attempts: Int) -> Int {
        min(21600, 10 << min(2 * (attempts - 1), 20))
    }
}
