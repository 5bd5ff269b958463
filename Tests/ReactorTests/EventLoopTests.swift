import Glibc
import Testing

@testable import Reactor

@Suite struct EventLoopTests {
    let group: EventLoopGroup
    var loop: EventLoop { group.loops[0] }

    init() throws {
        group = try EventLoopGroup(threads: 2)
    }

    @Test func runsBodiesFromOtherThreadsInOrder() async {
        let seen = Locked<[Int]>([])
        await withCheckedContinuation { done in
            for number in 0..<1000 {
                loop.execute {
                    seen.withLock { $0.append(number) }
                    if number == 999 { done.resume() }
                }
            }
        }
        #expect(seen.withLock { $0 } == Array(0..<1000))
    }

    @Test func wakesFromSleepForManyThreads() async {
        let count = Locked(0)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<50 {
                tasks.addTask {
                    for _ in 0..<200 {
                        await withCheckedContinuation { done in
                            loop.execute {
                                count.withLock { $0 += 1 }
                                done.resume()
                            }
                        }
                    }
                }
            }
        }
        #expect(count.withLock { $0 } == 10_000)
    }

    @Test func taskStaysOnItsLoopAcrossAwaits() async {
        await loop.spawn {
            for _ in 0..<100 {
                #expect(loop.isCurrent)
                await Task.yield()
                await anotherFunction()
                _ = try? await BlockingPool.shared.run { #expect(EventLoop.current == nil) }  // cannot fail
                #expect(EventLoop.current === loop)
            }
        }.value
    }

    @Test func runHopsOnlyWhenElsewhere() async {
        let value = await group.loops[1].run {
            #expect(group.loops[1].isCurrent)
            let thread = UInt(pthread_self())
            let inner = await group.loops[1].run { UInt(pthread_self()) }
            #expect(thread == inner)
            await group.loops[0].run { #expect(group.loops[0].isCurrent) }
            #expect(group.loops[1].isCurrent)
            return 7
        }
        #expect(value == 7)
        #expect(!group.loops[1].isCurrent)
    }

    @Test func childTasksStayOnTheLoop() async {
        await loop.run {
            async let child = EventLoop.current === loop
            #expect(await child)
        }
    }

    @Test func nextIsTheCurrentLoopOrEachInTurn() async {
        #expect(await loop.run { group.next() } === loop)
        let outside = await Task.detached { [group.next(), group.next()] }.value
        #expect(outside[0] !== outside[1])
    }

    @Test func endlessJobsStarveNeitherTimersNorDescriptors() async throws {
        try await loop.run {
            let flood = Flood(loop)
            flood.start()
            defer { flood.stop() }
            let sockets = try Sockets()
            let readiness = try Readiness(sockets.near, on: loop)
            try sockets.send()
            try await readiness.readable(until: .now + .seconds(5))
            readiness.close()
            await withCheckedContinuation { done in
                loop.schedule(at: .now + .milliseconds(1)) { done.resume() }
            }
        }
    }

    @Test func eventOfAPredecessorDoesNotReachTheNextOwnerOfADescriptor() async throws {
        try await loop.run {
            let (first, second) = (try Sockets(), try Sockets())
            var registrations: [Registration] = []
            var strangers = 0
            // Both become readable in one batch; whichever handler runs first replaces the other.
            func replaceAll() {
                for registration in registrations { registration.cancel() }
                registrations = []
                for descriptor in [first.near, second.near] {
                    let registration = try? loop.register(descriptor, for: .writable) { events in
                        if events.contains(.readable) { strangers += 1 }
                    }
                    registrations.append(contentsOf: [registration].compactMap(\.self))
                }
            }
            var calls = 0
            for descriptor in [first.near, second.near] {
                registrations.append(
                    try loop.register(descriptor, for: .readable) { _ in
                        calls += 1
                        replaceAll()
                    })
            }
            try first.send()
            try second.send()
            await withCheckedContinuation { done in
                loop.schedule(at: .now + .milliseconds(5)) { done.resume() }
            }
            #expect(calls == 1)
            #expect(strangers == 0)
            #expect(registrations.count == 2)
            for registration in registrations { registration.cancel() }
        }
    }

    private func anotherFunction() async {
        #expect(loop.isCurrent)
    }
}

/// A body that submits itself again for ever.
private final class Flood: @unchecked Sendable {
    private let loop: EventLoop
    private var isStopped = false

    init(_ loop: EventLoop) { self.loop = loop }

    func start() {
        for _ in 0..<1000 { again() }
    }

    func stop() { isStopped = true }

    private func again() {
        if !isStopped { loop.execute { self.again() } }
    }
}
