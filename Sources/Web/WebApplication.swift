public import HTTP
public import HTTPServer
import HTTPTypes
public import Logging
public import OpenIDConnect
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
    private let plainFields = SecurityHeaders.standing(strictTransport: 0)
    private let secureFields: StandingFields

    /// An application over this database and orchestrator.
    ///
    /// - Parameters:
    ///   - indexerPatience: how long somebody waits for an indexer that they test.
    ///   - sourcePatience: how long somebody waits for a source of titles.
    ///   - basePath: under which path all of it lies: empty, or like `/usher`.
    ///   - strictTransport: how long, in seconds, browsers that were here over TLS shall come back over nothing else.
    ///   - outside: who is believed when they say whom they know.
    ///   - provider: where people may sign in as well.
    ///   - observers: who may read `/metrics`.
    ///   - serverGauges: what `/metrics` says of the server that carries these pages.
    public init(
        pool: PostgresPool, orchestrator: Orchestrator, logger: Logger, indexerPatience: Duration = .seconds(20),
        sourcePatience: Duration = .seconds(5), basePath: String = "", strictTransport: Int = 31_536_000,
        outside: OutsideSignIn = OutsideSignIn(), provider: OpenIDProvider? = nil,
        observers: [AddressBlock] = ["127.0.0.0/8", "::1"].compactMap { AddressBlock($0) },
        serverGauges: @escaping @Sendable () async -> [Gauge] = { [] }
    ) {
        site = Site(
            pool: pool, orchestrator: orchestrator, logger: logger, indexerPatience: indexerPatience,
            sourcePatience: sourcePatience, observers: observers, serverGauges: serverGauges, basePath: basePath,
            outside: outside, provider: provider
        )
        secureFields = SecurityHeaders.standing(strictTransport: strictTransport)
        table = RouteTable(site)
    }

    /// Answers a request. Never fails: what goes wrong is a page that says so.
    public func respond(to request: HTTP.Request) async -> Response {
        if site.basePath.isEmpty { return await answer(request) }
        guard let path = inside(request.path) else {
            let errors = ErrorPages(base: site.basePath)
            return errors.response(.notFound, ErrorPages.sentence(for: .notFound), requestID: request.id)
        }
        var inner = request
        inner.head.path = path
        inner.head.target = "/" + request.target.trimmingPrefix(site.basePath).drop { $0 == "/" }
        var response = await answer(inner)
        if let location = response.fields[.location], location.hasPrefix("/") {
            response.fields[.location] = site.basePath + location
        }
        return response
    }

    private func answer(_ request: HTTP.Request) async -> Response {
        let began = ContinuousClock.now
        let (response, route) = await table.respond(to: request)
        note(request.method, response, route, since: began)
        return response
    }

    private func note(
        _ method: HTTPRequest.Method, _ response: Response, _ route: Route?, since began: ContinuousClock.Instant
    ) {
        site.requestMetrics.record(
            method: method, route: route, status: response.status.code, took: .now - began)
    }

    /// Under a base path everything is answered by the way that leads everywhere.
    private func answerAtOnce(_ request: HTTP.Request) -> Response? {
        let began = ContinuousClock.now
        guard site.basePath.isEmpty, let (response, route) = table.respondAtOnce(to: request) else { return nil }
        note(request.method, response, route, since: began)
        return response
    }

    /// What the server needs to know before and after: limits of bodies, its own error pages, headers of every answer.
    public var hooks: ServerHooks {
        ServerHooks(
            atOnce: { [self] in answerAtOnce($0) },
            bodyLimit: { [self] in bodyLimit(for: $0) },
            refusal: { [site] status, id in
                ErrorPages(base: site.basePath).response(status, ErrorPages.sentence(for: status), requestID: id)
            },
            standing: plainFields, secureStanding: secureFields)
    }

    private func bodyLimit(for head: RequestHead) -> Int {
        guard let path = inside(head.path) else { return 0 }
        var head = head
        head.path = path
        return table.bodyLimit(for: head)
    }

    /// The path below the base path; `nil` if it is not.
    private func inside(_ path: String) -> String? {
        let rest = path.dropFirst(site.basePath.count)
        guard path.hasPrefix(site.basePath), rest.isEmpty || rest.hasPrefix("/") else { return nil }
        return rest.isEmpty ? "/" : String(rest)
    }

    /// Every route and who may use it.
    var routes: [SiteRoute] { table.routes }

    /// Makes a new one-time token for the first administrator, in place of the one before; `nil` when somebody has an
    /// account already. It is opened at `/setup?token=…`.
    public func setupToken() async throws -> String? {
        try await Setup.makeToken(site.pool)
    }
}
