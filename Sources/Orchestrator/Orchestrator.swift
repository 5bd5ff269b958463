public import Aria2
public import Backup
public import HTTPClient
public import Logging
public import Metadata
public import Postgres
import Storage
public import Torznab

/// What the orchestrator works with.
public struct OrchestratorParts: Sendable {
    /// The database.
    public var pool: PostgresPool
    /// The way to wherever people have their notices sent.
    public var http: HTTPClient
    /// The downloader.
    public var aria2: Aria2Client
    /// The way to indexers.
    public var torznab: TorznabClient
    /// The sources of titles.
    public var sources: TitleSources
    /// The folder in which their pictures are kept, and how many bytes of them.
    public var pictures: (folder: String, limit: Int)
    /// The folder under which everything is downloaded.
    public var downloads: DownloadFolder
    /// Where backups of the database go.
    public var backups: Backups
    /// Where it reports.
    public var logger: Logger

    /// Names all the parts.
    public init(
        pool: PostgresPool, http: HTTPClient, aria2: Aria2Client, torznab: TorznabClient, sources: TitleSources,
        pictures: (folder: String, limit: Int), downloads: DownloadFolder, backups: Backups, logger: Logger
    ) {
        self.pool = pool
        self.http = http
        self.aria2 = aria2
        self.torznab = torznab
        self.sources = sources
        self.pictures = pictures
        self.downloads = downloads
        self.backups = backups
        self.logger = logger
    }
}

/// The one place where things happen.
///
///      a person's command ─┐                             ┌─► search worker ─► indexers
///      a clock ────────────┼─► door: lock, decide, ──────┼─► effect worker ─► indexer, disk
///      news from aria2 ────┘   record, order, commit     └─► watcher ───────► aria2
///                                      ▲                              │
///                                      └────────── outcomes ──────────┘
///
/// Commands answer when their transaction is committed; whatever has to happen in the world follows from what was
/// committed, by workers that do it again until it is done.
public final class Orchestrator: Sendable {
    let parts: OrchestratorParts
    let announcer: Announcer
    let live: LiveSnapshots
    let titles: TitleKeeper
    let pictures: PictureKeeper
    /// The backups, and how this process fares with them.
    public let backups: BackupKeeper
    /// This process among those that work on the same database.
    let worker: String

    var pool: PostgresPool { parts.pool }
    var logger: Logger { parts.logger }

    /// Makes an orchestrator; ``run()`` sets it to work.
    public init(_ parts: OrchestratorParts) {
        self.parts = parts
        worker = String(UInt64.random(in: .min ... .max), radix: 36)
        announcer = Announcer(pool: parts.pool, origin: worker, logger: parts.logger)
        live = LiveSnapshots(aria2: parts.aria2)
        titles = TitleKeeper(pool: parts.pool, logger: parts.logger)
        pictures = PictureKeeper(
            folder: parts.pictures.folder, limit: parts.pictures.limit, sources: parts.sources, pool: parts.pool,
            logger: parts.logger)
        backups = BackupKeeper(parts.backups)
    }

    /// Works until the task is cancelled.
    public func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.announcer.run() }
            for _ in 0..<4 { group.addTask { await SearchWorker(orchestrator: self).run() } }
            for _ in 0..<2 { group.addTask { await EffectWorker(orchestrator: self).run() } }
            group.addTask { await Watcher(orchestrator: self).run() }
            group.addTask { await Clockwork(orchestrator: self).run() }
            group.addTask { await EpisodeRefresh(orchestrator: self).run() }
            group.addTask { await NewestReleases(orchestrator: self).run() }
            group.addTask { await NoticeWorker(orchestrator: self).run() }
            for _ in 0..<2 { group.addTask { await DeliveryWorker(orchestrator: self).run() } }
            group.addTask { await Upkeep(orchestrator: self).run() }
        }
    }

    /// What changes, in this process and in others, from now on.
    public func changes() -> AsyncStream<Change> {
        announcer.subscribe()
    }

    /// Does `work` again and again: when something has changed (unless it is not to be woken), and every `interval`
    /// whatever happens, because news of changes is a hint that can be lost. Work that answers `true` is done again at
    /// once.
    ///
    /// What it throws is reported and otherwise means: later.
    func loop(
        _ name: String, every interval: Duration, isWoken: Bool = true, _ work: () async throws -> Bool
    ) async {
        let wake = Wake()
        let listening = Task { [changes = changes()] in
            for await _ in changes where isWoken { wake.signal() }
        }
        defer { listening.cancel() }
        var failures = 0
        while !Task.isCancelled {
            do {
                while try await work(), !Task.isCancelled {}
                failures = 0
                await wake.wait(atMost: interval)
            } catch {
                if Task.isCancelled { return }
                failures += 1
                if let error = error as? PostgresError, error.isUnavailable {
                    // The pool has said so, once for all that fail of it.
                    logger.debug("\(name) could not work", metadata: ["reason": "\(error)"])
                } else if failures == 1 || failures.isMultiple(of: 20) {
                    logger.warning("\(name) could not work", metadata: ["reason": "\(error)", "times": "\(failures)"])
                }
                // A worker that fails is not to be woken into failing faster: a fixed rest, then again.
                try? await Task.sleep(for: min(interval, .seconds(2)))  // only cancellation throws, and ends the loop
            }
        }
    }

    /// Whether this process has a duty that one does for all, from now on for so many seconds.
    func has(_ duty: String, for seconds: Int) async throws -> Bool {
        try await evenWhenStopped { [worker] in try await Duties.take(duty, by: worker, for: seconds, on: $0) }
    }

    /// Leaves a duty to others, at once instead of when its lease has run out.
    func leave(_ duty: String) async {
        await giveBack { [worker] in try await Duties.leave(duty, by: worker, on: $0) }
    }

    /// Takes something that has a lease in a task of its own, which the cancellation of this one does not reach: what
    /// was sent and not waited for could be taken after it was given back.
    func evenWhenStopped<Success: Sendable>(
        _ take: @escaping @Sendable (PostgresConnection) async throws -> Success
    ) async throws -> Success {
        try await Task { try await pool.withConnection(take) }.value
    }

    /// Gives back what has a lease, also when this task is cancelled.
    func giveBack(_ write: @escaping @Sendable (PostgresConnection) async throws -> Void) async {
        do {
            try await evenWhenStopped(write)
        } catch {
            // Leases run out by themselves.
            logger.debug("A lease was not given back", metadata: ["reason": "\(error)"])
        }
    }
}
