public import FoundationEssentials
public import Postgres

/// What an administrator says of an indexer.
public struct IndexerSettings: Sendable, Equatable {
    /// What the household calls it.
    public var name: String
    /// Its address.
    public var url: String
    /// Its key. Never shown.
    public var apiKey: String?
    /// Whether it is searched.
    public var enabled: Bool
    /// 1 is asked before 50, all else being equal.
    public var priority: Int
    /// What it is searched for.
    public var kinds: Set<Kind>
    /// Fewer known seeders are not enough here; `nil`: as the house's settings say.
    public var minimumSeeders: Int?
    /// Questions within any hour; `nil`: as many as there are.
    public var hourlyLimit: Int?

    /// Describes an indexer.
    public init(
        name: String, url: String, apiKey: String? = nil, enabled: Bool = true, priority: Int = 25,
        kinds: Set<Kind> = Set(Kind.allCases), minimumSeeders: Int? = nil, hourlyLimit: Int? = nil
    ) {
        self.name = name
        self.url = url
        self.apiKey = apiKey
        self.enabled = enabled
        self.priority = priority
        self.kinds = kinds
        self.minimumSeeders = minimumSeeders
        self.hourlyLimit = hourlyLimit
    }
}

/// A Torznab endpoint that is searched.
public struct Indexer: Sendable {
    /// The indexer's id.
    public var id: Int64
    /// What an administrator says of it.
    public var settings: IndexerSettings
    /// What it announced of itself, as the Torznab module encodes it.
    public var capabilities: String?
    /// When it announced that.
    public var capabilitiesAt: Date?
    /// When its newest releases were last offered to all that waits.
    public var newestAt: Date
    /// Failures in a row.
    public var failures: Int
    /// Not asked before then, a moment to come; `nil` when it may be asked.
    public var blockedUntil: Date?
    /// When it last answered.
    public var lastAnswerAt: Date?
    /// Its last failure, in words.
    public var lastError: String?
    /// When that was.
    public var lastErrorAt: Date?

    /// What the household calls it.
    public var name: String { settings.name }

    init(_ row: Row) throws {
        id = try row.get("id")
        settings = IndexerSettings(
            name: try row.get("name"), url: try row.get("url"), apiKey: try row.get("api_key"),
            enabled: try row.get("enabled"), priority: try row.get("priority"),
            kinds: Set(try (row.get("kinds") as [String]).compactMap(Kind.init)),
            minimumSeeders: try row.get("minimum_seeders"), hourlyLimit: try row.get("hourly_limit"))
        capabilities = try row.get("capabilities")
        capabilitiesAt = try row.get("capabilities_at")
        newestAt = try row.get("newest_at")
        failures = try row.get("failures")
        blockedUntil = try row.get("blocked_until")
        lastAnswerAt = try row.get("last_answer_at")
        lastError = try row.get("last_error")
        lastErrorAt = try row.get("last_error_at")
    }

    static let columns: SQL = """
        id, name, url, api_key, enabled, priority, kinds, minimum_seeders, hourly_limit, capabilities::text AS capabilities, capabilities_at, newest_at, failures,
        CASE WHEN blocked_until > clock_timestamp() THEN blocked_until END AS blocked_until, last_answer_at, last_error, last_error_at
        """
}

/// The table `indexers`.
public enum Indexers {
    /// All indexers, by name.
    public static func list(on connection: PostgresConnection) async throws -> [Indexer] {
        try await connection.query("SELECT \(Indexer.columns) FROM indexers ORDER BY lower(name)")
            .map(Indexer.init)
    }

    /// One indexer.
    public static func find(_ id: Int64, on connection: PostgresConnection) async throws -> Indexer? {
        try await connection.query("SELECT \(Indexer.columns) FROM indexers WHERE id = \(id)").first
            .map(Indexer.init)
    }

    /// One indexer by its name, upper and lower case alike.
    public static func find(named name: String, on connection: PostgresConnection) async throws -> Indexer? {
        try await connection.query(
            "SELECT \(Indexer.columns) FROM indexers WHERE lower(name) = lower(\(name))"
        ).first.map(Indexer.init)
    }

