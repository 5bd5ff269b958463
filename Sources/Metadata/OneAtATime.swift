import Reactor

/// Lets one through after the other, in the order in which they came.
final class OneAtATime: Sendable {
    private struct State {
        var isTaken = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Locked(State())

    /// Does `body` when everybody who came before is done. Throws `rateLimited` when too many wait.
    func run<Value>(
        waitingAtMost limit: Int, _ body: () async throws(MetadataError) -> Value
    ) async throws(MetadataError) -> Value {
        guard state.withLock({ $0.waiting.count }) < limit else { throw .rateLimited(retryAfter: nil) }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isTaken { state.waiting.append(continuation) }
                defer { state.isTaken = true }
                return !state.isTaken
            }
            if isFree { continuation.resume() }
        }
        defer { leave() }
        return try await body()
    }

    private func leave() {
        let next = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil as CheckedContinuation<Void, Never>?
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
