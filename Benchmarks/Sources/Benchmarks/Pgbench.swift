import Foundation
import TestSupport

/// PostgreSQL's own load generator, on the same socket.
struct Pgbench: Sendable {
    let database: TestDatabase
    let script: String
    var clients = 16

    /// Transactions a second.
    func rate(_ extent: [String]) async throws -> Double {
        let file = FileManager.default.temporaryDirectory.appending(path: "usher-bench-\(UUID()).sql")
        defer { try? FileManager.default.removeItem(at: file) }  // a small file that is left over harms nobody
        try script.write(to: file, atomically: true, encoding: .utf8)
        let output = try await run(
            ["pgbench", "-n", "-M", "prepared", "-c", "\(clients)", "-j", "2", "-f", file.path] + extent
                + [database.url])
        guard let match = output.firstMatch(of: #/tps = (?<rate>[0-9.]+)/#), let rate = Double(match.rate) else {
            throw TestSupportError("pgbench says something else: \(output)")
        }
        return rate
    }

    func rate(for duration: Duration) async throws -> Double {
        try await rate(["-T", "\(Int(duration / .seconds(1)))"])
    }
}

/// Runs a program to its end; answers what it has written. Through a shell that lets all signals in: threads of tasks block
/// them, and pgbench without its alarm never ends.
///
/// - Throws: when it fails, with its last words.
@discardableResult
func run(_ command: [String]) async throws -> String {
    let shell = try WatchedShell(
        script: #""$@" 2>&1 </dev/null; status=$?; echo; echo "status $status""#, arguments: command)
    var output = ""
    var last = ""
    while let line = try await shell.nextLine() {
        output += last + "\n"
        last = line
    }
    guard last == "status 0" else { throw TestSupportError("\(command[0]) failed: \(output.suffix(2000))") }
    return output
}
