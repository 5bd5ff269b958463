import Foundation
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("Periodic work", .timeLimit(.minutes(10)))
struct JobTests {
    private func state(_ job: Job, of world: World) async throws -> JobRow? {
        try await world.pool.withConnection { try await Jobs.list(on: $0).first { $0.name == job.rawValue } }
    }

    @Test func runNowIsObeyedByWhateverProcessWorks() async throws {
        try await World.live(working: false) { world in
            // Not due for a long time, and asked for at a process that does not work at all.
            for job in [Job.clockwork, .pruning, .episodes, .newest] {
                try await world.pool.execute(
                    """
                    INSERT INTO jobs (name, began_at, ended_at, next_at)
                    VALUES (\(job.rawValue), now() - interval '1 day', now() - interval '1 day', now() + interval '1 day')
                    """)
                try await world.orchestrator.runNow(job)
                #expect(try await state(job, of: world)?.askedAt != nil)
            }
            try await world.pool.execute("UPDATE settings SET episodes_seen_at = now()")
            let neighbour = try world.neighbour()
            let work = Task { await neighbour.run() }
            for job in [Job.clockwork, .pruning, .episodes, .newest] {
                try await world.until("\(job) has run") {
                    guard let row = try await state(job, of: world), row.askedAt == nil, let began = row.beganAt,
                        let ended = row.endedAt
                    else { return false }
                    return ended >= began && began.timeIntervalSinceNow > -3600
                }
                let row = try #require(try await state(job, of: world))
                #expect(!row.hasFailed && row.outcome?.isEmpty == false && row.nextAt != nil, "\(job)")
            }
            work.cancel()
            await work.value
        }
    }

    @Test func whatFailedIsSaid() async throws {
        try await World.live(working: false) { world in
            _ = try await world.askMovie()
            try await world.orchestrator.runNow(.clockwork)
            // What the clockwork needs is broken for a while.
            try await world.pool.execute("ALTER TABLE expiry_periods RENAME TO away")
            let work = Task { await world.orchestrator.run() }
            try await world.until("it has failed") { try await state(.clockwork, of: world)?.hasFailed == true }
            try await world.pool.execute("ALTER TABLE away RENAME TO expiry_periods")
            try await world.until("it has succeeded") { try await state(.clockwork, of: world)?.hasFailed == false }
            work.cancel()
            await work.value
        }
    }
}
