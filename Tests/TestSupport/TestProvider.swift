import Foundation

/// A real OpenID Connect provider on loopback, somebody else's work: the package oidc-provider-mock. It shows a page on
/// which one says who one is. It ends with its last reference, and with this process however that ends.
public final class TestProvider: Sendable {
    private let shell: WatchedShell
    /// Its issuer.
    public let url: String

    private init(_ shell: WatchedShell, url: String) {
        (self.shell, self.url) = (shell, url)
    }

    deinit { shell.close() }

    /// Starts it, with these people (the claims of each, with their `sub`).
    ///
    /// - Throws: `TestSupportError` when it is not installed, or does not start.
    public static func start(people: [String]) async throws -> TestProvider {
        let folder = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        // Beside what was built: the tests run in `.build/debug`, which is a link, or in `.build/<triple>/debug`.
        let binary = sequence(first: URL(fileURLWithPath: folder)) {
            $0.path == "/" ? nil : $0.deletingLastPathComponent()
        }
        .map { $0.appendingPathComponent("provider-venv/bin/oidc-provider-mock").path }
        .first(where: FileManager.default.isExecutableFile)
        guard let binary else { throw TestSupportError("There is no provider: make setup-test") }
        let arguments = people.flatMap { ["--user-claims", $0] }
        let shell = try WatchedShell(script: script, arguments: [binary, "--port", "0"] + arguments)
        var said: [String] = []
        while let line = try await shell.nextLine() {
            if let address = line.firstMatch(of: /http:\/\/127\.0\.0\.1:[0-9]+/) {
                return TestProvider(shell, url: String(address.0))
            }
            said.append(line)
        }
        throw TestSupportError("The provider did not start:\n\(said.joined(separator: "\n"))")
    }

    private static let script = #"""
        NO_COLOR=1 "$@" 2>&1 </dev/null &
        while read -r command; do :; done
        kill "$!"
        wait
        """#
}
