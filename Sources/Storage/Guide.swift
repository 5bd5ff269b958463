public import Postgres

/// How far the first-run guide is, and whether anybody wants to see it.
public struct Guide: Sendable, Equatable {
    /// Somebody said what the house likes.
    public var areDefaultsSaid: Bool

    /// Whether it is still shown: a house that has an indexer and said what it likes, or was asked for something, needs no
    /// guide, and neither does one that has put it away.
    static let isOpen: SQL = """
        EXISTS (SELECT FROM settings WHERE guide_closed_at IS NULL)
            AND NOT (EXISTS (SELECT FROM indexers)
                AND (EXISTS (SELECT FROM audit WHERE area = 'settings') OR EXISTS (SELECT FROM requests)))
        """

    /// How far it is.
    public static func load(on connection: PostgresConnection) async throws -> Guide {
        let row = try await connection.query("SELECT EXISTS (SELECT FROM audit WHERE area = 'settings') AS said")[0]
        return Guide(areDefaultsSaid: try row.get("said"))
    }

    /// Nobody wants to see it any more.
    public static func close(on connection: PostgresConnection) async throws {
        try await connection.execute("UPDATE settings SET guide_closed_at = now()")
    }
}
