import Testing

@testable import Reactor

@Suite struct TimerTests {
    let loop: EventLoop

    init() throws {
        loop = try EventLoopGroup(threads: 1).loops[0]
    }

    @Test func fireByDeadlineAndThenByOrderOfArrival() async {
        let order = Locked<[Int]>([])
        await loop.run {
            let start = ContinuousClock.now
            await withCheckedContinuation { done in
                loop.schedule(at: start + .milliseconds(30)) { done.resume() }
                for (number, delay) in [(3, 20), (1, 10), (4, 20), (2, 10), (0, 0)] {
                    loop.schedule(at: start + .milliseconds(delay)) {
                        #expect(ContinuousClock.now >= start + .milliseconds(delay))
                        order.withLock { $0.append(number) }
                    }
                }
            }
        }
        #expect(order.withLock { $0 } == [0, 1, 2, 3, 4])
    }

    @Test func cancelledOnesDoNotFire() async {
        await loop.run {
            await withCheckedContinuation { done in
                let first = loop.schedule(at: .now + .milliseconds(1)) { Issue.record("fired") }
                loop.schedule(at: .now + .milliseconds(1)) { done.resume() }
                first.cancel()
                first.cancel()
            }
        }
    }

    @Test func cancelledOnesDoNotPileUp() async {
        let (most, left) = await loop.run {
            var most = 0
            for _ in 0..<10_000 {
                loop.schedule(at: .now + .seconds(3600)) {}.cancel()
                most = max(most, loop.timers.count)
            }
            return (most, loop.timers.count)
        }
        #expect(most < 200)
        #expect(left < 200)
    }

    @Test func oneThatSchedulesAnotherDueAtOnceIsFollowedByIt() async {
        await loop.run {
            await withCheckedContinuation { done in
                loop.schedule(at: .now) { [loop] in
                    loop.schedule(at: .now) { done.resume() }
                }
            }
        }
    }
}
