import Foundation
import Reactor
import TestSupport

/// Everything there is to be asked for, and what of it the world has: made from the seed, a title when it is first
/// wanted.
final class Catalogue: Sendable {
    /// What is asked for.
    struct Title: Sendable {
        enum Kind: Sendable {
            case movie(year: Int)
            case show(StandInTVmaze.Show)
            case game(platforms: [String])
        }

        let name: String
        let kind: Kind
    }

    /// A release, and what comes of choosing it.
    struct Offer: Sendable {
        enum Fate: Sendable {
            /// Somebody shares it.
            case arrives
            /// Its link is dead.
            case dead
            /// What its link leads to is no torrent.
            case broken
            /// Nobody shares it.
            case stalls
            /// It kills aria2.
            case lethal
        }

        let name: String
        let fate: Fate
        let torrent: SharedTorrent?
        /// Of its torrent, where it has one that can be given to aria2.
        let infohash: String?
    }

    private let seed: UInt64
    private let house: World
    private let made = Locked<[Int: Title]>([:])
    private let all = Locked<[String: Offer]>([:])
    private let shared = Locked<[StandInIndexer.Release]>([])
    /// They are there as long as this is.
    private let lethal = Locked<[LethalPeer]>([])

    /// Where titles are shared and offered.
    struct World: Sendable {
        let swarm: Swarm
        let indexers: [StandInIndexer]
    }

    init(seed: UInt64, world: World) {
        self.seed = seed
        house = world
    }

    /// Every release so far, by name.
    var offers: [String: Offer] { all.withLock { $0 } }

    /// The shows of the seed.
    static func shows(seed: UInt64) -> [StandInTVmaze.Show] {
        var dice = Dice(seed: seed, for: "shows")
        return (0..<200).map { number in
            let id = 1000 + number
            var episodes: [StandInTVmaze.Episode] = []
            for season in 1...dice.number(1...2) {
                for episode in 1...dice.number(4...20) {
                    let daysAgo = Double(400 - season * 60 - episode * 7)
                    episodes.append(
                        StandInTVmaze.Episode(
                            id: id * 1000 + season * 100 + episode, name: "Part \(episode)", season: season,
                            number: episode, airs: .now - daysAgo * 86_400))
                }
            }
            return StandInTVmaze.Show(
                id: id, name: "The \(words(number)) Report", status: "Ended", episodes: episodes)
        }
    }

    /// The title with this number; its releases are shared and offered when this returns.
    func title(_ number: Int, shows: [StandInTVmaze.Show]) async throws -> Title {
        if let title = made.withLock({ $0[number] }) { return title }
        var dice = Dice(seed: seed, for: "title \(number)")
        let title: Title
        switch number % 4 {
        case 0, 1:
            title = Title(name: Self.words(number), kind: .movie(year: dice.number(1960...2020)))
        case 2 where number / 4 < shows.count:
            let show = shows[number / 4]
            title = Title(name: show.name, kind: .show(show))
        default:
            let platforms = dice.chance(50) ? ["windows"] : ["windows", "switch"]
            title = Title(name: "\(Self.words(number)) Saga", kind: .game(platforms: platforms))
        }
        try await share(title, &dice)
        made.withLock { $0[number] = title }
        return title
    }

    // MARK: Releases

