public import HTTP
public import HTTPTypes

/// Finds the handler for a request by method and path.
///
/// A pattern is made of literal segments, parameters (`:id`, one segment) and at its end a rest (`*name`, one segment or
/// more): `/requests/:id/searches`. Where several fit, a literal goes before a parameter, and that before a rest.
public struct Router: Sendable {
    /// What answers a request.
    public typealias Handler = @Sendable (Request, Parameters) async throws -> Response
    /// What answers a request without waiting for anybody.
    public typealias AtOnce = @Sendable (Request, Parameters) throws -> Response
    /// What answers where no handler did.
    public typealias Failed = @Sendable (RouterFailure, Request) async -> Response

    private var root = Node()
    /// All routes in the order in which they were added.
    public private(set) var routes: [Route] = []

    /// What a request has led to.
    private enum Match {
        case found(Endpoint, Parameters)
        case methodNotAllowed([HTTPRequest.Method])
        case notFound
    }

    /// A router without routes.
    public init() {}

    /// Adds a route. GET answers HEAD too. Two handlers for one method and pattern are a mistake of the program.
    public mutating func on(
        _ method: HTTPRequest.Method, _ pattern: String, bodyLimit: Int = defaultBodyLimit,
        handler: @escaping Handler
    ) {
        add(Route(method: method, pattern: pattern, bodyLimit: bodyLimit, place: routes.count), handler: handler)
    }

    /// Adds a route whose answer is there already, and for which nobody has to be waited for.
    public mutating func atOnce(_ method: HTTPRequest.Method, _ pattern: String, answer: @escaping AtOnce) {
        let route = Route(method: method, pattern: pattern, bodyLimit: defaultBodyLimit, place: routes.count)
        add(route, atOnce: answer) { try answer($0, $1) }
    }

    private mutating func add(_ route: Route, atOnce: AtOnce? = nil, handler: @escaping Handler) {
        let pattern = route.pattern
        precondition(pattern.hasPrefix("/"), "a pattern starts with a slash: \(pattern)")
        let segments = pattern == "/" ? [] : pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let names = segments.filter { $0.hasPrefix(":") || $0.hasPrefix("*") }.map { String($0.dropFirst()) }
        precondition(Set(names).count == names.count, "a name twice in \(pattern)")
        routes.append(route)
        root = root.adding(segments[...], Endpoint(route, names, handler, atOnce))
    }

    /// Calls the handler; `failed` renders what comes instead of its answer: no such page, no such method (the Allow field
    /// is added here), or an error that the handler threw. Says also which route it was.
    public func respond(to request: Request, failed: Failed) async -> (response: Response, route: Route?) {
        switch match(request.method, request.segments) {
        case .found(let endpoint, let parameters):
            let response: Response
            do {
                response = try await endpoint.handler(request, parameters)
            } catch {
                response = await failed(RouterFailure(error), request)
            }
            return (response, endpoint.route)
        case .methodNotAllowed(let methods):
            var response = await failed(.methodNotAllowed(methods), request)
            response.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")  // RFC 9110 §15.5.6
            return (response, nil)
        case .notFound:
            return (await failed(.notFound, request), nil)
        }
    }

    /// The answer of a route for which nobody has to be waited for, its errors included; `nil` if another one answers.
    public func respondAtOnce(
        to request: Request, failed: (RouterFailure, Request) -> Response
    ) -> (response: Response, route: Route)? {
        guard case .found(let endpoint, let parameters) = match(request.method, request.segments),
            let atOnce = endpoint.atOnce
        else { return nil }
        do {
            return (try atOnce(request, parameters), endpoint.route)
        } catch {
            return (failed(RouterFailure(error), request), endpoint.route)
        }
    }

    /// How long the body of such a request may be: for `ServerHooks.bodyLimit`.
    public func bodyLimit(for head: RequestHead) -> Int {
        guard case .found(let endpoint, _) = match(head.method, head.segments) else { return defaultBodyLimit }
        return endpoint.route.bodyLimit
    }

    private func match(_ method: HTTPRequest.Method, _ segments: [String]) -> Match {
        var search = Search(method: method, segments: segments)
        if let endpoint = root.find(&search, from: 0) {
            return .found(endpoint, Parameters(endpoint.names, search.values))
        }
        if search.allowed.isEmpty { return .notFound }
        return .methodNotAllowed(search.allowed.sorted().compactMap { HTTPRequest.Method($0) })
    }
}

/// A route and what it leads to.
private final class Endpoint: Sendable {
    let route: Route
    let names: [String]
    let handler: Router.Handler
    let atOnce: Router.AtOnce?

    init(_ route: Route, _ names: [String], _ handler: @escaping Router.Handler, _ atOnce: Router.AtOnce?) {
        (self.route, self.names, self.handler, self.atOnce) = (route, names, handler, atOnce)
    }
}

