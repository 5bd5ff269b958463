import HTTP
import HTTPTypes
import Logging
import Reactor

/// One connection: a task on one loop that reads a request, has it answered, and reads the next.
///
///     (handshake) ─► idle ─► head ─► body ─► handler ─► answer ─┬─► idle
///                             └─────── refusal ────────┐        ├─► stream ─► idle
///                                                      │        └─► linger ─► closed
///                                                      └─────────────┘
///
/// While it is idle, the task waits; what can be answered without waiting for anybody, is, and the task goes on waiting.
/// To wake it takes as long as all the rest of such an answer.
///
/// A stream goes on in another task. A task keeps the memory that it once needed until it ends, and to answer a request
/// takes ten times what it takes to wait for a client to go.
///
/// After an error of framing there is no next request: nobody could tell where it begins (RFC 9112 §11.2).
final class Connection: @unchecked Sendable {  // used on its loop
    private var task: Task<Void, Never>?
    private var whenOver: () -> Void = {}
    private let transport: Transport
    private let peer: String
    private let kind: Server.Listening.Kind
    /// Whether the client speaks TLS, with us or with a proxy in front; known for each request anew.
    private var isSecure: Bool
    private let server: Server
    private let home: LoopConnections
    @exclusivity(unchecked) private var phase = Phase.idle
    private let isTooMany: Bool
    @exclusivity(unchecked) private var requests = 0
    /// Of the request under way, once it is known.
    private var method: HTTPRequest.Method?
    /// Until when the next request has to begin; once it has, until when its head has to be there.
    private var headDeadline = ContinuousClock.Instant.now
    /// A request that has arrived while the task waited, and what of an answer the system did not take then.
    @exclusivity(unchecked) private var arrived: Request?
    @exclusivity(unchecked) private var unsent: [UInt8] = []

    private enum Phase {
        case idle, busy
        case streaming(StreamWriter)
    }

    /// What follows.
    private enum Next {
        case beginning
        case request
        case stream(Streaming)
        /// Our side finished, theirs drained.
        case farewell
        case end
    }

    /// What an answer leaves behind whose body is a stream; no more than that, as it may last for days.
    private struct Streaming {
        let begin: @Sendable (any BodyWriter) -> @Sendable () -> Void
        let isChunked: Bool
        let keepsAlive: Bool
        let request: String
    }

    private var timeouts: ServerConfiguration.Timeouts { server.configuration.timeouts }
    private var limits: HTTPLimits { server.configuration.limits }

    /// `isTooMany`: its address has enough of them, and this one only hears so.
    init(
        _ transport: Transport, peer: String, _ kind: Server.Listening.Kind, isTooMany: Bool, server: Server,
        home: LoopConnections
    ) {
        self.transport = transport
        self.peer = peer
        self.kind = kind
        if case .tls = kind { isSecure = true } else { isSecure = false }
        self.isTooMany = isTooMany
        self.server = server
        self.home = home
    }

    /// `whenOver` is called on the loop.
    func start(whenOver: @escaping () -> Void) {
        self.whenOver = whenOver
        if !isRedirect { transport.onArrival { [unowned self] in answerAtOnce() } }
        go(on: .beginning)
    }

    private func go(on next: Next) {
        task = home.loop.spawn {
            if case .stream(let streaming) = next {
                self.go(on: await self.stream(streaming))
            } else {
                await self.run(next)
            }
        }
    }

    /// Up to the end, or the next stream.
    private func run(_ first: Next) async {
        var next = first
        do {
            conversation: while true {
                switch next {
                case .beginning:
                    if hasTLS { try await handshake() }
                    if isTooMany { throw RequestError(.serviceUnavailable, "connections of this address") }
                    next = .request
                case .request: next = try await serve()
                case .stream: return go(on: next)
                case .farewell:
                    await transport.linger(until: .now + timeouts.linger)
                    break conversation
                case .end: break conversation
                }
            }
        } catch let error as RequestError {
            await refuse(error)
        } catch {
            server.logger.debug("connection ended", metadata: ["peer": "\(peer)", "error": "\(error)"])
            // An alert says why (RFC 8446 §6.2), and to close on what the peer has sent already would take it back.
            if error is TLSError { await transport.linger(until: .now + timeouts.linger) }
        }
        transport.close()
        whenOver()
    }

    private var hasTLS: Bool { if case .tls = kind { true } else { false } }
    private var isRedirect: Bool { if case .redirect = kind { true } else { false } }

    // MARK: From outside

