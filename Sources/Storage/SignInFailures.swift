public import Postgres

/// The table `sign_in_failures`: how often somebody tried a name, or tried from an address.
///
/// An attempt is written down as a failure before the password is looked at, and taken back when it was right, so that
/// many attempts at once are no way around the limits.
public enum SignInFailures {
    /// Failures of one name, from anywhere, that are allowed in a window.
    public static let limitPerName = 10
    /// Failures from one address, whatever the name, that are allowed in a window.
    public static let limitPerAddress = 30
    /// The window, in minutes.
    public static let windowMinutes = 15

    /// What becomes of an attempt.
    public enum Attempt: Sendable {
        /// It may go on; it counts as a failure until it is taken back.
        case allowed([Int64])
        /// There were too many; how many seconds until there is room again.
        case refused(seconds: Int)
    }

    /// Writes an attempt down, or refuses it. Must be called in a transaction.
    ///
    /// - Parameter name: nil where somebody else says who it is.
    public static func begin(
        name: String? = nil, address: String, on connection: PostgresConnection
    ) async throws -> Attempt {
        let limits =
            [("address:\(address)", limitPerAddress)] + (name.map { [("name:\($0)", limitPerName)] } ?? [])
        // Always in this order: address before name.
        for (subject, _) in limits {
            _ = try await connection.query("SELECT pg_advisory_xact_lock(hashtextextended(\(subject), 7)) IS NULL AS x")
        }
        for (subject, limit) in limits {
            let row = try await connection.query(
                """
                SELECT count(*) AS failures,
                    COALESCE(ceil(extract(epoch FROM
                        min(at) + make_interval(mins => \(windowMinutes)::int) - now())), 0)::int AS seconds
                FROM sign_in_failures
                WHERE subject = \(subject) AND at > now() - make_interval(mins => \(windowMinutes)::int)
                """)[0]
            if try row.get("failures", as: Int.self) >= limit {
                return .refused(seconds: max(try row.get("seconds"), 1))
            }
        }
        let rows = try await connection.query(
            "INSERT INTO sign_in_failures (subject) SELECT unnest(\(limits.map(\.0))::text[]) RETURNING id")
        return .allowed(try rows.map { try $0.get("id") })
    }

    /// The attempt succeeded: it was no failure, and the earlier ones of a name are forgiven.
    public static func takeBack(
        _ attempt: [Int64], name: String? = nil, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            "DELETE FROM sign_in_failures WHERE id = ANY (\(attempt)) OR subject = \(name.map { "name:\($0)" })")
    }

    /// Removes what no limit looks at any more.
    public static func removeOld(on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "DELETE FROM sign_in_failures WHERE at < now() - make_interval(mins => \(windowMinutes)::int)")
    }
}
