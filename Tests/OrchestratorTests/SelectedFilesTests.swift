import Aria2
import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("Of a pack only what is wanted is fetched", .timeLimit(.minutes(10)))
struct SelectedFilesTests {
    private static let name = "Harbour S01 1080p WEB-DL x264-TEST"

    private static func at(_ number: Int) -> Lifecycle.EpisodeNumber { .init(season: 1, number: number) }

    /// The files of these episodes, in their places.
    private func places(_ numbers: [Int], of pack: SharedTorrent) -> [String: Data] {
        Dictionary(
            uniqueKeysWithValues: numbers.map { number in
                let file = pack.files[number - 1]
                return (
                    "Shows/Harbour/Season 01/\(file.path.split(separator: "/").last ?? "")", Data(file.bytes)
                )
            })
    }

    /// Which files aria2 fetches; nil while it does not know them.
    private func selected(_ pack: SharedTorrent, in world: World) async throws -> [Bool]? {
        guard let transfer = try await world.aria2.client.snapshot().transfers[pack.infohash] else { return nil }
        // It may have been taken out meanwhile, to be added anew.
        guard let files = try? await world.aria2.client.files(of: transfer) else { return nil }
        return files.count == pack.files.count ? files.map(\.isSelected) : nil
    }

    private func found(_ numbers: Set<Int>, in world: World) async throws -> Int64 {
        let request = try await world.askShow([1: 4], episodes: Set(numbers.map(Self.at)))
        try await world.until("it is found") {
            try await world.items(request).allSatisfy { $0.status == .found || $0.status == .completed }
        }
        return request
    }

    private func said(_ request: Int64, in world: World) async throws -> [String] {
        try await world.pool.query(
            "SELECT sentence FROM request_log WHERE request_id = \(request) AND kind = 'files' ORDER BY id"
        ).map { try $0.get("sentence") }
    }

    @Test(arguments: [false, true])
    func oneEpisode(byMagnet: Bool) async throws {
        try await World.live { world in
            let pack = try await world.share(
                Self.name, .season(of: "Harbour", 1, episodes: 4, size: 2_000_003), category: 5040, byMagnet: byMagnet)
            let request = try await found([2], in: world)
            try await world.swarm.limitUpload(of: pack, to: "10K")
            try await world.choose(Self.name, of: request)
            try await world.until("its file is selected") {
                try await selected(pack, in: world) == [false, true, false, false]
            }
            let transfer = try #require(try await world.aria2.client.snapshot().transfers[pack.infohash])
            // What shares a piece with it comes along.
            #expect(2_000_003..<2_100_000 ~= transfer.total)
            try await world.swarm.limitUpload(of: pack, to: "0")
            try await world.until(request, is: .completed)
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
            #expect(world.files() == places([2], of: pack))
            #expect(try await said(request, in: world).count == 1)
            #expect(try await said(request, in: world)[0].hasSuffix("only what is wanted is fetched: 2 MB"))

            // One more, later: the same torrent once more.
            #expect(try await found([4], in: world) == request)
            try await world.choose(Self.name, of: request)
            try await world.until(request, is: .completed)
            try await world.until("both are there") { world.files() == places([2, 4], of: pack) }
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
        }
    }

    @Test("Another episode of it is chosen while the first is on its way, and aria2 is killed meanwhile")
    func oneMoreOnItsWay() async throws {
        try await World.live { world in
            let pack = try await world.share(
                Self.name, .season(of: "Harbour", 1, episodes: 4, size: 2_000_003), category: 5040)
            let request = try await found([1], in: world)
            try await world.swarm.limitUpload(of: pack, to: "10K")
            try await world.choose(Self.name, of: request)
            try await world.until("the first is selected") {
                try await selected(pack, in: world) == [true, false, false, false]
            }
            let other = Wish(
                kind: .show, title: .hand(name: "Harbour", year: nil, seasons: [1: 4]),
                scope: .selection(seasons: [], episodes: [Self.at(3)]))
            _ = try await world.orchestrator.ask(other, by: world.ben, key: World.key())
            try await world.until("the third is found") {
                try await world.items(request).contains { $0.episode == Self.at(3) && $0.status == .found }
            }
            func fetches() -> Int { world.indexer.requests.count { $0.path.hasPrefix("/download/") } }
            let fetched = fetches()
            try await world.choose(Self.name, of: request)
            try await world.until("both are selected") {
                try await selected(pack, in: world) == [true, false, true, false]
            }
            #expect(fetches() == fetched, "the torrent is there already")
            try await world.aria2.kill()
            try await world.aria2.restart()
            try await world.until("both are selected again") {
                try await selected(pack, in: world) == [true, false, true, false]
            }
            // A double click changes nothing.
            let before = try await world.count("downloads")
            try await world.choose(Self.name, of: request)
            #expect(try await world.count("downloads") == before)
            try await world.swarm.limitUpload(of: pack, to: "0")
            try await world.until(request, is: .completed)
            try await world.until("both are in their place") { world.files() == places([1, 3], of: pack) }
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
        }
    }

