import DequeModule
import Glibc

/// A few threads for calls that block: name resolution, password hashing, files.
public final class BlockingPool: Sendable {
    /// For whatever has no reason to keep to itself.
    public static let shared = BlockingPool(threads: 4, name: "blocking")

    private let name: String
    private let limit: Int
    private let state = Locked(State())

    private struct State {
        var queue = Deque<@Sendable () -> Void>()
        var threads = 0
    }

    /// A pool of at most so many threads, started when there is work and ended when there is none.
    public init(threads: Int, name: String) {
        precondition(threads > 0)
        limit = threads
        self.name = name
    }

    /// Calls `body` on a thread of the pool, after what was there before. A task that is cancelled while it is still in
    /// the queue throws `CancellationError`; a call that has begun runs to its end.
    public func run<Success: Sendable>(_ body: @escaping @Sendable () throws -> Success) async throws -> Success {
        let isCancelled = Locked(false)
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { continuation in
                submit {
                    continuation.resume(
                        with: Result {
                            if isCancelled.withLock({ $0 }) { throw CancellationError() }
                            return try body()
                        })
                }
            }
        } onCancel: {
            isCancelled.withLock { $0 = true }
        }
    }

    private func submit(_ work: @escaping @Sendable () -> Void) {
        let mustStart = state.withLock { state in
            state.queue.append(work)
            guard state.threads < limit else { return false }
            state.threads += 1
            return true
        }
        guard mustStart else { return }
        do {
            try startThread(named: name) { self.drain() }
        } catch {
            let isLast = state.withLock { state in
                state.threads -= 1
                return state.threads == 0
            }
            // No thread to be had at all: late is better than never, and this one can do it.
            if isLast { drain(counted: false) }
        }
    }

    private func drain(counted: Bool = true) {
        while true {
            let work = state.withLock { state in
                if state.queue.isEmpty, counted { state.threads -= 1 }
                return state.queue.popFirst()
            }
            guard let work else { return }
            work()
        }
    }
}
