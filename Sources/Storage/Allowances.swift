public import Postgres

/// So many, and how many of them are used.
public struct Quota: Sendable, Equatable {
    /// At most; `nil`: as many as they like.
    public var limit: Int?
    /// Used by now.
    public var used: Int

    /// How many more; `nil`: as many as they like.
    public var left: Int? { limit.map { max($0 - used, 0) } }
}

/// What somebody may ask for, and how much of it they have asked for.
public struct Allowance: Sendable, Equatable {
    /// Of these kinds a request of theirs waits until somebody approves it.
    public var approvedKinds: Set<Kind>
    /// What is no larger than so many gigabytes is approved by itself; `nil`: nothing is.
    public var approvedGigabytes: Int?
    /// Requests of theirs that are open.
    public var open: Quota
    /// Requests within the last seven days, by kind. What was declined does not count.
    public var weekly: [Kind: Quota]
    /// Bytes of releases that were chosen within the last seven days for requests of theirs, on their way or complete.
    /// Counted only where there is a limit.
    public var bytes: Quota

    /// Reads what a person may. With `isLocked` nobody else asks in their name until the transaction ends, so that
    /// what is left stays left.
    public static func load(
        for user: Int64, isLocked: Bool = false, on connection: PostgresConnection
    ) async throws -> Allowance? {
        // A statement of its own: the one that counts has to see what the one before under this lock has committed.
        if isLocked { try await connection.query("SELECT FROM users WHERE id = \(user) FOR NO KEY UPDATE") }
        let gigabytes: SQL = "COALESCE(mine.weekly_gigabytes, theirs.weekly_gigabytes)"
        return try await connection.query(
            """
            SELECT COALESCE(approved_kinds, '{}') AS approved_kinds, approved_gigabytes,
                COALESCE(mine.open_requests, theirs.open_requests) AS open_limit,
                COALESCE(mine.weekly_movies, theirs.weekly_movies) AS movie_limit,
                COALESCE(mine.weekly_shows, theirs.weekly_shows) AS show_limit,
                COALESCE(mine.weekly_games, theirs.weekly_games) AS game_limit,
                (SELECT count(*) FROM requests WHERE created_by = users.id
                    AND status IN ('PENDING', 'FOUND', 'DOWNLOADING', 'FAILED')) AS open,
                movies, shows, games, \(gigabytes) AS gigabyte_limit,
                CASE WHEN \(gigabytes) IS NULL THEN 0 ELSE (
                    SELECT COALESCE(sum(size_bytes), 0)::bigint FROM releases WHERE id IN (
                        SELECT release_id FROM requests JOIN downloads ON downloads.request_id = requests.id
                        JOIN items ON items.download_id = downloads.id
                        WHERE created_by = users.id AND chosen_at > now() - interval '7 days'
                          AND items.status IN ('DOWNLOADING', 'COMPLETED'))) END AS bytes
            FROM users LEFT JOIN role_limits AS theirs USING (role)
            LEFT JOIN person_limits AS mine ON mine.user_id = users.id AND users.role <> 'administrator'
            CROSS JOIN LATERAL (
                SELECT count(*) FILTER (WHERE kind = 'movie') AS movies,
                    count(*) FILTER (WHERE kind = 'show') AS shows, count(*) FILTER (WHERE kind = 'game') AS games
                FROM requests JOIN titles ON titles.id = requests.title_id
                WHERE created_by = users.id AND requests.created_at > now() - interval '7 days'
                  AND approval IS DISTINCT FROM 'declined') AS week
            WHERE users.id = \(user)
            """
        ).first.map { row in
            Allowance(
                approvedKinds: Set(try (row.get("approved_kinds") as [String]).compactMap(Kind.init)),
                approvedGigabytes: try row.get("approved_gigabytes"),
                open: Quota(limit: try row.get("open_limit"), used: try row.get("open")),
                weekly: [
                    .movie: Quota(limit: try row.get("movie_limit"), used: try row.get("movies")),
                    .show: Quota(limit: try row.get("show_limit"), used: try row.get("shows")),
                    .game: Quota(limit: try row.get("game_limit"), used: try row.get("games")),
                ],
                bytes: Quota(
                    limit: (try row.get("gigabyte_limit") as Int?).map { $0 * 1_000_000_000 },
                    used: try row.get("bytes")))
        }
    }
}

