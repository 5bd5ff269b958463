import Foundation
import Glibc
import Reactor
import TestSupport

/// One `usher serve`, started again whenever it ends, as a service manager would.
final class Process: Sendable {
    let number: Int
    let usher: UsherProcess
    /// The file that names the steps at which it is to die.
    private let faultPoints: String
    private let state = Locked(State())

    private struct State {
        var isUp = false
        var isOver = false
        /// At any of these it is to die.
        var points: [String] = []
        var starts = 0
        /// How often it ended by a fault point, by name.
        var reached: [String: Int] = [:]
        var lastPoint: String?
        /// Ends that nobody asked for.
        var surprises: [Surprise] = []
        var isEndExpected = false
        /// While it may open nothing: libdispatch, which looks into /proc each second, ends a process that cannot.
        var isStarved = false
    }

    /// An end that nobody asked for.
    struct Surprise {
        /// As a shell has it: 128 and the signal.
        let status: Int
        /// The end of its log: after a crash, where it was.
        let lastWords: String
    }

    /// Makes a process that is not started.
    ///
    /// - Parameter environment: its settings.
    init(number: Int, environment: [String: String], faultPoints: String) throws {
        self.number = number
        self.faultPoints = faultPoints
        let own = [
            "FAULT_POINTS": faultPoints,
            // A crash that comes once in a hundred runs is of use only if it says where.
            "SWIFT_BACKTRACE": "enable=yes,color=no,threads=all,interactive=no,limit=32",
        ]
        usher = try UsherProcess(environment: environment.merging(own) { given, _ in given })
    }

    var isUp: Bool { state.withLock { $0.isUp } }
    var starts: Int { state.withLock { $0.starts } }
    var reached: [String: Int] { state.withLock { $0.reached } }
    var surprises: [Surprise] { state.withLock { $0.surprises } }
    /// The fault point at which it ended last.
    var lastPoint: String? { state.withLock { $0.lastPoint } }

    /// What it has logged of pages that failed.
    var failedPages: [String] {
        usher.log.split(separator: "\n").filter { $0.contains("A page failed") }.map { "process \(number): \($0)" }
    }

    /// The first start, which makes the schema; nothing is broken yet.
    func startFirst() async throws {
        try await usher.start()
        state.withLock { ($0.isUp, $0.starts) = (true, 1) }
    }

    /// Has it die as soon as it comes by one of these fault points, whichever is first.
    func die(atAnyOf points: [String]) throws {
        state.withLock { state in
            state.points = points
            state.lastPoint = nil
        }
        try points.joined(separator: "\n").write(toFile: faultPoints, atomically: true, encoding: .utf8)
    }

    /// Its next end, with success, is no surprise.
    func expectEnd() {
        state.withLock { $0.isEndExpected = true }
    }

    /// It may open nothing any more, or again.
    func starve(_ isStarved: Bool) {
        state.withLock { $0.isStarved = isStarved }
    }

    /// It is not started again.
    func isOver() {
        state.withLock { $0.isOver = true }
    }

    /// SIGKILL, SIGSTOP, SIGCONT.
    func send(_ signal: CInt) {
        kill(usher.pid, signal)
    }

    /// Starts it again and again, until it is over.
    func supervise() async {
        while true {
            do {
                let status = try await usher.ended()
                noteLastWords()
                let isOver = state.withLock { state in
                    state.isUp = false
                    if status != 137, !(status == 128 + SIGILL && state.isStarved),
                        !(status == 0 && state.isEndExpected), !state.isOver
                    {
                        state.surprises.append(Surprise(status: status, lastWords: lastWords()))
                    }
                    (state.isEndExpected, state.isStarved) = (false, false)
                    return state.isOver
                }
                if isOver { return }
            } catch {
                return
            }
            await start()
        }
    }

    /// Where it crashed, or the last lines of its log.
    private func lastWords() -> String {
        let lines = usher.log.split(separator: "\n", omittingEmptySubsequences: false)
        guard let crash = lines.lastIndex(where: { $0.hasPrefix("*** ") && $0.contains("crashed") }) else {
            return lines.suffix(40).joined(separator: "\n")
        }
        return lines[crash...].prefix { !$0.hasPrefix("Registers") }.joined(separator: "\n")
    }

    /// A fault point that it came by is in the last lines of its log.
    private func noteLastWords() {
        // After it, the shell says that it was killed.
        let lines = usher.log.suffix(200).split(separator: "\n").suffix(2)
        guard let words = lines.first(where: { $0.hasPrefix("fault point: ") }) else { return }
        let point = String(words.dropFirst("fault point: ".count))
        state.withLock { state in
            guard state.points.contains(point) else { return }
            state.reached[point, default: 0] += 1
            state.lastPoint = point
            // Only once: then it lives on.
            state.points = []
            unlink(faultPoints)
        }
    }

    private func start() async {
        while !state.withLock({ $0.isOver }) {
            do {
                try await usher.start()
                state.withLock { state in
                    state.isUp = true
                    state.starts += 1
                }
                return
            } catch {
                // It came by a fault point already, or what it stands on is broken: then it is tried again.
                noteLastWords()
                do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
            }
        }
    }
}
