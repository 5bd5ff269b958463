import Foundation
import HTTPClient
import Reactor
import TestSupport
import Testing

@testable import Aria2

/// A real aria2 and a real swarm, for one test.
private func withSwarm(
    uploadLimit: String = "0", _ body: (TestAria2, Swarm) async throws -> Void
) async throws {
    let group = try EventLoopGroup(threads: 1)
    defer { group.stop() }
    let http = HTTPClient(group: group, userAgent: "usher-tests")
    let swarm = try await Swarm.start(http: http, uploadLimit: uploadLimit)
    defer { swarm.stop() }
    let aria2 = try await TestAria2.start(http: http)
    defer { aria2.stop() }
    try await body(aria2, swarm)
}

@Suite(.timeLimit(.minutes(10))) struct DownloadTests {
    @Test func aTorrentArrivesByteForByte() async throws {
        try await withSwarm { aria2, swarm in
            let torrent = try await swarm.seeded(
                named: "Show.S01", .season(of: "Show", 1, episodes: 3, size: 300_001))
            let directory = "\(aria2.directory)/one"
            let metainfo = try Metainfo(parsing: torrent.metainfo)
            try await aria2.client.addTorrent(metainfo, directory: directory, verify: false)
            try await aria2.client.addTorrent(metainfo, directory: directory, verify: false)
            let phases = try await aria2.wait(for: torrent.infohash) { $0 == .finished }
            #expect(torrent.differences(in: directory) == [])
            #expect(!phases.contains(.fetchingMetadata))
            let transfer = try #require(try await aria2.client.snapshot().transfers[torrent.infohash])
            #expect(transfer.total == 900_003 && transfer.completed == 900_003 && transfer.name == "Show.S01")
            #expect(transfer.gid == Aria2Client.gid(of: torrent.infohash))
            let files = try await aria2.client.files(of: transfer)
            #expect(files.map(\.path) == torrent.files.map { "\(directory)/\($0.path)" })
            #expect(files.map(\.length) == [300_001, 300_001, 300_001])
            #expect(files.map(\.isSelected) == [true, true, true])
        }
    }

    @Test func aMagnetArrivesAndItsProgressCanBeWatched() async throws {
        try await withSwarm(uploadLimit: "200K") { aria2, swarm in
            let torrent = try await swarm.seeded(named: "Film.mkv", .file(size: 1_000_000))
            let directory = "\(aria2.directory)/one"
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let magnet = try Magnet(parsing: torrent.magnet)
            try await aria2.client.addMagnet(magnet, directory: directory, verify: false)
            var phases = try await aria2.wait(for: torrent.infohash) { $0 == .downloading }
            try await swarm.limitUpload(to: "0")
            phases += try await aria2.wait(for: torrent.infohash) { $0 == .finished }
            #expect(phases.contains(.fetchingMetadata))
            #expect(!phases.contains(.removed))
            #expect(torrent.differences(in: directory) == [])
            let saved = FileManager.default.contents(atPath: "\(directory)/\(torrent.infohash).torrent")
            #expect(try Metainfo(parsing: Array(try #require(saved))).infohash == torrent.infohash)
        }
    }

    @Test func nobodySharesIt() async throws {
        try await withSwarm { aria2, swarm in
            let torrent = swarm.torrent(named: "Dead", .file(size: 100_000))
            try await aria2.client.addMagnet(
                try Magnet(parsing: torrent.magnet), directory: "\(aria2.directory)/one", verify: false)
            try await aria2.wait(for: torrent.infohash) { $0 == .fetchingMetadata }
            let transfer = try #require(try await aria2.client.snapshot().transfers[torrent.infohash])
            #expect(try await aria2.client.files(of: transfer) == [])
            try await aria2.client.remove(transfer)
            #expect(try await aria2.client.snapshot().transfers.isEmpty)
        }
    }

    @Test func removedBehindOurBack() async throws {
        try await withSwarm { aria2, swarm in
            let torrent = swarm.torrent(named: "Dead", .file(size: 100_000))
            let metainfo = try Metainfo(parsing: torrent.metainfo)
            try await aria2.client.addTorrent(metainfo, directory: "\(aria2.directory)/one", verify: false)
            try await aria2.wait(for: torrent.infohash) { $0 == .downloading }
            try await aria2.client.forceRemove(Aria2Client.gid(of: torrent.infohash))
            try await aria2.wait(for: torrent.infohash) { $0 == .removed }
            try await aria2.client.removeResult(Aria2Client.gid(of: torrent.infohash))
            #expect(try await aria2.client.snapshot().transfers.isEmpty)
            await #expect(throws: Aria2Error.self) {
                try await aria2.client.forceRemove(Aria2Client.gid(of: torrent.infohash))
            }
        }
    }

    @Test func aRestartForgetsAndAnotherCheckFinds() async throws {
        try await withSwarm { aria2, swarm in
            let torrent = try await swarm.seeded(named: "Film.mkv", .file(size: 500_000))
            let metainfo = try Metainfo(parsing: torrent.metainfo)
            let directory = "\(aria2.directory)/one"
            try await aria2.client.addTorrent(metainfo, directory: directory, verify: false)
            try await aria2.wait(for: torrent.infohash) { $0 == .finished }
            let first = try await aria2.client.snapshot().sessionID

            try await aria2.kill()
            await #expect(throws: Aria2Error.self) { try await aria2.client.snapshot() }
            try await aria2.restart()
            let snapshot = try await aria2.client.snapshot()
            #expect(snapshot.transfers.isEmpty)
            #expect(snapshot.sessionID != first)

            // A control file that was left would be trusted; the watcher takes it away like this.
            try? FileManager.default.removeItem(atPath: "\(directory)/Film.mkv.aria2")  // there may be none
            try await aria2.client.addTorrent(metainfo, directory: directory, verify: false)
            try await aria2.wait(for: torrent.infohash) {
                if case .failed(let code, let message) = $0 {
                    FailureKind(code: code, message: message).remedy == .verify
                } else {
                    false
                }
            }
            let failed = try #require(try await aria2.client.snapshot().transfers[torrent.infohash])
            try await aria2.client.remove(failed)

            // One byte is wrong: it is found, and only its piece is fetched again.
            var bytes = torrent.files[0].bytes
            bytes[400_000] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: "\(directory)/Film.mkv"))
            try await aria2.client.addTorrent(metainfo, directory: directory, verify: true)
            try await aria2.wait(for: torrent.infohash) { $0 == .finished }
            #expect(torrent.differences(in: directory) == [])
        }
    }

    @Test func anotherEntryHasTheTorrent() async throws {
        try await withSwarm { aria2, swarm in
            let torrent = swarm.torrent(named: "Dead", .file(size: 100_000))
            let magnet = try Magnet(parsing: torrent.magnet)
            let metainfo = try Metainfo(parsing: torrent.metainfo)
            try await aria2.client.addTorrent(metainfo, directory: "\(aria2.directory)/one", verify: false)
            try await aria2.wait(for: torrent.infohash) { $0 == .downloading }
            // Under our GID, a second one cannot even be added.
            try await aria2.client.addMagnet(magnet, directory: "\(aria2.directory)/two", verify: false)
            #expect(try await aria2.client.snapshot().transfers[torrent.infohash]?.phase == .downloading)
        }
    }

    @Test func aFrozenOneIsAway() async throws {
        try await withSwarm { aria2, _ in
            try await aria2.freeze()
            let start = ContinuousClock.now
            await #expect(throws: Aria2Error.away("There was no complete answer within 300 milliseconds.")) {
                try await aria2.client.snapshot(within: .milliseconds(300))
            }
            #expect(ContinuousClock.now - start < .seconds(5))
            try await aria2.thaw()
            #expect(try await aria2.client.snapshot().transfers.isEmpty)
        }
    }

    /// Orders are taken on loopback only, as the system sees it (proc(5), `net/tcp`: state 0A listens).
    @Test func nobodyElseReachesIt() async throws {
        try await withSwarm { aria2, _ in
            let port = ":" + String(try #require(WebURL(aria2.url)).origin.port, radix: 16)
            func listening() throws -> Set<String> {
                var addresses: Set<String> = []
                for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
                    for line in try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n") {
                        let columns = line.split(separator: " ")
                        guard columns.count > 3, columns[3] == "0A", columns[1].lowercased().hasSuffix(port) else {
                            continue
                        }
                        addresses.insert(String(columns[1].prefix { $0 != ":" }))
                    }
                }
                return addresses
            }
            // The table is read in parts: while others open and close theirs, a line may be missing.
            let deadline = ContinuousClock.now + .seconds(20)
            var addresses = try listening()
            while addresses.isEmpty, ContinuousClock.now < deadline { addresses = try listening() }
            // 127.0.0.1 and ::1.
            #expect(addresses.isSubset(of: ["0100007F", "00000000000000000000000001000000"]) && !addresses.isEmpty)
        }
    }

    @Test func theWrongSecretIsAway() async throws {
        try await withSwarm { aria2, _ in
            let group = try EventLoopGroup(threads: 1)
            defer { group.stop() }
            let stranger = Aria2Client(
                url: aria2.url, secret: "wrong", http: HTTPClient(group: group, userAgent: "usher-tests"))
            await #expect(throws: Aria2Error.away("It does not accept the secret.")) { try await stranger.snapshot() }
        }
    }
}
