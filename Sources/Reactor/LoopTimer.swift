import HeapModule

/// A body that an event loop calls once, at its deadline. Used on the loop's thread.
public final class LoopTimer {
    let deadline: ContinuousClock.Instant
    fileprivate let sequence: UInt64
    fileprivate var body: (() -> Void)?
    private let loop: EventLoop

    init(loop: EventLoop, deadline: ContinuousClock.Instant, sequence: UInt64, body: @escaping () -> Void) {
        self.loop = loop
        self.deadline = deadline
        self.sequence = sequence
        self.body = body
    }

    /// Makes sure that the body is not called any more.
    public func cancel() {
        guard body != nil else { return }
        body = nil
        loop.timers.noteCancelled()
    }
}

/// Timers by deadline; those with the same deadline in the order in which they came.
///
/// A cancelled timer stays until its turn, or until the cancelled ones are the majority: most timers are deadlines that
/// are never reached, and taking one out of the middle of a heap costs more than letting it lie.
struct TimerQueue {
    private var heap = Heap<Entry>()
    private var cancelled = 0
    private var nextSequence: UInt64 = 0

    private struct Entry: Comparable {
        let timer: LoopTimer

        static func < (a: Entry, b: Entry) -> Bool {
            a.timer.deadline == b.timer.deadline
                ? a.timer.sequence < b.timer.sequence : a.timer.deadline < b.timer.deadline
        }

        static func == (a: Entry, b: Entry) -> Bool { a.timer === b.timer }
    }

    var count: Int { heap.count }

    mutating func schedule(
        on loop: EventLoop, at deadline: ContinuousClock.Instant, _ body: @escaping () -> Void
    ) -> LoopTimer {
        let timer = LoopTimer(loop: loop, deadline: deadline, sequence: nextSequence, body: body)
        nextSequence += 1
        heap.insert(Entry(timer: timer))
        return timer
    }

    mutating func noteCancelled() {
        cancelled += 1
        guard cancelled > 64, cancelled > heap.count / 2 else { return }
        heap = Heap(heap.unordered.filter { $0.timer.body != nil })
        cancelled = 0
    }

    /// The deadline of the next timer that is not cancelled.
    mutating func nextDeadline() -> ContinuousClock.Instant? {
        while let first = heap.min {
            if first.timer.body != nil { return first.timer.deadline }
            heap.removeMin()
            cancelled -= 1
        }
        return nil
    }

    /// Takes out the body of the next timer if it is due.
    mutating func popDue(at now: ContinuousClock.Instant) -> (() -> Void)? {
        guard let deadline = nextDeadline(), deadline <= now else { return nil }
        let timer = heap.removeMin().timer
        defer { timer.body = nil }
        return timer.body
    }
}
