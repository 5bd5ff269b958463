import Foundation
import Glibc

/// A PostgreSQL server of our own, in a temporary directory, reached by a unix socket; gone with this process.
public final class TestCluster: Sendable {
    /// The directory of the socket.
    public let directory: String
    private let shell: WatchedShell

    /// The one that tests share.
    public static let shared = Task { try await TestCluster.start() }

    /// Starts another one, for a test that treats it badly.
    public static func start() async throws -> TestCluster {
        try await start("alone")
    }

    /// How it comes into being: `alone`, as a `primary` that can be followed, or by following another's directory.
    static func start(_ origin: String) async throws -> TestCluster {
        let cluster = try TestCluster(origin)
        try await cluster.expect("ready")
        return cluster
    }

    private init(_ origin: String) throws {
        let number = UInt32.random(in: 0..<1_000_000)
        directory = "/tmp/usher-test-\(getpid())-\(number)"
        shell = try WatchedShell(
            script: Self.script, arguments: [directory, try Self.binaries(), try Self.unprivilegedUser(), origin])
    }

    /// How to reach a database of it.
    public func url(database: String) -> String {
        "host=\(directory) port=5432 user=usher dbname=\(database)"
    }

    /// Kills the server without a warning (SIGKILL). It can be started again.
    public func kill() async throws {
        try shell.send("kill")
        try await expect("killed")
    }

    /// Ends the server in order, at once: sessions are ended, nothing has to be recovered. It can be started again.
    public func stop() async throws {
        try shell.send("stop")
        try await expect("stopped")
    }

    /// Starts the server again after it was killed or stopped.
    public func restart() async throws {
        try shell.send("start")
        try await expect("ready")
    }

    /// The ids of its processes, the first of them that of the server itself.
    public func processes() throws -> [Int32] {
        let file = try String(contentsOfFile: "\(directory)/data/postmaster.pid", encoding: .utf8)
        guard let server = file.split(separator: "\n").first.flatMap({ Int32($0) }) else {
            throw TestSupportError("the server does not run")
        }
        let children = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { Int32($0) }.filter {
            pid in
            // It may have ended since.
            guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
            // pid (name) state parent
            return status.split(separator: ")").last?.split(separator: " ").dropFirst().first == "\(server)"
        }
        return [server] + children
    }

    /// Freezes all of it (SIGSTOP): connections are still made, and nobody answers.
    public func freeze() async throws {
        try shell.send("freeze")
        try await expect("frozen")
    }

    /// Ends ``freeze()``.
    public func thaw() async throws {
        try shell.send("thaw")
        try await expect("thawed")
    }

    /// Makes a primary of a standby; it takes writes when this returns.
    func promote() async throws {
        try shell.send("promote")
        try await expect("promoted")
    }

    /// Starts again, after it was killed, as a standby with a fresh copy of another.
    func follow(_ primary: TestCluster) async throws {
        try shell.send("follow \(primary.directory)")
        try await expect("ready")
    }

    private func expect(_ answer: String) async throws {
        let line = try await shell.nextLine()
        guard line == answer else { throw TestSupportError("PostgreSQL does not start: \(line ?? "no reason known")") }
    }

    private static func binaries() throws -> String {
        var found = glob_t()
        defer { globfree(&found) }
        glob("/usr/lib/postgresql/*/bin/initdb", 0, nil, &found)
        let paths = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
        guard let newest = paths.max(by: { version(of: $0) < version(of: $1) }) else {
            throw TestSupportError("The tests need a PostgreSQL server: apt-get install postgresql")
        }
        return String(newest.dropLast("/initdb".count))
    }

    private static func version(of path: String) -> Int {
        Int(path.split(separator: "/")[3]) ?? 0
    }

