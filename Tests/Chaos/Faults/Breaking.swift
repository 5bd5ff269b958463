import Reactor

/// Breaks things for as long as it is told to: a lane for each victim, all at once, and each kind in its turn.
final class Breaking: Sendable {
    private let house: House
    private let counts = Locked<[String: Int]>([:])
    private let troubles = Locked<[String]>([])

    init(_ house: House) {
        self.house = house
    }

    /// How often each kind struck.
    var struck: [String: Int] { counts.withLock { $0 } }
    /// What the harness could not do.
    var failures: [String] { troubles.withLock { $0 } }

    /// The kinds that are asked for.
    var kinds: [any Fault] {
        let options = house.options
        return allFaults.filter { fault in
            (options.kinds.isEmpty || options.kinds.contains(fault.kind)) && !options.without.contains(fault.kind)
        }
    }

    /// Returns when every lane has made whole what it broke last.
    func run(until deadline: ContinuousClock.Instant) async {
        await withDiscardingTaskGroup { group in
            for victim in Victim.allCases {
                let kinds = kinds.filter { $0.victim == victim }
                guard !kinds.isEmpty else { continue }
                group.addTask { await self.lane(victim, kinds, until: deadline) }
            }
        }
    }

    private func lane(_ victim: Victim, _ kinds: [any Fault], until deadline: ContinuousClock.Instant) async {
        var dice = Dice(seed: house.options.seed, for: "faults of \(victim.rawValue)")
        while true {
            for fault in kinds.shuffled(using: &dice) {
                do {
                    try await Task.sleep(for: dice.milliseconds(500...3000))
                    guard ContinuousClock.now < deadline else { return }
                    if victim == .aria2, try await house.reviveAria2() {
                        counts.withLock { $0["lethal torrents", default: 0] += 1 }
                    }
                    if try await fault.strike(house, &dice) {
                        counts.withLock { $0[fault.kind, default: 0] += 1 }
                    }
                } catch {
                    troubles.withLock { $0.append("\(fault.kind): \(error)") }
                }
            }
        }
    }
}
