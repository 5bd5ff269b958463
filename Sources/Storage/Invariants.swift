import Lifecycle
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
            name: "moves", sentence: "The database allows the moves that the machine knows, and no other was made.",
            contradictions: """
                WITH machine AS (
                    SELECT * FROM unnest(\(Transitions.all.map(\.event.rawValue))::text[],
                        \(Transitions.all.map(\.from.rawValue))::text[], \(Transitions.all.map(\.to.rawValue))::text[])
                        AS move (event, from_status, to_status))
                SELECT 'the move ' || move::text || ' is not in the table of transitions' AS what
                FROM (SELECT * FROM machine EXCEPT SELECT * FROM transitions) AS move
                UNION ALL
                SELECT 'the move ' || move::text || ' is in the table of transitions, and the machine refuses it'
                FROM (SELECT * FROM transitions EXCEPT SELECT * FROM machine) AS move
                UNION ALL
                (SELECT 'event ' || id || ' made the move ' || (event, from_status, to_status)::text FROM events
                WHERE (event, from_status, to_status) NOT IN (SELECT * FROM machine) LIMIT 100)
                """),
        Invariant(
            name: "guards", sentence: "Whatever keeps items, requests, history and orders in step is switched on.",
            contradictions: """
                SELECT 'the trigger ' || name || ' is ' || CASE WHEN tgname IS NULL THEN 'missing' ELSE 'off' END AS what
                FROM unnest(\(guards)::text[]) AS name
                LEFT JOIN pg_trigger ON tgname = name AND tgrelid::regclass::text IN ('items', 'requests', 'events', 'outbox')
                WHERE tgenabled IS DISTINCT FROM 'O'
                """),
        Invariant(
            name: "downloads",
            sentence: "Each item is on a download of its own request, and each torrent on its way once.",
            contradictions: """
                SELECT 'item ' || items.id || ' of request ' || items.request_id || ' is on download ' || downloads.id
                    || ' of request ' || downloads.request_id AS what
                FROM items JOIN downloads ON downloads.id = items.download_id
                WHERE items.request_id <> downloads.request_id
                UNION ALL
                SELECT 'request ' || request_id || ' has items on torrent ' || infohash || ' by several downloads'
                FROM (SELECT DISTINCT downloads.request_id, infohash, downloads.id FROM downloads
                      JOIN items ON items.download_id = downloads.id AND items.status = 'DOWNLOADING'
                      WHERE infohash IS NOT NULL) AS link
                GROUP BY request_id, infohash HAVING count(*) > 1
                LIMIT 100
                """),
        Invariant(
            name: "orders", sentence: "Each download that has items was ordered, and each order has its event.",
            contradictions: """
                SELECT 'download ' || downloads.id || ' was never ordered to be fetched' AS what FROM downloads
                WHERE EXISTS (SELECT 1 FROM items WHERE download_id = downloads.id)
                  AND NOT EXISTS (SELECT 1 FROM outbox WHERE download_id = downloads.id AND effect = 'fetch')
                UNION ALL
                SELECT 'the files of download ' || downloads.id || ' were never ordered to their place' FROM downloads
                WHERE EXISTS (SELECT 1 FROM items WHERE download_id = downloads.id AND status = 'COMPLETED')
                  AND NOT EXISTS (SELECT 1 FROM outbox WHERE download_id = downloads.id AND effect = 'place')
                UNION ALL
                SELECT 'download ' || download_id || ' was ordered to ' || effect || ' and never selected' FROM outbox
                WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.download_id = outbox.download_id
                    AND event = 'selected')
                LIMIT 100
                """),
        Invariant(
            name: "completions", sentence: "Each item that is complete was completed once.",
            contradictions: """
                SELECT 'item ' || item_id || ' was completed ' || count(*) || ' times' AS what FROM events
                WHERE event = 'downloadCompleted' GROUP BY item_id HAVING count(*) > 1 LIMIT 100
                """),
        Invariant(
            name: "queue",
            sentence: "Nothing that is due has been forgotten: no search under a lease of the past, no order.",
            contradictions: """
                SELECT 'request ' || id || ' is under a lease that ended ' || search_lease AS what FROM requests
                WHERE search_lease < now() - interval '10 minutes' AND next_search_at < now() - interval '10 minutes'
                UNION ALL
                SELECT 'the order to ' || effect || ' download ' || download_id || ' is due since ' || due_at FROM outbox
                WHERE done_at IS NULL AND due_at < now() - interval '10 minutes'
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
    /// The triggers without which the tables could be made to contradict each other.
    private static let guards = [
        "events_append_only", "events_move_items", "events_no_truncate", "events_stay", "items_begin_pending",
        "items_fold", "items_guard", "items_no_truncate", "items_stay", "outbox_guard", "requests_begin_pending",
        "requests_guard", "requests_no_truncate", "requests_stay",
    ]
}
