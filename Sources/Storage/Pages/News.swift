public import Postgres

/// What was written down of some requests since a moment: for a page that has lost touch for a while.
public struct News: Sendable, Equatable {
    /// Now, by the database's clock, in milliseconds since 1970.
    public let moment: Int64
    /// The requests that may look other than they did.
    public let changed: [Int64]

    /// For this person. Some seconds before `moment` count as after it: others see what a transaction writes only when it is
    /// over. What is being searched now may look other with every answer of an indexer. Too much news does no harm.
    public static func load(
        since moment: Int64, of requests: [Int64], for person: Int64, on connection: PostgresConnection
    ) async throws -> News {
        let row = try await connection.query(
            """
            WITH since AS (SELECT to_timestamp(\(moment)::bigint / 1000.0) - interval '10 seconds' AS at)
            SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS moment, ARRAY(
                SELECT requests.id FROM requests, since WHERE requests.id = ANY(\(requests)::bigint[]) AND (
                    requests.changed_at > since.at OR requests.search_lease IS NOT NULL
                    OR EXISTS (SELECT FROM request_log WHERE request_id = requests.id AND request_log.at > since.at)
                    OR EXISTS (SELECT FROM notices
                               WHERE user_id = \(person) AND request_id = requests.id AND notices.at > since.at))
                ORDER BY requests.id) AS changed
            """)[0]
        return News(moment: try row.get("moment"), changed: try row.get("changed"))
    }
}