    private func share(_ title: Title, _ dice: inout Dice) async throws {
        let dotted = title.name.replacing(" ", with: ".")
        // Of some titles nobody has anything.
        guard dice.chance(93) else { return }
        switch title.kind {
        case .movie(let year):
            for source in ["1080p.WEB-DL.x264", "1080p.BluRay.x265", "720p.WEB-DL.x264"].prefix(dice.number(1...3)) {
                try await offer(
                    "\(dotted).\(year).\(source)-CHAOS", .file(size: dice.number(20_000...900_000)), [2040],
                    claims: 2_500_000_000, &dice)
            }
        case .game(let platforms):
            for platform in platforms {
                let name = platform == "switch" ? "\(dotted).NSW-CHAOS" : "\(dotted).v1.2-CHAOS"
                try await offer(
                    name, .file(size: dice.number(20_000...600_000)), [platform == "switch" ? 1180 : 4050],
                    claims: 2_500_000_000, &dice)
            }
        case .show(let show):
            for season in Set(show.episodes.map(\.season)).sorted() {
                let numbers = show.episodes.filter { $0.season == season }.compactMap(\.number)
                let tag = "\(dotted).S0\(season)"
                try await offer(
                    "\(tag).1080p.WEB-DL.x264-CHAOS",
                    .season(of: dotted, season, episodes: numbers.count, size: dice.number(2_000...40_000)), [5040],
                    claims: 1_800_000_000 * numbers.count, &dice)
                for number in numbers where dice.chance(15) {
                    try await offer(
                        "\(tag)E\(number < 10 ? "0" : "")\(number).1080p.WEB-DL.x264-CHAOS",
                        .file(size: dice.number(20_000...200_000)),
                        [5040], claims: 1_800_000_000, &dice)
                }
            }
        }
    }

    private func offer(
        _ name: String, _ content: SharedTorrent.Content, _ categories: [Int], claims size: Int, _ dice: inout Dice
    ) async throws {
        let lot = dice.number(0...99)
        let delivery: StandInIndexer.Delivery
        var torrent: SharedTorrent?
        var infohash: String?
        let fate: Offer.Fate
        switch lot {
        case 0..<4:
            fate = .dead
            let base = house.indexers[0].url.replacing("/api", with: "")
            delivery = .redirect(to: "\(base)/download/999999?apikey=\(house.indexers[0].apiKey)", status: 302)
        case 4..<7:
            fate = .broken
            // A piece length of zero, at which aria2 would divide.
            let info = "d6:lengthi5e4:name1:a12:piece lengthi0e6:pieces20:AAAAAAAAAAAAAAAAAAAAe"
            delivery = .torrent(Array("d4:info\(info)e".utf8))
        case 7..<9:
            fate = .stalls
            let nobodys = house.swarm.torrent(named: name, content)
            torrent = nobodys
            delivery = .torrent(nobodys.metainfo)
        case 9..<11:
            fate = .lethal
            let peer = try LethalPeer(named: name, in: house.swarm)
            lethal.withLock { $0.append(peer) }
            infohash = peer.infohash
            delivery = .magnet(peer.magnet)
        default:
            fate = .arrives
            let seeded = try await house.swarm.seeded(named: name, content)
            torrent = seeded
            delivery =
                lot < 80
                ? .torrent(seeded.metainfo)
                : lot < 90 ? .magnet(seeded.magnet) : .redirect(to: seeded.magnet, status: 302)
        }
        all.withLock {
            $0[name] = Offer(name: name, fate: fate, torrent: torrent, infohash: torrent?.infohash ?? infohash)
        }
        let release = StandInIndexer.Release(
            title: name, delivery: delivery, categories: categories, size: size, seeders: dice.number(2...60))
        // Under the lock: of two who add at once the later list, with both, must also come later to the indexers.
        shared.withLock { shared in
            shared.append(release)
            for indexer in house.indexers { indexer.offer(shared) }
        }
    }

    /// Two words that are a number's own.
    private static func words(_ number: Int) -> String {
        let first = [
            "Amber", "Brass", "Copper", "Distant", "Early", "Faded", "Golden", "Hidden", "Iron", "Jade", "Kindred",
            "Lonely", "Marble", "Narrow", "Olive", "Paper", "Quiet", "Rusty", "Silver", "Timber", "Umber", "Velvet",
            "Winter", "Yellow", "Zinc",
        ]
        let second = [
            "Anchor", "Bridge", "Candle", "Drift", "Ember", "Forest", "Garden", "Harbour", "Island", "Journey",
            "Kettle", "Lantern", "Meadow", "Needle", "Orchard", "Pillar", "Quarry", "River", "Shadow", "Tower",
            "Umbrella", "Valley", "Window", "Yard", "Zephyr",
        ]
        let round = number / (first.count * second.count)
        let name = "\(first[number % first.count]) \(second[number / first.count % second.count])"
        return round == 0 ? name : "\(name) \(["Again", "Returned", "Revisited"][min(round - 1, 2)])"
    }
}
