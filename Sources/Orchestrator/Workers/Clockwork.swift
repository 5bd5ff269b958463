import FoundationEssentials
import Lifecycle
import Postgres
import Storage

/// What happens because time passes: items expire, failed ones are searched again, episodes air.
struct Clockwork: Sendable {
    /// So many days before something expires, its history and its page say so.
    static let noticeDays = 3

    let orchestrator: Orchestrator
    private var pool: PostgresPool { orchestrator.pool }

    func run() async {
        await orchestrator.loop("The clockwork", every: .seconds(20)) {
            try await announceExpiry()
            try await expire()
            try await retry()
            try await air()
            return false
        }
    }

    private func announceExpiry() async throws {
        for request in try await pool.withConnection({ try await Items.expiring(within: Self.noticeDays, on: $0) }) {
            try await orchestrator.withDoor(of: request) { door in
                guard let at = try await Requests.noteExpiryTold(request, on: door.connection) else { return }
                let day = at.formatted(Date.ISO8601FormatStyle().year().month().day())
                try await door.log("expiring", "expires on \(day), unless it is searched for or kept")
            }
        }
    }

    private func expire() async throws {
        for request in try await pool.withConnection({ try await Items.overdue(on: $0) }) {
            try await unlessRefused {
                try await orchestrator.withDoor(of: request) { door in
                    let overdue = try await Items.overdue(of: request, on: door.connection)
                    let days = try await Settings.load(on: door.connection).expiryDays(for: door.request.title.kind)
                    try await door.carryOut(.expire(overdue), reason: "not searched for \(days) days")
                }
            }
        }
    }

    private func retry() async throws {
        for request in try await pool.withConnection({ try await Requests.dueForRetry(on: $0) }) {
            try await unlessRefused {
                try await orchestrator.withDoor(of: request) { door in
                    try await Requests.clearRetry(request, on: door.connection)
                    let failed = try await door.items().filter { $0.status == .failed }
                    guard !failed.isEmpty else { return }
                    try await door.carryOut(
                        .requeue(Set(failed.map(\.id))), reason: "searched again by itself after a failure")
                    try await Requests.searchSoon(request, on: door.connection)
                }
            }
        }
    }

    private func air() async throws {
        let aired = try await pool.withConnection { try await Episodes.newlyAired(on: $0) }
        for (request, episodes) in Dictionary(grouping: aired, by: \.request).sorted(by: { $0.key < $1.key }) {
            try await orchestrator.withDoor(of: request) { door in
                for (_, episode) in episodes {
                    guard let at = episode.at else { continue }
                    let item = try await Items.add(
                        to: request, at: at, episodeID: episode.id, releasedAt: episode.airsAt, on: door.connection)
                    if item != nil {
                        try await door.log("aired", "S\(at.season.padded)E\(at.number.padded) has aired")
                    }
                }
                try await Requests.searchSoon(request, on: door.connection)
            }
        }
    }

    /// Somebody else was faster, and there is nothing left to do.
    private func unlessRefused(_ body: () async throws -> Void) async throws {
        do { try await body() } catch CommandError.refused { return }
    }
}

extension Int {
    /// Two digits at least.
    var padded: String { self < 10 ? "0\(self)" : "\(self)" }
}
