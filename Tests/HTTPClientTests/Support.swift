import HTTPClient
import HTTPTypes
import Reactor
import TestSupport

/// Runs a test with a client of its own and a server that answers as told.
func withServer(
    loops: Int = 1, answer: @escaping @Sendable (StandInRequest) -> StandInServer.Answer,
    _ body: (HTTPClient, StandInServer) async throws -> Void
) async throws {
    let group = try EventLoopGroup(threads: loops)
    defer { group.stop() }
    let server = try StandInServer(handler: answer)
    defer { server.stop() }
    try await body(HTTPClient(group: group, userAgent: "usher-tests"), server)
}

extension StandInServer {
    /// This server, as an administrator would vouch for it.
    var origin: Origin { Origin(host: address, port: port) }

    func request(_ path: String = "/", maxBodyBytes: Int = 1 << 20, total: Duration = .seconds(20)) -> ClientRequest {
        ClientRequest(
            url: url + path, totalTimeout: total, maxBodyBytes: maxBodyBytes, addresses: .exactly(origin))
    }
}

extension HTTPClient {
    /// The error that a request ends with.
    func failure(of request: ClientRequest) async -> HTTPClientError? {
        do {
            _ = try await send(request)  // only the error counts here
            return nil
        } catch {
            return error
        }
    }
}
