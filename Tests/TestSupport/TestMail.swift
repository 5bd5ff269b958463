import Cryptography
import Foundation
import Reactor

/// A real mail server on loopback (aiosmtpd), which ends with `stop()` or with its last reference.
public final class TestMail: Sendable {
    /// A message that it has taken, or refused, as Python's parser of mail reads it.
    public struct Message: Sendable, Decodable {
        /// The sender that the server was told.
        public let from: String
        /// The recipients that it was told.
        public let to: [String]
        /// Whether it came over TLS.
        public let isEncrypted: Bool
        /// Who had signed in.
        public let user: String?
        /// The header, decoded, by names in lower case.
        public let fields: [String: String]
        /// What the parser finds wrong with it.
        public let defects: [String]
        /// The part in plain text, decoded.
        public let plain: String
        /// The part in HTML, decoded.
        public let html: String
        /// Bytes of its longest line.
        public let longest: Int
        /// All of it, as it came.
        public let raw: String
    }

    /// How it is spoken to.
    public enum Security: String, Sendable {
        /// TLS from the first byte.
        case tls
        /// TLS from STARTTLS on.
        case startTLS = "starttls"
        /// Without.
        case none
    }

    /// Where it listens; chosen by the system.
    public let port: Int
    /// Its certificate, PEM, which nobody else vouches for.
    public let certificate: String?
    private let shell: WatchedShell
    private let waiting = Locked<[Message]>([])

    /// Starts one, and returns when it listens.
    ///
    /// - Parameters:
    ///   - user: "name:password", without whom it takes nothing.
    ///   - isClinging: whether it does not answer when somebody says goodbye.
    public static func start(
        _ security: Security = .none, user: String? = nil, isClinging: Bool = false
    ) async throws -> TestMail {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let python = root.appending(path: ".build/mail-venv/bin/python").path
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw TestSupportError("The tests' mail server is missing: make setup-test.")
        }
        var arguments = [
            python, root.appending(path: "Tests/MailServer/server.py").path, "--security", security.rawValue,
        ]
        if let user { arguments += ["--user", user] }
        if isClinging { arguments.append("--clinging") }
        var pem: String?
        if security != .none {
            let made = try SelfSignedCertificate(names: ["localhost", "127.0.0.1"])
            pem = made.certificate
            let file = "/tmp/usher-test-mail-\(getpid())-\(UInt64.random(in: 0 ... .max)).pem"
            try (made.key + made.certificate).write(toFile: file, atomically: true, encoding: .utf8)
            arguments += ["--certificate", file]
        }
        // The file is read once, at the start.
        let script = """
            "$@"
            shift $(($# - 1))
            case "$1" in *.pem) rm -f "$1";; esac
            """
        let shell = try WatchedShell(script: script, arguments: arguments)
        guard let port = try await shell.nextLine().flatMap({ Int($0) }) else {
            throw TestSupportError("The tests' mail server does not start.")
        }
        return TestMail(port: port, certificate: pem, shell: shell)
    }

    private init(port: Int, certificate: String?, shell: WatchedShell) {
        (self.port, self.certificate, self.shell) = (port, certificate, shell)
    }

    deinit { stop() }

    /// Ends it.
    public func stop() { shell.close() }

    /// The next message; waits for it.
    public func next() async throws -> Message {
        if let first = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return first }
        while let line = try await shell.nextLine() {
            if let message = try? Self.message(line) { return message }  // else the answer to a command
        }
        throw TestSupportError("The tests' mail server has ended.")
    }

    /// From now on it answers messages with this line, such as `451 4.3.0 Not now`; `nil`: that it has them.
    public func answer(_ line: String?) async throws {
        try shell.send(line ?? "")
        while let said = try await shell.nextLine() {
            guard let message = try? Self.message(said) else { return }  // the answer to the command
            waiting.withLock { $0.append(message) }
        }
        throw TestSupportError("The tests' mail server has ended.")
    }

    private static func message(_ line: String) throws -> Message {
        try JSONDecoder().decode(Message.self, from: Data(line.utf8))
    }
}
