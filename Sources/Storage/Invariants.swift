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
                SELECT 'the trigger ' || name || ' is ' || CASE WHEN tgname IS NULL THEN 'missing'
                    WHEN tgenabled = 'D' THEN 'off' ELSE 'not always on' END AS what
                FROM unnest(\(guards)::text[]) AS name
                LEFT JOIN pg_trigger ON tgname = name AND tgrelid = ANY
                    (ARRAY['items', 'requests', 'events', 'outbox', 'transitions', 'request_log']::regclass[])
                WHERE tgenabled IS DISTINCT FROM 'A'
                """),
        Invariant(
            name: "downloads",
            sentence: "Items, events and downloads that belong together are of one request.",
            contradictions: """
                SELECT 'item ' || items.id || ' of request ' || items.request_id || ' is on download ' || downloads.id
                    || ' of request ' || downloads.request_id AS what
                FROM items JOIN downloads ON downloads.id = items.download_id
                WHERE items.request_id <> downloads.request_id
                UNION ALL
                SELECT 'event ' || events.id || ' of request ' || events.request_id || ' moved item ' || items.id
                    || ' of request ' || items.request_id
                FROM events JOIN items ON items.id = events.item_id WHERE items.request_id <> events.request_id
                UNION ALL
                SELECT 'download ' || downloads.id || ' of request ' || downloads.request_id || ' is of release '
                    || releases.id || ' of request ' || releases.request_id
                FROM downloads JOIN releases ON releases.id = downloads.release_id
                WHERE releases.request_id <> downloads.request_id
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
                SELECT DISTINCT 'nothing is on download ' || download_id || ', and it was never ordered away'
                FROM events
                WHERE event = 'selected' AND NOT EXISTS (SELECT 1 FROM items WHERE download_id = events.download_id)
                  AND NOT EXISTS (SELECT 1 FROM outbox WHERE download_id = events.download_id AND effect = 'abandon')
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
            sentence:
                "While Usher runs, nothing due is forgotten: no search under a lease of the past, no order, no notice.",
            contradictions: """
                WITH forgotten AS (
                    SELECT 'request ' || id || ' is under a lease that ended ' || search_lease AS what FROM requests
                    WHERE search_lease < now() - interval '10 minutes'
                      AND next_search_at < now() - interval '10 minutes'
                    UNION ALL
                    SELECT 'the order to ' || effect || ' download ' || download_id || ' is due since ' || due_at
                    FROM outbox WHERE done_at IS NULL AND due_at < now() - interval '10 minutes'
                    UNION ALL
                    SELECT 'nobody was told of ' || COALESCE('event ' || event_id, 'line ' || log_id || ' of the log')
                        || ' since ' || at
                    FROM untold WHERE at < now() - interval '10 minutes'
                    UNION ALL
                    SELECT 'delivery ' || id || ' is due since ' || due_at FROM deliveries
                    WHERE sent_at IS NULL AND failed_at IS NULL AND due_at < now() - interval '10 minutes')
                SELECT what FROM forgotten WHERE EXISTS (SELECT 1 FROM duties WHERE until > now())
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
        Invariant(
            name: "transactions", sentence: "Nobody holds locks without doing anything.",
            contradictions: """
                SELECT 'session ' || pid || ' has an idle transaction with locks since ' || xact_start AS what
                FROM pg_stat_activity
                WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND backend_xid IS NOT NULL
                  AND xact_start < now() - interval '30 seconds'
                """),
    ]

    /// The triggers without which the tables could be made to contradict each other.
    private static let guards = [
        "events_append_only", "events_move_items", "events_no_truncate", "events_stay", "events_untold",
        "items_begin_pending",
        "items_fold", "items_guard", "items_no_truncate", "items_stay", "outbox_guard", "outbox_no_truncate",
        "outbox_stay", "request_log_untold", "requests_begin_pending", "requests_guard", "requests_no_truncate",
        "requests_stay",
        "transitions_stay",
    ]
}
