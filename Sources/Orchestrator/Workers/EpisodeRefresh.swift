import Logging
import Metadata
import Postgres
import Storage

/// Keeps the episodes of followed shows as their source has them: one question an hour for all of them, and one more
/// for each that has changed.
struct EpisodeRefresh: Sendable {
    /// One process refreshes: the one that has this duty.
    static let duty = "episodes"
    /// Seconds after which another process takes over from one that died: longer than one show takes to be read.
    static let lease = 45
    /// How long a source that does not answer is left alone.
    static let pause = Duration.seconds(300)
    static let interval = 3600

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        var notBefore = ContinuousClock.now
        // A source that does not answer is not asked more often because something changed here.
        await orchestrator.loop("The refresh of episodes", every: .seconds(20), isWoken: false) {
            guard try await orchestrator.has(Self.duty, for: Self.lease), notBefore <= .now else { return false }
            do {
                try await refreshIfDue()
            } catch let error as MetadataError {
                notBefore = .now + Self.pause
                orchestrator.logger.warning(
                    "TVmaze is asked again later", metadata: ["reason": "\(error.sentence(of: .tvmaze))"])
            }
            return false
        }
        await orchestrator.leave(Self.duty)
    }

    private func refreshIfDue() async throws {
        let (age, followed) = try await pool.withConnection { connection in
            (try await Settings.secondsSinceEpisodes(on: connection), try await Titles.followed(on: connection))
        }
        if let age, age < Self.interval { return }
        if !followed.isEmpty {
            for title in try await changed(among: followed, since: age) {
                guard let id = title.tvmaze else { continue }
                // Kept from show to show; whoever has it now goes on from what this one has written.
                guard try await orchestrator.has(Self.duty, for: Self.lease) else { return }
                do {
                    try await orchestrator.refresh(title: title.id, tvmaze: id)
                } catch MetadataError.notFound {
                    // The source has dropped the show; the others are not to wait for it.
                    continue
                }
            }
        }
        try await pool.withConnection { try await Settings.noteEpisodesSeen(on: $0) }
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
