import Cryptography
import Foundation
import HTTPServer
import Lifecycle
import Logging
import Postgres
import Storage
import TestSupport
import Web

@testable import Orchestrator

/// From a commit to the page that somebody has open.
struct Delivery: Benchmark {
    let name = "delivery"
    let notes = """
        The time runs from the event's own timestamp, just before the COMMIT, until the bytes of the server-sent event are \
        in the hands of a client over loopback; one change every 30 ms.
        """
    private static let changes = 500

    func run() async throws -> [Outcome] {
        let database = try await TestDatabase.household(requests: 1)
        let token = "a session of the benchmark"
        try await database.pool.withConnection {
            try await Sessions.add(
                tokenHash: Digest.sha256(Array(token.utf8)), user: 1, address: "127.0.0.1", agent: "bench", on: $0)
        }
        // Two processes on one database; the page is open at the first.
        let (near, far) = (try await House(database), try await House(database))
        let working = [near, far].map { house in Task { await house.orchestrator.announcer.run() } }
        let web = WebApplication(pool: near.pool, orchestrator: near.orchestrator, logger: Logger(label: "bench"))
        let server = Server(
            configuration: ServerConfiguration(listen: ["127.0.0.1:0"]), group: House.loops,
            logger: Logger(label: "bench"), hooks: web.hooks
        ) { await web.respond(to: $0) }
        let port = try await server.start()[0].port
        let reader = try EventReader(port: Int(port), path: "/live", cookie: "usher=\(token)")
        while !reader.isOpen { try await Task.sleep(for: .milliseconds(10)) }
        let own = try await delays(of: near, reader, database)
        let others = try await delays(of: far, reader, database)
        reader.close()
        for task in working { task.cancel() }
        await server.shutdown(grace: .seconds(1))
        for house in [near, far] { await house.pool.shutdown() }
        return [
            .time("commit to page, same process: p99", quantile(0.99, of: own), under: 0.05),
            .time("commit to page, same process: median", median(own), under: 0.05),
            .time("commit to page, another process: p99", quantile(0.99, of: others), under: 0.05),
            .time("commit to page, another process: median", median(others), under: 0.05),
        ]
    }

    /// Seconds between each of many changes and its event.
    private func delays(of house: House, _ reader: EventReader, _ database: TestDatabase) async throws -> [Double] {
        let request = TestDatabase.firstRequest
        var delays: [Double] = []
        for _ in 0..<Self.changes {
            let before = reader.arrivals.count
            try await house.orchestrator.withDoor(of: request) {
                try await $0.carryOut(.recordSearch(acceptableFor: []))
            }
            let deadline = ContinuousClock.now + .seconds(10)
            while reader.arrivals.count == before {
                guard ContinuousClock.now < deadline else { throw TestSupportError("A change did not reach the page") }
                try await Task.sleep(for: .milliseconds(5))
            }
            let at = try await database.pool.query("SELECT extract(epoch FROM max(at))::float8 AS at FROM events")[0]
            delays.append(reader.arrivals[before] - (try at.get("at") as Double))
            try await Task.sleep(for: .milliseconds(30))
        }
        return delays
    }
}
