public import FoundationEssentials
public import Postgres

/// The queue of searches: columns of `requests`, claimed with a lease.
public enum SearchQueue {
    /// Takes the request that is due most urgently: one that somebody waits for first; then people in turn, so that the
    /// many requests of one do not keep the only one of another waiting; of one person's the longest due.
    ///
    /// A claim is a lease: a worker that dies gives it back by dying. `nil` when nothing is due. While the queue is paused,
    /// only what somebody waits for.
    public static func claim(
        by worker: String, lease: Int, on connection: PostgresConnection
    ) async throws -> Claim? {
        try await connection.query(
            """
            -- Each part walks an index of its own, in order, to the first that it may take.
            WITH pause AS MATERIALIZED (SELECT searching_paused_at IS NOT NULL AS is_paused FROM settings),
            asked AS MATERIALIZED (
                SELECT id FROM requests
                WHERE search_asked_at IS NOT NULL AND next_search_at <= now()
                  AND (search_lease IS NULL OR search_lease < now())
                ORDER BY search_asked_at LIMIT 1 FOR UPDATE SKIP LOCKED),
            waiting AS MATERIALIZED (
                -- From person to person in the order of their turns, and no further than the first who has something due.
                SELECT due.id FROM (
                    SELECT users.id AS person FROM users LEFT JOIN queue_turns ON user_id = users.id
                    ORDER BY queue_turns.at NULLS FIRST, users.id) AS turns
                CROSS JOIN LATERAL (
                    SELECT id FROM requests
                    WHERE created_by = person AND next_search_at <= now()
                      AND (search_lease IS NULL OR search_lease < now())
                    ORDER BY next_search_at LIMIT 1 FOR UPDATE SKIP LOCKED) AS due
                WHERE NOT EXISTS (SELECT FROM asked) AND NOT (SELECT is_paused FROM pause) LIMIT 1),
            orphaned AS MATERIALIZED (
                SELECT id FROM requests
                WHERE created_by IS NULL AND next_search_at <= now()
                  AND (search_lease IS NULL OR search_lease < now())
                  AND NOT EXISTS (SELECT FROM asked UNION ALL SELECT FROM waiting)
                  AND NOT (SELECT is_paused FROM pause)
                ORDER BY next_search_at LIMIT 1 FOR UPDATE SKIP LOCKED),
            due AS (SELECT id FROM asked UNION ALL SELECT id FROM waiting UNION ALL SELECT id FROM orphaned),
            turn AS (
                INSERT INTO queue_turns (user_id, at)
                SELECT created_by, clock_timestamp() FROM due JOIN requests USING (id) WHERE created_by IS NOT NULL
                ON CONFLICT (user_id) DO UPDATE SET at = EXCLUDED.at)
            UPDATE requests SET search_lease = now() + make_interval(secs => \(lease)), search_worker = \(worker)
            FROM due WHERE requests.id = due.id RETURNING requests.id, clock_timestamp() AS at, search_asked_by
            """
        ).first.map {
            Claim(request: try $0.get("id"), at: try $0.get("at"), askedBy: try $0.get("search_asked_by"))
        }
    }

    /// Ends the claim, if it is still this worker's: the request rests for `seconds`, or (`nil`) until something
    /// happens. What was asked for since the claim stays asked for. Answers whether the claim still was this worker's.
    public static func settle(
        _ claim: Claim, by worker: String, attempts: Int, next seconds: Int?, on connection: PostgresConnection
    ) async throws -> Bool {
        // Whatever makes a search due does so by the database's clock and under the row's lock: later than the claim
        // means that this search knew nothing of it.
        try await connection.execute(
            """
            UPDATE requests SET search_lease = NULL, search_worker = NULL, changed_at = clock_timestamp(),
                search_attempts = CASE WHEN next_search_at > \(claim.at) THEN search_attempts ELSE \(attempts)::int END,
                next_search_at = CASE WHEN next_search_at > \(claim.at) THEN next_search_at
                    WHEN \(seconds)::int IS NULL THEN NULL ELSE now() + make_interval(secs => \(seconds)::int) END,
                search_asked_by = CASE WHEN search_asked_at > \(claim.at) THEN search_asked_by END,
                search_asked_at = CASE WHEN search_asked_at > \(claim.at) THEN search_asked_at END
            WHERE id = \(claim.request) AND search_worker = \(worker)
            """) == 1
    }

    /// Whether the claim still is this worker's.
    public static func holds(
        _ claim: Claim, by worker: String, on connection: PostgresConnection
    ) async throws -> Bool {
        try await !connection.query(
            "SELECT FROM requests WHERE id = \(claim.request) AND search_worker = \(worker)"
        ).isEmpty
    }

    /// Gives the claim back undone, if it is still this worker's.
    public static func release(_ claim: Claim, by worker: String, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            UPDATE requests SET search_lease = NULL, search_worker = NULL
            WHERE id = \(claim.request) AND search_worker = \(worker)
            """)
    }
}

extension SearchQueue {
    /// That the queue is held, since when, and by whom.
    public struct Pause: Sendable, Equatable {
        /// Since when.
        public var at: Date
        /// Who held it, by name; `nil`: somebody whose account is gone.
        public var by: String?
    }

    /// Holds the queue: until it is resumed, only what somebody asks for by hand is searched. Held already, it stays held by
    /// whoever did so first.
    public static func pause(by user: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE settings SET searching_paused_at = now(), searching_paused_by = \(user)
            WHERE searching_paused_at IS NULL
            """)
    }

    /// Lets the queue go on.
    public static func resume(on connection: PostgresConnection) async throws {
        _ = try await connection.execute("UPDATE settings SET searching_paused_at = NULL, searching_paused_by = NULL")
    }

    /// Whether the queue is held; `nil`: it is not.
    public static func pause(on connection: PostgresConnection) async throws -> Pause? {
        try await connection.query(
            """
            SELECT searching_paused_at, users.name FROM settings LEFT JOIN users ON users.id = searching_paused_by
            WHERE searching_paused_at IS NOT NULL
            """
        ).first.map { Pause(at: try $0.get("searching_paused_at"), by: try $0.get("name")) }
    }
}

/// A request that a worker has taken to search for.
public struct Claim: Sendable {
    /// The request.
    public var request: Int64
    /// When it was taken, by the database's clock.
    public var at: Date
    /// Who had asked for it by then; whoever asks while it runs has asked for the next one.
    public var askedBy: Int64?
}
