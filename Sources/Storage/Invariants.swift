public import Postgres

/// A statement about the whole database that must hold at any moment.
public struct Invariant: Sendable {
    /// Its name in reports.
    public var name: String
    /// What it says, for people.
    public var sentence: String
    /// Finds what contradicts it: one text column `what` a row.
    var contradictions: SQL

    /// What contradicts it now; empty when all is well.
    public func check(on connection: PostgresConnection) async throws -> [String] {
        try await connection.query(contradictions).map { try $0.get("what") }
    }

    /// All of them.
    public static let all: [Invariant] = [
        Invariant(
            name: "fold", sentence: "Each request has the status that its items fold to.",
            contradictions: """
                SELECT 'request ' || id || ' is ' || status || ', its items say ' || folded_status(id) AS what
                FROM requests WHERE status <> folded_status(id) LIMIT 100
                """),
        Invariant(
            name: "history", sentence: "Each item's events form a chain that ends at its status.",
            contradictions: """
                WITH chain AS (
                    SELECT item_id, id, from_status, to_status,
                           lag(to_status, 1, 'PENDING') OVER (PARTITION BY item_id ORDER BY id) AS before,
                           lead(id) OVER (PARTITION BY item_id ORDER BY id) IS NULL AS is_last
                    FROM events)
                SELECT 'event ' || id || ' starts from ' || from_status || ' after ' || before AS what
                FROM chain WHERE from_status <> before
                UNION ALL
                SELECT 'item ' || items.id || ' is ' || status || ', its last event says ' || COALESCE(to_status, 'PENDING')
                FROM items LEFT JOIN chain ON chain.item_id = items.id AND is_last
                WHERE status <> COALESCE(to_status, 'PENDING') OR last_event_id IS DISTINCT FROM chain.id
                LIMIT 100
                """),
        Invariant(
            name: "orders", sentence: "Each download that has items was ordered to be fetched.",
            contradictions: """
                SELECT 'download ' || downloads.id || ' was never ordered' AS what FROM downloads
                WHERE EXISTS (SELECT 1 FROM items WHERE download_id = downloads.id)
                  AND NOT EXISTS (SELECT 1 FROM outbox WHERE download_id = downloads.id AND effect = 'fetch')
                LIMIT 100
                """),
        Invariant(
            name: "queue",
            sentence: "Each request with items that wait for a search has its place in the queue, or rests.",
            contradictions: """
                SELECT 'request ' || id || ' is under a lease that ended ' || search_lease AS what FROM requests
                WHERE search_lease < now() - interval '10 minutes' AND next_search_at < now() - interval '10 minutes'
                LIMIT 100
                """),
        Invariant(
            name: "people", sentence: "Each request that is still wanted has somebody on it, or is the house's own.",
            contradictions: """
                SELECT 'request ' || id || ' is ' || status || ' and nobody is on it' AS what FROM requests
                WHERE status IN ('PENDING', 'FOUND', 'DOWNLOADING', 'FAILED') AND created_by IS NOT NULL
                  AND NOT EXISTS (SELECT 1 FROM request_people WHERE request_id = requests.id)
                LIMIT 100
                """),
    ]
}
