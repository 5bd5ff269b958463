import HTTPServer
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
    /// How long somebody waits for a source of titles.
    let sourcePatience: Duration
    /// Who may read the figures.
    let observers: [AddressBlock]
    /// Under which path all of it lies: empty, or like `/usher`. Handlers do not know it: it is taken off requests, and put
    /// before the addresses of pages and redirects, at the edge.
    let basePath: String
    let passwords = Passwords()
    let files = PublicFiles.all
    let requestMetrics = RequestMetrics()
    let openPages = OpenPages()

    /// Looks something up: a transaction in which nothing can be changed.
    func read<Value: Sendable>(_ body: @Sendable (PostgresConnection) async throws -> Value) async throws -> Value {
        try await pool.transaction(.readOnly, body)
    }

    /// Changes accounts, sessions, indexers or settings. What concerns requests is the orchestrator's.
    func write<Value: Sendable>(_ body: @Sendable (PostgresConnection) async throws -> Value) async throws -> Value {
        try await pool.transaction(.readWrite, body)
    }
}
