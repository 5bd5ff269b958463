import CLinux
import DequeModule
import Glibc

/// One thread that waits for descriptors and timers with epoll and runs what follows from them.
///
/// The loop is a `TaskExecutor`: a task started with `spawn` or `run` continues on the loop's thread after every
/// `await`, so a connection's code needs neither locks nor hops.
///
///     ┌─► jobs, at most a batch ─► timers due ─► epoll_wait ─► handlers ─┐
///     └──────────────────────────────────────────────────────────────────┘
///
/// Jobs that make more jobs wait for the next round, so neither descriptors nor timers starve. epoll_wait does not
/// sleep while jobs are left.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
    /// Jobs in one round before descriptors are looked at again.
    static let jobBatch = 256
    private static let eventBatch = 256

    // Any thread.
    private let name: String
    private let inbox = Locked(Inbox())
    private let poller: Descriptor
    private let wakeUp: Descriptor

    // The loop's thread only.
    /// When this round's descriptors and timers were looked at: near enough for deadlines, and nothing to be asked for.
    public private(set) var now = ContinuousClock.now
    private var ready = Deque<Work>()
    private var slots: [Slot] = []
    private var freeSlots: [Int] = []
    var timers = TimerQueue()
    /// For bytes on their way from a descriptor to where they belong: whoever runs on the loop may use it until they wait.
    /// One of its own would be, for thousands who wait, most of what they hold.
    public let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 16 << 10, alignment: 16)

    private enum Work {
        case job(UnownedJob)
        case body(@Sendable () -> Void)
    }

    private struct Inbox {
        var work: [Work] = []
        var isStopped = false
        /// The loop sleeps, or is about to, and must be woken.
        var isAsleep = false
    }

    /// A descriptor's number is given out again as soon as it is closed, while events of its predecessor may still be
    /// in the batch at hand. The generation tells them apart.
    struct RegistrationKey: Equatable {
        let slot: UInt32
        let generation: UInt32

        var epollData: UInt64 { UInt64(generation) << 32 | UInt64(slot) }

        init(slot: UInt32, generation: UInt32) {
            self.slot = slot
            self.generation = generation
        }

        init(epollData: UInt64) {
            self.init(slot: UInt32(truncatingIfNeeded: epollData), generation: UInt32(epollData >> 32))
        }

        static let wakeUp = RegistrationKey(epollData: .max)
    }

    private struct Slot {
        var generation: UInt32
        var handler: ((IOEvents) -> Void)?
    }

    /// Starts the thread.
    init(name: String) throws(SystemError) {
        self.name = name
        poller = Descriptor(owning: try systemCall("epoll_create1") { epoll_create1(CInt(EPOLL_CLOEXEC)) })
        wakeUp = Descriptor(
            owning: try systemCall("eventfd") { eventfd(0, CInt(EFD_NONBLOCK | EFD_CLOEXEC)) })
        try control(EPOLL_CTL_ADD, wakeUp.raw, .readable, .wakeUp)
        try startThread(named: name) { self.loop() }
    }

    deinit { scratch.deallocate() }

    // MARK: Any thread

    /// The loop whose thread this is.
    public static var current: EventLoop? {
        guard let pointer = pthread_getspecific(currentLoopKey) else { return nil }
        return Unmanaged<EventLoop>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Whether this is the loop's thread.
    public var isCurrent: Bool {
        pthread_getspecific(currentLoopKey) == UnsafeMutableRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    /// Calls `body` on the loop's thread, later.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        submit(.body(body))
    }

    /// Runs a job of a task whose preferred executor this is. Part of `TaskExecutor`.
    public func enqueue(_ job: consuming ExecutorJob) {
        submit(.job(UnownedJob(job)))
    }

    /// Runs async code on the loop's thread; without a hop if already there.
    public func run<Success: Sendable>(_ body: () async throws -> Success) async rethrows -> Success {
        try await withTaskExecutorPreference(self, operation: body)
    }

    /// Starts a task that runs on the loop's thread.
    @discardableResult
    public func spawn(_ body: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: self, operation: body)
    }

    /// Ends the thread once nothing is ready to run. Comes after everything that runs on the loop has ended: what is
    /// submitted later never runs.
    func stop() {
        inbox.withLock { $0.isStopped = true }
        wake()
    }

    private func submit(_ work: Work) {
        if isCurrent {
            ready.append(work)
            return
        }
        let mustWake = inbox.withLock { inbox in
            inbox.work.append(work)
            defer { inbox.isAsleep = false }
            return inbox.isAsleep
        }
        if mustWake { wake() }
    }

    private func wake() {
        // Fails only if the counter is full, and then the loop wakes anyway.
        eventfd_write(wakeUp.raw, 1)
    }

    // MARK: The loop's thread

    /// Reports events of a descriptor, level-triggered, until the registration is cancelled.
    public func register(
        _ descriptor: CInt, for events: IOEvents, handler: @escaping (IOEvents) -> Void
    ) throws(SystemError) -> Registration {
        assert(isCurrent)
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(Slot(generation: 0)) }
        let key = RegistrationKey(slot: UInt32(slot), generation: slots[slot].generation)
        do {
            try control(EPOLL_CTL_ADD, descriptor, events, key)
        } catch {
            freeSlots.append(slot)
            throw error
        }
        slots[slot].handler = handler
        return Registration(loop: self, descriptor: descriptor, key: key, events: events)
    }

    func control(
        _ operation: CInt, _ descriptor: CInt, _ events: IOEvents, _ key: RegistrationKey
    ) throws(SystemError) {
        var event = epoll_event(events: events.rawValue, data: epoll_data_t(u64: key.epollData))
        try systemCall("epoll_ctl") { epoll_ctl(poller.raw, operation, descriptor, &event) }
    }

    func unregister(_ descriptor: CInt, _ key: RegistrationKey) {
        let slot = Int(key.slot)
        guard slots.indices.contains(slot) else { return }  // the loop has ended
        slots[slot].generation &+= 1
        slots[slot].handler = nil
        freeSlots.append(slot)
        var unused = epoll_event()
        // The descriptor may be closed already, by libcurl for instance; then the kernel has forgotten it by itself.
        epoll_ctl(poller.raw, EPOLL_CTL_DEL, descriptor, &unused)
    }

    /// Calls `body` once the deadline has passed.
    @discardableResult
    public func schedule(at deadline: ContinuousClock.Instant, _ body: @escaping () -> Void) -> LoopTimer {
        assert(isCurrent)
        return timers.schedule(on: self, at: deadline, body)
    }

    private func loop() {
        pthread_setspecific(currentLoopKey, Unmanaged.passUnretained(self).toOpaque())
        defer {
            // What is left refers back to the loop.
            timers = TimerQueue()
            slots = []
            pthread_setspecific(currentLoopKey, nil)
        }
        let executor = asUnownedTaskExecutor()
        withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: Self.eventBatch) { events in
            while true {
                runJobs(on: executor)
                runTimers()
                guard let timeout = prepareToWait() else { return }
                let count = wait(into: events, timeout: timeout)
                now = ContinuousClock.now
                for event in events[..<count] { dispatch(event) }
            }
        }
    }

    private func runJobs(on executor: UnownedTaskExecutor) {
        for _ in 0..<min(ready.count, Self.jobBatch) {
            switch ready.removeFirst() {
            case .job(let job): job.runSynchronously(on: executor)
            case .body(let body): body()
            }
        }
    }

    private func runTimers() {
        while let body = timers.popDue(at: now) { body() }
    }

    /// Collects what other threads have brought; how long to sleep in milliseconds, `nil` to end.
    private func prepareToWait() -> CInt? {
        let isStopped = inbox.withLock { inbox in
            if !inbox.work.isEmpty {
                ready.append(contentsOf: inbox.work)
                inbox.work.removeAll(keepingCapacity: true)
            }
            inbox.isAsleep = ready.isEmpty
            return inbox.isStopped
        }
        guard ready.isEmpty else { return 0 }
        if isStopped { return nil }
        guard let deadline = timers.nextDeadline() else { return -1 }
        return ContinuousClock.now.duration(to: deadline).roundedUpToMilliseconds
    }

    private func wait(into events: UnsafeMutableBufferPointer<epoll_event>, timeout: CInt) -> Int {
        do {
            return Int(
                try systemCall("epoll_wait") {
                    epoll_wait(poller.raw, events.baseAddress, CInt(events.count), timeout)
                })
        } catch {
            // Only a wrong descriptor or buffer fails here (epoll_wait(2)): a defect of this file, not of any input.
            preconditionFailure("\(error)")
        }
    }

    private func dispatch(_ event: epoll_event) {
        let key = RegistrationKey(epollData: event.data.u64)
        if key == .wakeUp {
            var count: eventfd_t = 0
            eventfd_read(wakeUp.raw, &count)  // resets it; that it was zero already does not matter
            return
        }
        let slot = slots[Int(key.slot)]
        guard slot.generation == key.generation else { return }
        slot.handler?(IOEvents(rawValue: event.events))
    }
}

private let currentLoopKey: pthread_key_t = {
    var key = pthread_key_t()
    let failure = pthread_key_create(&key, nil)
    precondition(failure == 0, "no thread-local key left")
    return key
}()

extension Duration {
    /// Never too early, and within what epoll takes.
    fileprivate var roundedUpToMilliseconds: CInt {
        guard self > .zero else { return 0 }
        guard self < .seconds(3600) else { return 3_600_000 }
        let (seconds, attoseconds) = components
        return CInt(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
