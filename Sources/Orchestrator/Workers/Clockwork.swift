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
        await orchestrator.loop("The clockwork", every: .seconds(Job.clockwork.interval)) {
            // Woken by whatever changes, it looks each time; noted is what it does in its own time, and when asked.
            if try await orchestrator.isDue(.clockwork) {
                try await orchestrator.run(.clockwork) { JobOutcome(sentence: try await look()) }
            } else {
                _ = try await look()
            }
            return false
        }
    }

    /// - Returns: what it came to, in words.
    private func look() async throws -> String {
        try await announceExpiry()
        let counts = [
            (try await expire(), "expired"), (try await retry(), "to be searched again"), (try await air(), "aired"),
        ]
        let done = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return done.isEmpty ? "Nothing was due." : done.joined(separator: ", ") + "."
    }

    private func announceExpiry() async throws {
        for request in try await pool.withConnection({ try await Items.expiring(within: Self.noticeDays, on: $0) }) {
            try await orchestrator.withDoor(of: request) { door in
                guard let at = try await Requests.noteExpiryTold(request, on: door.connection) else { return }
                let zone = try await Settings.load(on: door.connection).times.zone
                let style = Date.ISO8601FormatStyle(timeZone: TimeZone(identifier: zone) ?? .gmt)
                let day = at.formatted(style.year().month().day())
                try await door.log("expiring", "expires on \(day), unless it is searched for or kept")
            }
        }
    }

    private func expire() async throws -> Int {
        let requests = try await pool.withConnection { try await Items.overdue(on: $0) }
        for request in requests {
            try await unlessRefused {
                try await orchestrator.withDoor(of: request) { door in
                    let overdue = try await Items.overdue(of: request, on: door.connection)
                    let days = try await Settings.load(on: door.connection).expiryDays(for: door.request.title.kind)
                    try await door.carryOut(.expire(overdue), reason: "not searched for \(days) days")
                }
            }
        }
        return requests.count
    }

    private func retry() async throws -> Int {
        let requests = try await pool.withConnection { try await Requests.dueForRetry(on: $0) }
        for request in requests {
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
        return requests.count
    }

    private func air() async throws -> Int {
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
                // Releases of it follow after a while. The first of several has waited longest.
                let minutes = try await Settings.load(on: door.connection).airingMinutes
                let now = try await DatabaseClock.now(on: door.connection)
                let first = episodes.compactMap(\.episode.airsAt).min() ?? now
                let seconds = Int(first.timeIntervalSince(now).rounded(.up)) + 60 * minutes
                if seconds > 0 {
                    try await Requests.searchSoon(request, in: seconds, on: door.connection)
                } else {
                    try await Requests.searchSoon(request, on: door.connection)
                }
            }
        }
        return aired.count
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