extension Allowance {
    /// Has nobody else choose for what this person asked for until the transaction ends, so that what is left stays left.
    ///
    /// Not by the lock of ``load(for:isLocked:on:)``, which is taken before a request's; this one is taken behind it.
    public static func lockChoices(for user: Int64, on connection: PostgresConnection) async throws {
        try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended('choices', \(user)))")
    }
}

/// How much a role or a person may ask for; `nil`: as many as they like, of a person: as many as their role may.
public struct Limits: Sendable, Equatable {
    /// Open requests at a time.
    public var open: Int?
    /// Movies within seven days.
    public var movies: Int?
    /// Shows within seven days.
    public var shows: Int?
    /// Games within seven days.
    public var games: Int?
    /// Gigabytes of releases that are chosen for it within seven days.
    public var gigabytes: Int?

    /// What a limit may be.
    public static let range = 0...10_000

    /// States limits.
    public init(
        open: Int? = nil, movies: Int? = nil, shows: Int? = nil, games: Int? = nil, gigabytes: Int? = nil
    ) {
        self.open = open
        self.movies = movies
        self.shows = shows
        self.games = games
        self.gigabytes = gigabytes
    }

    init(_ row: Row) throws {
        open = try row.get("open_requests")
        movies = try row.get("weekly_movies")
        shows = try row.get("weekly_shows")
        games = try row.get("weekly_games")
        gigabytes = try row.get("weekly_gigabytes")
    }

    /// Those of one person; empty when all are those of their role.
    public static func load(ofPerson user: Int64, on connection: PostgresConnection) async throws -> Limits {
        try await connection.query(
            """
            SELECT open_requests, weekly_movies, weekly_shows, weekly_games, weekly_gigabytes
            FROM person_limits WHERE user_id = \(user)
            """
        ).first.map(Limits.init) ?? Limits()
    }

    /// Makes these the limits of one person.
    public func save(ofPerson user: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO person_limits
                (user_id, open_requests, weekly_movies, weekly_shows, weekly_games, weekly_gigabytes)
            VALUES (\(user), \(open), \(movies), \(shows), \(games), \(gigabytes))
            ON CONFLICT (user_id) DO UPDATE SET open_requests = EXCLUDED.open_requests,
                weekly_movies = EXCLUDED.weekly_movies, weekly_shows = EXCLUDED.weekly_shows,
                weekly_games = EXCLUDED.weekly_games, weekly_gigabytes = EXCLUDED.weekly_gigabytes
            """)
    }
}

/// What those of a role may ask for. Administrators have no such rule: nothing limits them.
public struct RoleRule: Sendable, Equatable {
    /// Whose rule it is.
    public var role: Role
    /// Of these kinds a request waits until somebody approves it.
    public var approvedKinds: Set<Kind>
    /// What of that is no larger than so many gigabytes, by the releases that were found for it, is approved by itself;
    /// `nil`: nothing is.
    public var approvedGigabytes: Int?
    /// How much they may ask for.
    public var limits: Limits

    /// States a rule.
    public init(role: Role, approvedKinds: Set<Kind>, approvedGigabytes: Int? = nil, limits: Limits) {
        self.role = role
        self.approvedKinds = approvedKinds
        self.approvedGigabytes = approvedGigabytes
        self.limits = limits
    }

    /// The rules of all roles that have one.
    public static func list(on connection: PostgresConnection) async throws -> [RoleRule] {
        try await connection.query(
            """
            SELECT role, approved_kinds, approved_gigabytes, open_requests, weekly_movies, weekly_shows, weekly_games,
                weekly_gigabytes
            FROM role_limits
            ORDER BY array_position('{child,member,approver}'::text[], role)
            """
        ).map { row in
            RoleRule(
                role: try row.get("role"),
                approvedKinds: Set(try (row.get("approved_kinds") as [String]).compactMap(Kind.init)),
                approvedGigabytes: try row.get("approved_gigabytes"), limits: try Limits(row))
        }
    }

    /// Makes this the rule of its role.
    public func save(on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            UPDATE role_limits SET approved_kinds = \(approvedKinds.map(\.rawValue).sorted()),
                approved_gigabytes = \(approvedGigabytes),
                open_requests = \(limits.open), weekly_movies = \(limits.movies), weekly_shows = \(limits.shows),
                weekly_games = \(limits.games), weekly_gigabytes = \(limits.gigabytes)
            WHERE role = \(role.rawValue)
            """)
    }
}