    /// Adds an indexer; answers its id.
    ///
    /// - Throws: a unique violation of `indexers_name` when the name is taken.
    public static func add(_ settings: IndexerSettings, on connection: PostgresConnection) async throws -> Int64 {
        try await connection.query(
            """
            INSERT INTO indexers (name, url, api_key, enabled, priority, kinds, minimum_seeders, hourly_limit)
            VALUES (\(settings.name), \(settings.url), \(settings.apiKey), \(settings.enabled),
                \(settings.priority), \(settings.kinds.map(\.rawValue).sorted()), \(settings.minimumSeeders),
                \(settings.hourlyLimit))
            RETURNING id
            """)[0].get("id")
    }

    /// Changes an indexer; a key that is `nil` stays as it is. What was known of its health is forgotten.
    public static func update(
        _ id: Int64, _ settings: IndexerSettings, on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            UPDATE indexers SET name = \(settings.name), url = \(settings.url),
                api_key = COALESCE(\(settings.apiKey)::text, api_key), enabled = \(settings.enabled),
                priority = \(settings.priority), kinds = \(settings.kinds.map(\.rawValue).sorted()),
                minimum_seeders = \(settings.minimumSeeders), hourly_limit = \(settings.hourlyLimit),
                capabilities = NULL, capabilities_at = NULL,
                failures = 0, blocked_until = NULL, last_error = NULL, last_error_at = NULL
            WHERE id = \(id)
            """) == 1
    }

    /// Has an indexer asked again at once that was left alone for its failures.
    public static func unblock(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("UPDATE indexers SET blocked_until = NULL WHERE id = \(id)") == 1
    }

    /// Removes an indexer. What it found remains in the history.
    public static func remove(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("DELETE FROM indexers WHERE id = \(id)") == 1
    }

    /// The indexers whose newest releases were not offered to what waits for so many seconds.
    public static func withUnseenReleases(
        after seconds: Int, on connection: PostgresConnection
    ) async throws -> [Indexer] {
        // One whose releases could not be recorded is asked again after a minute, not at once.
        try await connection.query(
            """
            SELECT \(Indexer.columns) FROM indexers
            WHERE enabled AND (blocked_until IS NULL OR blocked_until <= now())
              AND newest_at < now() - make_interval(secs => \(seconds))
              AND NOT EXISTS (SELECT FROM indexer_asks WHERE indexer_asks.indexer_id = indexers.id
                  AND purpose = 'newest' AND at > now() - interval '1 minute')
            ORDER BY priority, lower(name)
            """
        ).map(Indexer.init)
    }

    /// Notes that the newest releases of these indexers, as they were `at` that moment, were offered to all that waits.
    public static func noteNewest(_ indexers: [Int64], at: Date, on connection: PostgresConnection) async throws {
        try await connection.execute(
            "UPDATE indexers SET newest_at = \(at) WHERE id = ANY (\(indexers)::bigint[])")
    }

    /// Notes that the indexer answered.
    public static func noteAnswer(_ id: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE indexers SET failures = GREATEST(failures - 1, 0), blocked_until = NULL, last_error = NULL,
                last_error_at = NULL, last_answer_at = clock_timestamp()
            WHERE id = \(id)
            """)
    }

    /// Notes a failure, and for how many seconds the indexer is left alone. Answers until when, if it is still there.
    @discardableResult
    public static func noteFailure(
        _ id: Int64, error: String, failures: Int, blockedFor seconds: Int, on connection: PostgresConnection
    ) async throws -> Date? {
        try await connection.query(
            """
            UPDATE indexers SET failures = \(failures), last_error = \(error), last_error_at = clock_timestamp(),
                blocked_until = clock_timestamp() + make_interval(secs => \(seconds))
            WHERE id = \(id)
            RETURNING blocked_until
            """
        ).first?.get("blocked_until")
    }

    /// Keeps what the indexer announced of itself.
    public static func noteCapabilities(
        _ id: Int64, _ capabilities: String, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE indexers SET capabilities = \(capabilities)::jsonb, capabilities_at = now() WHERE id = \(id)
            """)
    }
}
