import Glibc
import Testing

@testable import Reactor

@Suite struct ReadinessTests {
    let loop: EventLoop
    let sockets: Sockets

    init() throws {
        loop = try EventLoopGroup(threads: 1).loops[0]
        sockets = try Sockets()
    }

    @Test func waitsUntilThereIsSomethingToRead() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            loop.schedule(at: .now + .milliseconds(5)) { #expect(throws: Never.self) { try sockets.send() } }
            try await readiness.readable(until: .now + .seconds(5))
            #expect(sockets.receive(10) == 1)
        }
    }

    @Test func whatWasLeftUnreadIsReportedAgain() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            try sockets.send(3)
            for _ in 0..<3 {
                try await readiness.readable(until: .now + .seconds(5))
                #expect(sockets.receive(1) == 1)
            }
            await #expect(throws: TimedOut()) { try await readiness.readable(until: .now + .milliseconds(5)) }
        }
    }

    @Test func whatComesWhileNobodyWaitsIsNotLost() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            try sockets.send()
            for _ in 0..<10 { await Task.yield() }
            try await readiness.readable(until: .now + .seconds(5))
        }
    }

    @Test func waitsUntilThereIsRoomToWrite() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            try await readiness.writable(until: .now + .seconds(5))
            sockets.fill()
            await #expect(throws: TimedOut()) { try await readiness.writable(until: .now + .milliseconds(5)) }
            sockets.drain()
            try await readiness.writable(until: .now + .seconds(5))
        }
    }

    @Test func readerAndWriterWaitAtTheSameTime() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            sockets.fill()
            async let written: Void = readiness.writable(until: .now + .seconds(5))
            async let read: Void = readiness.readable(until: .now + .seconds(5))
            sockets.drain()
            try await written
            try sockets.send()
            try await read
        }
    }

    @Test func endsWithItsDeadline() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            let start = ContinuousClock.now
            await #expect(throws: TimedOut()) { try await readiness.readable(until: start + .milliseconds(20)) }
            #expect(ContinuousClock.now - start >= .milliseconds(20))
        }
    }

    @Test func endsWithItsTask() async throws {
        let waiting = Task(executorPreference: loop) {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            try await readiness.readable()
        }
        await loop.run { await Task.yield() }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test func endsWithTheConnection() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            sockets.closeFar()
            try await readiness.readable(until: .now + .seconds(5))
            #expect(sockets.receive(1) == 0)
            try await readiness.writable(until: .now + .seconds(5))
        }
    }

    @Test func endsWhenClosed() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            loop.schedule(at: .now + .milliseconds(1)) { readiness.close() }
            await #expect(throws: SystemError.self) { try await readiness.readable() }
            await #expect(throws: SystemError.self) { try await readiness.readable() }
        }
    }

    @Test func hangupThatNobodyWaitsForDoesNotKeepTheLoopBusy() async throws {
        try await loop.run {
            let readiness = try Readiness(sockets.near, on: loop)
            defer { readiness.close() }
            sockets.closeFar()
            var before = rusage()
            var after = rusage()
            getrusage(thisThread, &before)
            await withCheckedContinuation { done in
                loop.schedule(at: .now + .milliseconds(100)) { done.resume() }
            }
            getrusage(thisThread, &after)
            let busy =
                (after.ru_utime.tv_usec + after.ru_stime.tv_usec)
                - (before.ru_utime.tv_usec + before.ru_stime.tv_usec)
            #expect(busy < 50_000)
        }
    }
}

/// RUSAGE_THREAD (getrusage(2)), which glibc shows only with _GNU_SOURCE.
private let thisThread = CInt(1)
