public import FoundationEssentials
public import Lifecycle
public import Postgres

/// The table `items`. No function here writes a status: ``Events`` does, through the database.
public enum Items {
    /// The items of a request, in the order of their making. Meant to be called under the request's lock.
    public static func list(of request: Int64, on connection: PostgresConnection) async throws -> [Item] {
        try await connection.query(
            """
            SELECT id, status, season, number, platform, download_id FROM items
            WHERE request_id = \(request) ORDER BY id
            """
        ).map(item)
    }

    /// Adds an item, PENDING, unless the request has it.
    public static func add(
        to request: Int64, at episode: EpisodeNumber? = nil, episodeID: Int64? = nil, platform: String? = nil,
        releasedAt: Date? = nil, on connection: PostgresConnection
    ) async throws -> Int64? {
        try await connection.query(
            """
            INSERT INTO items (request_id, episode_id, season, number, platform, released_at)
            VALUES (\(request), \(episodeID), \(episode?.season), \(episode?.number), \(platform), \(releasedAt))
            ON CONFLICT (request_id, season, number, platform) DO NOTHING RETURNING id
            """
        ).first.map { try $0.get("id") }
    }

    /// For how many seconds each item of a request that is FOUND has been so, and whether a download of it has failed.
    public static func found(
        of request: Int64, on connection: PostgresConnection
    ) async throws -> [Int64: (seconds: Int, hasFailed: Bool)] {
        var found: [Int64: (seconds: Int, hasFailed: Bool)] = [:]
        for row in try await connection.query(
            """
            SELECT items.id, bool_or(events.event = 'downloadFailed') AS failed, extract(epoch FROM clock_timestamp()
                - max(events.at) FILTER (WHERE to_status = 'FOUND' AND from_status <> 'FOUND'))::int AS seconds
            FROM items JOIN events ON events.item_id = items.id
            WHERE items.request_id = \(request) AND items.status = 'FOUND' GROUP BY items.id
            """)
        {
            found[try row.get("id")] = (try row.get("seconds"), try row.get("failed"))
        }
        return found
    }

    /// Gives the items another full period before they expire.
    public static func keep(of request: Int64, on connection: PostgresConnection) async throws -> Int {
        try await connection.execute(
            """
            UPDATE items SET kept_at = now()
            WHERE request_id = \(request) AND status IN ('PENDING', 'FOUND', 'FAILED')
            """)
    }

    /// Requests that have items whose time is over, those that are over longest; more may be left.
    public static func overdue(on connection: PostgresConnection) async throws -> [Int64] {
        try await connection.query(
            """
            SELECT DISTINCT request_id FROM (
                SELECT items.request_id FROM items
                JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
                JOIN expiry_periods ON expiry_periods.kind = titles.kind
                WHERE items.status IN ('PENDING', 'FOUND', 'FAILED') AND items.expiry_base + period <= now()
                  -- What the index answers: nothing is over before the shortest period.
                  AND items.expiry_base <= now() - (SELECT min(period) FROM expiry_periods)
                ORDER BY items.expiry_base LIMIT 100) AS overdue
            ORDER BY 1
            """
        ).map { try $0.get("request_id") }
    }

    /// The requests of which something expires within so many days, and whose people were not told of that date yet;
    /// never more than the latter half of the time that they have.
    public static func expiring(within days: Int, on connection: PostgresConnection) async throws -> [Int64] {
        try await connection.query(
            """
            SELECT requests.id FROM items
            JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
            JOIN expiry_periods ON expiry_periods.kind = titles.kind
            WHERE items.status IN ('PENDING', 'FOUND', 'FAILED') AND expiry_base + period > now()
              AND expiry_base + period <= now() + LEAST(make_interval(days => \(days)::int), period / 2)
            GROUP BY requests.id, period
            HAVING requests.expiry_told IS DISTINCT FROM min(expiry_base) + period
            LIMIT 100
            """
        ).map { try $0.get("id") }
    }

    /// Of one request, the items whose time is over.
    public static func overdue(of request: Int64, on connection: PostgresConnection) async throws -> Set<Int64> {
        let rows = try await connection.query(
            """
            SELECT items.id FROM items
            JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
            JOIN expiry_periods ON expiry_periods.kind = titles.kind
            WHERE items.request_id = \(request) AND items.status IN ('PENDING', 'FOUND', 'FAILED')
              AND items.expiry_base + period <= now()
            """)
        return Set(try rows.map { try $0.get("id") })
    }

    /// The items of a request that are out, so that a search can find them. What a source lists without a date is
    /// not; of what was typed in, nobody knows a date, and all of it is taken to be out.
    public static func released(of request: Int64, on connection: PostgresConnection) async throws -> Set<Int64> {
        let rows = try await connection.query(
            """
            SELECT items.id FROM items JOIN requests ON requests.id = items.request_id
            JOIN titles ON titles.id = requests.title_id
            WHERE items.request_id = \(request) AND (items.released_at <= now()
                OR (items.released_at IS NULL AND (items.episode_id IS NULL OR titles.source = 'hand')))
            """)
        return Set(try rows.map { try $0.get("id") })
    }

    /// Seconds until the next waiting item of a request comes out; `nil` when none is still to come.
    public static func secondsToNextRelease(
        of request: Int64, on connection: PostgresConnection
    ) async throws -> Int? {
        try await connection.query(
            """
            SELECT ceil(extract(epoch FROM min(first.at) - now()))::int AS seconds
            FROM items JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
            CROSS JOIN settings CROSS JOIN LATERAL (
                SELECT released_at + CASE titles.kind
                    WHEN 'show' THEN make_interval(mins => airing_minutes) ELSE interval '0' END AS at) AS first
            WHERE items.request_id = \(request) AND items.status = 'PENDING' AND first.at > now()
            """)[0].get("seconds")
    }

    /// Corrects when a title's items come out, after its source has moved episodes.
    public static func moveReleases(of title: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE items SET released_at = episodes.airs_at FROM episodes
            WHERE episodes.title_id = \(title) AND items.episode_id = episodes.id
              AND items.released_at IS DISTINCT FROM episodes.airs_at
            """)
    }

    private static func item(_ row: Row) throws -> Item {
        let season: Int? = try row.get("season")
        let number: Int? = try row.get("number")
        var episode: EpisodeNumber?
        if let season, let number { episode = EpisodeNumber(season: season, number: number) }
        return Item(
            id: try row.get("id"), status: try row.get("status"), episode: episode,
            platform: try row.get("platform"), download: try row.get("download_id"))
    }
}
