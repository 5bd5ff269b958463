import Glibc
import Synchronization

/// The event loops of a process, one a core.
public final class EventLoopGroup: Sendable {
    /// All of them.
    public let loops: [EventLoop]
    private let turn = Atomic(0)

    /// Starts the threads; as many as there are cores if not said otherwise.
    public init(threads: Int? = nil) throws(SystemError) {
        let count = max(1, threads ?? sysconf(CInt(_SC_NPROCESSORS_ONLN)))
        var loops: [EventLoop] = []
        do throws(SystemError) {
            for number in 0..<count { loops.append(try EventLoop(name: "loop-\(number)")) }
        } catch {
            for loop in loops { loop.stop() }
            throw error
        }
        self.loops = loops
    }

    /// The current loop if it is one of these, otherwise each in turn.
    public func next() -> EventLoop {
        if let current = EventLoop.current, loops.contains(where: { $0 === current }) { return current }
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return loops[Int(UInt(bitPattern: number) % UInt(loops.count))]
    }

    /// How long what is handed to the busiest loop waits now before it runs.
    public func lag() async -> Duration {
        await withTaskGroup { tasks in
            for loop in loops {
                tasks.addTask {
                    let begun = ContinuousClock.now
                    return await loop.run { .now - begun }
                }
            }
            return await tasks.reduce(.zero) { max($0, $1) }
        }
    }

    /// Ends the threads. Comes after everything that runs on them has ended: what is submitted later never runs.
    public func stop() {
        for loop in loops { loop.stop() }
    }
}
