import FoundationEssentials
import Metadata
import Postgres
import Storage

/// Keeps the episodes of followed shows as their source has them: one question an hour for all of them, and one more
/// for each that has changed.
struct EpisodeRefresh: Sendable {
    static let lock: Int64 = 0x75_73_68_65_72_02
    static let interval = 3600

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        await orchestrator.loop("The refresh of episodes", every: .seconds(60)) {
            try await pool.withConnection { connection in
                let held: Bool = try await connection.query(
                    "SELECT pg_try_advisory_lock(\(Self.lock)) AS held")[0].get("held")
                guard held else { return }
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await refreshIfDue(connection)) } catch { outcome = .failure(error) }
                _ = try await connection.query("SELECT pg_advisory_unlock(\(Self.lock))")
                try outcome.get()
            }
            return false
        }
    }

    private func refreshIfDue(_ connection: PostgresConnection) async throws {
        let age = try await Settings.secondsSinceEpisodes(on: connection)
        if let age, age < Self.interval { return }
        let followed = try await Titles.followed(on: connection)
        if !followed.isEmpty {
            let changed = try await changed(among: followed, since: age)
            for title in changed {
                if let id = title.tvmaze { try await orchestrator.refresh(title: title.id, tvmaze: id) }
            }
        }
        try await Settings.noteEpisodesSeen(on: connection)
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
        let updates = try await orchestrator.parts.tvmaze.updates(since: period)
        return followed.filter { title in
            guard let id = title.tvmaze, let updated = updates[id] else { return false }
            return title.sourceUpdated != Int64(updated)
        }
    }
}
