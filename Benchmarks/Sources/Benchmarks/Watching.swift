import Aria2
import Postgres
import TestSupport

@testable import Orchestrator

/// The look that the watcher takes at aria2 every two seconds, beside the call to aria2 that is in it.
struct Watching: Benchmark {
    let name = "watching"
    let notes = "Downloads without a peer, five of them active and the others queued, as aria2 does."
    private static let downloads = 1000

    func run() async throws -> [Outcome] {
        let aria2 = try await TestAria2.start(http: House.http)
        defer { aria2.stop() }
        let database = try await TestDatabase.household(requests: Self.downloads)
        try await database.download(Self.downloads)
        let house = try await House(database, aria2: aria2)
        let watcher = Watcher(orchestrator: house.orchestrator)
        var memory = Watcher.Memory()
        // The first look gives aria2 all of them.
        try await watcher.tick(&memory)
        let known = try await aria2.client.snapshot().transfers.count
        guard known == Self.downloads else { throw TestSupportError("aria2 has \(known) downloads") }
        let medians = try await alternate(rounds: 9) {
            try await seconds(repetitions: 5) { try await watcher.tick(&memory) }
        } _: {
            try await seconds(repetitions: 5) { _ = try await aria2.client.snapshot() }
        }
        await house.pool.shutdown()
        return [
            .time(
                "the watcher's look at \(Self.downloads) downloads", medians, beside: "aria2's snapshot alone",
                under: 1.5)
        ]
    }
}
