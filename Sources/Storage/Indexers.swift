public import FoundationEssentials
public import Postgres

/// A Torznab endpoint that is searched.
public struct Indexer: Sendable {
    /// The indexer's id.
    public var id: Int64
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
    /// What it announced of itself, as the Torznab module encodes it.
    public var capabilities: String?
    /// When it announced that.
    public var capabilitiesAt: Date?
    /// Failures in a row.
    public var failures: Int
    /// Not asked before then.
    public var blockedUntil: Date?
    /// When it last answered.
    public var lastAnswerAt: Date?
    /// Its last failure, in words.
    public var lastError: String?
    /// When that was.
    public var lastErrorAt: Date?

    init(_ row: Row) throws {
        id = try row.get("id")
        name = try row.get("name")
        url = try row.get("url")
        apiKey = try row.get("api_key")
        enabled = try row.get("enabled")
        priority = try row.get("priority")
        capabilities = try row.get("capabilities")
        capabilitiesAt = try row.get("capabilities_at")
        failures = try row.get("failures")
        blockedUntil = try row.get("blocked_until")
        lastAnswerAt = try row.get("last_answer_at")
        lastError = try row.get("last_error")
        lastErrorAt = try row.get("last_error_at")
    }

    static let columns: SQL = """
        id, name, url, api_key, enabled, priority, capabilities::text AS capabilities, capabilities_at, failures,
        blocked_until, last_answer_at, last_error, last_error_at
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
    public static func add(
        name: String, url: String, apiKey: String?, priority: Int, on connection: PostgresConnection
    ) async throws -> Int64 {
        try await connection.query(
            """
            INSERT INTO indexers (name, url, api_key, priority) VALUES (\(name), \(url), \(apiKey), \(priority))
            RETURNING id
            """)[0].get("id")
    }

    /// Changes an indexer; a key that is `nil` stays as it is. What was known of its health is forgotten.
    public static func update(
        _ id: Int64, name: String, url: String, apiKey: String?, priority: Int, enabled: Bool,
        on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            UPDATE indexers SET name = \(name), url = \(url), api_key = COALESCE(\(apiKey)::text, api_key),
                priority = \(priority), enabled = \(enabled), capabilities = NULL, capabilities_at = NULL,
                failures = 0, blocked_until = NULL, last_error = NULL, last_error_at = NULL
            WHERE id = \(id)
            """) == 1
    }

    /// Removes an indexer. What it found remains in the history.
    public static func remove(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("DELETE FROM indexers WHERE id = \(id)") == 1
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

    /// Notes a failure, and for how many seconds the indexer is left alone.
    public static func noteFailure(
        _ id: Int64, error: String, failures: Int, blockedFor seconds: Int, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE indexers SET failures = \(failures), last_error = \(error), last_error_at = clock_timestamp(),
                blocked_until = now() + make_interval(secs => \(seconds))
            WHERE id = \(id)
            """)
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
