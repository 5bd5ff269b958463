import Postgres
import Storage

/// What the house does from time to time, by itself.
public enum Job: String, CaseIterable, Sendable {
    /// Items expire, failed ones are searched again, episodes air.
    case clockwork
    /// The newest releases of the indexers are looked at.
    case newest
    /// The episodes of followed shows are kept as their source has them.
    case episodes
    /// A backup.
    case backup
    /// Old history goes.
    case pruning

    /// Seconds between two runs.
    public var interval: Int {
        switch self {
        case .clockwork: 20
        case .newest: 900
        case .episodes: 3600
        case .backup, .pruning: 86_400
        }
    }

    /// Seconds of rest after a run that failed.
    var rest: Int {
        switch self {
        case .clockwork: 2
        case .newest: 30
        case .episodes: 300
        case .backup, .pruning: 600
        }
    }
}

/// What a run of a job came to, in words.
struct JobOutcome {
    var sentence: String
    var hasFailed = false
}

extension Orchestrator {
    /// Has a job run now: by this process or another, whichever does it for the house.
    public func runNow(_ job: Job) async throws {
        // The folder of the backups is this process's.
        if job == .backup { return backUp() }
        try await pool.withConnection { try await Jobs.ask(job.rawValue, on: $0) }
        announcer.tell(.house)
    }

    /// Whether somebody wants the job to run now.
    func isAsked(_ job: Job) async throws -> Bool {
        try await pool.withConnection { try await Jobs.isAsked(job.rawValue, on: $0) }
    }

    /// Whether the job's time has come, or somebody wants it to run now.
    func isDue(_ job: Job) async throws -> Bool {
        try await pool.withConnection { try await Jobs.isDue(job.rawValue, on: $0) }
    }

    /// Runs a job, and notes when, for how long, and what came of it.
    func run(_ job: Job, _ work: () async throws -> JobOutcome) async throws {
        try await pool.withConnection { try await Jobs.begin(job.rawValue, on: $0) }
        do {
            try await note(try await work(), of: job)
        } catch {
            if !Task.isCancelled {
                try await note(JobOutcome(sentence: "\(error)", hasFailed: true), of: job)
            }
            throw error
        }
    }

    private func note(_ outcome: JobOutcome, of job: Job) async throws {
        try await pool.withConnection { connection in
            try await Jobs.end(
                job.rawValue, outcome: outcome.sentence, hasFailed: outcome.hasFailed,
                nextIn: outcome.hasFailed ? job.rest : job.interval, on: connection)
        }
    }
}
