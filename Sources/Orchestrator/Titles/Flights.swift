import Reactor

/// What many want at once is done once, and each of them gets it, or does not wait for longer than they have time.
final class Flights<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let waiting = Locked<[Key: [AsyncStream<Value>.Continuation]]>([:])

    /// What `work` comes to, for all who ask for the same meanwhile; `nil` when that takes longer than `patience`. The
    /// work goes on then, and also when this task is cancelled: others may wait for it, and it is kept.
    func value(for key: Key, within patience: Duration, _ work: @escaping @Sendable () async -> Value) async -> Value? {
        let (values, continuation) = AsyncStream<Value>.makeStream()
        let isFirst = waiting.withLock { waiting in
            waiting[key, default: []].append(continuation)
            return waiting[key]?.count == 1
        }
        if isFirst {
            Task {
                let value = await work()
                for one in waiting.withLock({ $0.removeValue(forKey: key) ?? [] }) {
                    one.yield(value)
                    one.finish()
                }
            }
        }
        let clock = Task {
            try? await Task.sleep(for: patience)  // ends early when the value is there, and nobody listens any more
            continuation.finish()
        }
        defer { clock.cancel() }
        for await value in values { return value }
        return nil
    }
}
