public import Reactor

/// HTTP requests, from any thread, without blocking one.
public final class HTTPClient: Sendable {
    private let group: EventLoopGroup
    private let userAgent: String

    /// A client whose transfers run on these loops.
    public init(group: EventLoopGroup, userAgent: String) {
        self.group = group
        self.userAgent = userAgent
    }

    /// Sends a request and collects the answer. Redirects are answers, and are not followed. Cancelling the task ends
    /// the transfer.
    public func send(_ request: ClientRequest) async throws(HTTPClientError) -> ClientResponse {
        throw .connectFailed(reason: "not built yet")
    }
}
