public import FoundationEssentials
public import Lifecycle
public import Postgres
public import Releases

/// What keeps a request from being searched for: somebody has to approve it.
public enum Approval: String, Sendable {
    /// Nobody has decided yet.
    case awaited
    /// Somebody has said no.
    case declined
}

/// The household's wish for one title.
public struct Request: Sendable {
    /// The request's id.
    public var id: Int64
    /// What is wanted.
    public var title: Title
    /// How much of it.
    public var scope: Scope
    /// Episodes that air before this are not wanted (scope `future`).
    public var futureFrom: Date?
    /// Acceptable qualities; empty: any.
    public var qualities: Set<Quality>
    /// Acceptable formats; empty: any.
    public var formats: Set<Format>
    /// Acceptable platforms of a game; empty: any.
    public var platforms: Set<Platform>
    /// Genres of a game; empty: any.
    public var genres: Set<Genre>
    /// Who chooses among its releases; `nil`: as the house does.
    public var choosing: Choosing?
    /// What else it asks of them.
    public var demands: Demands
    /// The fold of its items.
    public var status: Lifecycle.Status
    /// How often the queue searched since something last changed.
    public var searchAttempts: Int
    /// When the queue searches next; `nil`: it rests.
    public var nextSearchAt: Date?
    /// When somebody asked for a search that has not been made yet.
    public var searchAskedAt: Date?
    /// Who did.
    public var searchAskedBy: Int64?
    /// A worker is searching until then.
    public var searchLease: Date?
    /// Downloads that failed since somebody last searched by hand.
    public var failures: Int
    /// When failed items are searched again by themselves.
    public var retryAt: Date?
    /// When it was cancelled as a whole; `nil`: new episodes are still wanted.
    public var stoppedAt: Date?
    /// Whether it waits for approval or was declined; `nil`: neither.
    public var approval: Approval?
    /// Who asked for it first; `nil`: their account is gone.
    public var createdBy: Int64?
    /// When it was asked for.
    public var createdAt: Date
    /// When anything about it last changed.
    public var changedAt: Date

    /// For `SELECT \(Request.columns) FROM requests JOIN titles ON titles.id = requests.title_id`.
    public static let columns: SQL = """
        requests.id, requests.scope, requests.future_from, requests.qualities, requests.formats, requests.platforms,
        requests.genres, requests.choosing, \(Demands.columns), requests.status, requests.search_attempts,
        requests.next_search_at, requests.search_asked_at, requests.search_asked_by, requests.search_lease,
        requests.failures, requests.retry_at, requests.stopped_at, requests.approval, requests.created_by,
        requests.created_at, requests.changed_at, \(Title.columns)
        """

    /// Reads a row of ``columns``.
    public init(_ row: Row) throws {
        id = try row.get("id")
        title = try Title(row)
        scope = try row.get("scope")
        futureFrom = try row.get("future_from")
        qualities = Set(try (row.get("qualities") as [String]).compactMap(Quality.init))
        formats = Set(try (row.get("formats") as [String]).compactMap(Format.init))
        platforms = Set(try (row.get("platforms") as [String]).compactMap(Platform.init))
        genres = Set(try (row.get("genres") as [String]).compactMap(Genre.init))
        choosing = try row.get("choosing")
        demands = try Demands(row)
        status = try row.get("status")
        searchAttempts = try row.get("search_attempts")
        nextSearchAt = try row.get("next_search_at")
        searchAskedAt = try row.get("search_asked_at")
        searchAskedBy = try row.get("search_asked_by")
        searchLease = try row.get("search_lease")
        failures = try row.get("failures")
        retryAt = try row.get("retry_at")
        stoppedAt = try row.get("stopped_at")
        approval = try row.get("approval")
        createdBy = try row.get("created_by")
        createdAt = try row.get("created_at")
        changedAt = try row.get("changed_at")
    }
}

/// Who may have a request changed.
public enum Reach: Sendable {
    /// Usher itself.
    case house
    /// This person, who must be on the request.
    case member(Int64)
    /// This administrator.
    case administrator(Int64)

    /// The condition under which a row of `requests` is in reach.
    var condition: SQL {
        switch self {
        case .house, .administrator: "true"
        case .member(let user):
            "EXISTS (SELECT 1 FROM request_people WHERE request_id = requests.id AND user_id = \(user))"
        }
    }
}

