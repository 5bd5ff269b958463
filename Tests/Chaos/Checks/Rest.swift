import Foundation
import Postgres
import TestSupport

/// The time after the faults: waits until nothing is under way any more, and says what does not come to rest.
struct Rest {
    let house: House

    /// How long it took, and what was still wrong at the end of patience.
    func come(within limit: Duration) async -> (took: Duration, wrong: [String]) {
        let start = ContinuousClock.now
        var quiet = 0
        var nextPassing = start
        while true {
            var wrong: [String]
            do {
                if ContinuousClock.now >= nextPassing {
                    try await passTime()
                    nextPassing = .now + .seconds(20)
                }
                _ = try await house.reviveAria2()  // nobody counts any more
                wrong = try await unrest()
            } catch {
                wrong = ["the house cannot be looked at: \(error)"]
            }
            quiet = wrong.isEmpty ? quiet + 1 : 0
            let took = start.duration(to: .now)
            if quiet == 3 || took > limit { return (took, wrong) }
            try? await Task.sleep(for: .milliseconds(500))  // nobody cancels this
        }
    }

    /// The pauses and leases that are minutes and hours pass: those of the queue, of effects and messages that failed, of
    /// indexers that did.
    private func passTime() async throws {
        try await house.database.transaction { connection in
            for statement: SQL in [
                "UPDATE outbox SET due_at = now() WHERE done_at IS NULL",
                "UPDATE deliveries SET due_at = now() WHERE sent_at IS NULL AND failed_at IS NULL",
                "UPDATE requests SET search_lease = now() - interval '1 second' WHERE search_lease IS NOT NULL",
                """
                UPDATE requests SET next_search_at = now() WHERE next_search_at > now() AND EXISTS
                (SELECT 1 FROM items WHERE request_id = requests.id AND items.status = 'PENDING')
                """,
                "UPDATE requests SET retry_at = now() WHERE retry_at IS NOT NULL",
                "UPDATE indexers SET blocked_until = NULL, failures = 0",
            ] { _ = try await connection.execute(statement) }
        }
        _ = try await house.database.query("SELECT pg_notify('usher', 'time:house')")
    }

    private func unrest() async throws -> [String] {
        var wrong = house.processes.filter { !$0.isUp }.map { "process \($0.number) is not up" }
        wrong += try await house.database.query(
            """
            SELECT 'effect ' || effect || ' of download ' || download_id || ' is not done: ' || COALESCE(last_error, '')
                AS what FROM outbox WHERE done_at IS NULL
            UNION ALL
            SELECT 'request ' || id || ' is being searched' FROM requests WHERE search_lease > now()
            UNION ALL
            SELECT 'request ' || id || ' is due for a search' FROM requests WHERE next_search_at <= now()
            """
        ).map { try $0.get("what") }
        wrong += try await house.database.query(Notices.unrest).map { try $0.get("what") }
        let items = try await ItemState.all(of: house)
        wrong += States(house: house, items: items).contradictions
        wrong += try await Possessions(house: house, items: items).contradictions()
        return wrong
    }
}
