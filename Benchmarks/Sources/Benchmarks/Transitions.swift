import Lifecycle
import Postgres
import TestSupport

@testable import Orchestrator

/// Moves of items through the orchestrator's door, beside the statements that it sends, sent by pgbench.
struct Transitions: Benchmark {
    let name = "transitions"
    let notes = """
        PostgreSQL with fsync off, so that no disk hides what the client costs; the statements are those that the server \
        logged of the door, BEGIN and COMMIT among them.
        """
    private static let clients = 16

    func run() async throws -> [Outcome] {
        let database = try await TestDatabase.household(requests: Self.clients)
        let first = TestDatabase.firstRequest
        let statements = try await Statement.record(on: database) { try await transition(of: first, in: $0) }
        let script = statements.map { statement in
            statement.scripted { literal in
                ["'\(first)'": ":request", "'{\(first)}'": "ARRAY[:request]"][literal]
            }
        }.joined(separator: "\n")
        let house = try await House(database)
        let many = try await alternate(rounds: 7) {
            try await database.tidy()
            return try await House.rate(clients: Self.clients, for: .seconds(3)) { client in
                try await transition(of: first + Int64(client), in: house)
            }
        } _: {
            try await database.tidy()
            return try await Pgbench(database: database, script: "\\set request :client_id + \(first)\n" + script)
                .rate(for: .seconds(3))
        }
        let single = try await alternate(rounds: 7) {
            try await database.tidy()
            return try await House.rate(clients: Self.clients, for: .seconds(3)) { _ in
                try await transition(of: first, in: house)
            }
        } _: {
            try await database.tidy()
            return try await Pgbench(database: database, script: "\\set request \(first)\n" + script).rate(
                for: .seconds(3))
        }
        await house.pool.shutdown()
        return [
            .rate(
                "transitions, \(Self.clients) at a time, a request each", many, beside: "pgbench, the same SQL",
                atLeast: 0.8),
            .rate(
                "transitions, \(Self.clients) at a time, all of one request", single, beside: "pgbench, the same SQL",
                atLeast: 0.8),
        ]
    }

    /// Searched, and nothing found: a move that can be made again and again.
    @Sendable private func transition(of request: Int64, in house: House) async throws {
        try await house.orchestrator.withDoor(of: request) { try await $0.carryOut(.recordSearch(acceptableFor: [])) }
    }
}
