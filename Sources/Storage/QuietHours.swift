public import Postgres

/// When somebody is not to be disturbed: from one time of the day until another, over midnight if that is earlier. By
/// their own clock (``TimeFormat``).
public struct QuietHours: Sendable, Equatable {
    /// Minutes of the day at which they begin, 0 to 1439.
    public var from: Int
    /// Minutes of the day at which they end; another.
    public var to: Int

    /// Names them.
    public init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// Somebody's; `nil`: they have none.
    public static func load(of user: Int64, on connection: PostgresConnection) async throws -> QuietHours? {
        try await connection.query(
            """
            SELECT (extract(epoch FROM quiet_from) / 60)::int AS begin, (extract(epoch FROM quiet_to) / 60)::int AS finish
            FROM users WHERE id = \(user) AND quiet_from IS NOT NULL
            """
        ).first.map { QuietHours(from: try $0.get("begin"), to: try $0.get("finish")) }
    }

    /// Makes these somebody's, or none.
    ///
    /// - Throws: a check violation when they end as they begin.
    public static func save(_ hours: QuietHours?, of user: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            UPDATE users SET quiet_from = time '00:00' + make_interval(mins => \(hours?.from)::int),
                quiet_to = time '00:00' + make_interval(mins => \(hours?.to)::int)
            WHERE id = \(user)
            """)
    }
}
