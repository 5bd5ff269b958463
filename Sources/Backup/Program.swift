public import Foundation
import Reactor

/// A program of the system that runs to its end.
public struct Program: Sendable {
    /// Its file.
    public var path: String
    /// What it is told.
    public var arguments: [String]
    /// Variables in addition to Usher's own.
    public var environment: [String: String]
    /// Whom it runs as, when Usher is root.
    public var user: UserAccount?

    /// Names a program; ``run(into:)`` runs it.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], user: UserAccount? = nil
    ) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
        self.user = user
    }

    /// Why a program did not do what it was to do, as it says itself.
    public struct Failure: Error, CustomStringConvertible {
        /// The program's name.
        public var program: String
        /// What it printed.
        public var words: String

        /// Both.
        public var description: String { "\(program) failed: \(words)" }
    }

    /// Runs the program and answers what it printed. It ends at once when Usher does, or when `stop` is used.
    ///
    /// Blocks. What it prints on its standard output goes into `file` when there is one.
    ///
    /// - Throws: ``Failure`` when it ends with another status than 0.
    @discardableResult
    public func run(into file: FileHandle? = nil, stop: Stop? = nil) throws -> String {
        // setpriv gives it its account, and has the kernel end it with the thread that waits for it here.
        var words = ["--pdeathsig", "KILL"]
        if let user { words += ["--reuid", "\(user.uid)", "--regid", "\(user.gid)", "--clear-groups"] }
        let process = Process()
        let printed = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        process.arguments = words + ["--", path] + arguments
        let settings = ["LC_ALL": "C.UTF-8"].merging(environment) { $1 }
        process.environment = ProcessInfo.processInfo.environment.merging(settings) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file ?? printed.fileHandleForWriting
        process.standardError = printed
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        try process.run()
        stop?.begin(process.processIdentifier)
        let text = try printed.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        stop?.end()
        let said = String(decoding: text, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard process.terminationStatus == 0 else {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            throw Failure(program: name, words: said.isEmpty ? "status \(process.terminationStatus)" : said)
        }
        return said
    }

    /// Runs the program on a thread of `pool`; it is killed when the task is cancelled.
    @discardableResult
    func run(into file: FileHandle? = nil, on pool: BlockingPool) async throws -> String {
        let stop = Stop()
        return try await withTaskCancellationHandler {
            try await pool.run { try self.run(into: file, stop: stop) }
        } onCancel: {
            stop.now()
        }
    }

    /// Ends a program from another thread.
    public final class Stop: Sendable {
        private let state = Locked((pid: pid_t?.none, isAsked: false))

        func begin(_ pid: pid_t) {
            let isAsked = state.withLock { state in
                state.pid = pid
                return state.isAsked
            }
            if isAsked { kill(pid, SIGKILL) }
        }

        func end() { state.withLock { $0.pid = nil } }

        func now() {
            state.withLock { state in
                state.isAsked = true
                if let pid = state.pid { kill(pid, SIGKILL) }
            }
        }
    }
}

/// An account of the system.
public struct UserAccount: Sendable {
    /// Its name.
    public var name: String
    /// Its number.
    public var uid: UInt32
    /// The number of its group.
    public var gid: UInt32

    /// The first of these accounts that exists.
    public static func first(of names: [String]) -> UserAccount? {
        for name in names {
            if let entry = getpwnam(name) {
                return UserAccount(name: name, uid: entry.pointee.pw_uid, gid: entry.pointee.pw_gid)
            }
        }
        return nil
    }
}

/// PostgreSQL's own programs.
public enum PostgresPrograms {
    /// The folder of the newest version, 15 or later; `nil`: there is none. Debian keeps each version's programs in a
    /// folder of its own, outside of the PATH.
    public static var folder: String? {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []  // none: the answer is nil
        return versions.compactMap { Int($0) }.filter { $0 >= 15 }.max().map { "\(root)/\($0)/bin" }
    }
}
