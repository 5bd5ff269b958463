public import FoundationEssentials
public import Postgres

/// The addresses under which somebody's programs read for them.
public struct Feed: Sendable {
    /// When they were made.
    public var createdAt: Date
    /// When something was last read there, to the hour; `nil`: never.
    public var usedAt: Date?
}

/// The table `feeds`: at most one secret a person.
public enum Feeds {
    /// Makes this somebody's secret, in place of the one before.
    public static func save(tokenHash: [UInt8], of user: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO feeds (user_id, token_hash) VALUES (\(user), \(tokenHash))
            ON CONFLICT (user_id) DO UPDATE
            SET token_hash = EXCLUDED.token_hash, created_at = now(), used_at = NULL
            """)
    }

    /// Somebody's; `nil`: they have none.
    public static func find(of user: Int64, on connection: PostgresConnection) async throws -> Feed? {
        try await connection.query("SELECT created_at, used_at FROM feeds WHERE user_id = \(user)").first.map {
            Feed(createdAt: try $0.get("created_at"), usedAt: try $0.get("used_at"))
        }
    }

    /// Whose secret this is, unless their account is closed; notes that it was used.
    public static func use(tokenHash: [UInt8], on connection: PostgresConnection) async throws -> User? {
        try await connection.execute(
            """
            UPDATE feeds SET used_at = now()
            WHERE token_hash = \(tokenHash) AND (used_at IS NULL OR used_at < now() - interval '1 hour')
            """)
        return try await connection.query(
            """
            SELECT \(User.columns) FROM feeds JOIN users ON users.id = feeds.user_id
            WHERE token_hash = \(tokenHash) AND disabled_at IS NULL
            """
        ).first.map(User.init)
    }

    /// Takes somebody's secret away.
    public static func remove(of user: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute("DELETE FROM feeds WHERE user_id = \(user)")
    }
}
