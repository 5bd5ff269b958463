import Postgres
import Storage

/// Tells people what has happened, after it was committed.
struct NoticeWorker: Sendable {
    private static let batch = 100

    let orchestrator: Orchestrator

    func run() async {
        await orchestrator.loop("The notices", every: .seconds(20)) {
            let told = try await orchestrator.pool.withConnection { try await Notices.tell(atMost: Self.batch, on: $0) }
            for request in told.requests { orchestrator.announcer.tell(.request(request)) }
            return told.taken == Self.batch
        }
    }
}
