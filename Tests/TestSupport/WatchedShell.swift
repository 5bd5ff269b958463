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
    private let input: Locked<CInt>
    private let output: CInt

    /// Starts `/bin/sh` in a session of its own, so that Ctrl-C at a terminal does not end it before its work is done.
    public init(script: String, arguments: [String]) throws {
        Signals.ignoreBrokenPipes()
        var (toShell, fromShell): ([CInt], [CInt]) = ([0, 0], [0, 0])
        try systemCall("pipe") { pipe(&toShell) }
        try systemCall("pipe") { pipe(&fromShell) }
        for descriptor in toShell + fromShell { try systemCall("fcntl") { fcntl(descriptor, F_SETFD, FD_CLOEXEC) } }
        defer {
            Glibc.close(toShell[0])
            Glibc.close(fromShell[1])
        }
        input = Locked(toShell[1])
        output = fromShell[0]

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toShell[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromShell[1], STDOUT_FILENO)
        let command = ["setsid", "/bin/sh", "-c", script, "sh"] + arguments
        var pointers = command.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var child = pid_t()
        let failure = posix_spawnp(&child, "setsid", &actions, nil, &pointers, environ)
        guard failure == 0 else { throw SystemError(failure, call: "posix_spawn of setsid") }
    }

    deinit {
        close()
        Glibc.close(output)
    }

    /// Sends a command.
    public func send(_ command: String) throws {
        let bytes = Array((command + "\n").utf8)
        let descriptor = input.withLock { $0 }
        try systemCall("write") { write(descriptor, bytes, bytes.count) }
    }

    /// The next line of output; `nil` when the script has ended.
    public func nextLine() async throws -> String? {
        try await BlockingPool.shared.run { [self] in
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while try systemCall("read", { read(output, &byte, 1) }) == 1 {
                if byte == UInt8(ascii: "\n") { return String(decoding: line, as: UTF8.self) }
                line.append(byte)
            }
            return nil
        }
    }

    /// Tells the script to clean up and end.
    public func close() {
        input.withLock { descriptor in
            guard descriptor >= 0 else { return }
            Glibc.close(descriptor)
            descriptor = -1
        }
    }
}
