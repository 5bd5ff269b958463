import Glibc
import Reactor

/// What a test needs and does not have. The sentence says what to do about it.
public struct TestSupportError: Error, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error with this sentence.
    public init(_ description: String) {
        self.description = description
    }
}

/// A shell script that takes commands on its standard input and answers on its standard output, a line each.
///
/// The end of its input tells it to clean up: it comes with `close`, and also when this process ends, however it ends,
/// because nobody else has the other end of the pipe.
public final class WatchedShell: Sendable {
    private let connection: Locked<CInt>
    /// Of their own: waiting for a script's next word may take as long as the test.
    private static let waiting = BlockingPool(threads: 64, name: "shells")

    /// Starts `/bin/sh` in a session of its own, so that Ctrl-C at a terminal does not end it before its work is done.
    ///
    /// - Parameter descriptor: passed on as descriptor 3, to all that the script starts as well.
    public init(script: String, arguments: [String], passing descriptor: CInt? = nil) throws {
        Signals.ignoreBrokenPipes()
        let (ours, shells) = try Self.connection()
        defer { Glibc.close(shells) }
        connection = Locked(ours)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, shells, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, shells, STDOUT_FILENO)
        if let descriptor { posix_spawn_file_actions_adddup2(&actions, descriptor, 3) }
        // The threads that tasks run on block all signals. A shell that inherits that waits for its children for ever.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let command = ["setsid", "--fork", "/bin/sh", "-c", script, "sh"] + arguments
        var pointers = command.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child = pid_t()
        let failure = posix_spawnp(&child, "setsid", &actions, &attributes, &pointers, environ)
        guard failure == 0 else { throw SystemError(failure, call: "posix_spawn of setsid") }
        // It ends when it has forked, and the shell is nobody's child here: one that has ended and that nobody waits for
        // would keep exit tests, which wait for any child, from ever seeing theirs.
        var status: CInt = 0
        try systemCall("waitpid") { waitpid(child, &status, 0) }
    }

    deinit {
        Glibc.close(connection.withLock { $0 })
    }

    /// Two ends of which no other child of this process gets a copy, whenever it is started; pipe2(2) is not to be had.
    private static func connection() throws -> (CInt, CInt) {
        var ends: [CInt] = [0, 0]
        try systemCall("socketpair") {
            socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends)
        }
        return (ends[0], ends[1])
    }

    /// Sends a command.
    public func send(_ command: String) throws {
        let bytes = Array((command + "\n").utf8)
        let descriptor = connection.withLock { $0 }
        try systemCall("write") { write(descriptor, bytes, bytes.count) }
    }

    /// The next line of output; `nil` when the script has ended.
    public func nextLine() async throws -> String? {
        try await Self.waiting.run { [self] in
            let descriptor = connection.withLock { $0 }
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while try systemCall("read", { read(descriptor, &byte, 1) }) == 1 {
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
            return line.isEmpty ? nil : String(decoding: line, as: UTF8.self)
        }
    }

    /// Tells the script to clean up and end.
    public func close() {
        // Still open for reading, so the script's last words are not lost.
        _ = shutdown(connection.withLock { $0 }, CInt(SHUT_WR))  // fails only if the script has ended already
    }
}