/// The table `requests`, and `request_people`.
public enum Requests {
    /// Locks the request: until the transaction ends, nobody else changes it or its items. `nil` when there is none
    /// in reach.
    public static func lock(
        _ id: Int64, for reach: Reach = .house, on connection: PostgresConnection
    ) async throws -> Request? {
        try await connection.query(
            """
            SELECT \(Request.columns) FROM requests JOIN titles ON titles.id = requests.title_id
            WHERE requests.id = \(id) AND \(reach.condition) FOR UPDATE OF requests
            """
        ).first.map(Request.init)
    }

    /// The request as it is now, without a lock.
    public static func find(_ id: Int64, on connection: PostgresConnection) async throws -> Request? {
        try await connection.query(
            """
            SELECT \(Request.columns) FROM requests JOIN titles ON titles.id = requests.title_id
            WHERE requests.id = \(id)
            """
        ).first.map(Request.init)
    }

    /// Whether there is such a request, in anybody's reach.
    public static func exists(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query("SELECT 1 FROM requests WHERE id = \(id)").isEmpty
    }

    /// Makes the request of a title, unless it has one; answers its id and whether it was made now. Either way the
    /// row is locked.
    public static func make(
        for title: Int64, scope: Scope, futureFrom: Date?, by user: Int64, on connection: PostgresConnection
    ) async throws -> (id: Int64, isNew: Bool) {
        let made = try await connection.query(
            """
            INSERT INTO requests (title_id, scope, future_from, created_by)
            VALUES (\(title), \(scope), \(futureFrom), \(user))
            ON CONFLICT (title_id) DO NOTHING RETURNING id
            """)
        if let row = made.first { return (try row.get("id"), true) }
        let known = try await connection.query("SELECT id FROM requests WHERE title_id = \(title) FOR UPDATE")
        return (try known[0].get("id"), false)
    }

