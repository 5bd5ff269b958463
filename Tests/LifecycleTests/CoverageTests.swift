import Testing

@testable import Lifecycle

/// A show with two seasons and a special, in all states; which of it a release takes when it is chosen.
@Suite("What a release covers")
struct CoverageTests {
    private static func at(_ season: Int, _ number: Int) -> EpisodeNumber {
        EpisodeNumber(season: season, number: number)
    }

    private static let show = [
        Item(id: 1, status: .pending, episode: at(0, 1)),
        Item(id: 11, status: .pending, episode: at(1, 1)), Item(id: 12, status: .found, episode: at(1, 2)),
        Item(id: 13, status: .downloading, episode: at(1, 3), download: 7),
        Item(id: 14, status: .completed, episode: at(1, 4), download: 6),
        Item(id: 15, status: .cancelled, episode: at(1, 5)), Item(id: 16, status: .failed, episode: at(1, 6)),
        Item(id: 17, status: .expired, episode: at(1, 7)),
        Item(id: 21, status: .cancelled, episode: at(2, 1)), Item(id: 22, status: .completed, episode: at(2, 2)),
    ]

    private static let aShowCases: [(Coverage, Set<Int64>)] = [
        // A pack: all of its season that is not complete and was not given up, one that downloads on its own included.
        (.seasons([1]), [11, 12, 13, 16, 17]),
        // Of a season where nothing is left but what was given up, it can only mean that.
        (.seasons([2]), [21]),
        (.seasons([1, 2]), [11, 12, 13, 16, 17]), (.seasons([0]), [1]),
        (.seasons([0, 1, 2, 3]), [1, 11, 12, 13, 16, 17]),
        (.seasons([3]), []), (.seasons([]), []),
        (.episodes([at(1, 1)]), [11]), (.episodes([at(1, 1), at(1, 2)]), [11, 12]),
        // Part of a season is the episodes in it, and no more.
        (.episodes([at(1, 2), at(1, 3), at(1, 4)]), [12, 13]), (.episodes([at(1, 4)]), []),
        (.episodes([at(1, 5)]), [15]), (.episodes([at(1, 5), at(1, 6)]), [16]), (.episodes([at(9, 9)]), []),
        // Extras and samples hold no episode.
        (.episodes([]), []),
        // What covers a movie or a game covers no episode.
        (.whole, []), (.platforms(["windows"]), []),
    ]

    @Test(arguments: aShowCases)
    func ofAShow(coverage: Coverage, taken: Set<Int64>) {
        #expect(Set(coverage.taken(from: Self.show).map(\.id)) == taken)
    }

    private static let aGameCases: [(Coverage, Set<Int64>)] = [
        (.whole, [1, 2, 3]), (.platforms(["linux"]), [1]),
        (.platforms(["linux", "ps5"]), [1, 2]),
        (.platforms(["switch"]), []), (.seasons([1]), []), (.episodes([at(1, 1)]), []),
    ]

    @Test(arguments: aGameCases)
    func ofAGameOnEachOfSeveralPlatforms(coverage: Coverage, taken: Set<Int64>) {
        let game = [
            Item(id: 1, status: .pending, platform: "linux"), Item(id: 2, status: .found, platform: "ps5"),
            Item(id: 3, status: .failed, platform: "windows"),
            Item(id: 4, status: .completed, platform: "switch", download: 5),
        ]
        #expect(Set(coverage.taken(from: game).map(\.id)) == taken)
    }

    @Test("A pack takes over what downloads on its own, and what that was on is abandoned once it is empty")
    func overlap() throws {
        let season = [
            Item(id: 1, status: .downloading, episode: Self.at(1, 1), download: 7),
            Item(id: 2, status: .downloading, episode: Self.at(1, 2), download: 7),
            Item(id: 3, status: .downloading, episode: Self.at(2, 1), download: 8),
            Item(id: 4, status: .downloading, episode: Self.at(1, 3), download: 8),
            Item(id: 5, status: .completed, episode: Self.at(1, 4), download: 5),
        ]
        let decision = try Machine.decide(.choose(.seasons([1]), download: 9), items: season).get()
        #expect(
            decision
                == Decision(
                    rounds: [
                        [1, 2, 4].map {
                            Step(item: $0, event: .selected, from: .downloading, to: .downloading, download: 9)
                        }
                    ],
                    // Download 8 still has the episode of season 2.
                    effects: [.fetch(download: 9), .abandon(download: 7)]))
    }
}
