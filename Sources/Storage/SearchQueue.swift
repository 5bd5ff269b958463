public import FoundationEssentials
public import Postgres

/// The queue of searches: columns of `requests`, claimed with a lease.
public enum SearchQueue {
    /// Takes the request that is due most urgently: one that somebody waits for first, then the longest due.
    ///
    /// A claim is a lease: a worker that dies gives it back by dying. `nil` when nothing is due.
    public static func claim(
        by worker: String, lease: Int, on connection: PostgresConnection
    ) async throws -> Int64? {
        try await connection.query(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM requests
                WHERE next_search_at <= now() AND (search_lease IS NULL OR search_lease < now())
                ORDER BY search_asked_at NULLS LAST, next_search_at
                LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE requests SET search_lease = now() + make_interval(secs => \(lease)), search_worker = \(worker)
            FROM due WHERE requests.id = due.id RETURNING requests.id
            """
        ).first.map { try $0.get("id") }
    }

    /// Ends the claim, if it is still this worker's: the request rests for `seconds`, or (`nil`) until something
    /// happens. A search asked for meanwhile stays asked for. Answers whether the claim still was this worker's.
    public static func settle(
        _ request: Int64, by worker: String, startedAt: Date, attempts: Int, next seconds: Int?,
        on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            UPDATE requests SET search_lease = NULL, search_worker = NULL, changed_at = clock_timestamp(),
                search_attempts = CASE WHEN search_asked_at > \(startedAt) THEN search_attempts ELSE \(attempts) END,
                next_search_at = CASE WHEN search_asked_at > \(startedAt) THEN now()
                    WHEN \(seconds)::int IS NULL THEN NULL ELSE now() + make_interval(secs => \(seconds)::int) END,
                search_asked_by = CASE WHEN search_asked_at > \(startedAt) THEN search_asked_by END,
                search_asked_at = CASE WHEN search_asked_at > \(startedAt) THEN search_asked_at END
            WHERE id = \(request) AND search_worker = \(worker)
            """) == 1
    }
}
