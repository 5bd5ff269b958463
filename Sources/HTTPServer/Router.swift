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
        switch match(request.method, request.path) {
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
        guard case .found(let endpoint, let parameters) = match(request.method, request.path),
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
        guard case .found(let endpoint, _) = match(head.method, head.path) else { return defaultBodyLimit }
        return endpoint.route.bodyLimit
    }

    private func match(_ method: HTTPRequest.Method, _ path: String) -> Match {
        var search = Search()
        let bytes = path.utf8Span.span
        if let endpoint = root.find(method, bytes, from: bytes.count > 1 ? 1 : nil, &search) {
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
    var values: [String] = []
    var allowed: Set<String> = []
}

/// What may follow up to one place of a path. It never changes, so a router is one reference whoever holds it.
private final class Node: Sendable {
    /// In the order in which they were added.
    private let literals: [Literal]
    private let parameter: Node?
    private let rest: [Endpoint]
    private let endpoints: [Endpoint]

    struct Literal {
        let text: [UInt8]
        let node: Node
    }

    init(literals: [Literal] = [], parameter: Node? = nil, rest: [Endpoint] = [], endpoints: [Endpoint] = []) {
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
                let text = Array(first.utf8)
                let place = literals.firstIndex { $0.text == text }
                let next = (place.map { literals[$0].node } ?? Node()).adding(segments.dropFirst(), endpoint)
                let literal = Literal(text: text, node: next)
                if let place { literals[place] = literal } else { literals.append(literal) }
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

    /// Depth first, with a way back: a literal that leads nowhere leaves the parameter beside it. `start` is where the
    /// next segment of the path begins, `nil` at its end.
    func find(
        _ method: HTTPRequest.Method, _ path: Span<UInt8>, from start: Int?, _ search: inout Search
    ) -> Endpoint? {
        guard let start else { return Self.pick(method, from: endpoints, &search) }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        let next = end < path.count ? end + 1 : nil
        let segment = path.extracting(start..<end)
        for literal in literals where segment.isEqual(to: literal.text) {
            if let found = literal.node.find(method, path, from: next, &search) { return found }
        }
        if let parameter, !segment.isEmpty {
            search.values.append(segment.text)
            if let found = parameter.find(method, path, from: next, &search) { return found }
            search.values.removeLast()
        }
        guard !rest.isEmpty, let found = Self.pick(method, from: rest, &search) else { return nil }
        search.values.append(path.extracting(start...).text)
        return found
    }

    private static func pick(
        _ method: HTTPRequest.Method, from endpoints: [Endpoint], _ search: inout Search
    ) -> Endpoint? {
        if let endpoint = endpoints.first(where: { $0.route.method == method }) { return endpoint }
        let get = endpoints.first { $0.route.method == .get }
        if method == .head, let get { return get }
        search.allowed.formUnion(endpoints.map(\.route.method.rawValue))
        if get != nil { search.allowed.insert(HTTPRequest.Method.head.rawValue) }
        return nil
    }
}

extension Span<UInt8> {
    fileprivate var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

    fileprivate func isEqual(to bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        for index in bytes.indices where self[index] != bytes[index] { return false }
        return true
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
