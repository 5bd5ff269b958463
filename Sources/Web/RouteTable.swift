import HTTP
import HTTPServer
import HTTPTypes

/// Leads a request to its route. Before the handler: who asks, and whether a form comes from one of our own pages.
struct RouteTable: Sendable {
    let routes: [SiteRoute]
    private let site: Site
    private var router = Router()

    init(_ site: Site) {
        self.site = site
        routes = site.routes
        for route in routes {
            switch route.answer {
            case .atOnce(let answer):
                router.atOnce(route.method, route.pattern) { request, _ in try answer(request) }
            case .toAnything(let answer):
                router.on(route.method, route.pattern, bodyLimit: route.bodyLimit) { request, _ in
                    try await answer(request)
                }
            case .toVisit(let handler):
                router.on(route.method, route.pattern, bodyLimit: route.bodyLimit) { request, parameters in
                    try await Self.admit(request, parameters, to: route, handler, of: site)
                }
            }
        }
    }

    func bodyLimit(for head: RequestHead) -> Int { router.bodyLimit(for: head) }

    func respond(to request: HTTP.Request) async -> (response: Response, route: Route?) {
        await router.respond(to: request) { failed($0, $1) }
    }

    /// The answer of a route for which nobody has to be waited for.
    func respondAtOnce(to request: HTTP.Request) -> (response: Response, route: Route)? {
        router.respondAtOnce(to: request) { failed($0, $1) }
    }

    private func failed(_ failure: RouterFailure, _ request: HTTP.Request) -> Response {
        ErrorPages(base: site.basePath).response(for: failure, to: request, logger: site.logger)
    }

    private static func admit(
        _ request: HTTP.Request, _ parameters: Parameters, to route: SiteRoute,
        _ handler: @Sendable (Visit) async throws -> Response, of site: Site
    ) async throws -> Response {
        if route.method != .get { try CrossSite.checkOrigin(of: request) }
        let visit = try await site.visit(request, parameters, audience: route.audience)
        if route.audience != .everybody, visit.person == nil {
            // With what they wanted to see kept, so that they get there after signing in.
            return .redirect(to: route.method == .get ? SignIn.address(then: request.target) : "/sign-in")
        }
        if route.method != .get { try CrossSite.checkToken(of: request, boundTo: visit.secret) }
        return try await handler(visit)
    }
}

extension Site {
    /// Who asks. Pages for everybody do not need the database to find that out.
    fileprivate func visit(
        _ request: HTTP.Request, _ parameters: Parameters, audience: Audience
    ) async throws -> Visit {
        let cookies = request.cookies
        func said(_ secret: String) -> Notice? {
            cookies[Cookies.flash.name(isSecure: request.isSecure)].flatMap { Said.notice($0, boundTo: secret) }
        }
        if audience != .everybody, let token = cookies[Cookies.session.name(isSecure: request.isSecure)],
            let person = try await signedIn(token, from: request.peer), isStillVouched(person, request)
        {
            return Visit(
                request: request, parameters: parameters, basePath: basePath, secret: token, isSecretNew: false,
                person: person, flash: said(token))
        }
        let known = cookies[Cookies.visit.name(isSecure: request.isSecure)]
        let secret = known ?? Tokens.make()
        return Visit(
            request: request, parameters: parameters, basePath: basePath, secret: secret, isSecretNew: known == nil,
            person: nil, flash: said(secret))
    }
}
