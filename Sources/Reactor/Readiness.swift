import Glibc

/// Async waiting for one descriptor. Used on its loop, by one reader and one writer at a time.
///
/// It rests on level-triggered events whose interest is taken back only when one comes that nobody waits for. So
/// whoever reads need not drain the descriptor before waiting (libpq and OpenSSL do not always), and yet the usual
/// read, answer, wait costs no system call here.
public final class Readiness: @unchecked Sendable {
    private let loop: EventLoop
    private let descriptor: CInt
    private let heedsCancellation: Bool
    private var registration: Registration?
    // To resume a task only puts it into the loop's queue, so no access to these is within another: not checked each time.
    @exclusivity(unchecked) private var reader: Waiter?
    private var writer: Waiter?
    /// Both directions have ended, or an error is pending: every read and write returns at once from now on.
    private var isOver = false
    /// For both waiters. It may come too early, and looks then when to come again: deadlines are moved with every request,
    /// and almost never reached.
    private var timer: LoopTimer?
    private var nextWaiter: UInt64 = 0
    /// Called when there is something to read for whoever waits for it, who goes on waiting if this says `true`: what is
    /// done here wakes no task.
    @exclusivity(unchecked) public var onReadable: (() -> Bool)?

    private struct Waiter {
        let id: UInt64
        let continuation: UnsafeContinuation<Void, any Error>
        var deadline: ContinuousClock.Instant?
    }

    private enum Direction { case reading, writing }

    /// Watches the descriptor, which must be in non-blocking mode.
    ///
    /// - Parameter heedsCancellation: whether the cancellation of a task ends its waiting. That takes a record in the task
    ///   and a closure for each time; whoever waits for every request does without, and is ended by `close()`.
    public init(_ descriptor: CInt, on loop: EventLoop, heedsCancellation: Bool = true) throws(SystemError) {
        self.loop = loop
        self.descriptor = descriptor
        self.heedsCancellation = heedsCancellation
        registration = try loop.register(descriptor, for: .readable) { [weak self] in self?.handle($0) }
    }

    /// Returns when a read will not block; throws `TimedOut`, `CancellationError`, or `SystemError` with EBADF if closed.
    public nonisolated(nonsending) func readable(until deadline: ContinuousClock.Instant? = nil) async throws {
        try await wait(.reading, until: deadline)
    }

    /// Returns when a write will not block; throws `TimedOut`, `CancellationError`, or `SystemError` with EBADF if closed.
    public nonisolated(nonsending) func writable(until deadline: ContinuousClock.Instant? = nil) async throws {
        try await wait(.writing, until: deadline)
    }

    /// Ends the waiting for reads, if there is any, with a `CancellationError`.
    public func stopReading() {
        finish(&reader, .failure(CancellationError()))
    }

    /// Gives whoever waits for reads, with a deadline, a later one.
    public func postponeReading(until deadline: ContinuousClock.Instant) {
        reader?.deadline = deadline
    }

    /// Ends the watching, and whoever waits with EBADF. Comes before the descriptor is closed.
    public func close() {
        registration?.cancel()
        registration = nil
        timer?.cancel()
        timer = nil
        onReadable = nil
        finish(&reader, .failure(SystemError(EBADF, call: "close")))
        finish(&writer, .failure(SystemError(EBADF, call: "close")))
    }

    /// Nobody hops anywhere to wait: whoever uses this is on the loop.
    private nonisolated(nonsending) func wait(
        _ direction: Direction, until deadline: ContinuousClock.Instant?
    ) async throws {
        assert(loop.isCurrent)
        if heedsCancellation { try Task.checkCancellation() }
        guard let registration else { throw SystemError(EBADF, call: "wait") }
        if isOver { return }
        try registration.update(registration.events.union(direction == .reading ? .readable : .writable))
        nextWaiter += 1
        let id = nextWaiter
        guard heedsCancellation else {
            return try await withUnsafeThrowingContinuation {
                enlist(direction, Waiter(id: id, continuation: $0, deadline: deadline))
            }
        }
        try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation {
                enlist(direction, Waiter(id: id, continuation: $0, deadline: deadline))
            }
        } onCancel: {
            loop.execute { self.fail(id, CancellationError()) }
        }
    }

    private func enlist(_ direction: Direction, _ waiter: Waiter) {
        if let deadline = waiter.deadline { look(at: deadline) }
        switch direction {
        case .reading:
            precondition(reader == nil, "two readers wait for one descriptor")
            reader = waiter
        case .writing:
            precondition(writer == nil, "two writers wait for one descriptor")
            writer = waiter
        }
    }

    private func handle(_ events: IOEvents) {
        if !events.isDisjoint(with: [.hangup, .error]) {
            // These are reported even without interest, again and again: one report is enough.
            isOver = true
            registration?.cancel()
            finish(&reader, .success(()))
            finish(&writer, .success(()))
            return
        }
        var unwanted: IOEvents = []
        if !events.isDisjoint(with: .readable) {
            let isTakenCareOf = reader != nil && onReadable?() == true
            if !isTakenCareOf, !finish(&reader, .success(())) { unwanted.formUnion(.readable) }
        }
        if !events.isDisjoint(with: .writable) {
            finish(&writer, .success(()))
            unwanted.formUnion(.writable)
        }
        guard !unwanted.isEmpty, let registration else { return }
        // Taking back interest in a registered descriptor cannot fail; if it did, the next round would try again.
        try? registration.update(registration.events.subtracting(unwanted))
    }

    private func look(at deadline: ContinuousClock.Instant) {
        if let timer, timer.deadline <= deadline { return }
        timer?.cancel()
        timer = loop.schedule(at: deadline) { [weak self] in self?.lookAtDeadlines() }
    }

    private func lookAtDeadlines() {
        timer = nil
        let now = ContinuousClock.now
        if let deadline = reader?.deadline, deadline <= now { finish(&reader, .failure(TimedOut())) }
        if let deadline = writer?.deadline, deadline <= now { finish(&writer, .failure(TimedOut())) }
        for deadline in [reader?.deadline, writer?.deadline] { if let deadline { look(at: deadline) } }
    }

    private func fail(_ id: UInt64, _ error: any Error) {
        if reader?.id == id { finish(&reader, .failure(error)) }
        if writer?.id == id { finish(&writer, .failure(error)) }
    }

    @discardableResult
    private func finish(_ waiter: inout Waiter?, _ result: Result<Void, any Error>) -> Bool {
        guard let finished = waiter.take() else { return false }
        finished.continuation.resume(with: result)
        return true
    }
}
