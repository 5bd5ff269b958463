/// What aria2 had to say at one moment. aria2 answers from one thread, so that it is consistent in itself.
public struct Snapshot: Sendable, Equatable {
    /// Another one after each start of aria2, which forgets everything.
    public let sessionID: String
    /// By infohash, 40 hexadecimal digits in lower case. Downloads that are no torrents are left out.
    public let transfers: [String: Transfer]

    /// Names all the parts.
    public init(sessionID: String, transfers: [String: Transfer]) {
        self.sessionID = sessionID
        self.transfers = transfers
    }
}

/// All that aria2 does about one torrent. That may be several entries: a magnet's metadata, its payload, a second add
/// that failed because of the first.
public struct Transfer: Sendable, Equatable {
    /// 40 hexadecimal digits, lower case.
    public let infohash: String
    /// Where it stands.
    public let phase: Phase
    /// The torrent's name, once it is known. Written by a stranger.
    public let name: String?
    /// The entry that the figures are from; what ``Aria2Client/files(of:within:)`` asks about.
    public let gid: String
    /// The payload's bytes; 0 while they are not known.
    public let total: Int64
    /// How many of them are there.
    public let completed: Int64
    /// Bytes a second.
    public let downSpeed: Int64
    /// Bytes a second.
    public let upSpeed: Int64
    /// Peers connected to.
    public let connections: Int
    /// How many of them have all of it.
    public let seeders: Int
    /// Every entry about this torrent.
    let entries: [Entry]

    /// Between 0 and 1.
    public var fraction: Double {
        total > 0 ? min(1, Double(completed) / Double(total)) : 0
    }

    /// At this speed; nil if nothing arrives.
    public var secondsLeft: Int64? {
        guard phase == .downloading, downSpeed > 0, total > completed else { return nil }
        return (total - completed - 1) / downSpeed + 1
    }

    /// Whether aria2 still works on it, or will.
    public var isLive: Bool { entries.contains { $0.status.isLive } }
}

/// Where a torrent stands in aria2.
public enum Phase: Sendable, Equatable {
    /// A magnet's metadata is asked of peers.
    case fetchingMetadata
    /// It waits for its turn; 1 is next.
    case queued(position: Int)
    /// What is on disk will be checked when another check is done.
    case waitingToVerify
    /// What is on disk is being checked; between 0 and 1.
    case verifying(fraction: Double)
    /// Bytes arrive, or should.
    case downloading
    /// Paused, by whomever.
    case paused
    /// All of the payload is there and is not in doubt. Perhaps it still seeds.
    case finished
    /// It ended with this error; ``FailureKind`` says what that means.
    case failed(code: Int, message: String)
    /// Somebody took it out.
    case removed
}

/// A file of a torrent that aria2 works on.
public struct TransferFile: Sendable, Equatable {
    /// The whole path on disk. Written by a stranger.
    public let path: String
    /// In bytes.
    public let length: Int64
    /// How many of them are there.
    public let completed: Int64
    /// Whether aria2 fetches it.
    public let isSelected: Bool
}