    @Test func twoRequestsForTheSamePackGetWhatEachWants() async throws {
        try await World.live { world in
            let pack = try await world.share(
                Self.name, .season(of: "Harbour", 1, episodes: 4, size: 2_000_003), category: 5040)
            let first = try await found([1], in: world)
            let second = try await world.orchestrator.ask(
                Wish(
                    kind: .show, title: .hand(name: "Harbour", year: 2020, seasons: [1: 4]),
                    scope: .selection(seasons: [], episodes: [Self.at(4)])),
                by: world.ben, key: World.key()
            ).request
            try await world.until("the other is found, too") {
                try await world.items(second).allSatisfy { $0.status == .found }
            }
            try await world.swarm.limitUpload(of: pack, to: "10K")
            try await world.choose(Self.name, of: first)
            try await world.until("the first is selected") {
                try await selected(pack, in: world) == [true, false, false, false]
            }
            try await world.choose(Self.name, of: second, by: world.ben)
            try await world.until("both are selected") {
                try await selected(pack, in: world) == [true, false, false, true]
            }
            try await world.swarm.limitUpload(of: pack, to: "0")
            for request in [first, second] { try await world.until(request, is: .completed) }
            let last = pack.files[3]
            var expected = places([1], of: pack)
            expected["Shows/Harbour (2020)/Season 01/\(last.path.split(separator: "/").last ?? "")"] = Data(last.bytes)
            try await world.until("each has its own") { world.files() == expected }
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
        }
    }

    @Test("Files that cannot be told apart are all fetched, and the history says so")
    func namesThatSayNothing() async throws {
        try await World.live { world in
            let pack = try await world.share(
                Self.name,
                .folder([("01 Fog.mkv", 100_001), ("Harbour.S01E01.mkv", 100_002), ("02 Salt.mkv", 100_003)]),
                category: 5040)
            let request = try await found([2], in: world)
            try await world.choose(Self.name, of: request)
            try await world.until(request, is: .completed)
            try await world.until("all are there") { world.files().count == 3 }
            #expect(try await said(request, in: world).count == 1)
            #expect(try await said(request, in: world)[0].hasSuffix("all of it is fetched"))
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
        }
    }

    @Test("What is not named after an episode comes along; files that were spoilt meanwhile are mended")
    func companions() async throws {
        try await World.live { world in
            let pack = try await world.share(
                Self.name,
                .folder([
                    ("Harbour.S01E01.mkv", 100_001), ("Harbour.S01E02.mkv", 300_002), ("Harbour.S01E02.en.srt", 3_003),
                    ("Harbour.S01E03.mkv", 100_004), ("cover.jpg", 5_005), ("Harbour.S02E02.mkv", 100_006),
                ]), category: 5040)
            let request = try await found([2], in: world)
            try await world.choose(Self.name, of: request)
            try await world.until(request, is: .completed)
            let names = ["Harbour.S01E02.mkv", "Harbour.S01E02.en.srt", "cover.jpg"]
            try await world.until("all are there") {
                Set(world.files().keys.map { String($0.split(separator: "/").last ?? "") }) == Set(names)
            }
            try await world.until("nothing is left on its way") { try await world.isTidy(pack) }
        }
    }
}
