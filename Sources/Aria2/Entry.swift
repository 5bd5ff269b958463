/// One download as aria2's RPC shows it, reduced to what is asked for. All numbers and booleans come as strings, and
/// keys come and go with the status.
struct Entry: Sendable, Equatable, Decodable {
    enum Status: String, Sendable, Decodable {
        case active, waiting, paused, error, complete, removed

        var isLive: Bool {
            switch self {
            case .active, .waiting, .paused: true
            case .error, .complete, .removed: false
            }
        }
    }

    private struct BitTorrent: Decodable {
        struct Info: Decodable {
            var name: String?
        }
        var info: Info?
    }

    private enum Key: String, CodingKey, CaseIterable {
        case gid, status, infoHash, totalLength, completedLength, downloadSpeed, uploadSpeed, connections, numSeeders
        case seeder, errorCode, errorMessage, followedBy, bittorrent, verifiedLength, verifyIntegrityPending
    }

    /// What to ask for.
    static let keys = Key.allCases.map(\.rawValue)

    var gid: String
    var status: Status
    /// Nil if it is no torrent.
    var infohash: String?
    /// It knows its files. A magnet's metadata does not.
    var hasInfo: Bool
    var name: String?
    var total: Int64
    var completed: Int64
    var downSpeed: Int64
    var upSpeed: Int64
    var connections: Int
    var seeders: Int
    var isSeeder: Bool
    var errorCode: Int
    var errorMessage: String
    var followedBy: [String]
    var verified: Int64?
    var isVerifyPending: Bool

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        func text(_ key: Key) throws -> String? { try values.decodeIfPresent(String.self, forKey: key) }
        func number(_ key: Key) throws -> Int64 { try text(key).flatMap { Int64($0) } ?? 0 }
        gid = try values.decode(String.self, forKey: .gid)
        status = try values.decode(Status.self, forKey: .status)
        infohash = try text(.infoHash)?.lowercased()
        let info = try values.decodeIfPresent(BitTorrent.self, forKey: .bittorrent)?.info
        hasInfo = info != nil
        name = info?.name
        total = try number(.totalLength)
        completed = try number(.completedLength)
        downSpeed = try number(.downloadSpeed)
        upSpeed = try number(.uploadSpeed)
        connections = Int(clamping: try number(.connections))
        seeders = Int(clamping: try number(.numSeeders))
        isSeeder = try text(.seeder) == "true"
        errorCode = Int(clamping: try number(.errorCode))
        errorMessage = try text(.errorMessage) ?? ""
        followedBy = try values.decodeIfPresent([String].self, forKey: .followedBy) ?? []
        verified = try text(.verifiedLength).flatMap { Int64($0) }
        isVerifyPending = try text(.verifyIntegrityPending) == "true"
    }

    /// The torrent itself, not the metadata that leads to it.
    var isPayload: Bool { hasInfo && followedBy.isEmpty }

    /// The phase of this entry alone.
    ///
    /// - Parameter position: its place among those that wait, from 1.
    func phase(position: Int) -> Phase {
        switch status {
        case .active where isVerifyPending, .waiting where isVerifyPending: .waitingToVerify
        case .active where verified != nil: .verifying(fraction: total > 0 ? Double(verified ?? 0) / Double(total) : 0)
        case .active where !isPayload: .fetchingMetadata
        // While a doubtful file is checked aria2 says "seeder" as well; but then one of the keys above is there.
        case .active: isSeeder && isWhole ? .finished : .downloading
        case .paused: isPayload && isSeeder && isWhole && verified == nil && !isVerifyPending ? .finished : .paused
        case .waiting: .queued(position: position)
        case .complete where isPayload && isWhole: .finished
        // The payload of a magnet that went without a trace: it was taken out while it waited or was paused.
        case .complete where !followedBy.isEmpty: .removed
        case .complete: .failed(code: 1, message: "complete with \(completed) of \(total) bytes")
        case .error: .failed(code: errorCode, message: errorMessage)
        case .removed: .removed
        }
    }

    private var isWhole: Bool { total > 0 && completed == total }
}

extension Snapshot {
    /// Groups aria2's entries by torrent.
    init(sessionID: String, entries: [Entry]) {
        var positions: [String: Int] = [:]
        for entry in entries where entry.status == .waiting { positions[entry.gid] = positions.count + 1 }
        let groups = Dictionary(grouping: entries.filter { $0.infohash != nil }) { $0.infohash ?? "" }
        self.init(
            sessionID: sessionID,
            transfers: groups.compactMapValues { Transfer($0) { positions[$0.gid] ?? 0 } })
    }
}

extension Transfer {
    /// One torrent's entries; nil if there is none. The one that tells most about it speaks for it.
    init?(_ entries: [Entry], position: (Entry) -> Int) {
        let ranked = entries.map { (entry: $0, phase: $0.phase(position: position($0))) }
        let chosen = ranked.max { Self.weight($0) < Self.weight($1) }
        guard let (entry, phase) = chosen, let infohash = entry.infohash else { return nil }
        self.infohash = infohash
        self.phase = phase
        self.entries = entries
        name = entry.name
        gid = entry.gid
        // A magnet's own few bytes are no progress of what is wanted.
        total = entry.isPayload ? entry.total : 0
        completed = entry.isPayload ? entry.completed : 0
        let isMoving = entry.status == .active  // a paused entry still shows its last speed
        downSpeed = isMoving ? entry.downSpeed : 0
        upSpeed = isMoving ? entry.upSpeed : 0
        connections = isMoving ? entry.connections : 0
        seeders = isMoving ? entry.seeders : 0
    }

    /// Finished before live, live before ended; the payload before its metadata; a failure for being a duplicate (11,
    /// 12) says nothing about the torrent and comes last.
    private static func weight(_ candidate: (entry: Entry, phase: Phase)) -> Int {
        let rank =
            switch candidate.phase {
            case .finished: 4
            case .verifying, .waitingToVerify, .downloading, .fetchingMetadata, .queued, .paused: 3
            case .failed(11, _), .failed(12, _): 0
            case .failed: 2
            case .removed: 1
            }
        return rank * 2 + (candidate.entry.isPayload ? 1 : 0)
    }
}
