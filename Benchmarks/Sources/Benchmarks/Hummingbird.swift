import TestSupport

/// The built `HummingbirdPeer`; gone with this process.
final class Hummingbird: Sendable {
    /// Where it listens.
    let url: String
    private let shell: WatchedShell

    /// Starts one, and returns when it listens.
    static func start() async throws -> Hummingbird {
        let folder = try UsherProcess.binary().split(separator: "/").dropLast().joined(separator: "/")
        let shell = try WatchedShell(script: script, arguments: ["/\(folder)/HummingbirdPeer"])
        guard let port = try await shell.nextLine(), Int(port) != nil else {
            throw TestSupportError("HummingbirdPeer does not start")
        }
        return Hummingbird(url: "http://127.0.0.1:\(port)", shell)
    }

    private init(url: String, _ shell: WatchedShell) {
        (self.url, self.shell) = (url, shell)
    }

    /// Ends it.
    func stop() { shell.close() }

    private static let script = #"""
        exec 4>&1
        "$1" >&4 2>/dev/null </dev/null &
        child=$!
        read -r nothing
        kill "$child"
        wait
        """#
}
