import Foundation
import Glibc
import HTTPClient
import TestSupport
import Testing

extension EndToEndTests {
    /// What the system may answer on a bad day, put into its answers with strace(1).
    @Suite("System calls fail", .enabled(if: SystemCalls.canFail, "strace may look into other processes"))
    struct SystemCallScenarios {
        @Test("The house does not end, does not spin, and is there again", arguments: SystemCalls.faults)
        func goesOn(_ fault: SystemCalls.Fault) async throws {
            let house = try await Household.home()
            let world = house.world
            let pid = world.usher.pid
            let title = "Broken \(fault.call) \(fault.error)"
            let name = "\(title.replacing(" ", with: ".")).2022.1080p.WEB-DL.x264-TEST"
            let torrent = try await world.shareMovie(name)
            let request = try await house.ben.askForMovie(title, year: 2022)
            try await house.ben.wait(on: request, status: "FOUND")

            let faults = try await SystemCalls.fail(fault, of: pid, below: world.usher.downloadDirectory)
            // What people do meanwhile may fail, or not: the door, the download and its placing are in it too.
            await withTaskGroup { people in
                for number in 0..<24 {
                    people.addTask {
                        for _ in 0..<5 {
                            _ = try? await (number % 2 == 0 ? house.ben : house.carol).send("/requests")
                        }
                    }
                }
                people.addTask { _ = try? await house.ben.choose(name, from: house.ben.get(request)) }
            }
            let before = try SystemCalls.processorTime(of: pid)
            try await Task.sleep(for: .seconds(2))  // not to wait for something: nothing is to happen in it
            let spent = try SystemCalls.processorTime(of: pid) - before
            try await faults.end()
            #expect(spent < .seconds(1), "it spins: \(spent) in two seconds")
            #expect(world.usher.pid == pid && kill(pid, 0) == 0)

            // Whether the choice was made or not: the page says it, and the rest goes its way.
            let page = try await house.ben.wait(on: request, for: "the page") { $0.status == 200 }
            if page.requestStatus == "FOUND" { try await house.ben.choose(name, on: request) }
            try await world.passToNextQuestion()
            try await world.passToNextEffect()
            let end = try await house.ben.wait(on: request, for: "an end") { page in
                page.requestStatus == "COMPLETED" || page.requestStatus == "FAILED"
            }
            #expect(end.requestStatus == "COMPLETED", "\(end.why)")
            try await world.passToNextEffect()
            try await house.ben.wait(on: request, for: "the files") { $0.text.contains("Movies/\(title) (2022)") }
            #expect(world.files(in: "Movies/\(title) (2022)") == torrent.contents)
        }
    }
}

/// Has system calls of another process fail.
enum SystemCalls {
    /// Some calls that fail in one way.
    struct Fault: Sendable, CustomTestStringConvertible {
        var call: String
        var error: String
        /// Which calls fail: `FIRST+STEP`, as in strace(1).
        var when = "1+2"
        /// Only those that are about this folder below the downloads.
        var folder: String?
        var testDescription: String { "\(call): \(error)" }
    }

    static let faults = [
        // Whoever connects is gone already, or there is no descriptor left for them (accept(2)).
        Fault(call: "accept4", error: "ECONNABORTED"), Fault(call: "accept4", error: "EMFILE"),
        Fault(call: "accept4", error: "ENOBUFS"),
        // The peer is gone, a signal came, no memory: for browsers, the database, aria2 and indexers alike.
        Fault(call: "recvfrom", error: "EINTR"), Fault(call: "recvfrom", error: "ECONNRESET", when: "7+11"),
        Fault(call: "sendto", error: "EINTR"), Fault(call: "sendto", error: "EPIPE", when: "7+11"),
        Fault(call: "epoll_wait", error: "EINTR"),
        // The disk.
        Fault(call: "fsync", error: "EIO", when: "1+3"), Fault(call: "openat", error: "EMFILE", folder: ""),
    ]

    /// Whether strace is here and may be used on other processes.
    static let canFail = geteuid() == 0 && access("/usr/bin/strace", X_OK) == 0

    /// The faults that happen until they are ended.
    struct Running {
        fileprivate let tracer: WatchedShell

        /// Lets everything succeed again.
        func end() async throws {
            try tracer.send("end")
            guard try await tracer.nextLine() == "ended" else { throw TestSupportError("strace has not ended") }
        }
    }

    static func fail(_ fault: Fault, of pid: pid_t, below folder: String) async throws -> Running {
        let path = fault.folder.map { ["-P", folder + $0] } ?? []
        let tracer = try WatchedShell(
            script: """
                strace -f -qq -o /dev/null "$@" &
                read -r end
                kill -TERM "$!"
                wait "$!" 2>/dev/null
                echo ended
                """,
            arguments: ["-e", "trace=\(fault.call)"] + path + [
                "-e", "inject=\(fault.call):error=\(fault.error):when=\(fault.when)", "-p", "\(pid)",
            ])
        try await until("strace looks on") {
            try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task").allSatisfy { thread in
                let path = "/proc/\(pid)/task/\(thread)/status"
                let status = try? String(contentsOfFile: path, encoding: .utf8)  // the thread may have ended
                return !(status?.contains("TracerPid:\t0\n") ?? false)
            }
        }
        return Running(tracer: tracer)
    }

    /// What the process has used of its processors, in user and in system mode (proc(5), `stat`, fields 14 and 15).
    static func processorTime(of pid: pid_t) throws -> Duration {
        let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Int64(fields[11]), let system = Int64(fields[12]) else {
            throw TestSupportError("this is not what proc(5) says: \(stat)")
        }
        return .milliseconds((user + system) * 1000 / Int64(sysconf(CInt(_SC_CLK_TCK))))
    }

    private static func until(_ what: String, _ isSo: () throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try !isSo() {
            guard ContinuousClock.now < deadline else { throw TestSupportError("not so in time: \(what)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
