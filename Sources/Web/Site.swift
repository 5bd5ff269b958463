import HTTPServer
import Logging
import OpenIDConnect
import Orchestrator
import Postgres
import Reactor
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
    /// What the server that carries these pages says of itself.
    let serverGauges: @Sendable () async -> [Gauge]
    /// Under which path all of it lies: empty, or like `/usher`. Handlers do not know it: it is taken off requests, and put
    /// before the addresses of pages and redirects, at the edge.
    let basePath: String
    let outside: OutsideSignIn
    /// Where people may sign in as well.
    let provider: OpenIDProvider?
    let passwords = Passwords()
    let files = PublicFiles.all
    let requestMetrics = RequestMetrics()
    let openPages = OpenPages()
    /// From where somebody claimed to be known to a proxy, and was no proxy.
    let pretenders = Locked<Set<String>>([])

    /// The time zones that the database knows, once it was asked.
    let zones = Locked<[String]?>(nil)

    /// Looks something up: a transaction in which nothing can be changed.
    func read<Value: Sendable>(_ body: @Sendable (PostgresConnection) async throws -> Value) async throws -> Value {
        try await pool.transaction(.readOnly, body)
    }

    /// Changes accounts, sessions, indexers or settings. What concerns requests is the orchestrator's.
    func write<Value: Sendable>(_ body: @Sendable (PostgresConnection) async throws -> Value) async throws -> Value {
        try await pool.transaction(.readWrite, body)
    }
}
