public import HTTPTypes

/// A request that cannot be served, and the status to answer it with. Nothing that follows it on the same connection can
/// be trusted to be a request.
public struct RequestError: Error, Equatable, Sendable {
    /// What to answer.
    public let status: HTTPResponse.Status
    /// What was wrong, for the log.
    public let reason: String

    /// An error with this status and reason.
    public init(_ status: HTTPResponse.Status, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    static func malformed(_ reason: String) -> RequestError { RequestError(.badRequest, reason) }
}
