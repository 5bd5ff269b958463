import Foundation
import Glibc
import Reactor

/// The built `usher serve`, with a data directory of its own and so with its own PostgreSQL and aria2. All of it, and
/// the directory, is gone with this process, however it ends.
public final class UsherProcess: Sendable {
    /// Holds everything: `data`, `downloads` and `usher.log`.
    public let directory: String
    private let shell: WatchedShell
    private let state = Locked(State())
    private let binary: String
    private let settings: [String: String]

    private struct State {
        var pid: pid_t = 0
        var url = ""
        var setupToken: String?
    }

    /// `USHER_DATA_DIR`.
    public var dataDirectory: String { directory + "/data" }
    /// `USHER_DOWNLOAD_DIR`.
    public var downloadDirectory: String { directory + "/downloads" }
    /// Where it listens, without a slash at the end. Another port after each start.
    public var url: String { state.withLock { $0.url } }
    /// The one-time token that the latest start printed; nil when there is an administrator.
    public var setupToken: String? { state.withLock { $0.setupToken } }
    /// Of `usher serve`.
    public var pid: Int32 { state.withLock { $0.pid } }
    /// All that it has logged.
    public var log: String {
        // Without a log there is nothing to show, and the test says so anyway.
        (try? String(contentsOfFile: directory + "/usher.log", encoding: .utf8)) ?? ""
    }

    /// Prepares one; ``start()`` starts it.
    ///
    /// - Parameters:
    ///   - environment: `USHER_…` besides the directories and the address.
    ///   - listener: a socket that listens, handed over as systemd does it, in place of the address.
    public init(environment: [String: String] = [:], listener: CInt? = nil) throws {
        directory = "/tmp/usher-world-\(getpid())-\(UInt32.random(in: 0..<1_000_000))"
        binary = try Self.binary()
        settings = environment.merging([
            "USHER_DATA_DIR": directory + "/data", "USHER_DOWNLOAD_DIR": directory + "/downloads",
            "USHER_LISTEN": "127.0.0.1:0",
        ]) { given, _ in given }
        let sockets = listener == nil ? [] : ["LISTEN_FDS=1"]
        shell = try WatchedShell(
            script: Self.script, arguments: [directory, binary] + sockets + settings.map { "\($0.key)=\($0.value)" },
            passing: listener)
    }

    /// Starts it, also again after it has ended, and waits until it says where it listens.
    ///
    /// - Parameter variables: for this time only, in addition to its environment; without blanks.
    public func start(with variables: [String: String] = [:], within limit: Duration = .seconds(60)) async throws {
        try shell.send((["start"] + variables.map { "\($0.key)=\($0.value)" }).joined(separator: " "))
        guard let first = try await shell.nextLine(), let pid = Self.pid(from: first) else {
            throw TestSupportError("usher was not started")
        }
        state.withLock { $0.pid = pid }
        // A start that takes too long is ended, and then says so with its last line.
        let watchdog = Task {
            try await Task.sleep(for: limit)
            Glibc.kill(pid, SIGKILL)
        }
        defer { watchdog.cancel() }
        while let line = try await shell.nextLine() {
            guard !line.hasPrefix(Self.end) else { break }
            guard let address = line.firstMatch(of: /https?:\/\/[^\s\/]+/) else { continue }
            let token = line.firstMatch(of: /token=([A-Za-z0-9_-]+)/).map { String($0.1) }
            state.withLock { ($0.url, $0.setupToken) = (String(address.0), token) }
            return
        }
        throw TestSupportError("usher did not start:\n\(log)")
    }

    /// Runs another command of the program in its environment, to its end.
    public func run(_ arguments: [String]) async throws -> (status: Int, output: String) {
        let environment = settings.merging(["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": directory]) { $1 }
        return try await BlockingPool.shared.run { [binary] in
            let process = Process()
            process.executableURL = URL(fileURLWithPath: binary)
            process.arguments = arguments
            process.environment = environment
            process.standardInput = FileHandle.nullDevice
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = pipe
            try process.run()
            let text = try pipe.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            return (Int(process.terminationStatus), String(decoding: text, as: UTF8.self))
        }
    }

    /// Asks it to end (SIGTERM), and answers with its exit status.
    @discardableResult
    public func stop() async throws -> Int {
        Glibc.kill(pid, SIGTERM)
        return try await ended()
    }

    /// Ends it without a warning (SIGKILL).
    public func kill() async throws {
        Glibc.kill(pid, SIGKILL)
        _ = try await ended()
    }

    /// Says it is over: everything is stopped and removed, in a while.
    public func close() {
        shell.close()
    }

    /// Waits until it ends by itself or is ended, and answers with its exit status.
    public func ended() async throws -> Int {
        while let line = try await shell.nextLine() {
            if line.hasPrefix(Self.end) { return Int(line.dropFirst(Self.end.count)) ?? -1 }
        }
        throw TestSupportError("nobody looks after usher any more")
    }

    private static let end = "usher-ended "

    private static func pid(from line: String) -> pid_t? {
        line.hasPrefix("usher-pid ") ? pid_t(line.dropFirst("usher-pid ".count)) : nil
    }

    /// Where the built program is: beside the one that runs, in `.build/debug`.
    ///
    /// - Throws: `TestSupportError` that says how to build it.
    public static func binary() throws -> String {
        let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            .split(separator: "/").dropLast().joined(separator: "/")
        let path = "/\(folder)/usher"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestSupportError("\(path) is missing: swift build --product usher")
        }
        return path
    }

    /// Every process that it starts is in the shell's session; whatever is left of that is killed in the end.
    private static let script = #"""
        directory=$1 binary=$2
        shift 2

        start() {
            (
                set -- "$@" ${command#start}
                env -i PATH="$PATH" HOME="$directory" "$@" sh -c \
                    'echo $$ >"$0/pid"; echo "usher-pid $$"; export LISTEN_PID=$$; exec "$1" serve' "$directory" "$binary" \
                    2>>"$directory/usher.log" </dev/null
                echo "usher-ended $?"
            ) 2>/dev/null &
        }

        others() {
            read -r self rest </proc/self/stat
            for stat in /proc/[0-9]*/stat; do
                read -r line <"$stat" || continue
                pid=${line%% *}
                set -- ${line##*) }
                [ "$4" = "$$" ] && [ "$pid" != "$$" ] && [ "$pid" != "$self" ] && echo "$pid"
            done
        }

        mkdir -m 755 "$directory" && touch "$directory/usher.log" || exit 1
        while read -r command; do
            case $command in
                start*) start "$@" ;;
            esac
        done
        kill -TERM "$(cat "$directory/pid")" 2>/dev/null
        tries=0
        while [ -n "$(others 2>/dev/null)" ] && [ "$tries" -lt 150 ]; do
            tries=$((tries + 1))
            sleep 0.1
        done
        rest=$(others 2>/dev/null)
        [ -z "$rest" ] || kill -KILL $rest
        cd / && rm -rf "$directory"
        """#
}
