import Testing

@testable import Lifecycle

/// Numbers that are the same for the same seed.
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

@Suite("The fold of a show")
struct FoldTests {
    /// The rule as a person would say it, season by season, without any cleverness.
    private func naive(_ items: [Item]) -> Status {
        guard !items.isEmpty else { return .pending }
        var seasons: [Int: [Item]] = [:]
        for item in items { seasons[item.episode?.season ?? 0, default: []].append(item) }
        func season(_ items: [Item]) -> Status {
            let open = items.filter { $0.status != .completed }
            return open.sorted { ($0.episode?.number ?? 0, $0.id) < ($1.episode?.number ?? 0, $1.id) }.last?.status
                ?? .completed
        }
        let statuses = seasons.sorted { $0.key < $1.key }.map { season($0.value) }
        return statuses.last { $0 != .completed } ?? .completed
    }

    @Test("agrees with the rule as it is said, over generated shows", arguments: UInt64(1)...40)
    func agreesWithNaiveRule(seed: UInt64) {
        var numbers = SeededNumbers(state: seed)
        for _ in 0..<100 {
            var items: [Item] = []
            for season in 0..<Int.random(in: 0...4, using: &numbers) {
                for number in 1...Int.random(in: 1...6, using: &numbers) {
                    let statuses: [Status] = Bool.random(using: &numbers) ? Status.allCases : [.completed, .cancelled]
                    items.append(
                        Item(
                            id: Int64(items.count + 1), status: statuses.randomElement(using: &numbers) ?? .pending,
                            episode: EpisodeNumber(season: season, number: number)))
                }
            }
            items.shuffle(using: &numbers)
            #expect(Fold.request(items) == naive(items), "seed \(seed): \(items)")
            for (season, status) in Fold.seasons(items) {
                #expect(
                    status == naive(items.filter { $0.episode?.season == season }), "seed \(seed), season \(season)")
            }
        }
    }

    @Test("is PENDING for nothing, COMPLETED only when all is")
    func edges() {
        #expect(Fold.request([]) == .pending)
        #expect(Fold.request([Item(id: 1, status: .completed)]) == .completed)
        let show = [
            Item(id: 1, status: .failed, episode: .init(season: 1, number: 1)),
            Item(id: 2, status: .completed, episode: .init(season: 2, number: 1)),
        ]
        #expect(Fold.request(show) == .failed)
        #expect(Fold.seasons(show) == [1: .failed, 2: .completed])
    }
}