    /// Closes between two requests, `evenNew` also before the first, but not if the next one is there already.
    func closeIfIdle(evenNew: Bool) {
        guard requests > 0 || evenNew else { return }
        guard case .idle = phase, transport.input.count == 0, !transport.isHandedOver else { return }
        if !transport.hasArrived { transport.close() }
    }

    /// Ends it, whatever it is at: who answers is told, and who waits for bytes meets a closed connection.
    func cancel() {
        task?.cancel()
        transport.close()
    }

    /// Event streams would go on for ever, and browsers come back to the server that follows.
    func endStream() {
        if case .streaming(let writer) = phase { writer.breakOff() }
    }

    // MARK: One request

    private func serve() async throws -> Next {
        guard var request = try await readHead() else { return .end }
        requests += 1
        guard Self.implemented.contains(request.method) else {  // RFC 9110 §9.1: 501; 405 is the router's
            throw RequestError(.notImplemented, "method \(request.method)")
        }
        if request.head.framing != .none {
            request.body = try await transport.readBody(
                of: request.head, within: timeouts.body, atMost: server.hooks.bodyLimit(request.head), limits)
        }
        // RFC 9110 §7.4: what is meant for TLS must not come without.
        guard isSecure || !request.head.demandsTLS else { throw RequestError(.misdirectedRequest, "https without TLS") }
        let began = server.logsRequests ? ContinuousClock.now : nil
        let response = await respond(to: request)
        if let began { log(request, response, began: began) }
        let next = try await answer(response, to: request)
        phase = .idle
        // Answers go out in the order of their requests (RFC 9112 §9.3.2). Others first: pipelines may be long.
        if case .request = next, transport.input.count > 0 { await Task.yield() }
        return next
    }

    /// Names it, and notes who it comes from.
    private func request(_ head: consuming RequestHead) -> Request {
        var request = Request(head: head, peer: peer, isSecure: hasTLS, id: home.newID())
        server.forwarding.apply(to: &request)
        isSecure = request.isSecure
        return request
    }

    private func log(_ request: Request, _ response: Response, began: ContinuousClock.Instant) {
        server.logger.info(
            "request",
            metadata: [
                "request": "\(request.id)", "peer": "\(request.peer)", "method": "\(request.method)",
                "path": "\(request.path)",
                "status": "\(response.status.code)", "ms": "\((ContinuousClock.now - began) / .milliseconds(1))",
            ])
    }

    private func respond(to request: Request) async -> Response {
        if case .redirect(let port) = kind { return OwnAnswers.redirect(request, toPort: port) }
        return request.path == "*" ? OwnAnswers.serverOptions : await server.handler(request)
    }

    private static let implemented: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    /// A request whose body is still to come. `nil`: the client has no further one.
    private func readHead() async throws -> Request? {
        var parser = RequestHeadParser(limits: limits)
        method = nil
        defer { if let known = parser.method { method = known } }
        headDeadline = .now + (requests == 0 ? timeouts.head : timeouts.idle)
        while true {
            if !unsent.isEmpty {
                phase = .busy
                try await transport.write(unsent, within: timeouts.write)
                unsent = []
                phase = .idle
                headDeadline = .now + timeouts.idle
            }
            if let request = arrived.take() {
                phase = .busy
                method = request.method
                return request
            }
            if let head = try transport.input.parse(with: &parser) {
                phase = .busy
                return request(head)
            }
            if parser.hasBegun, case .idle = phase {
                phase = .busy
                if requests > 0 { headDeadline = .now + timeouts.head }
            }
            do {
                guard try await transport.fill(until: headDeadline) else { return nil }
            } catch is TimedOut {
                guard parser.hasBegun else { return nil }
                throw RequestError(.requestTimeout, "time for the head")
            }
        }
    }

    // MARK: At once

    /// Answers what arrives between two requests if nobody has to be waited for. `false`: the task goes on with what there
    /// is, and whatever is wrong shows itself to the task too.
    private func answerAtOnce() -> Bool {
        guard case .idle = phase, requests > 0, transport.input.count == 0 else { return false }
        do {
            switch try transport.fillAtOnce() {
            case .done: break
            case .wantsRead: return true  // less than a record of TLS
            case .end, .wantsWrite: return false
            }
            var parser = RequestHeadParser(limits: limits)
            if let head = try transport.input.parse(with: &parser) { answerAtOnce(head) }
            if arrived == nil, unsent.isEmpty, transport.input.count == 0, transport.isDrained {
                transport.postponeFilling(until: headDeadline)
                return true
            }
        } catch {
            // What cannot be understood is still there, and what cannot be read stays so: the task meets it again.
        }
        transport.handOver()
        return false
    }

