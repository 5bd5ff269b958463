import Aria2
import Foundation
public import HTTPClient
import Reactor

/// A BitTorrent swarm on loopback: a tracker, and an aria2 that shares what it is told to.
public final class Swarm: Sendable {
    /// Counts requests of trackers, and can be made to say nothing.
    public let tracker: Tracker
    private let seeder: TestAria2

    /// Starts one.
    ///
    /// - Parameter uploadLimit: bytes a second that the seeder gives away in all, `"0"` for as many as it can. aria2
    ///   keeps to it in bursts.
    public static func start(http: HTTPClient, uploadLimit: String = "0") async throws -> Swarm {
        let seeder = try await TestAria2.start(
            http: http,
            options: [
                "bt-seed-unverified=true", "seed-time=100000", "seed-ratio=0.0", "max-concurrent-downloads=1000",
                "max-overall-upload-limit=\(uploadLimit)",
            ])
        return Swarm(tracker: try Tracker(), seeder: seeder)
    }

    private init(tracker: Tracker, seeder: TestAria2) {
        self.tracker = tracker
        self.seeder = seeder
    }

    /// A torrent that names this swarm's tracker. Nobody has it, until it is seeded.
    public func torrent(
        named name: String, _ content: SharedTorrent.Content, pieceLength: Int = 16 << 10
    ) -> SharedTorrent {
        SharedTorrent(named: name, content, pieceLength: pieceLength, announce: tracker.url)
    }

    /// Shares the torrent, and returns when the tracker knows.
    public func seed(_ torrent: SharedTorrent) async throws {
        let directory = "\(seeder.directory)/seeds/\(torrent.infohash)"
        try torrent.write(into: directory)
        try await seeder.client.addTorrent(
            try Metainfo(parsing: torrent.metainfo), directory: directory, verify: false)
        let deadline = ContinuousClock.now + .seconds(20)
        while tracker.peers(of: torrent.infohash) == 0 {
            guard ContinuousClock.now < deadline else {
                throw TestSupportError("Nobody shares it: \(try await seeder.client.snapshot())")
            }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Makes and seeds.
    public func seeded(
        named name: String, _ content: SharedTorrent.Content, pieceLength: Int = 16 << 10
    ) async throws -> SharedTorrent {
        let torrent = torrent(named: name, content, pieceLength: pieceLength)
        try await seed(torrent)
        return torrent
    }

    /// Changes how much is given away in all, in bytes a second; `"0"` is as many as it can.
    public func limitUpload(to limit: String) async throws {
        try await seeder.change("max-overall-upload-limit", to: limit)
    }

    /// Changes how much of one torrent is given away: what others take of the same swarm stays as fast as it is.
    public func limitUpload(of torrent: SharedTorrent, to limit: String) async throws {
        try await seeder.change("max-upload-limit", of: torrent.infohash, to: limit)
    }

    /// Ends tracker and seeder.
    public func stop() {
        tracker.stop()
        seeder.stop()
    }
}

extension Swarm {
    /// An HTTP tracker (BEP 3, compact answers of BEP 23).
    public final class Tracker: Sendable {
        private let server: StandInServer
        private let state: Locked<[String: Set<UInt16>]>

        /// Starts one.
        public init() throws {
            let state = Locked<[String: Set<UInt16>]>([:])
            self.state = state
            server = try StandInServer { Self.answer($0, state) }
        }

        /// What a torrent names.
        public var url: String { "\(server.url)/announce" }

        /// How often it was asked.
        public var announces: Int { server.requests.count }

        /// Names one more peer of a torrent, which does not announce itself.
        func add(port: UInt16, to infohash: String) {
            state.withLock { _ = $0[infohash, default: []].insert(port) }
        }

        /// How many share or fetch a torrent.
        public func peers(of infohash: String) -> Int {
            state.withLock { $0[infohash]?.count ?? 0 }
        }

        /// Ends it.
        public func stop() {
            server.stop()
        }

        private static func answer(
            _ request: StandInRequest, _ state: Locked<[String: Set<UInt16>]>
        ) -> StandInServer.Answer {
            guard let infohash = infohash(in: request.target), let port = request.query["port"].flatMap({ UInt16($0) })
            else { return .text("d14:failure reason9:malformede") }
            let isLeaving = request.query["event"] == "stopped"
            let others = state.withLock { peers in
                if isLeaving {
                    peers[infohash]?.remove(port)
                } else {
                    peers[infohash, default: []].insert(port)
                }
                return (peers[infohash] ?? []).subtracting([port])
            }
            let compact = others.flatMap { [127, 0, 0, 1, UInt8($0 >> 8), UInt8($0 & 255)] }
            let head = "d8:intervali5e12:min intervali1e5:peers\(compact.count):"
            return .reply(status: 200, fields: [:], body: Array(head.utf8) + compact + Array("e".utf8))
        }

        /// Twenty bytes, percent-encoded, which are no text.
        private static func infohash(in target: String) -> String? {
            guard let start = target.range(of: "info_hash=") else { return nil }
            var bytes: [UInt8] = []
            var rest = Array(target[start.upperBound...].utf8.prefix { $0 != UInt8(ascii: "&") })[...]
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "%"), rest.count >= 2 {
                    guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                        return nil
                    }
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            }
            return bytes.count == 20 ? bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() : nil
        }
    }
}
