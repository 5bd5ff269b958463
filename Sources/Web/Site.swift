import Logging
import Orchestrator
import Postgres
import Storage

/// What handlers work with. Each feature's handlers are an extension of it, in the feature's folder.
struct Site: Sendable {
    let pool: PostgresPool
    let orchestrator: Orchestrator
    let logger: Logger
    let indexerPatience: Duration
    let passwords = Passwords()
    let files = PublicFiles.all

    /// Looks something up: a transaction in which nothing can be changed.
    func read<Value: Sendable>(_ body: @Sendable (PostgresConnection) async throws -> Value) async throws -> Value {
        try await pool.transaction(.readOnly, body)
    }

    /// Changes accounts, sessions, indexers or settings. What concerns requests is the orchestrator's.
    func write<Value: Sendable>(_ body: @Sendable (PostgresConnection) async throws -> Value) async throws -> Value {
        try await pool.transaction(.readWrite, body)
    }
}
