import Foundation
import TestSupport

/// What the environment asks of a run.
struct Options: Sendable {
    /// Decides all that the harness decides.
    var seed = UInt64.random(in: 1...999_999)
    /// How long things are broken.
    var duration = Duration.seconds(60)
    /// Usher processes on the one database.
    var processes = 3
    /// How long everything may take to come to rest afterwards.
    var rest = Duration.seconds(120)
    /// The kinds of faults; all that this machine can do if empty.
    var kinds: Set<String> = []
    /// Kinds that are left out.
    var without: Set<String> = []
    /// Whether the house is kept for a look when something was violated.
    var keeps = false

    /// Reads `SEED`, `SECONDS` or `MINUTES`, `PROCESSES`, `REST` (seconds), `FAULTS` and `WITHOUT` (names, separated by commas) and
    /// `KEEP`, each with `CHAOS_` before it.
    init(environment: [String: String]) throws {
        func number(_ name: String) throws -> Int? {
            guard let text = environment["CHAOS_\(name)"], !text.isEmpty else { return nil }
            guard let number = Int(text), number > 0 else { throw TestSupportError("\(name) is “\(text)”, no number") }
            return number
        }
        if let seed = try number("SEED") { self.seed = UInt64(seed) }
        if let seconds = try number("SECONDS") { duration = .seconds(seconds) }
        if let minutes = try number("MINUTES") { duration = .seconds(60 * minutes) }
        if let processes = try number("PROCESSES") { self.processes = processes }
        if let seconds = try number("REST") { rest = .seconds(seconds) }
        kinds = Set((environment["CHAOS_FAULTS"] ?? "").split(separator: ",").map(String.init))
        without = Set((environment["CHAOS_WITHOUT"] ?? "").split(separator: ",").map(String.init))
        keeps = environment["CHAOS_KEEP"] == "yes"
    }
}
