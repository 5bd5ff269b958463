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
    private let base: [String]
    private let strictTransport: Int

    /// An application over this database and orchestrator.
    ///
    /// - Parameters:
    ///   - indexerPatience: how long somebody waits for an indexer that they test.
    ///   - sourcePatience: how long somebody waits for a source of titles.
    ///   - basePath: under which path all of it lies: empty, or like `/usher`.
    ///   - strictTransport: how long, in seconds, browsers that were here over TLS shall come back over nothing else.
    ///   - observers: who may read `/metrics`.
    public init(
        pool: PostgresPool, orchestrator: Orchestrator, logger: Logger, indexerPatience: Duration = .seconds(20),
        sourcePatience: Duration = .seconds(5), basePath: String = "", strictTransport: Int = 31_536_000,
        observers: [AddressBlock] = ["127.0.0.0/8", "::1"].compactMap { AddressBlock($0) }
    ) {
        site = Site(
            pool: pool, orchestrator: orchestrator, logger: logger, indexerPatience: indexerPatience,
            sourcePatience: sourcePatience, observers: observers, basePath: basePath
        )
        self.strictTransport = strictTransport
        base = basePath.split(separator: "/").map(String.init)
        table = RouteTable(site)
    }

    /// Answers a request. Never fails: what goes wrong is a page that says so.
    public func respond(to request: HTTP.Request) async -> Response {
        var response: Response
        if let segments = inside(request.segments) {
            var inner = request
            inner.segments = segments
            inner.path = "/" + segments.joined(separator: "/")
            if !base.isEmpty { inner.target = "/" + request.target.trimmingPrefix(site.basePath).drop { $0 == "/" } }
            let began = ContinuousClock.now
            response = await table.respond(to: inner)
            site.requestMetrics.record(
                method: request.method.rawValue, route: table.pattern(for: inner) ?? "none",
                status: response.status.code, took: .now - began)
        } else {
            let errors = ErrorPages(base: site.basePath)
            response = errors.response(.notFound, ErrorPages.sentence(for: .notFound), requestID: request.id)
        }
        if let location = response.fields[.location], location.hasPrefix("/") {
            response.fields[.location] = site.basePath + location
        }
        finish(&response, isSecure: request.isSecure)
        return response
    }

    /// What the server needs to know before and after: limits of bodies, its own error pages, headers of every answer.
    public var hooks: ServerHooks {
        ServerHooks(
            bodyLimit: { [self] in bodyLimit(for: $0) },
            refusal: { [site] status, id in
                ErrorPages(base: site.basePath).response(status, ErrorPages.sentence(for: status), requestID: id)
            },
            finish: { [self] response, isSecure in finish(&response, isSecure: isSecure) })
    }

    private func bodyLimit(for head: RequestHead) -> Int {
        guard let segments = inside(head.segments) else { return 0 }
        var head = head
        head.segments = segments
        return table.bodyLimit(for: head)
    }

    private func finish(_ response: inout Response, isSecure: Bool) {
        SecurityHeaders.add(to: &response, isSecure: isSecure, strictTransport: strictTransport)
    }

    /// A path below the base path; `nil` if it is not.
    private func inside(_ segments: [String]) -> [String]? {
        guard segments.starts(with: base) else { return nil }
        let rest = Array(segments.dropFirst(base.count))
        return rest == [""] ? [] : rest
    }

    /// Every route and who may use it.
    var routes: [SiteRoute] { table.routes }

    /// Makes a new one-time token for the first administrator, in place of the one before; `nil` when somebody has an
    /// account already. It is opened at `/setup?token=…`.
    public func setupToken() async throws -> String? {
        try await Setup.makeToken(site.pool)
    }
}
