import Testing

@testable import Lifecycle

@Suite("Decisions about a request")
struct DecisionTests {
    private func episode(_ id: Int64, _ status: Status, _ season: Int, _ number: Int, on download: Int64? = nil) -> Item
    {
        Item(id: id, status: status, episode: EpisodeNumber(season: season, number: number), download: download)
    }

    @Test("A search moves what waits for one, and leaves the rest alone")
    func search() throws {
        let items = [
            episode(1, .pending, 1, 1), episode(2, .found, 1, 2), episode(3, .downloading, 1, 3, on: 7),
            episode(4, .completed, 1, 4, on: 6), episode(5, .cancelled, 1, 5), episode(6, .pending, 1, 6),
        ]
        let decision = try Machine.decide(.recordSearch(acceptableFor: [1, 3, 4, 5]), items: items).get()
        #expect(
            decision
                == Decision(rounds: [
                    [
                        Step(item: 1, event: .searchedFound, from: .pending, to: .found),
                        Step(item: 2, event: .searchedNothing, from: .found, to: .found),
                        Step(item: 6, event: .searchedNothing, from: .pending, to: .pending),
                    ]
                ]))
    }

    @Test(
        "A pack takes its season: what waits, what failed, what is on its way on its own; not what is complete or cancelled"
    )
    func choosePack() throws {
        let items = [
            episode(1, .pending, 1, 1), episode(2, .found, 1, 2), episode(3, .downloading, 1, 3, on: 7),
            episode(4, .completed, 1, 4, on: 6), episode(5, .cancelled, 1, 5), episode(6, .failed, 1, 6),
            episode(7, .expired, 1, 7), episode(8, .found, 2, 1),
        ]
        let decision = try Machine.decide(.choose(.seasons([1]), download: 9), items: items).get()
        #expect(decision.rounds.count == 3)
        #expect(decision.rounds[0] == [Step(item: 7, event: .requeued, from: .expired, to: .pending)])
        #expect(Set(decision.rounds[1].map(\.item)) == [1, 7])
        #expect(decision.rounds[1].allSatisfy { $0.event == .searchedFound && $0.to == .found })
        #expect(Set(decision.rounds[2].map(\.item)) == [1, 2, 3, 6, 7])
        #expect(decision.rounds[2].allSatisfy { $0.event == .selected && $0.download == 9 })
        // Episode 3 was the only one on download 7, so that one is abandoned.
        #expect(decision.effects == [.fetch(download: 9), .abandon(download: 7)])
    }

    @Test("A cancelled episode is wanted again when somebody chooses just it")
    func chooseCancelled() throws {
        let items = [episode(1, .cancelled, 1, 1), episode(2, .found, 1, 2)]
        let only = EpisodeNumber(season: 1, number: 1)
        let decision = try Machine.decide(.choose(.episodes([only]), download: 9), items: items).get()
        #expect(decision.rounds.map { $0.map(\.event) } == [[.requeued], [.searchedFound], [.selected]])
        #expect(decision.rounds.joined().allSatisfy { $0.item == 1 })
    }

    @Test("A release that holds nothing wanted is refused")
    func chooseNothing() {
        let items = [episode(1, .completed, 1, 1, on: 3)]
        #expect(
            Machine.decide(.choose(.seasons([1]), download: 9), items: items)
                == .failure(Refusal(status: .completed, event: .selected, code: .alreadyCompleted)))
        #expect(
            Machine.decide(.choose(.seasons([2]), download: 9), items: [episode(1, .pending, 1, 1)])
                == .failure(Refusal(status: nil, event: .selected, code: .nothingCovered)))
    }

    @Test("A download that completes, completes exactly the items on it")
    func complete() throws {
        let items = [
            episode(1, .downloading, 1, 1, on: 7), episode(2, .downloading, 1, 2, on: 8),
            episode(3, .cancelled, 1, 3),
        ]
        let decision = try Machine.decide(.complete(download: 7), items: items).get()
        #expect(decision.rounds == [[Step(item: 1, event: .downloadCompleted, from: .downloading, to: .completed)]])
        #expect(decision.effects == [.place(download: 7)])
    }

    @Test(
        "Late news of a download without items is refused",
        arguments: [
            Command.complete(download: 7), .fail(download: 7), .removed(download: 7),
        ])
    func lateNews(_ command: Command) {
        guard case .failure(let refusal) = Machine.decide(command, items: [episode(1, .cancelled, 1, 1)]) else {
            Issue.record("accepted")
            return
        }
        #expect(refusal.code == .notDownloading)
    }

    @Test("Cancelling one item of a pack leaves the download to the others; the last one takes it along")
    func cancel() throws {
        let items = [episode(1, .downloading, 1, 1, on: 7), episode(2, .downloading, 1, 2, on: 7)]
        let one = try Machine.decide(.cancel([1]), items: items).get()
        #expect(one.effects.isEmpty)
        let both = try Machine.decide(.cancel([1, 2]), items: items).get()
        #expect(both.effects == [.abandon(download: 7)])
    }

    @Test("Several platforms are several items; one is enough when any will do")
    func platforms() {
        let items = [Item(id: 1, status: .found, platform: "linux"), Item(id: 2, status: .found, platform: "ps5")]
        #expect(Coverage.platforms(["linux"]).taken(from: items).map(\.id) == [1])
        #expect(Coverage.platforms(["linux"]).taken(from: [Item(id: 3, status: .found)]).map(\.id) == [3])
    }

    @Test("Patience grows and ends")
    func patience() {
        let delays = (1...8).map { Policy.searchDelay(afterAttempt: $0, limit: 14) ?? 0 }
        #expect(delays == delays.sorted())
        #expect(Policy.searchDelay(afterAttempt: 14, limit: 14) == nil)
        #expect(Policy.retryDelay(afterFailure: 3, limit: 3) != nil)
        #expect(Policy.retryDelay(afterFailure: 4, limit: 3) == nil)
        #expect(Policy.effectDelay(afterAttempt: 100) == 600)
    }
}
