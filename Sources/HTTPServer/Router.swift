public import HTTP
public import HTTPTypes

/// Finds the handler for a request by method and path.
///
/// A pattern is made of literal segments, parameters (`:id`, one segment) and at its end a rest (`*name`, one segment or
/// more): `/requests/:id/searches`. Where several fit, a literal goes before a parameter, and that before a rest.
public struct Router<Context: Sendable>: Sendable {
    /// What answers a request.
    public typealias Handler = @Sendable (Request, Parameters, Context) async throws -> Response
    /// What answers where no handler did.
    public typealias Failed = @Sendable (RouterFailure, Request, Context) async -> Response

    private var root = Node()
    /// All routes in the order in which they were added.
    public private(set) var routes: [Route] = []

    fileprivate struct Node: Sendable {
        var literals: [String: Node] = [:]
        var parameter: [Node] = []  // one or none
        var rest: [HTTPRequest.Method: Endpoint] = [:]
        var endpoints: [HTTPRequest.Method: Endpoint] = [:]
    }

    fileprivate struct Endpoint: Sendable {
        var route: Route
        var names: [String]
        var handler: Handler
    }

    /// What a request has led to.
    fileprivate enum Match {
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
        precondition(pattern.hasPrefix("/"), "a pattern starts with a slash: \(pattern)")
        let segments = pattern == "/" ? [] : pattern.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        let route = Route(method: method, pattern: pattern, bodyLimit: bodyLimit)
        let names = segments.filter { $0.hasPrefix(":") || $0.hasPrefix("*") }.map { String($0.dropFirst()) }
        precondition(Set(names).count == names.count, "a name twice in \(pattern)")
        routes.append(route)
        root.add(segments[...], Endpoint(route: route, names: names, handler: handler))
    }

    /// Calls the handler; `failed` renders what comes instead of its answer: no such page, no such method (the Allow field
    /// is added here), or an error that the handler threw. Says also which route it was.
    public func respond(
        to request: Request, context: Context, failed: Failed
    ) async -> (response: Response, route: Route?) {
        switch match(request.method, request.segments) {
        case .found(let endpoint, let parameters):
            let response: Response
            do {
                response = try await endpoint.handler(request, parameters, context)
            } catch is NotFound {
                response = await failed(.notFound, request, context)
            } catch {
                response = await failed(.thrown(error), request, context)
            }
            return (response, endpoint.route)
        case .methodNotAllowed(let methods):
            var response = await failed(.methodNotAllowed(methods), request, context)
            response.fields[.allow] = methods.map(\.rawValue).joined(separator: ", ")  // RFC 9110 §15.5.6
            return (response, nil)
        case .notFound:
            return (await failed(.notFound, request, context), nil)
        }
    }

    /// How long the body of such a request may be: for `ServerHooks.bodyLimit`.
    public func bodyLimit(for head: RequestHead) -> Int {
        guard case .found(let endpoint, _) = match(head.method, head.segments) else { return defaultBodyLimit }
        return endpoint.route.bodyLimit
    }

    private func match(_ method: HTTPRequest.Method, _ segments: [String]) -> Match {
        var allowed: Set<String> = []
        if let found = root.find(method, segments[...], [], &allowed) { return .found(found.0, found.1) }
        if allowed.isEmpty { return .notFound }
        return .methodNotAllowed(allowed.sorted().compactMap { HTTPRequest.Method($0) })
    }
}

extension Router.Node {
    fileprivate mutating func add(_ segments: ArraySlice<Substring>, _ endpoint: Router.Endpoint) {
        guard let first = segments.first else { return Self.set(&endpoints, endpoint) }
        if first.hasPrefix("*") {
            precondition(segments.count == 1, "only the end of a pattern is a rest: \(endpoint.route.pattern)")
            Self.set(&rest, endpoint)
        } else if first.hasPrefix(":") {
            if parameter.isEmpty { parameter.append(Self()) }
            parameter[0].add(segments.dropFirst(), endpoint)
        } else {
            literals[String(first), default: Self()].add(segments.dropFirst(), endpoint)
        }
    }

    private static func set(_ endpoints: inout [HTTPRequest.Method: Router.Endpoint], _ endpoint: Router.Endpoint) {
        let route = endpoint.route
        precondition(endpoints[route.method] == nil, "two handlers for \(route.method) \(route.pattern)")
        endpoints[route.method] = endpoint
    }

    /// Depth first, with a way back: a literal that leads nowhere leaves the parameter beside it.
    fileprivate func find(
        _ method: HTTPRequest.Method, _ segments: ArraySlice<String>, _ values: [String], _ allowed: inout Set<String>
    ) -> (Router.Endpoint, Parameters)? {
        guard let first = segments.first else {
            return Self.pick(method, endpoints, values, &allowed)
        }
        if let literal = literals[first], let found = literal.find(method, segments.dropFirst(), values, &allowed) {
            return found
        }
        if let parameter = parameter.first, !first.isEmpty,
            let found = parameter.find(method, segments.dropFirst(), values + [first], &allowed)
        {
            return found
        }
        return Self.pick(method, rest, values + [segments.joined(separator: "/")], &allowed)
    }

    private static func pick(
        _ method: HTTPRequest.Method, _ endpoints: [HTTPRequest.Method: Router.Endpoint], _ values: [String],
        _ allowed: inout Set<String>
    ) -> (Router.Endpoint, Parameters)? {
        guard let endpoint = endpoints[method] ?? (method == .head ? endpoints[.get] : nil) else {
            allowed.formUnion(endpoints.keys.map(\.rawValue))
            if endpoints[.get] != nil { allowed.insert(HTTPRequest.Method.head.rawValue) }
            return nil
        }
        return (endpoint, Parameters(Dictionary(zip(endpoint.names, values)) { first, _ in first }))
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
}

/// Why no handler answered.
public enum RouterFailure: Sendable {
    /// There is no such page, or the handler threw `NotFound`.
    case notFound
    /// There is, but not for this method; these it has.
    case methodNotAllowed([HTTPRequest.Method])
    /// The handler threw.
    case thrown(any Error)
}

/// Thrown by a handler whose path names something that is not there.
public struct NotFound: Error, Equatable {
    /// The one value there is.
    public init() {}
}

/// What stands in the place of a pattern's parameters.
public struct Parameters: Sendable, Equatable {
    private let values: [String: String]

    /// These values by name.
    public init(_ values: [String: String]) {
        self.values = values
    }

    /// The value of `:name` or `*name`.
    public subscript(_ name: String) -> String? { values[name] }

    /// A parameter that is a row's number. Whatever else stands there, there is no such page.
    public func integer(_ name: String) throws(NotFound) -> Int64 {
        guard let text = values[name], let number = Int64(text), number > 0, String(number) == text else {
            throw NotFound()
        }
        return number
    }
}
