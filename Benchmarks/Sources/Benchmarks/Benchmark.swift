/// A group of lines of the table: a file with a type of its own, and its name in `Main`.
protocol Benchmark: Sendable {
    /// Its heading, and what `ONLY` picks it by.
    var name: String { get }
    /// What has to be known to judge its lines.
    var notes: String { get }
    func run() async throws -> [Outcome]
}

/// A line of the table.
struct Outcome: Sendable {
    /// What was measured, and what came out.
    var what: String
    var value: String
    /// What it stands beside, and what came out there; "–" where it stands alone.
    var peer: String
    var peerValue: String
    var ratio: String
    /// What it should be.
    var line: String
    var isMet: Bool

    /// So many a second, at least `line` times the peer's.
    static func rate(
        _ what: String, _ rates: Medians, beside peer: String, atLeast line: Double, unit: String = "/s"
    ) -> Outcome {
        let ratio = rates.one / rates.peer
        return Outcome(
            what: what, value: "\(figure(rates.one)) \(unit)", peer: peer, peerValue: "\(figure(rates.peer)) \(unit)",
            ratio: "\(figure(ratio)) ×", line: "≥ \(line) ×", isMet: ratio >= line)
    }

    /// It takes so many seconds, less than `line` times the peer's.
    static func time(_ what: String, _ seconds: Medians, beside peer: String, under line: Double) -> Outcome {
        let ratio = seconds.one / seconds.peer
        return Outcome(
            what: what, value: milliseconds(seconds.one), peer: peer, peerValue: milliseconds(seconds.peer),
            ratio: "\(figure(ratio)) ×", line: "< \(line) ×", isMet: ratio < line)
    }

    /// It takes so many seconds, less than `line`, whatever others need.
    static func time(_ what: String, _ seconds: Double, under line: Double) -> Outcome {
        Outcome(
            what: what, value: milliseconds(seconds), peer: "–", peerValue: "", ratio: "",
            line: "< \(milliseconds(line))", isMet: seconds < line)
    }

    /// It is so big, smaller than `line`, whatever others are.
    static func size(_ what: String, kibibytes: Double, under line: Double) -> Outcome {
        Outcome(
            what: what, value: "\(figure(kibibytes)) KiB", peer: "–", peerValue: "", ratio: "",
            line: "< \(figure(line)) KiB", isMet: kibibytes < line)
    }
}

/// The middle of several rounds, of both sides.
struct Medians: Sendable {
    var one: Double
    var peer: Double
}

/// Measures both in turn, so that what else the machine does meets both, and answers the medians. The first round is
/// not counted: it fills caches.
func alternate(
    rounds: Int = 5, _ one: () async throws -> Double, _ peer: () async throws -> Double
) async throws -> Medians {
    var (ones, peers) = ([Double](), [Double]())
    for _ in 0...rounds {
        ones.append(try await one())
        peers.append(try await peer())
        print("    \(figure(ones.last ?? 0)) beside \(figure(peers.last ?? 0))")
    }
    return Medians(one: median(ones.dropFirst()), peer: median(peers.dropFirst()))
}

/// Seconds that one of so many repetitions takes.
func seconds(repetitions: Int = 1, _ body: () async throws -> Void) async rethrows -> Double {
    let elapsed = try await ContinuousClock().measure { for _ in 0..<repetitions { try await body() } }
    return elapsed / .seconds(1) / Double(repetitions)
}

func median(_ values: some Sequence<Double>) -> Double { quantile(0.5, of: values) }

/// The value that so large a part of all does not exceed.
func quantile(_ part: Double, of values: some Sequence<Double>) -> Double {
    let sorted = values.sorted()
    return sorted[min(Int(Double(sorted.count) * part), sorted.count - 1)]
}

private func milliseconds(_ seconds: Double) -> String { "\(figure(seconds * 1000)) ms" }

/// Three digits that count; thousands in groups.
func figure(_ value: Double) -> String {
    guard value.isFinite else { return "?" }
    if value < 100 {
        let digits = value < 1 ? 3 : value < 10 ? 2 : 1
        var text = String(Int((value * power(digits)).rounded()))
        while text.count <= digits { text = "0" + text }
        return text.dropLast(digits) + "." + text.suffix(digits)
    }
    var text = ""
    for (index, digit) in String(Int(value.rounded())).reversed().enumerated() {
        if index > 0, index.isMultiple(of: 3) { text.append(",") }
        text.append(digit)
    }
    return String(text.reversed())
}

private func power(_ digits: Int) -> Double { (0..<digits).reduce(1) { power, _ in power * 10 } }
