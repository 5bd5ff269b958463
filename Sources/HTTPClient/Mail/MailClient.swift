import Reactor

/// Hands messages to mail servers, by libcurl.
///
/// On threads of its own, and each over a connection of its own: libcurl waits for the server's word when it says goodbye,
/// and no loop's thread may wait for anybody.
public struct MailClient: Sendable {
    private static let threads = BlockingPool(threads: 4, name: "mail")

    private let totalTimeout: Duration

    /// A client that spends at most so long on a message, and once more on saying goodbye.
    public init(totalTimeout: Duration = .seconds(30)) {
        self.totalTimeout = totalTimeout
    }

    /// Hands a message over, and answers what the server said last: that it has it, or why it does not want it. Cancelling
    /// the task ends it within a second or two; the server may have the message then.
    ///
    /// - Parameter message: as RFC 5322 has it, with CR LF at the end of each line.
    public func send(
        _ message: [UInt8], from: MailAddress, to: MailAddress, over server: MailServer
    ) async throws(HTTPClientError) -> MailReply {
        guard let origin = server.origin else { throw .resolveFailed(host: server.host) }
        HTTPClient.prepareLibrary()
        let isCancelled = Locked(false)
        let outcome: Result<MailReply, HTTPClientError>
        do {
            outcome = try await withTaskCancellationHandler {
                try await Self.threads.run { [totalTimeout] in
                    let transfer = MailTransfer(message, origin: origin, server: server, isCancelled: isCancelled)
                    return transfer.perform(from: from, to: to, within: totalTimeout)
                }
            } onCancel: {
                isCancelled.withLock { $0 = true }
            }
        } catch {
            throw .cancelled  // before it began; nothing else is thrown there
        }
        return try outcome.get()
    }
}
