public import Aria2
public import FoundationEssentials
import Postgres
import Storage

/// How downloads are doing, at this moment.
public enum LiveProgress: Sendable {
    /// As aria2 says now. A download that is missing has not been given to it yet.
    case known([Int64: Transfer])
    /// aria2 does not answer, since then.
    case unknown(since: Date)
}

extension Orchestrator {
    /// Asks aria2, now, how these downloads are doing.
    ///
    /// Whoever asks while an answer is under way shares the next one: never older than the question, and never more
    /// than one at a time, however many are watching.
    ///
    /// - Throws: ``PostgresError``.
    public func progress(of downloads: [Int64]) async throws -> LiveProgress {
        guard !downloads.isEmpty else { return .known([:]) }
        let infohashes = try await pool.withConnection { try await Downloads.infohashes(of: downloads, on: $0) }
        switch await live.next() {
        case .failure(let away): return .unknown(since: away.since)
        case .success(let snapshot):
            return .known(infohashes.compactMapValues { snapshot.transfers[$0] })
        }
    }
}

/// Snapshots of aria2 that questions share.
actor LiveSnapshots {
    struct Away: Error {
        var since: Date
    }

    /// A page waits no longer than this.
    private static let patience = Duration.milliseconds(1500)

    private let aria2: Aria2Client
    private var current: Task<Result<Snapshot, Away>, Never>?
    private var queued: Task<Result<Snapshot, Away>, Never>?
    private var awaySince: Date?

    init(aria2: Aria2Client) {
        self.aria2 = aria2
    }

    /// A snapshot taken after this call began.
    func next() async -> Result<Snapshot, Away> {
        if let waiting = queued { return await waiting.value }
        guard let running = current else { return await start().value }
        let waiting = Task {
            _ = await running.value
            return await self.startQueued().value
        }
        queued = waiting
        return await waiting.value
    }

    private func startQueued() -> Task<Result<Snapshot, Away>, Never> {
        queued = nil
        return start()
    }

    private func start() -> Task<Result<Snapshot, Away>, Never> {
        let task = Task { await self.take() }
        current = task
        return task
    }

    private func take() async -> Result<Snapshot, Away> {
        defer { current = nil }
        do {
            let snapshot = try await aria2.snapshot(within: Self.patience)
            awaySince = nil
            return .success(snapshot)
        } catch {
            let since = awaySince ?? Date()
            awaySince = since
            return .failure(Away(since: since))
        }
    }
}
