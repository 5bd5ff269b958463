import Glibc
import Testing

@testable import Reactor

@Suite struct BlockingPoolTests {
    @Test func returnsAndThrows() async throws {
        let pool = BlockingPool(threads: 2, name: "test")
        #expect(try await pool.run { 42 } == 42)
        await #expect(throws: TimedOut()) { try await pool.run { throw TimedOut() } }
    }

    @Test func runsNoMoreAtATimeThanItHasThreads() async throws {
        let pool = BlockingPool(threads: 3, name: "test")
        let running = Locked((now: 0, most: 0))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<60 {
                tasks.addTask {
                    try await pool.run {
                        running.withLock {
                            $0.now += 1
                            $0.most = max($0.most, $0.now)
                        }
                        usleep(500)  // the work
                        running.withLock { $0.now -= 1 }
                    }
                }
            }
            try await tasks.waitForAll()
        }
        #expect(running.withLock { $0.most } <= 3)
        #expect(running.withLock { $0.now } == 0)
    }

    @Test func cancelledBeforeItsTurnIsNotRun() async throws {
        let pool = BlockingPool(threads: 1, name: "test")
        let hasRun = Locked(false)
        // The thread is held until the second task is cancelled.
        let (started, start) = AsyncStream.makeStream(of: Void.self)
        let release = Gate()
        let first = Task {
            try await pool.run {
                start.yield(); release.wait()
            }
        }
        for await _ in started { break }
        let second = Task { try await pool.run { hasRun.withLock { $0 = true } } }
        second.cancel()
        release.open()
        try await first.value
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(hasRun.withLock { $0 } == false)
    }
}

@Suite struct LockedTests {
    @Test func oneAtATime() async {
        let count = Locked(0)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask { for _ in 0..<1000 { count.withLock { $0 += 1 } } }
            }
        }
        #expect(count.withLock { $0 } == 8000)
    }
}

@Suite struct SystemCallTests {
    @Test func isRepeatedWhenInterrupted() throws {
        var calls = 0
        let result = try systemCall("test") { () -> CInt in
            calls += 1
            errno = EINTR
            return calls < 3 ? -1 : 5
        }
        #expect(result == 5)
        #expect(calls == 3)
    }

    @Test func failureNamesTheCall() {
        let error = #expect(throws: SystemError.self) { try systemCall("close") { close(-1) } }
        #expect(error == SystemError(EBADF, call: "close"))
        #expect(error?.description == "close: Bad file descriptor")
    }

    @Test func descriptorIsClosedWithItsOwner() throws {
        var ends: [CInt] = [0, 0]
        // Not for children of this process, which would keep the input open.
        try systemCall("socketpair") {
            socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        let output = Descriptor(owning: ends[0])
        func use(_ descriptor: consuming Descriptor) { #expect(descriptor.raw >= 0) }
        use(Descriptor(owning: fcntl(ends[1], F_DUPFD_CLOEXEC, 0)))
        let input = Descriptor(owning: ends[1]).take()
        var byte: UInt8 = 0
        #expect(write(input, "x", 1) == 1)
        #expect(read(output.raw, &byte, 1) == 1)
        close(input)
        // The end of the pipe is seen only once nobody has its input open.
        #expect(read(output.raw, &byte, 1) == 0)
    }
}

@Suite struct SignalsTests {
    @Test func arriveAsValues() async throws {
        let loop = try EventLoopGroup(threads: 1).loops[0]
        let signals = try Signals([.hangup], on: loop)
        kill(getpid(), SIGHUP)
        kill(getpid(), SIGHUP)
        var received = signals.received.makeAsyncIterator()
        #expect(await received.next() == .hangup)
    }
}

/// Opened once by one thread, waited for by another.
private final class Gate: Sendable {
    private let isOpen = Locked(false)

    func open() { isOpen.withLock { $0 = true } }

    func wait() {
        while !isOpen.withLock({ $0 }) { usleep(100) }
    }
}
