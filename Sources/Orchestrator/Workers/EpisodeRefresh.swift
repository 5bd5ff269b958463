import Logging
import Metadata
import Postgres
import Storage

/// Keeps the episodes of followed shows as their source has them: one question an hour for all of them, and one more
/// for each that has changed. Those that have ended are read once a week, whatever the source says of them meanwhile.
struct EpisodeRefresh: Sendable {
    /// One process refreshes: the one that has this duty.
    static let duty = "episodes"
    /// Seconds after which another process takes over from one that died: longer than one show takes to be read.
    static let lease = 45
    /// Days after which a show that has ended is read again.
    static let endedDays = 7
    /// Ended shows that are read in one run: the others have their turn an hour later.
    static let endedLimit = 50

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        var notBefore = ContinuousClock.now
        // A source that does not answer is not asked more often because something changed here.
        await orchestrator.loop("The refresh of episodes", every: .seconds(20), isWoken: false) {
            guard try await orchestrator.has(Self.duty, for: Self.lease) else { return false }
            let age = try await pool.withConnection { try await Settings.secondsSinceEpisodes(on: $0) }
            let isAsked = try await orchestrator.isAsked(.episodes)
            guard isAsked || (notBefore <= .now && age ?? .max >= Job.episodes.interval) else { return false }
            try await orchestrator.run(.episodes) {
                do {
                    return JobOutcome(sentence: try await refresh(age: age))
                } catch let error as MetadataError {
                    notBefore = .now + .seconds(Job.episodes.rest)
                    let sentence = error.sentence(of: .tvmaze)
                    orchestrator.logger.warning("TVmaze is asked again later", metadata: ["reason": "\(sentence)"])
                    return JobOutcome(sentence: sentence, hasFailed: true)
                }
            }
            return false
        }
        await orchestrator.leave(Self.duty)
    }

    /// - Parameter age: how many seconds ago the source was last asked; `nil`: never.
    /// - Returns: what it came to, in words.
    private func refresh(age: Int?) async throws -> String {
        let (followed, ended) = try await pool.withConnection {
            (
                try await Titles.followed(on: $0),
                try await Titles.ended(unreadForDays: Self.endedDays, limit: Self.endedLimit, on: $0)
            )
        }
        let changed = followed.isEmpty ? [] : try await changed(among: followed, since: age)
        for title in changed + ended {
            guard let id = title.tvmaze else { continue }
            // Kept from show to show; whoever has it now goes on from what this one has written.
            guard try await orchestrator.has(Self.duty, for: Self.lease) else {
                return "Another process goes on with it."
            }
            do {
                try await orchestrator.refresh(title: title.id, tvmaze: id)
            } catch MetadataError.notFound {
                // The source has dropped the show; the others are not to wait for it.
                try await pool.withConnection { try await Titles.noteRead(title.id, on: $0) }
            }
        }
        try await pool.withConnection { try await Settings.noteEpisodesSeen(on: $0) }
        let sentence = "\(changed.count) of \(followed.count) followed shows had changed"
        return ended.isEmpty ? "\(sentence)." : "\(sentence); \(ended.count) that ended were read again."
    }

    /// After a pause that the source's list of changes does not span, all count as changed.
    private func changed(among followed: [Title], since age: Int?) async throws -> [Title] {
        let period: TVmaze.Period
        switch age {
        case nil: return followed
        case let age? where age > 27 * 86_400: return followed
        case let age? where age > 6 * 86_400: period = .month
        case let age? where age > 20 * 3600: period = .week
        default: period = .day
        }
        let updates = try await orchestrator.parts.sources.tvmaze.updates(since: period)
        return followed.filter { title in
            guard let id = title.tvmaze, let updated = updates[id] else { return false }
            return title.sourceUpdated != Int64(updated)
        }
    }
}
