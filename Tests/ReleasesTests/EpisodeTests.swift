import Testing

@testable import Releases

/// What names call episodes by in place of season and episode.
@Suite("Episodes by other numbers")
struct EpisodeTests {
    private func show(_ known: [Int: Set<Int>]) -> Wanted {
        Wanted(
            kind: .tv, titles: ["Harbour Lights"],
            episodes: Set((1...10).map { EpisodeNumber(season: 2, episode: $0) }), knownEpisodes: known)
    }

    private func codes(_ name: String, _ wanted: Wanted) -> [String] {
        judge(Offer(name: name), against: wanted).reasons.map(\.code)
    }

    @Test("Episodes without a season count from the first of all, as fansubs do")
    func countedFromTheFirst() {
        func episodes(_ name: String, _ known: [Int: Set<Int>]) -> Coverage {
            judge(Offer(name: name), against: show(known)).covers
        }
        let usual: [Int: Set<Int>] = [0: [1, 2], 1: Set(1...12), 2: Set(1...10)]
        let thirteenth = Coverage.episodes([EpisodeNumber(season: 2, episode: 1)])
        #expect(episodes("[Quay] Harbour Lights - 13 (1080p) [ABCD1234].mkv", usual) == thirteenth)
        #expect(
            episodes("[Quay] Harbour Lights - 12-13 (1080p)", usual)
                == .episodes([EpisodeNumber(season: 1, episode: 12), EpisodeNumber(season: 2, episode: 1)]))
        #expect(episodes("[Quay] Harbour Lights - 23 (1080p)", usual) == .nothing)
        #expect(codes("[Quay] Harbour Lights - 13 (1080p)", show(usual)) == [])
        #expect(codes("[Quay] Harbour Lights - 12 (1080p)", show(usual)) == ["season-not-wanted"])
        // Where the source itself counts on.
        #expect(
            episodes("[Quay] Harbour Lights - 1013 (1080p)", [1: Set(1...900), 2: Set(1_001...1_020)])
                == .episodes([EpisodeNumber(season: 2, episode: 1_013)]))
    }

    @Test("A pack of a thousand episodes brings those that are wanted")
    func longPack() {
        let known: [Int: Set<Int>] = [1: Set(1...600), 2: Set(1...10)]
        let verdict = judge(Offer(name: "[Quay] Harbour Lights (001-1000) [1080p]"), against: show(known))
        #expect(verdict.accepted && verdict.wantedItems == 10 && verdict.otherItems == 600)
    }

    @Test("Days are read, and counted")
    func dayNumbers() throws {
        #expect(Day("2024-11-03") == Day(year: 2024, month: 11, day: 3))
        for text in ["", "2024", "2024-11", "2024-13-01", "2024-11-3", "+024-11-03", "2024-11-03-", "never"] {
            #expect(Day(text) == nil, "\(text)")
        }
        let number = { (text: String) in try #require(Day(text)).number }
        #expect(try number("2024-03-01") - number("2024-02-28") == 2)
        #expect(try number("2023-03-01") - number("2023-02-28") == 1)
        #expect(try number("2025-01-01") - number("2024-01-01") == 366)
        #expect(try number("2000-01-01") == 2_451_545)
    }
}
