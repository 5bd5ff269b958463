import CPostgres

/// What the server remarks beside its answers (protocol message NoticeResponse). Of all of it only one is of interest:
/// that it has given up waiting for its standby.
///
/// The server waits for its synchronous standby when the transaction is committed already, and answers a commit whose wait
/// is broken off (`statement_timeout`, a cancel request) with success and a warning: "The transaction has already committed
/// locally, but might not have been replicated to the standby" (manual, 27.2.8). Who trusts that loses it with the primary.
final class Notices {
    /// What was said of a commit that may not be on the standby, since it was last taken.
    private var unreplicated: String?

    /// Listens to this connection, which must not outlive it.
    func listen(to handle: OpaquePointer) {
        PQsetNoticeReceiver(
            handle,
            { context, result in
                guard let context, let result else { return }
                func field(_ code: Character) -> String? {
                    PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
                }
                // It has no code of its own (01000, a warning like any other) and its text is translated: known by the
                // server's function that gives it ("R"), which has been the same since there are synchronous standbys.
                guard field("R") == "SyncRepWaitForLSN" else { return }
                Unmanaged<Notices>.fromOpaque(context).takeUnretainedValue().unreplicated = field("M") ?? "a warning"
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// Forgets it, and answers what was said.
    func take() -> String? { unreplicated.take() }
}
