import Orchestrator

/// The numbers of a run.
struct Report {
    let house: House
    let breaking: Breaking
    let transitions: Int64
    /// How long it took to come to rest.
    let took: Duration
    let violations: [String]

    func show() {
        print("faults:")
        for kind in breaking.kinds.map(\.kind) + ["lethal torrents"] {
            print("  \(kind): \(breaking.struck[kind] ?? 0)")
        }
        let reached = house.reached
        print("fault points:")
        for point in FaultPoint.allCases { print("  \(point.rawValue): \(reached[point.rawValue] ?? 0)") }
        print("commands:")
        var answers: [String: [String: Int]] = [:]
        for entry in house.ledger.all {
            let answer =
                switch entry.answer {
                case .done: "done"
                case .refused(let status): "refused (\(status))"
                case .unknown: "not answered"
                case .failed(let status): "failed (\(status))"
                }
            answers[entry.deed.name, default: [:]][answer, default: 0] += 1
        }
        for (deed, counts) in answers.sorted(by: { $0.key < $1.key }) {
            let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            print("  \(deed): \(parts.joined(separator: ", "))")
        }
        for failure in breaking.failures { print("the harness could not: \(failure)") }
        print("requests: \(house.ledger.requests.count)")
        print("transitions: \(transitions)")
        print("told elsewhere: \(House.people.reduce(0) { $0 + house.webhooks.taken(for: $1) }) times")
        print("at rest after: \(took)")
        print("violations: \(violations.count)")
        for violation in violations { print("  \(violation)") }
        if !violations.isEmpty { print("again with: make chaos SEED=\(house.options.seed)") }
    }
}
