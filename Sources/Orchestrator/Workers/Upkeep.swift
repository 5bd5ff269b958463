public import Backup
public import FoundationEssentials
import Logging
import Postgres
import Reactor
import Storage

/// What keeps a house in order: a backup each day, and what is too old goes. One process does it for all.
struct Upkeep: Sendable {
    /// Seconds after which another process takes over; all of it is done well before.
    static let lease = 3600

    let orchestrator: Orchestrator
    private var keeper: BackupKeeper { orchestrator.backups }

    func run() async {
        var looked: ContinuousClock.Instant?
        await orchestrator.loop("The upkeep", every: .seconds(60)) {
            // Somebody pressed the button here: that is this process's to do, whoever has the duty.
            if keeper.isWished { try await backUp() }
            if let looked, looked.duration(to: .now) < .seconds(60) { return false }
            looked = .now
            guard try await orchestrator.has("upkeep", for: Self.lease) else { return false }
            let settings = try await orchestrator.pool.withConnection { try await Settings.load(on: $0) }
            if settings.dailyBackup ?? keeper.backups.isOwn, try isBackupDue() {
                try await backUp()
            }
            if try await orchestrator.isDue(.pruning) {
                try await orchestrator.run(.pruning) {
                    let removed = try await Retention(days: settings.historyDays).prune(orchestrator.pool)
                    if removed > 0 {
                        orchestrator.logger.info("Old history was removed", metadata: ["rows": "\(removed)"])
                    }
                    return JobOutcome(sentence: removed == 0 ? "Nothing was too old." : "\(removed) rows went.")
                }
            }
            return false
        }
        await orchestrator.leave("upkeep")
    }

    private func isBackupDue() throws -> Bool {
        try keeper.isDue(after: TimeInterval(Job.backup.interval), rest: TimeInterval(Job.backup.rest))
    }

    private func backUp() async throws {
        let kept = try await orchestrator.pool.withConnection { try await Settings.load(on: $0) }.backupsKept
        try await orchestrator.run(.backup) {
            await keeper.make(keeping: kept, logger: orchestrator.logger)
            if let failure = keeper.failure { return JobOutcome(sentence: failure.sentence, hasFailed: true) }
            return JobOutcome(sentence: "A backup was made; the newest \(kept) are kept.")
        }
        orchestrator.announcer.tell(.house)
    }
}

/// The backups that this process makes, and how it fares with them.
public final class BackupKeeper: Sendable {
    let backups: Backups
    private let state = Locked(State())

    private struct State {
        var isWanted = false
        var beganAt: Date?
        var failure: Failure?
    }

    /// A backup that came to nothing.
    public struct Failure: Sendable {
        /// When.
        public var at: Date
        /// Why, in words.
        public var sentence: String
    }

    init(_ backups: Backups) {
        self.backups = backups
    }

    /// Those that are there, the newest first.
    public func list() async throws -> [BackupFile] {
        try await BlockingPool.shared.run { [backups] in try backups.list() }
    }

    /// The folder that they are in.
    public var folder: String { backups.folder }

    /// Whether one is made each day when nobody has said anything about it.
    public var isDailyByDefault: Bool { backups.isOwn }

    /// Whether one is being made or about to be.
    public var isBusy: Bool { state.withLock { $0.isWanted || $0.beganAt != nil } }

    /// The latest one, if it failed.
    public var failure: Failure? { state.withLock { $0.failure } }

    func wish() { state.withLock { $0.isWanted = true } }

    var isWished: Bool { state.withLock { $0.isWanted } }

    /// Whether the newest is older than `age` seconds, and the last failure than `rest`.
    func isDue(after age: TimeInterval, rest: TimeInterval) throws -> Bool {
        if let failure, -failure.at.timeIntervalSinceNow < rest { return false }
        guard let newest = try backups.list().first else { return true }
        return -newest.madeAt.timeIntervalSinceNow >= age
    }

    func make(keeping count: Int, logger: Logger) async {
        state.withLock { ($0.beganAt, $0.isWanted) = (Date(), false) }
        do {
            let file = try await backups.make()
            try backups.keep(count)
            state.withLock { ($0.beganAt, $0.failure) = (nil, nil) }
            logger.info("A backup was made", metadata: ["file": "\(file.path)", "bytes": "\(file.size)"])
        } catch {
            state.withLock { state in
                state.beganAt = nil
                if !Task.isCancelled { state.failure = Failure(at: Date(), sentence: "\(error)") }
            }
            if !Task.isCancelled { logger.error("No backup was made", metadata: ["reason": "\(error)"]) }
        }
    }
}

extension Orchestrator {
    /// Has a backup made now, in a while.
    public func backUp() {
        backups.wish()
        announcer.tell(.house)
    }
}
