public import Postgres

/// How much waits to be done, in the whole house.
public struct Backlog: Sendable, Equatable {
    /// Requests whose next search is due.
    public var searches: Int
    /// Effects that are due and not done.
    public var effects: Int

    /// Counts it.
    public static func count(on connection: PostgresConnection) async throws -> Backlog {
        let row = try await connection.query(
            """
            SELECT (SELECT count(*) FROM requests WHERE next_search_at <= now()) AS searches,
                (SELECT count(*) FROM outbox WHERE done_at IS NULL AND due_at <= now()) AS effects
            """)[0]
        return Backlog(searches: try row.get("searches"), effects: try row.get("effects"))
    }
}
