import Foundation
import Releases
import TestSupport

/// Reading release names, on one core, beside the public parsers.
struct Names: Benchmark {
    let name = "names"
    let notes =
        "The names are those of the tests, of films and shows; a thread each, parsers from PyPI as `make bench` installs them."

    func run() async throws -> [Outcome] {
        let source = try String(contentsOfFile: "Tests/ReleasesTests/Corpus/VideoNames.swift", encoding: .utf8)
        // A name stands four columns in, what it says eight, and a heading begins with #.
        let names = source.split(separator: "\n").filter { $0.hasPrefix("    ") }.map { $0.dropFirst(4) }
            .filter { !$0.hasPrefix(" ") && !$0.hasPrefix("#") }.map(String.init)
        let file = FileManager.default.temporaryDirectory.appending(path: "usher-bench-names-\(UUID())")
        try names.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }  // a small file that is left over harms nobody
        var outcomes: [Outcome] = []
        for (peer, line) in [("ptt", 50.0), ("guessit", 500.0)] {
            let rates = try await alternate {
                Self.rate(of: names)
            } _: {
                let script = #"Benchmarks/.venv/bin/python Benchmarks/names.py "$1" 2 <"$2""#
                let output = try await Benchmarks.run(["sh", "-c", script, "sh", peer, file.path])
                guard let match = output.firstMatch(of: #/rate (?<rate>[0-9.]+)/#), let rate = Double(match.rate) else {
                    throw TestSupportError("\(peer) says something else: \(output)")
                }
                return rate
            }
            outcomes.append(
                .rate("release names read, \(names.count) different ones", rates, beside: peer, atLeast: line))
        }
        return outcomes
    }

    /// Names a second.
    private static func rate(of names: [String]) -> Double {
        let start = ContinuousClock.now
        var (count, known) = (0, 0)
        while start.duration(to: .now) < .seconds(1) {
            for name in names where !ParsedRelease(name).title.isEmpty { known += 1 }
            count += names.count
        }
        precondition(known > 0, "no name was read")
        return Double(count) / (start.duration(to: .now) / .seconds(1))
    }
}