    /// Answers it, or leaves it to the task.
    private func answerAtOnce(_ head: consuming RequestHead) {
        let mayBe =
            (head.method == .get || head.method == .head) && head.framing == .none && head.keepsAlive
            && !head.demandsTLS
        let request = request(head)
        guard mayBe, server.keepsConnections, requests + 1 < server.configuration.maxRequestsPerConnection else {
            return arrived = request
        }
        let began = server.logsRequests ? ContinuousClock.now : nil
        let answer = server.hooks.atOnce(request)
        guard let response = consume answer else { return arrived = request }
        requests += 1
        headDeadline = home.loop.now + timeouts.idle
        if case .stream = response.body { preconditionFailure("a stream is nothing that is answered at once") }
        if let began { log(request, response, began: began) }
        writeAtOnce(
            response,
            with: ResponseEncoder(method: request.method, minorVersion: request.head.minorVersion, keepsAlive: true))
    }

    private func writeAtOnce(_ response: Response, with encoder: ResponseEncoder) {
        let standing = standing
        var encoder = encoder
        unsent = transport.writeAtOnce(atMost: ResponseEncoder.size(of: response, standing: standing)) {
            encoder.encode(response, standing: standing, date: home.date, to: &$0)
        }
    }

    // MARK: The answer

    private func answer(_ response: Response, to request: Request) async throws -> Next {
        let encoder = try await send(
            response,
            with: ResponseEncoder(
                method: request.method, minorVersion: request.head.minorVersion,
                keepsAlive: request.head.keepsAlive && server.keepsConnections
                    && requests < server.configuration.maxRequestsPerConnection))
        if case .stream(let begin) = response.body, encoder.transfer != .none {
            return .stream(
                Streaming(
                    begin: begin, isChunked: encoder.transfer == .chunked, keepsAlive: encoder.keepsAlive,
                    request: request.id))
        }
        // RFC 9112 §9.6: who has said "close" closes, and looks at nothing that follows.
        return encoder.keepsAlive ? .request : .farewell
    }

    private func send(_ response: Response, with encoder: ResponseEncoder) async throws -> ResponseEncoder {
        var encoder = encoder
        let bytes = encoder.encode(response, standing: standing, date: home.date)
        try await transport.write(bytes, within: timeouts.write)
        return encoder
    }

    private var standing: StandingFields {
        isSecure ? server.hooks.secureStanding : server.hooks.standing
    }

    /// Somebody else writes; here is noticed when the client goes: who only listens is not noticed to be gone otherwise.
    private func stream(_ streaming: Streaming) async -> Next {
        let writer = StreamWriter(
            transport, on: home.loop, isChunked: streaming.isChunked, timeout: timeouts.write)
        phase = .streaming(writer)
        // It would go on for ever, and browsers come back to the server that follows.
        if server.isDraining { writer.breakOff() }
        transport.input.shrink()
        let over = streaming.begin(writer)
        defer { over() }
        do {
            while !writer.isComplete, try await transport.fill(until: nil), transport.input.count <= limits.head {}
        } catch {
            server.logger.debug(
                "stream broken off", metadata: ["request": "\(streaming.request)", "error": "\(error)"])
        }
        guard writer.isComplete else {
            writer.breakOff()
            return .end
        }
        phase = .idle
        return streaming.keepsAlive ? .request : .farewell
    }

    // MARK: Refusals

    /// The one way in which everything ends that is not a request: an answer, our side finished, theirs drained, closed.
    private func refuse(_ error: RequestError) async {
        let id = home.newID().description
        server.logger.info(
            "request refused",
            metadata: [
                "request": "\(id)", "peer": "\(peer)", "status": "\(error.status.code)", "reason": "\(error.reason)",
            ])
        var response = server.hooks.refusal(error.status, id)
        if case .stream = response.body { response.body = .none }
        do {
            _ = try await send(
                response, with: ResponseEncoder(method: method ?? .get, minorVersion: 1, keepsAlive: false))
        } catch {
            return  // nobody takes it
        }
        await transport.linger(until: .now + timeouts.linger)
    }

    private func handshake() async throws {
        let deadline: ContinuousClock.Instant = .now + timeouts.head
        guard try await !transport.beginsPlainly(until: deadline) else {
            await transport.answerPlainly(OwnAnswers.speaksTLS(date: home.date), linger: timeouts.linger)
            throw ConnectionLost()
        }
        try await transport.handshake(until: deadline)
    }
}
