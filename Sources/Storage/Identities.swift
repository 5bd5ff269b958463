public import Postgres

/// The table `identities`: by what name others vouch for somebody.
public enum Identities {
    /// Whose identity this is. Until the transaction ends nobody else looks for the same one: two windows that open at
    /// once make one account.
    public static func user(
        issuer: String, subject: String, on connection: PostgresConnection
    ) async throws -> User? {
        _ = try await connection.query(
            "SELECT pg_advisory_xact_lock(hashtextextended(\(issuer + " " + subject), 7368))")
        return try await connection.query(
            """
            SELECT \(User.columns) FROM identities JOIN users ON users.id = identities.user_id
            WHERE issuer = \(issuer) AND subject = \(subject)
            """
        ).first.map(User.init)
    }

    /// Who vouches for this account.
    public static func issuers(of user: Int64, on connection: PostgresConnection) async throws -> Set<String> {
        Set(
            try await connection.query("SELECT issuer FROM identities WHERE user_id = \(user)").map {
                try $0.get("issuer")
            })
    }

    /// Ends it that the issuer vouches for an account that has a password to sign in with.
    ///
    /// - Returns: false when it has none, or the issuer does not vouch for it.
    public static func unlink(
        issuer: String, from user: Int64, on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            DELETE FROM identities USING users WHERE users.id = user_id AND user_id = \(user) AND issuer = \(issuer)
                AND password_hash IS NOT NULL
            """) > 0
    }

    /// Makes it this account's; false when the account has another one there, or it is somebody else's.
    public static func link(
        issuer: String, subject: String, to user: Int64, on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            INSERT INTO identities (issuer, subject, user_id) VALUES (\(issuer), \(subject), \(user))
            ON CONFLICT DO NOTHING
            """) == 1
    }
}
