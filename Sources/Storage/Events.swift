public import Lifecycle
public import Postgres

/// The table `events`: the history, and the one way to move an item.
public enum Events {
    /// Records one round of steps; the database moves the items and folds the request's status.
    ///
    /// - Throws: ``PostgresError`` with SQLSTATE 23503 or US001 for a step that is not allowed or does not start from
    ///   the item's status. Under the request's lock that is a defect, not a race.
    public static func record(
        _ steps: [Step], of request: Int64, by user: Int64?, reason: String?, on connection: PostgresConnection
    ) async throws {
        guard !steps.isEmpty else { return }
        _ = try await connection.execute(
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status, user_id, reason, download_id)
            SELECT \(request), item, event, origin, target, \(user)::bigint, \(reason)::text, download
            FROM unnest(\(steps.map(\.item))::bigint[], \(steps.map(\.event.rawValue))::text[],
                        \(steps.map(\.from.rawValue))::text[], \(steps.map(\.to.rawValue))::text[],
                        \(steps.map { $0.download ?? 0 })::bigint[]) AS step (item, event, origin, target, raw),
                 LATERAL (SELECT NULLIF(raw, 0) AS download) AS link
            ORDER BY item
            """)
    }
}

/// The table `request_log`: what happened to a request that is no item's event.
public enum RequestLog {
    /// Adds a line to the request's history.
    public static func add(
        _ kind: String, _ sentence: String, to request: Int64, by user: Int64?, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            INSERT INTO request_log (request_id, user_id, kind, sentence)
            VALUES (\(request), \(user), \(kind), \(sentence))
            """)
    }

    /// The latest line of this kind in the request's history.
    public static func last(
        _ kind: String, of request: Int64, on connection: PostgresConnection
    ) async throws -> String? {
        try await connection.query(
            """
            SELECT sentence FROM request_log WHERE request_id = \(request) AND kind = \(kind) ORDER BY id DESC LIMIT 1
            """
        ).first.map { try $0.get("sentence") }
    }
}

/// The table `form_keys`: a form that is sent twice is answered twice and done once.
public enum FormKeys {
    /// The request that this form made when it was sent before.
    ///
    /// The row is locked, and so this transaction commits as one that writes: it waits for the standby like the one that
    /// made the request. After a crash what was committed can be read before it is on the standby; an answer that relied on
    /// that would be lost if the primary were lost next.
    public static func request(for key: String, on connection: PostgresConnection) async throws -> Int64? {
        try await connection.query("SELECT request_id FROM form_keys WHERE key = \(key) FOR UPDATE").first
            .map { try $0.get("request_id") }
    }

    /// Remembers what a form made. A twin that is faster makes this throw a unique violation, and the whole
    /// transaction is the twin's.
    public static func remember(
        _ key: String, request: Int64, by user: Int64, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            "INSERT INTO form_keys (key, user_id, request_id) VALUES (\(key), \(user), \(request))")
    }
}
