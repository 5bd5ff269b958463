import CPostgres
import Reactor

/// Requests to stop working on a statement. Each goes over a connection of its own, and libpq can only block on it.
enum Cancellation {
    private static let pool = BlockingPool(threads: 2, name: "pg-cancel")
    /// A server that does not answer holds up every request to it, so there is no use in many.
    private static let limit = 16
    private static let underWay = Locked(0)

    /// Asks the server to stop what this connection is waiting for; later, and without a promise.
    static func send(for handle: OpaquePointer) {
        let mayStart = underWay.withLock { underWay in
            guard underWay < limit else { return false }
            underWay += 1
            return true
        }
        guard mayStart else { return }
        let request = PQgetCancel(handle).map(Request.init(owning:))
        Task {
            try await pool.run { request?.send() }
            underWay.withLock { $0 -= 1 }
        }
    }

    private final class Request: @unchecked Sendable {
        private let pointer: OpaquePointer

        init(owning pointer: OpaquePointer) {
            self.pointer = pointer
        }

        deinit { PQfreeCancel(pointer) }

        /// Blocks until the server has received it, or is not to be reached.
        func send() {
            var reason = [CChar](repeating: 0, count: 256)
            PQcancel(pointer, &reason, Int32(reason.count))  // without a promise, as said
        }
    }
}
