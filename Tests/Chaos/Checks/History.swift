import Postgres
import Storage

/// Whether the history says what people were told, and says everything once.
struct History {
    let house: House

    func contradictions() async throws -> [String] {
        try await invariants() + twice() + asked() + told() + Notices(house: house).contradictions()
    }

    /// All that must hold at any moment.
    func invariants() async throws -> [String] {
        try await house.database.transaction(.readOnly) { connection in
            var found: [String] = []
            for invariant in Invariant.all {
                found += try await invariant.check(on: connection).map { "\(invariant.name): \($0)" }
            }
            return found
        }
    }

    private func twice() async throws -> [String] {
        try await house.database.query(
            """
            SELECT 'item ' || item_id || ' was completed ' || count(*) || ' times' AS what FROM events
            WHERE event = 'downloadCompleted' GROUP BY item_id HAVING count(*) > 1
            UNION ALL
            SELECT 'session ' || pid || ' is idle in a transaction since ' || xact_start FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'
              AND xact_start < now() - interval '30 s'
            """
        ).map { try $0.get("what") }
    }

    /// Every form that was answered with a request is stored, once, for that request.
    private func asked() async throws -> [String] {
        var stored: [String: Int64] = [:]
        for row in try await house.database.query("SELECT key, request_id FROM form_keys") {
            stored[try row.get("key")] = try row.get("request_id") as Int64
        }
        return house.ledger.all.compactMap { entry in
            guard case .ask(let key) = entry.deed, entry.answer == .done else { return nil }
            guard let request = stored[key] else { return "\(entry.person)'s request \(entry.request ?? 0) is gone" }
            return request == entry.request
                ? nil : "\(entry.person) was told \(entry.request ?? 0), and request \(request) is stored"
        }
    }

    /// Of each deed of each person on each request, the history has at least as many as were confirmed, and at most
    /// as many as may have been done.
    private func told() async throws -> [String] {
        var confirmed: [Key: Int] = [:]
        var possible: [Key: Int] = [:]
        for entry in house.ledger.all {
            guard let request = entry.request else { continue }
            let key = Key(person: entry.person, deed: entry.deed.line, request: request)
            switch entry.answer {
            case .done:
                confirmed[key, default: 0] += 1
                possible[key, default: 0] += 1
            case .unknown, .failed: possible[key, default: 0] += 1
            case .refused: break
            }
        }
        let recorded = try await recorded()
        var wrong: [String] = []
        for (key, count) in recorded where count > possible[key] ?? 0 {
            wrong.append("\(key): \(count) times in the history, asked for \(possible[key] ?? 0) times")
        }
        // What changes nothing leaves no line: a release that was chosen already, somebody who is on it already.
        for (key, count) in confirmed where key.deed.hasPrefix("cancel") {
            if recorded[key] ?? 0 < count {
                wrong.append("\(key): confirmed \(count) times, \(recorded[key] ?? 0) times in the history")
            }
        }
        let settled = try await settled()
        for (key, _) in confirmed where key.deed == "choose" || key.deed == "search" {
            // A search that was asked for is not made if all of its request was cancelled, or completed, before it was.
            if key.deed == "search", settled.contains(key.request) { continue }
            let others = recorded.contains { line, _ in
                line.request == key.request
                    && (line.deed == key.deed || key.deed == "search" && line.deed == "cancel part")
            }
            if !others { wrong.append("\(key): confirmed, and not in the history") }
        }
        return wrong.sorted()
    }

    /// The requests of which nothing is left to be had.
    private func settled() async throws -> Set<Int64> {
        let rows = try await house.database.query(
            """
            SELECT request_id FROM items GROUP BY request_id
            HAVING bool_and(status IN ('COMPLETED', 'CANCELLED', 'EXPIRED'))
            """)
        return Set(try rows.map { try $0.get("request_id") })
    }

    private struct Key: Hashable, Comparable, CustomStringConvertible {
        let person: String
        let deed: String
        let request: Int64

        var description: String { "\(person)'s “\(deed)” of request \(request)" }
        static func < (left: Key, right: Key) -> Bool { left.description < right.description }
    }

    /// Commands that the history shows, a transaction each.
    private func recorded() async throws -> [Key: Int] {
        var found: [Key: Int] = [:]
        for row in try await house.database.query(
            """
            SELECT person, deed, request_id, count(DISTINCT act) AS times FROM (
                SELECT users.name AS person, request_id, events.xmin::text AS act,
                       CASE WHEN event = 'selected' THEN 'choose'
                            WHEN reason = 'the download was cancelled' THEN 'cancel download'
                            ELSE 'cancel part' END AS deed
                FROM events JOIN users ON users.id = events.user_id WHERE event IN ('selected', 'cancelled')
                UNION ALL
                SELECT users.name, request_id, request_log.xmin::text, 'cancel part'
                FROM request_log JOIN users ON users.id = request_log.user_id WHERE kind IN ('left', 'stopped')
                UNION ALL
                SELECT users.name, request_id, searches.xmin::text, 'search'
                FROM searches JOIN users ON users.id = searches.asked_by WHERE finished_at IS NOT NULL
            ) AS acts GROUP BY person, deed, request_id
            """)
        {
            let key = Key(person: try row.get("person"), deed: try row.get("deed"), request: try row.get("request_id"))
            found[key] = Int(try row.get("times") as Int64)
        }
        return found
    }
}
