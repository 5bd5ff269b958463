import Aria2
import FoundationEssentials
import Logging
import Postgres
import Reactor
import Releases
import Storage

/// Keeps aria2 in step with what is wanted, and tells what became of it.
///
/// aria2 is a cache that can be lost at any moment. Each tick takes one snapshot and compares: what should be there
/// and is not is added (data on disk is verified, not fetched again); what nobody wants any more is removed with its
/// files; outcomes are committed before aria2's record of them is dropped. A snapshot that cannot be had changes
/// nothing.
struct Watcher: Sendable {
    /// One process watches: the one that has this duty.
    static let duty = "watcher"
    /// Seconds after which another process takes over from one that died.
    static let lease = 15
    /// How often a torrent is given to aria2 without being seen there, before it is taken to be what kills aria2.
    static let addLimit = 5
    /// How often the clocks of torrents that get nothing are written down: what a crash can make them lose.
    static let writingInterval = Duration.seconds(15)
    /// A gap between two looks that is longer was a time in which nobody watched.
    static let longestLook = Duration.seconds(10)
    /// How often an error that another try may mend is met with one.
    static let retryLimit = 3

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }
    private var aria2: Aria2Client { orchestrator.parts.aria2 }

    func run() async {
        var memory = Memory()
        await orchestrator.loop("The download watcher", every: .seconds(2)) {
            guard try await orchestrator.has(Self.duty, for: Self.lease) else {
                memory = Memory()
                return false
            }
            do {
                try await tick(&memory)
                memory.noteAnswer(orchestrator.logger)
            } catch let error as Aria2Error {
                memory.noteSilence(error, orchestrator.logger)
            }
            return false
        }
        await orchestrator.leave(Self.duty)
    }

    /// What only one process needs to remember, and only until it ends.
    struct Memory {
        /// Of each torrent, the bytes it had at the last look, and when that was.
        var progress: [String: (bytes: Int64, at: ContinuousClock.Instant)] = [:]
        /// For how long torrents got nothing, and which got something, since that was last written down.
        var idle: [String: Duration] = [:]
        var moving: Set<String> = []
        var writtenDown = ContinuousClock.now
        /// When a download last waited for room on the disk.
        var waitedForRoom: [String: ContinuousClock.Instant] = [:]
        /// Errors met with another try.
        var retries: [String: Int] = [:]
        private var isSilent = false
        private var troubled: [String: String] = [:]

        mutating func noteAnswer(_ logger: Logger) {
            if isSilent { logger.info("aria2 answers again") }
            isSilent = false
        }

        /// Reported once, not at each tick.
        mutating func noteTrouble(_ error: any Error, _ torrent: Torrent, _ logger: Logger) {
            guard troubled.updateValue("\(error)", forKey: torrent.infohash) != "\(error)" else { return }
            logger.error(
                "A download cannot go on", metadata: ["torrent": "\(torrent.name)", "reason": "\(error)"])
        }

        mutating func noteSilence(_ error: Aria2Error, _ logger: Logger) {
            if !isSilent { logger.warning("aria2 does not answer; nothing changes", metadata: ["reason": "\(error)"]) }
            isSilent = true
        }
    }

    func tick(_ memory: inout Memory) async throws {
        let wanted = try await pool.withConnection { try await Torrents.wanted(on: $0) }
        let snapshot = try await aria2.snapshot()
        for torrent in wanted {
            do {
                if let transfer = snapshot.transfers[torrent.infohash] {
                    try await look(at: transfer, of: torrent, &memory)
                } else {
                    try await missed(torrent, in: snapshot, &memory)
                }
            } catch  where !error.concernsAll {
                // Something with this torrent or its folder: the others have nothing to do with it.
                memory.noteTrouble(error, torrent, orchestrator.logger)
            }
        }
        let known = Set(wanted.map(\.infohash))
        memory.progress = memory.progress.filter { known.contains($0.key) }
        memory.retries = memory.retries.filter { known.contains($0.key) }
        memory.waitedForRoom = memory.waitedForRoom.filter { known.contains($0.key) }
        try await writeDownClocks(&memory)
        let seen = wanted.filter { snapshot.transfers[$0.infohash] != nil }
        let strangers = snapshot.transfers.keys.filter { !known.contains($0) }
        let untidy = try await pool.withConnection { connection in
            try await Torrents.noteSeen(seen, session: snapshot.sessionID, on: connection)
            let strays = try await Torrents.known(strangers, on: connection)
            return strays.union(try await Torrents.toTidy(on: connection))
        }
        for infohash in untidy.sorted() { try await orchestrator.tidy(infohash) }
    }

    private func look(at transfer: Transfer, of torrent: Torrent, _ memory: inout Memory) async throws {
        // What was fetched for others says nothing of what this one wants.
        if try await selectsAnew(transfer, torrent) { return }
        switch transfer.phase {
        case .finished where torrent.mustVerify:
            try await again(transfer, torrent, verifyAll: true)
        case .removed where torrent.downloads.isEmpty, .failed where torrent.downloads.isEmpty:
            // Complete, and its files are to be mended: that goes on until they are in their place.
            try await again(transfer, torrent, verifyAll: true)
        case .finished:
            FaultPoint.outcomeSeen.reach()
            for download in torrent.downloads { try await orchestrator.completed(download) }
            FaultPoint.outcomeRecorded.reach()
        case .removed:
            for download in torrent.downloads { try await orchestrator.removed(download, lookedAt: torrent) }
        case .failed(let code, let message):
            try await failed(FailureKind(code: code, message: message), transfer, of: torrent, &memory)
        case .fetchingMetadata, .downloading:
            try await checkProgress(of: transfer, torrent, &memory)
        case .queued, .paused, .waitingToVerify, .verifying:
            // Its turn has not come, or somebody has it rest: neither counts as a stall.
            memory.progress[torrent.infohash] = nil
        }
    }

    /// Not in aria2: lost with it, or removed from it by hand.
    private func missed(_ torrent: Torrent, in snapshot: Snapshot, _ memory: inout Memory) async throws {
        if torrent.downloads.isEmpty {
            try await add(torrent, verifyAll: true)
        } else if torrent.aria2Session == snapshot.sessionID {
            for download in torrent.downloads { try await orchestrator.removed(download, lookedAt: torrent) }
        } else if torrent.addAttempts == 0, try await waitsForRoom(torrent, beside: snapshot, &memory) {
            return
        } else if torrent.addAttempts < Self.addLimit {
            try await add(torrent, verifyAll: false)
        } else {
            let sentence = "aria2 stopped each of the \(Self.addLimit) times that it was given this torrent"
            for download in torrent.downloads {
                try await orchestrator.failed(download, because: sentence, lookedAt: torrent)
            }
        }
    }

    /// Whether a torrent that was not begun yet has no room on the disk beside what is on its way. Then its page says so, and
    /// it is looked at again a minute later. Of a magnet nobody knows the size.
    private func waitsForRoom(
        _ torrent: Torrent, beside snapshot: Snapshot, _ memory: inout Memory
    ) async throws -> Bool {
        if let last = memory.waitedForRoom[torrent.infohash], last.duration(to: .now) < .seconds(60) { return true }
        // What cannot be read is said where it is given to aria2.
        guard let room = orchestrator.freeRoom,
            let size = try? await FileChoice.load(torrent, in: orchestrator).size?.chosen
        else { return false }
        let coming = snapshot.transfers.values.filter(\.isLive).map { max($0.total - $0.completed, 0) }.reduce(0, +)
        let left = max(room - coming, 0)
        guard size > left else {
            memory.waitedForRoom[torrent.infohash] = nil
            return false
        }
        memory.waitedForRoom[torrent.infohash] = .now
        let sentence =
            "The disk has no room for it: it needs \(size.sized), and \(left.sized) are left. It waits for room."
        orchestrator.logger.error("A download waits for room", metadata: ["torrent": "\(torrent.name)"])
        try await pool.withConnection { try await Torrents.noteWaiting(torrent.infohash, because: sentence, on: $0) }
        for download in torrent.downloads {
            let found = try await pool.withConnection { try await Downloads.find(download, on: $0) }
            if let found { orchestrator.announcer.tell(.request(found.request)) }
        }
        return true
    }

    private func failed(
        _ kind: FailureKind, _ transfer: Transfer, of torrent: Torrent, _ memory: inout Memory
    ) async throws {
        let retries = memory.retries[torrent.infohash, default: 0]
        switch kind.remedy {
        case .diskFull:
            // Nobody's fault, and another release would not fit either: it waits for room, tried again a minute later.
            let last = memory.waitedForRoom[torrent.infohash]
            if let last, last.duration(to: .now) < .seconds(60) { return }
            memory.waitedForRoom[torrent.infohash] = .now
            orchestrator.logger.error("The disk is full: a download waits", metadata: ["torrent": "\(torrent.name)"])
            try await again(transfer, torrent, verifyAll: true)
        case .retry where retries < Self.retryLimit, .verify where retries < Self.retryLimit,
            .distrust where retries < Self.retryLimit:
            memory.retries[torrent.infohash] = retries + 1
            try await again(transfer, torrent, verifyAll: kind.remedy == .distrust)
        case .followOther:
            // The other entry of the same torrent is the one that counts, and the next snapshot shows it.
            try await aria2.removeResult(transfer.gid)
        case .removed:
            for download in torrent.downloads { try await orchestrator.removed(download, lookedAt: torrent) }
        case .retry, .verify, .distrust, .nextRelease, .administrator:
            for download in torrent.downloads {
                try await orchestrator.failed(
                    download, because: kind.sentence, lookedAt: torrent, isOfRelease: kind.remedy != .administrator)
            }
        }
    }

    /// aria2 itself never says that nothing happens any more. The clock is kept with the torrent, so that no restart sets
    /// it back; it runs only while somebody watches, so that no outage lets it run out.
    private func checkProgress(of transfer: Transfer, _ torrent: Torrent, _ memory: inout Memory) async throws {
        let now = ContinuousClock.now
        let infohash = torrent.infohash
        let last = memory.progress.updateValue((transfer.completed, now), forKey: infohash)
        guard let last else { return }
        if transfer.completed > last.bytes {
            memory.idle[infohash] = nil
            if torrent.idleSeconds > 0 { memory.moving.insert(infohash) }
            return
        }
        let gap = last.at.duration(to: now)
        memory.idle[infohash, default: .zero] += gap > Self.longestLook ? .zero : gap
        let settings = try await pool.withConnection { try await Settings.load(on: $0) }
        let hasDetails = transfer.phase != .fetchingMetadata
        let patience = hasDetails ? settings.stallMinutes : settings.metadataMinutes
        let stored: Duration = memory.moving.contains(infohash) ? .zero : .seconds(torrent.idleSeconds)
        guard stored + memory.idle[infohash, default: .zero] > .seconds(60 * patience) else { return }
        let sentence =
            hasDetails
            ? "nothing arrived for \(patience) minutes" : "nobody had the torrent's details for \(patience) minutes"
        for download in torrent.downloads {
            try await orchestrator.failed(download, because: sentence, lookedAt: torrent)
        }
    }

    private func writeDownClocks(_ memory: inout Memory) async throws {
        guard memory.writtenDown.duration(to: .now) > Self.writingInterval else { return }
        let idle = memory.idle.mapValues { Int($0 / .seconds(1)) }.filter { $0.value > 0 }
        let moving = memory.moving
        if !idle.isEmpty || !moving.isEmpty {
            try await pool.withConnection { connection in
                try await Torrents.noteIdle([:], moving: moving, on: connection)
                try await Torrents.noteIdle(idle, moving: [], on: connection)
            }
        }
        memory.idle = [:]
        memory.moving = []
        memory.writtenDown = .now
    }

    /// Has aria2 fetch the files that are wanted now, if it was told others; whether it was.
    private func selectsAnew(_ transfer: Transfer, _ torrent: Torrent) async throws -> Bool {
        guard torrent.mustSelect || torrent.selection == nil else { return false }
        switch transfer.phase {
        case .fetchingMetadata, .failed, .removed: return false
        case .queued, .waitingToVerify, .verifying, .downloading, .paused, .finished: break
        }
        let choice = try await FileChoice.load(torrent, in: orchestrator)
        if try await choice.refuses(torrent, in: orchestrator) { return true }
        guard torrent.selection == choice.selection.text else {
            try await again(transfer, torrent, verifyAll: false)
            return true
        }
        if let sentence = choice.sentence(torrent.name) {
            for download in torrent.downloads { try await orchestrator.note(sentence, of: download) }
        }
        try await pool.withConnection { try await Torrents.noteSelected(torrent, on: $0) }
        return false
    }

    private func again(_ transfer: Transfer, _ torrent: Torrent, verifyAll: Bool) async throws {
        try await pool.withConnection { try await Torrents.noteAdd(torrent.infohash, on: $0) }
        try await aria2.remove(transfer)
        try await add(torrent, verifyAll: verifyAll)
    }

    /// Gives the torrent to aria2. That it is there already is no error.
    private func add(_ torrent: Torrent, verifyAll: Bool) async throws {
        let choice: FileChoice
        do {
            choice = try await FileChoice.load(torrent, in: orchestrator)
        } catch let error as MetainfoError {
            // What strangers have said to a magnet's question may be what killed aria2 the last time.
            for download in torrent.downloads {
                try await orchestrator.failed(download, because: error.sentence, lookedAt: torrent)
            }
            return
        }
        if try await choice.refuses(torrent, in: orchestrator) { return }
        try await pool.withConnection { try await Torrents.noteAdd(torrent.infohash, on: $0) }
        FaultPoint.addCounted.reach()
        let directory = orchestrator.parts.downloads.incoming(torrent.infohash)
        let hasData = try await BlockingPool.shared.run {
            try IncomingFolder(path: directory).prepare(distrustingControlFiles: verifyAll)
        }
        let (metainfo, magnet) = try await pool.withConnection { connection in
            (
                try await Torrents.metainfo(torrent.infohash, on: connection),
                try await Torrents.magnet(torrent.infohash, on: connection)
            )
        }
        if let metainfo {
            try await aria2.addTorrent(
                try Metainfo(parsing: metainfo), directory: directory, verify: hasData, selection: choice.selection)
        } else if let magnet {
            try await aria2.addMagnet(
                try Magnet(parsing: magnet), directory: directory, verify: hasData, selection: choice.selection)
        }
        FaultPoint.added.reach()
        try await pool.withConnection {
            try await Torrents.noteSelection(torrent.infohash, selection: choice.selection.text, on: $0)
        }
    }
}

extension Error {
    /// Not one torrent's trouble: aria2 or the database is away, or the watch ends.
    fileprivate var concernsAll: Bool {
        if case .away? = self as? Aria2Error { return true }
        return self is PostgresError || self is CancellationError
    }
}
