public import HTTP
public import HTTPServer
import HTTPTypes
public import Logging
public import Orchestrator
public import Postgres
import Storage

/// The browser's side of Usher: pages, forms, and the stream that keeps pages up to date.
///
/// It asks the database what to show and the orchestrator for everything that changes a request; it never writes a
/// status itself.
public struct WebApplication: Sendable {
    private let site: Site
    private let table: RouteTable

    /// An application over this database and orchestrator.
    ///
    /// - Parameter indexerPatience: how long somebody waits for an indexer that they test.
    public init(
        pool: PostgresPool, orchestrator: Orchestrator, logger: Logger, indexerPatience: Duration = .seconds(20)
    ) {
        site = Site(pool: pool, orchestrator: orchestrator, logger: logger, indexerPatience: indexerPatience)
        table = RouteTable(site)
    }

    /// Answers a request. Never fails: what goes wrong is a page that says so.
    public func respond(to request: HTTP.Request) async -> Response {
        var response = await table.respond(to: request)
        SecurityHeaders.add(to: &response, isSecure: request.isSecure)
        return response
    }

    /// What the server needs to know before and after: limits of bodies, its own error pages, headers of every answer.
    public var hooks: ServerHooks {
        ServerHooks(
            bodyLimit: { [table] in table.bodyLimit(for: $0) },
            refusal: { status, id in ErrorPages.response(status, ErrorPages.sentence(for: status), requestID: id) },
            finish: { response, isSecure in SecurityHeaders.add(to: &response, isSecure: isSecure) })
    }

    /// Every route and who may use it.
    var routes: [SiteRoute] { table.routes }

    /// Makes a new one-time token for the first administrator, in place of the one before; `nil` when somebody has an
    /// account already. It is opened at `/setup?token=…`.
    public func setupToken() async throws -> String? {
        try await Setup.makeToken(site.pool)
    }
}
