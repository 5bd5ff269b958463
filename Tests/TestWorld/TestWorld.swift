import Foundation
import TestSupport

/// A world for tests that are not written in Swift: Usher, an indexer, a TVmaze and a swarm, for as long as standard
/// input is open.
///
/// The first line of output is a JSON object that says where everything is. A line of input such as `limit 200K` sets
/// how many bytes a second the swarm gives away, `limit 0` lifts that; `forget 7` makes it 31 days since anybody or
/// anything searched request 7. Each is answered with `done`.
@main
struct TestWorld {
    static func main() async throws {
        let world = try await World.start(shows: [lighthouse], works: works)
        for id in ["tt7701", "tt7702"] {
            world.catalogue.show(.reply(status: 200, fields: [:], body: StandInCatalogue.poster), at: "/poster/\(id)")
        }
        for offer in offers {
            let torrent = try await world.swarm.seeded(named: offer.name, offer.content, pieceLength: 32 << 10)
            world.offer(
                StandInIndexer.Release(
                    title: offer.name, delivery: .torrent(torrent.metainfo), categories: [offer.category],
                    size: offer.size, seeders: offer.seeders))
        }
        world.offer(
            StandInIndexer.Release(
                title: "Broken.Bell.2015.1080p.WEB-DL.x264-HARBOR", delivery: .torrent(Array("no torrent".utf8)),
                categories: [2040], size: 3_000_000_000, seeders: 5))
        let facts = [
            "url": world.usher.url, "token": world.usher.setupToken ?? "", "indexer": world.indexer.url,
            "key": world.indexer.apiKey, "downloads": world.usher.downloadDirectory,
        ]
        try say(String(decoding: JSONSerialization.data(withJSONObject: facts), as: UTF8.self))
        while let line = readLine() {
            let words = line.split(separator: " ").map(String.init)
            switch (words.first, words.last) {
            case ("limit", let speed?) where words.count == 2: try await world.swarm.limitUpload(to: speed)
            case ("forget", let id?) where words.count == 2: try await world.forget(request: id)
            default: throw TestSupportError("“\(line)” is no command")
            }
            try say("done")
        }
        world.close()
    }

    private static func say(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    private static let works: [StandInCatalogue.Work] = [
        .init("The Long Tide", 2023, wikidata: "Q7701", imdb: "tt7701", isInCinemeta: true),
        .init("The Paper Lighthouse", 2024, wikidata: "Q7702", imdb: "tt7702", isInCinemeta: true),
        .init("Lighthouse of the Lost", nil, wikidata: "Q7703"),
        .init(
            "Lighthouse Courier", 2021, platforms: ["Nintendo Switch", "PlayStation 5"], wikidata: "Q7704", steam: 7704),
    ]

    private static let lighthouse = StandInTVmaze.Show(
        id: 301, name: "The Lighthouse Keepers", premiered: "2024-03-01",
        summary: "<p>Three sisters keep a light that no ship has needed for years, until one does.</p>",
        episodes: nights(season: 1) + nights(season: 2) + [storm])

    private static let storm = StandInTVmaze.Episode(
        id: 299, name: "Storm", season: 2, number: 5, airs: .now + 9 * 86_400)

    private static func nights(season: Int) -> [StandInTVmaze.Episode] {
        (1...4).map { number in
            let daysAgo = Double(300 - season * 100 - number * 7)
            return StandInTVmaze.Episode(
                id: season * 100 + number, name: "Night \(number)", season: season, number: number,
                airs: .now - daysAgo * 86_400)
        }
    }

    private typealias Offer = (
        name: String, content: SharedTorrent.Content, category: Int, size: Int, seeders: Int
    )

    private static let offers: [Offer] = [
        ("The.Long.Tide.2023.1080p.WEB-DL.x264-HARBOR", .file(size: 3_000_000), 2040, 4_200_000_000, 34),
        ("The.Long.Tide.2023.2160p.BluRay.x265-HARBOR", .file(size: 50_000), 2040, 18_000_000_000, 12),
        ("The.Long.Tide.2023.480p.DVDRip.XviD-OLD", .file(size: 50_000), 2040, 700_000_000, 0),
        ("Salt.and.Ember.2019.1080p.WEB-DL.x264-HARBOR", .file(size: 60_000), 2040, 5_000_000_000, 11),
        ("Glass.Orchard.2018.1080p.BluRay.x264-HARBOR", .file(size: 60_000), 2040, 7_000_000_000, 8),
        ("Glass.Orchard.2018.720p.WEB-DL.x264-HARBOR", .file(size: 60_000), 2040, 2_000_000_000, 3),
        ("Paper.Kites.2016.1080p.WEB-DL.x264-HARBOR", .file(size: 60_000), 2040, 3_000_000_000, 14),
        ("Copper.Sky.2020.1080p.BluRay.x264-HARBOR", .file(size: 60_000), 2040, 6_000_000_000, 18),
        (
            "The.Lighthouse.Keepers.S01.1080p.WEB-DL.x264-HARBOR",
            .season(of: "The.Lighthouse.Keepers", 1, episodes: 4, size: 40_000), 5040, 7_000_000_000, 21
        ),
        ("The.Lighthouse.Keepers.S02E01.1080p.WEB-DL.x264-HARBOR", .file(size: 40_000), 5040, 1_800_000_000, 9),
    ]
}
