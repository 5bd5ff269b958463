import CCurl
public import Reactor

/// HTTP requests, from any thread, without blocking one. Connections are kept and used again, per loop.
public final class HTTPClient: Sendable {
    private let group: EventLoopGroup
    private let userAgent: String
    private let transports = Locked<[ObjectIdentifier: (loop: EventLoop, transport: Transport)]>([:])

    /// A client whose transfers run on these loops. It ends before they do.
    public init(group: EventLoopGroup, userAgent: String) {
        Self.prepareLibrary()
        self.group = group
        self.userAgent = userAgent
    }

    deinit {
        for (loop, transport) in transports.withLock({ $0 }).values {
            loop.execute { transport.close() }
        }
    }

    /// Sends a request and collects the answer. Redirects are answers, and are not followed. Cancelling the task ends
    /// the transfer.
    public func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        guard let url = WebURL(request.url) else { throw .malformedURL }
        guard request.addresses.allows(url.origin) else { throw .addressRefused(address: url.origin.host) }
        let loop = group.next()
        let transport = transport(on: loop)
        let transfer = Transfer(request, url: url)
        let userAgent = userAgent
        let outcome: Transfer.Outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                loop.execute {
                    transport.start(transfer, userAgent: userAgent) { continuation.resume(returning: $0) }
                }
            }
        } onCancel: {
            loop.execute { transport.cancel(transfer) }
        }
        return try outcome.get()
    }

    private func transport(on loop: EventLoop) -> Transport {
        transports.withLock { transports in
            let key = ObjectIdentifier(loop)
            if let known = transports[key] { return known.transport }
            let transport = Transport(loop: loop)
            transports[key] = (loop, transport)
            return transport
        }
    }

    /// Not safe to be first called on two threads at once, hence once here.
    static func prepareLibrary() { _ = library }  // that it fails is seen by the first handle

    private static let library: CURLcode = curl_global_init(Int(CURL_GLOBAL_DEFAULT))
}