    /// Widens what is acceptable and how much is wanted.
    public static func update(
        _ id: Int64, scope: Scope, futureFrom: Date?, qualities: Set<Quality>, formats: Set<Format>,
        platforms: Set<Platform>, genres: Set<Genre>, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET scope = \(scope), future_from = \(futureFrom),
                qualities = \(qualities.map(\.rawValue).sorted()), formats = \(formats.map(\.rawValue).sorted()),
                platforms = \(platforms.map(\.rawValue).sorted()), genres = \(genres.map(\.rawValue).sorted()),
                stopped_at = NULL
            WHERE id = \(id)
            """)
    }

    /// Puts somebody on the request; answers whether they were not on it before.
    public static func add(person: Int64, to id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute(
            "INSERT INTO request_people (request_id, user_id) VALUES (\(id), \(person)) ON CONFLICT DO NOTHING") == 1
    }

    /// Keeps what somebody on the request says about it to the others.
    public static func setNote(
        _ text: String, of person: Int64, at id: Int64, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            "UPDATE request_people SET note = \(text) WHERE request_id = \(id) AND user_id = \(person)")
    }

    /// Takes somebody off the request; answers how many remain on it.
    public static func remove(person: Int64, from id: Int64, on connection: PostgresConnection) async throws -> Int {
        _ = try await connection.execute(
            "DELETE FROM request_people WHERE request_id = \(id) AND user_id = \(person)")
        return try await connection.query("SELECT count(*) AS n FROM request_people WHERE request_id = \(id)")[0]
            .get("n")
    }

    /// Has the request wait for approval, or (`nil`) go on. While it waits it is in nobody's queue: the database sees to
    /// that.
    public static func setApproval(
        _ approval: Approval?, of id: Int64, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            "UPDATE requests SET approval = \(approval?.rawValue), changed_at = clock_timestamp() WHERE id = \(id)")
    }

    /// The requests that this person is on.
    public static func ids(with person: Int64, on connection: PostgresConnection) async throws -> [Int64] {
        try await connection.query("SELECT request_id FROM request_people WHERE user_id = \(person) ORDER BY 1")
            .map { try $0.get("request_id") }
    }

    /// How many requests nobody but this person is on.
    public static func count(onlyOf person: Int64, on connection: PostgresConnection) async throws -> Int {
        try await connection.query(
            """
            SELECT count(*) AS n FROM request_people AS mine WHERE user_id = \(person) AND NOT EXISTS (
                SELECT FROM request_people AS others
                WHERE others.request_id = mine.request_id AND others.user_id <> mine.user_id)
            """)[0].get("n")
    }

    /// Notes that somebody waits for a search: the queue takes it next, and counts its attempts afresh.
    public static func askForSearch(
        _ id: Int64, by user: Int64?, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET search_asked_by = \(user), search_asked_at = clock_timestamp(),
                next_search_at = clock_timestamp(), stopped_at = NULL, search_attempts = 0, failures = 0, retry_at = NULL,
                changed_at = clock_timestamp()
            WHERE id = \(id)
            """)
    }

    /// Has the queue search as soon as it can, counting its attempts afresh: there is something new to look for.
    public static func searchSoon(_ id: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "UPDATE requests SET next_search_at = clock_timestamp(), search_attempts = 0 WHERE id = \(id)")
    }

    /// Has the queue search in so many seconds, or earlier if it would anyway, counting its attempts afresh.
    public static func searchSoon(
        _ id: Int64, in seconds: Int, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET search_attempts = 0, next_search_at =
                LEAST(next_search_at, clock_timestamp() + make_interval(secs => \(seconds)::int)) WHERE id = \(id)
            """)
    }

    /// Has the queue search within so many seconds, or earlier if it would anyway.
    public static func search(_ id: Int64, within seconds: Int, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET next_search_at =
                LEAST(next_search_at, clock_timestamp() + make_interval(secs => \(seconds)::int)) WHERE id = \(id)
            """)
    }

    /// Takes the request out of the queue if nothing of it waits for anything that a search could find. A search that
    /// somebody asked for is made nevertheless while something is on its way: it shows by what that could be replaced.
    public static func restIfSettled(_ id: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET next_search_at = NULL, search_asked_at = NULL, search_asked_by = NULL
            WHERE id = \(id) AND next_search_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM items WHERE items.request_id = requests.id
                AND (items.status IN ('PENDING', 'FOUND', 'FAILED')
                    OR items.status = 'DOWNLOADING' AND requests.search_asked_at IS NOT NULL))
            """)
    }

    /// Says who chooses among the request's releases; `nil`: as the house does.
    public static func set(choosing: Choosing?, of id: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "UPDATE requests SET choosing = \(choosing?.rawValue), changed_at = clock_timestamp() WHERE id = \(id)")
    }

    /// Has the queue look once more at all that was found and waits for a choice that is the house's.
    public static func searchAllFound(on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET next_search_at = clock_timestamp() WHERE choosing IS NULL
                AND EXISTS (SELECT 1 FROM items WHERE items.request_id = requests.id AND items.status = 'FOUND')
            """)
    }

    /// Has the queue search for all that waits: there is a new place to look.
    public static func searchAllWaiting(on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET next_search_at = clock_timestamp(), search_attempts = 0
            WHERE EXISTS (
                SELECT 1 FROM items WHERE items.request_id = requests.id AND items.status IN ('PENDING', 'FAILED'))
            """)
    }

    /// The request was cancelled as a whole: new episodes are not wanted any more.
    public static func stop(_ id: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute("UPDATE requests SET stopped_at = clock_timestamp() WHERE id = \(id)")
    }

    /// Notes that the people of a request are told when the first of it expires; answers when, or `nil` if they knew.
    public static func noteExpiryTold(_ id: Int64, on connection: PostgresConnection) async throws -> Date? {
        try await connection.query(
            """
            UPDATE requests SET expiry_told = first.at FROM (
                SELECT min(expiry_base + period) AS at FROM items
                JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
                JOIN expiry_periods ON expiry_periods.kind = titles.kind
                WHERE items.request_id = \(id) AND items.status IN ('PENDING', 'FOUND', 'FAILED')
                  AND expiry_base + period > now()) AS first
            WHERE requests.id = \(id) AND first.at IS DISTINCT FROM expiry_told RETURNING expiry_told
            """
        ).first?.get("expiry_told")
    }

    /// Notes a failure, and when the failed items are searched again by themselves (`nil`: not).
    public static func noteFailure(
        _ id: Int64, count: Int, retryAfter seconds: Int?, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE requests SET failures = \(count)::int,
                retry_at = CASE WHEN \(seconds)::int IS NULL THEN NULL ELSE now() + make_interval(secs => \(seconds)::int) END
            WHERE id = \(id)
            """)
    }

    /// The requests whose failed items are due to be searched again.
    public static func dueForRetry(on connection: PostgresConnection) async throws -> [Int64] {
        try await connection.query("SELECT id FROM requests WHERE retry_at <= now() ORDER BY retry_at LIMIT 50")
            .map { try $0.get("id") }
    }

    /// The retry is under way.
    public static func clearRetry(_ id: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute("UPDATE requests SET retry_at = NULL WHERE id = \(id)")
    }
}
