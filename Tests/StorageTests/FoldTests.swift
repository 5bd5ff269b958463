import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@Suite("The fold in SQL is the machine's", .timeLimit(.minutes(10)))
struct FoldTests {
    /// xorshift: the same shows in every run.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64 = 0x5eed_5eed_5eed_5eed
        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    /// The events that lead from PENDING to a status.
    private static func path(to status: Status) -> [Event] {
        switch status {
        case .pending: []
        case .found: [.searchedFound]
        case .downloading: [.searchedFound, .selected]
        case .completed: [.searchedFound, .selected, .downloadCompleted]
        case .failed: [.searchedFound, .selected, .downloadFailed]
        case .cancelled: [.cancelled]
        case .expired: [.expired]
        }
    }

    @Test func overRandomShows() async throws {
        let fixture = try await Fixture.make()
        var dice = Dice()
        for _ in 0..<150 {
            let request = try await fixture.request(.show, scope: .selection)
            let download = try await fixture.download(request)
            let numbers = (0...3).flatMap { season in (1...4).map { EpisodeNumber(season: season, number: $0) } }
            let chosen = Array(numbers.shuffled(using: &dice).prefix(Int.random(in: 0...9, using: &dice)))
            // Half of the shows are nearly complete, where the fold has most to say.
            let statuses: [Status] =
                Bool.random(using: &dice) ? Status.allCases : [.completed, .completed, .completed, .found]
            try await fixture.pool.transaction { connection in
                for number in chosen { _ = try await Items.add(to: request, at: number, on: connection) }
            }
            let fresh = try await fixture.pool.withConnection { try await Items.list(of: request, on: $0) }
            var paths = fresh.map { ($0.id, Self.path(to: statuses.randomElement(using: &dice) ?? .pending)[...]) }
            var states = Dictionary(uniqueKeysWithValues: fresh.map { ($0.id, Status.pending) })
            while paths.contains(where: { !$0.1.isEmpty }) {
                var round: [Step] = []
                for index in paths.indices {
                    guard let event = paths[index].1.popFirst() else { continue }
                    let from = try #require(states[paths[index].0])
                    let to = try Transitions.next(from, event).get()
                    states[paths[index].0] = to
                    round.append(
                        Step(
                            item: paths[index].0, event: event, from: from, to: to,
                            download: event == .selected ? download : nil))
                }
                try await fixture.record(round, of: request)
            }
            let (items, stored) = try await fixture.pool.withConnection { connection in
                (
                    try await Items.list(of: request, on: connection),
                    try await Requests.find(request, on: connection)?.status
                )
            }
            #expect(items.allSatisfy { states[$0.id] == $0.status })
            #expect(stored == Fold.request(items), "\(items)")
        }
        for invariant in Invariant.all where invariant.name != "orders" {
            #expect(try await fixture.pool.withConnection { try await invariant.check(on: $0) } == [])
        }
    }

    @Test func overPlatforms() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request(.game)
        let first = try await fixture.item(request, platform: "linux")
        let last = try await fixture.item(request, platform: "windows")
        #expect(
            try await fixture.refusal(of: "INSERT INTO items (request_id, platform) VALUES (\(request), 'linux')")
                == "23505")
        try await fixture.record([Step(item: first, event: .searchedFound, from: .pending, to: .found)], of: request)
        var stored = try await fixture.pool.withConnection { try await Requests.find(request, on: $0)?.status }
        #expect(stored == .pending)
        try await fixture.record([Step(item: last, event: .expired, from: .pending, to: .expired)], of: request)
        stored = try await fixture.pool.withConnection { try await Requests.find(request, on: $0)?.status }
        #expect(stored == .expired)
    }
}
