public import FoundationEssentials
public import Lifecycle
public import Postgres

/// A request in the queue of searches, as the administrator sees it.
public struct QueueRow: Sendable {
    /// The request's id.
    public var request: Int64
    /// What it is.
    public var kind: Kind
    /// Its title.
    public var title: String
    /// The year of the title.
    public var year: Int?
    /// The fold of its items.
    public var status: Lifecycle.Status
    /// Whose turn it takes; `nil`: an account that is gone.
    public var person: String?
    /// Who asked for this search by hand; `nil`: nobody, or an account that is gone.
    public var askedBy: String?
    /// Since when it is searched, when it is due, or was.
    public var at: Date
    /// How often the queue has searched in vain.
    public var attempts: Int
    /// What its latest search came to.
    public var lastSearch: String?

    init(_ row: Row) throws {
        request = try row.get("id")
        kind = try row.get("kind")
        title = try row.get("name")
        year = try row.get("year")
        status = try row.get("status")
        person = try row.get("person")
        askedBy = try row.get("asked_by")
        at = try row.get("at")
        attempts = try row.get("search_attempts")
        lastSearch = try row.get("last_search")
    }
}

/// The queue of searches in the order in which ``SearchQueue`` takes from it.
public enum QueueRows {
    /// What is searched now, the longest running first.
    public static func running(limit: Int, on connection: PostgresConnection) async throws -> [QueueRow] {
        try await connection.query(
            """
            \(select("COALESCE((SELECT started_at FROM searches WHERE request_id = requests.id AND finished_at IS NULL "
                + "ORDER BY searches.id DESC LIMIT 1), requests.changed_at)"))
            WHERE requests.search_lease > now() ORDER BY at, requests.id \(SQL(raw: "LIMIT \(limit)"))
            """
        ).map(QueueRow.init)
    }

    /// What is searched next: what somebody asked for by hand, then what is due, from person to person, then the rest by its
    /// time. Each person's by an index, however many there are.
    public static func waiting(limit: Int, on connection: PostgresConnection) async throws -> [QueueRow] {
        let first = SQL(raw: "LIMIT \(limit)")
        let isFree: SQL = "(search_lease IS NULL OR search_lease < now())"
        return try await connection.query(
            """
            WITH next AS (
                (SELECT id, 0 AS class, 0::bigint AS round, 0::bigint AS turn, search_asked_at AS place FROM requests
                 WHERE search_asked_at IS NOT NULL AND next_search_at <= now() AND \(isFree)
                 ORDER BY search_asked_at \(first))
                UNION ALL
                (SELECT due.id, 1, due.round, turns.turn, due.next_search_at FROM (
                    -- Whose request is searched because it was asked for has had a turn.
                    SELECT users.id AS person, row_number() OVER (
                        ORDER BY asked.at NULLS FIRST, queue_turns.at NULLS FIRST, users.id) AS turn
                    FROM users LEFT JOIN queue_turns ON user_id = users.id
                    LEFT JOIN (
                        SELECT created_by, max(search_asked_at) AS at FROM requests
                        WHERE search_asked_at IS NOT NULL AND next_search_at <= now() AND \(isFree)
                        GROUP BY created_by) AS asked ON asked.created_by = users.id) AS turns
                 CROSS JOIN LATERAL (
                    SELECT id, next_search_at, row_number() OVER (ORDER BY next_search_at) AS round FROM requests
                    WHERE created_by = person AND next_search_at <= now() AND search_asked_at IS NULL AND \(isFree)
                    ORDER BY next_search_at \(first)) AS due
                 ORDER BY due.round, turns.turn \(first))
                UNION ALL
                (SELECT id, 2, 0, 0, next_search_at FROM requests
                 WHERE created_by IS NULL AND next_search_at <= now() AND search_asked_at IS NULL AND \(isFree)
                 ORDER BY next_search_at \(first))
                UNION ALL
                (SELECT later.id, 3, 0, 0, later.next_search_at FROM (
                    SELECT users.id AS person FROM users) AS people
                 CROSS JOIN LATERAL (
                    SELECT id, next_search_at FROM requests
                    WHERE created_by = person AND next_search_at > now() AND \(isFree)
                    ORDER BY next_search_at \(first)) AS later
                 ORDER BY later.next_search_at \(first))
                UNION ALL
                (SELECT id, 3, 0, 0, next_search_at FROM requests
                 WHERE created_by IS NULL AND next_search_at > now() AND \(isFree)
                 ORDER BY next_search_at \(first)))
            \(select("requests.next_search_at")) JOIN next ON next.id = requests.id
            ORDER BY next.class, next.round, next.turn, next.place, next.id \(first)
            """
        ).map(QueueRow.init)
    }

    private static func select(_ at: String) -> SQL {
        """
        SELECT requests.id, titles.kind, titles.name, titles.year, requests.status, requests.search_attempts,
            users.name AS person, asker.name AS asked_by, \(SQL(raw: at)) AS at,
            (SELECT sentence FROM searches WHERE request_id = requests.id AND finished_at IS NOT NULL
             ORDER BY searches.id DESC LIMIT 1) AS last_search
        FROM requests JOIN titles ON titles.id = requests.title_id LEFT JOIN users ON users.id = requests.created_by
        LEFT JOIN users AS asker ON asker.id = requests.search_asked_by
        """
    }
}
