import Testing

@testable import Releases

@Suite("Ranking")
struct RankTests {
    private let wanted = Wanted(
        kind: .tv, titles: ["Harbour Lights"], episodes: Set((1...4).map { EpisodeNumber(season: 1, episode: $0) }))

    private func order(_ offers: [Offer]) -> [Int] { rank(offers.map { ($0, judge($0, against: wanted)) }) }

    @Test("Accepted before refused, better before worse")
    func order() {
        let offers = [
            Offer(name: "Harbour.Lights.S01E01.720p.WEB.h264-QUAY", seeders: 900),
            Offer(name: "Harbour.Days.S01E01.2160p.WEB.h264-QUAY", seeders: 900),
            Offer(name: "Harbour.Lights.S01E01.1080p.WEB.h264-QUAY", seeders: 2),
            Offer(name: "Harbour.Lights.S01.1080p.WEB.h264-QUAY", seeders: 2),
            Offer(name: "Harbour.Lights.S01E01.PROPER.1080p.WEB.h264-QUAY", seeders: 2),
        ]
        #expect(order(offers) == [4, 3, 2, 0, 1])
    }

    @Test("Small differences in seeders and size decide nothing")
    func buckets() {
        let name = "Harbour.Lights.S01E01.1080p.WEB.h264-QUAY"
        #expect(order([Offer(name: name, seeders: 40), Offer(name: name, seeders: 49)]) == [0, 1])
        #expect(order([Offer(name: name, seeders: 4), Offer(name: name, seeders: 400)]) == [1, 0])
        #expect(order([Offer(name: name, size: 1_010_000_000), Offer(name: name, size: 1_110_000_000)]) == [0, 1])
        #expect(order([Offer(name: name, seeders: 9), Offer(name: name, seeders: 9, indexerPriority: 1)]) == [1, 0])
    }

    @Test("Why the first is first")
    func why() {
        let better = Offer(name: "Harbour.Lights.S01E01.1080p.WEB.h264-QUAY")
        let worse = Offer(name: "Harbour.Lights.S01E01.720p.WEB.h264-QUAY")
        let reason = whyFirst((better, judge(better, against: wanted)), before: (worse, judge(worse, against: wanted)))
        #expect(reason == "its quality is better")
        #expect(
            whyFirst((better, judge(better, against: wanted)), before: (better, judge(better, against: wanted))) == nil)
    }
}
