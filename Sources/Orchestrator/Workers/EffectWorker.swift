import Aria2
import FoundationEssentials
import Lifecycle
import Logging
import Postgres
import Reactor
import Releases
import Storage
import Torznab

/// Carries out what decisions ordered, each order again until it is done.
struct EffectWorker: Sendable {
    /// Seconds after which an order that a dead worker had taken is taken again.
    static let lease = 120
    /// How often a torrent is asked of an indexer that does not answer before the download has failed: at growing pauses,
    /// for some two hours. An indexer that was restarted is no failure.
    static let fetchAttempts = 20

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }
    private var downloads: DownloadFolder { orchestrator.parts.downloads }

    func run() async {
        await orchestrator.loop("The effects", every: .seconds(5)) { try await performNext() }
    }

    private func performNext() async throws -> Bool {
        guard let entry = try await pool.withConnection({ try await Outbox.take(lease: Self.lease, on: $0) }) else {
            return false
        }
        FaultPoint.effectTaken.reach()
        do {
            try await whileKeeping(entry) {
                switch entry.effect {
                case .fetch(let download): try await fetch(download, attempt: entry.attempts)
                case .abandon(let download): try await abandon(download)
                case .place(let download): try await place(download)
                }
            }
            FaultPoint.effectDone.reach()
            try await pool.withConnection { try await Outbox.finish(entry.id, on: $0) }
        } catch {
            // Stopped in the midst of it: that says nothing about the effect, and its lease runs out by itself.
            if Task.isCancelled { throw CancellationError() }
            let pause = Policy.effectDelay(afterAttempt: entry.attempts)
            // That PostgreSQL is away is said by the pool.
            let isQuiet = (error as? PostgresError)?.isUnavailable ?? false
            orchestrator.logger.log(
                level: isQuiet ? .debug : .warning, "An effect is tried again later",
                metadata: ["effect": "\(entry.effect)", "seconds": "\(pause)", "reason": "\(error)"])
            try await pool.withConnection {
                let sentence = (error as? FetchFailure)?.sentence ?? "\(error)"
                try await Outbox.postpone(entry.id, seconds: pause, error: sentence, on: $0)
            }
        }
        return true
    }

    /// What takes longer than the lease, as verifying and moving a hundred gigabytes does, is not taken by another worker
    /// meanwhile.
    private func whileKeeping(_ entry: OutboxEntry, _ work: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(Self.lease / 3))
                    // While the database is away nobody else takes it either.
                    try? await pool.withConnection { try await Outbox.keep(entry.id, lease: Self.lease, on: $0) }
                }
            }
            defer { group.cancelAll() }
            try await work()
        }
    }

    // MARK: Fetch

    /// Gets the torrent of a chosen release from its indexer, and has the watcher give it to aria2.
    private func fetch(_ id: Int64, attempt: Int) async throws {
        let (download, release, indexer) = try await pool.transaction(.readOnly) { connection in
            guard let download = try await Downloads.find(id, on: connection),
                let release = try await ReleaseRows.find(download.release, of: download.request, on: connection)
            else { throw CommandError.notFound }
            var indexer: Indexer?
            if let known = release.indexerID { indexer = try await Indexers.find(known, on: connection) }
            return (download, release, indexer)
        }
        guard download.infohash == nil else { return }
        let torrent: FetchedTorrent
        do {
            torrent = try await FetchedTorrent.fetch(release, from: indexer, by: orchestrator.parts.torznab)
        } catch let failure as FetchFailure {
            guard !Task.isCancelled, failure.isFinal || attempt >= Self.fetchAttempts else { throw failure }
            return try await orchestrator.failed(id, because: failure.sentence)
        }
        FaultPoint.torrentFetched.reach()
        try await orchestrator.withDoor(of: download.request) { door in
            // Somebody may have changed their mind meanwhile; then there is nothing to give to aria2.
            guard try await door.items().contains(where: { $0.download == id && $0.status == .downloading }) else {
                return
            }
            try await Torrents.save(
                infohash: torrent.infohash, name: torrent.name, metainfo: torrent.metainfo, magnet: torrent.magnet,
                on: door.connection)
            try await Downloads.attach(torrent.infohash, to: id, on: door.connection)
        }
    }

    // MARK: Abandon

    private func abandon(_ id: Int64) async throws {
        let download = try await pool.withConnection { try await Downloads.find(id, on: $0) }
        guard let infohash = download?.infohash else { return }
        try await orchestrator.tidy(infohash)
    }

    // MARK: Place

    /// Puts the files of a complete download where people look, and then lets go of the torrent. Files that were changed
    /// or deleted by other hands are mended by aria2 first, and this is tried again.
    private func place(_ id: Int64) async throws {
        let found = try await pool.transaction(.readOnly) { try await PlacementFacts.load(id, on: $0) }
        guard let facts = found else { return }
        let folder = downloads
        let place: String
        do {
            place = try await BlockingPool.shared.run { try facts.place(in: folder) }
        } catch is PlacementFacts.FilesNotWhole {
            try await pool.withConnection { try await Torrents.distrust(facts.infohash, on: $0) }
            throw PlacementFacts.FilesNotWhole()
        }
        FaultPoint.placed.reach()
        try await pool.withConnection { try await Downloads.notePlaced(id, at: place, on: $0) }
        FaultPoint.placeNoted.reach()
        try await orchestrator.tidy(facts.infohash)
    }
}

extension Orchestrator {
    /// Takes a torrent that nobody needs any more out of aria2 and its files off the incoming folder.
    ///
    /// The torrent's row is locked meanwhile: a request that chooses it now waits, and then finds it tidied away and
    /// wanted again, never half there.
    func tidy(_ infohash: String) async throws {
        let directory = parts.downloads.incoming(infohash)
        try await pool.transaction { connection in
            guard try await Torrents.lock(infohash, on: connection),
                try await Torrents.isUnneeded(infohash, on: connection)
            else { return }
            if let transfer = try await parts.aria2.snapshot().transfers[infohash] {
                try await parts.aria2.remove(transfer)
            }
            FaultPoint.removed.reach()
            try await BlockingPool.shared.run {
                if FileManager.default.fileExists(atPath: directory) {
                    try FileManager.default.removeItem(atPath: directory)
                }
            }
            FaultPoint.filesRemoved.reach()
            try await Torrents.noteTidied(infohash, on: connection)
        }
    }
}