    /// PostgreSQL refuses to run as root. Empty if we are not.
    private static func unprivilegedUser() throws -> String {
        guard getuid() == 0 else { return "" }
        guard let user = ["postgres", "nobody"].first(where: { (name: String) in getpwnam(name) != nil }) else {
            throw TestSupportError("The tests run as root and PostgreSQL does not: run them as another user")
        }
        return user
    }

    private static let script = #"""
        directory=$1 bin=$2 user=$3 origin=$4

        unprivileged() {
            if [ -n "$user" ]; then
                exec setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"
            else
                exec "$@"
            fi
        }

        case $origin in
            alone) wal="-c wal_level=minimal -c max_wal_senders=0" ;;
            # A standby that stops answering, with its machine for instance, is missed after so many milliseconds.
            *) wal="-c wal_level=replica -c max_wal_senders=8 -c wal_keep_size=64MB -c wal_sender_timeout=5000" ;;
        esac

        initialise() {
            unprivileged "$bin/initdb" -D "$directory/data" -U usher -A trust -E UTF8 --no-locale --no-sync \
                >"$directory/log" 2>&1 </dev/null
        }

        copy() {
            unprivileged "$bin/pg_basebackup" --pgdata "$directory/data" --write-recovery-conf --checkpoint fast --no-sync \
                --dbname "host=$1 port=5432 user=usher" >"$directory/log" 2>&1 </dev/null
        }

        create() {
            case $origin in
                /*) (copy "$origin") ;;
                *) (initialise) ;;
            esac
        }

        start() {
            (unprivileged "$bin/postgres" -D "$directory/data" -k "$directory" -p 5432 \
                -c listen_addresses= -c max_connections=400 -c shared_buffers=32MB -c fsync=off \
                -c full_page_writes=off -c autovacuum=off -c log_min_messages=fatal $wal >>"$directory/log" 2>&1 </dev/null) &
            child=$!
            until "$bin/pg_isready" -q -h "$directory" -p 5432; do
                kill -0 "$child" 2>/dev/null || return 1
                sleep 0.02
            done
            echo ready
        }

        mkdir -m 700 "$directory" && touch "$directory/log" && [ -z "$user" ] || chown -R "$user" "$directory"
        cd "$directory" || exit 1
        if create && start; then
            while read -r command argument; do
                case $command in
                    kill)
                        # As if the power had failed: by itself it would let its children finish what they do.
                        kill -9 "$child" $(pgrep -P "$child")
                        wait "$child" 2>/dev/null
                        echo killed ;;
                    stop)
                        # The fast shutdown (manual, 19.5).
                        kill -INT "$child"
                        wait "$child" 2>/dev/null
                        echo stopped ;;
                    freeze)
                        # First the one that makes the others: none must come between the look and the signal.
                        kill -STOP "$child"
                        kill -STOP $(pgrep -P "$child") 2>/dev/null
                        echo frozen ;;
                    thaw) kill -CONT "$child" $(pgrep -P "$child") 2>/dev/null; echo thawed ;;
                    promote)
                        (unprivileged "$bin/pg_ctl" promote --wait --pgdata "$directory/data" \
                            >>"$directory/log" 2>&1 </dev/null) || break
                        echo promoted ;;
                    follow)
                        rm -rf "$directory/data"
                        (copy "$argument") && start || break ;;
                    start)
                        # Its children may not have noticed yet, and the memory they share is still in use.
                        tries=0
                        until start; do
                            tries=$((tries + 1))
                            [ "$tries" -lt 200 ] || break 2
                            sleep 0.05
                        done ;;
                esac
            done
        fi
        { tail -n 3 "$directory/log" | tr '\n' ' '; } 2>/dev/null
        kill -CONT "$child" $(pgrep -P "$child") 2>/dev/null
        kill -QUIT "$child" 2>/dev/null
        wait
        # Hundreds of databases are many files, and some disks take minutes for them: whoever reads this script's errors,
        # as a test run's parent does, is not to wait for that.
        cd / && exec rm -rf "$directory" </dev/null >/dev/null 2>&1
        """#
}