/// A search on its way: the values of parameters up to here, and the methods of endpoints that fitted but for theirs.
private struct Search {
    let method: HTTPRequest.Method
    let segments: [String]
    var values: [String] = []
    var allowed: Set<String> = []
}

/// What may follow up to one place of a path. It never changes, so a router is one reference whoever holds it.
private final class Node: Sendable {
    private let literals: [String: Node]
    private let parameter: Node?
    private let rest: [Endpoint]
    private let endpoints: [Endpoint]

    init(literals: [String: Node] = [:], parameter: Node? = nil, rest: [Endpoint] = [], endpoints: [Endpoint] = []) {
        (self.literals, self.parameter, self.rest, self.endpoints) = (literals, parameter, rest, endpoints)
    }

    /// With one endpoint more.
    func adding(_ segments: ArraySlice<Substring>, _ endpoint: Endpoint) -> Node {
        var (literals, parameter, rest, endpoints) = (literals, parameter, rest, endpoints)
        if let first = segments.first {
            if first.hasPrefix("*") {
                precondition(segments.count == 1, "only the end of a pattern is a rest: \(endpoint.route.pattern)")
                Self.add(endpoint, to: &rest)
            } else if first.hasPrefix(":") {
                parameter = (parameter ?? Node()).adding(segments.dropFirst(), endpoint)
            } else {
                let next = literals[String(first)] ?? Node()
                literals[String(first)] = next.adding(segments.dropFirst(), endpoint)
            }
        } else {
            Self.add(endpoint, to: &endpoints)
        }
        return Node(literals: literals, parameter: parameter, rest: rest, endpoints: endpoints)
    }

    private static func add(_ endpoint: Endpoint, to endpoints: inout [Endpoint]) {
        let route = endpoint.route
        precondition(
            !endpoints.contains { $0.route.method == route.method },
            "two handlers for \(route.method) \(route.pattern)")
        endpoints.append(endpoint)
    }

    /// Depth first, with a way back: a literal that leads nowhere leaves the parameter beside it.
    func find(_ search: inout Search, from place: Int) -> Endpoint? {
        guard place < search.segments.count else { return Self.pick(from: endpoints, &search) }
        let segment = search.segments[place]
        if let literal = literals[segment], let found = literal.find(&search, from: place + 1) { return found }
        if let parameter, !segment.isEmpty {
            search.values.append(segment)
            if let found = parameter.find(&search, from: place + 1) { return found }
            search.values.removeLast()
        }
        guard !rest.isEmpty, let found = Self.pick(from: rest, &search) else { return nil }
        search.values.append(search.segments[place...].joined(separator: "/"))
        return found
    }

    private static func pick(from endpoints: [Endpoint], _ search: inout Search) -> Endpoint? {
        if let endpoint = endpoints.first(where: { $0.route.method == search.method }) { return endpoint }
        let get = endpoints.first { $0.route.method == .get }
        if search.method == .head, let get { return get }
        search.allowed.formUnion(endpoints.map(\.route.method.rawValue))
        if get != nil { search.allowed.insert(HTTPRequest.Method.head.rawValue) }
        return nil
    }
}

/// One line of the route table.
public struct Route: Sendable, Equatable {
    /// The method.
    public let method: HTTPRequest.Method
    /// As it was written.
    public let pattern: String
    /// How long a body may be, in bytes.
    public let bodyLimit: Int
    /// Which line it is, from 0.
    public let place: Int
}

/// Why no handler answered.
public enum RouterFailure: Sendable {
    /// There is no such page, or the handler threw `NotFound`.
    case notFound
    /// There is, but not for this method; these it has.
    case methodNotAllowed([HTTPRequest.Method])
    /// The handler threw.
    case thrown(any Error)

    fileprivate init(_ error: any Error) {
        self = error is NotFound ? .notFound : .thrown(error)
    }
}

/// Thrown by a handler whose path names something that is not there.
public struct NotFound: Error, Equatable {
    /// The one value there is.
    public init() {}
}

/// What stands in the place of a pattern's parameters.
public struct Parameters: Sendable, Equatable {
    private let names: [String]
    private let values: [String]

    /// These names, each once, and in the same order their values.
    public init(_ names: [String] = [], _ values: [String] = []) {
        precondition(names.count == values.count, "a value for each name")
        (self.names, self.values) = (names, values)
    }

    /// The value of `:name` or `*name`.
    public subscript(_ name: String) -> String? { names.firstIndex(of: name).map { values[$0] } }

    /// A parameter that is a row's number. Whatever else stands there, there is no such page.
    public func integer(_ name: String) throws(NotFound) -> Int64 {
        guard let text = self[name], let number = Int64(text), number > 0, String(number) == text else {
            throw NotFound()
        }
        return number
    }
}
