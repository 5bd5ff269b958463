import Foundation
import TestSupport

/// The shows of the TVmaze that the scenarios ask.
enum Shows {
    typealias Show = StandInTVmaze.Show
    typealias Episode = StandInTVmaze.Episode

    /// Two seasons of three episodes, over.
    static let harbour = Show(
        id: 101, name: "Harbour Lights", status: "Ended", summary: "<p>A town by the sea.</p>",
        episodes: episodes(show: 101, season: 1, 1...3) + episodes(show: 101, season: 2, 1...3))

    /// One season so far, with one episode that has aired and one that will.
    static let nightshift = Show(
        id: 102, name: "Nightshift Diner",
        episodes: episodes(show: 102, season: 1, 1...1)
            + [Episode(id: 10290, name: "Later", season: 1, number: 2, airs: .now + 30 * 86_400)])

    /// For those who want only what comes.
    static let orchard = Show(
        id: 103, name: "Orchard Street", episodes: episodes(show: 103, season: 1, 1...2) + [orchardsNext])
    static let orchardsNext = Episode(id: 10390, name: "Later", season: 1, number: 3, airs: .now + 30 * 86_400)

    static let all = [harbour, nightshift, orchard]

    static func episodes(show: Int, season: Int, _ numbers: ClosedRange<Int>) -> [Episode] {
        numbers.map { number in
            Episode(
                id: show * 1000 + season * 100 + number, name: "Part \(number)", season: season, number: number,
                airs: .now + Double(season * 30 + number - 400) * 86_400)
        }
    }
}
