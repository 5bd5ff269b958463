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
    private static func naive(_ items: [Item]) -> Status {
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

    private static func disagrees(_ items: [Item]) -> Bool {
        Fold.request(items) != naive(items)
            || Fold.seasons(items).contains { season, status in
                status != naive(items.filter { $0.episode?.season == season })
            }
            || Set(Fold.seasons(items).keys) != Set(items.compactMap(\.episode?.season))
    }

    /// Shows of the sorts that there are: airing ones with gaps, specials only, nothing yet, nearly done, given up.
    private static func show(_ numbers: inout SeededNumbers) -> [Item] {
        let mixtures: [[Status]] = [
            Status.allCases, [.completed], [.cancelled], [.completed, .cancelled],
            [.completed, .completed, .completed, .downloading], [.pending, .found],
        ]
        let mixture = mixtures.randomElement(using: &numbers) ?? Status.allCases
        let specials = Int.random(in: 0...2, using: &numbers) == 0 ? 0...0 : 0...4
        var items: [Item] = []
        for season in specials where Bool.random(using: &numbers) {
            // What is ticked one by one, and what was withdrawn, leaves gaps.
            for number in 0...Int.random(in: 0...8, using: &numbers) where Int.random(in: 0...3, using: &numbers) > 0 {
                items.append(
                    Item(
                        id: Int64(items.count + 1), status: mixture.randomElement(using: &numbers) ?? .pending,
                        episode: EpisodeNumber(season: season, number: number)))
            }
        }
        return items.shuffled(using: &numbers)
    }

    /// The smallest show that still disagrees: items are left out for as long as it does.
    private static func shrunk(_ items: [Item]) -> [Item] {
        for index in items.indices {
            var fewer = items
            fewer.remove(at: index)
            if disagrees(fewer) { return shrunk(fewer) }
        }
        return items
    }

    @Test("agrees with the rule as it is said, over generated shows", arguments: UInt64(1)...50)
    func agreesWithNaiveRule(seed: UInt64) {
        var numbers = SeededNumbers(state: seed)
        for round in 0..<200 {
            let items = Self.show(&numbers)
            guard Self.disagrees(items) else { continue }
            let smallest = Self.shrunk(items)
            Issue.record(
                """
                seed \(seed), show \(round): the fold says \(Fold.request(smallest)), the rule \(Self.naive(smallest)), \
                of \(smallest)
                """)
            return
        }
    }

    @Test("is that of any order of the items, and of the request's latest open season", arguments: UInt64(1)...20)
    func order(seed: UInt64) {
        var numbers = SeededNumbers(state: seed)
        let items = Self.show(&numbers)
        #expect(Fold.request(items.shuffled(using: &numbers)) == Fold.request(items))
        let open = Fold.seasons(items).filter { $0.value != .completed }.max { $0.key < $1.key }
        #expect(Fold.request(items) == open?.value ?? (items.isEmpty ? .pending : .completed))
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
