public import FoundationEssentials
public import Postgres

/// A link with which one person makes themselves an account.
public struct Invitation: Sendable {
    /// The invitation's id.
    public var id: Int64
    /// What the account will be allowed.
    public var role: Role
    /// When it ends, if nobody used it before.
    public var expiresAt: Date

    init(_ row: Row) throws {
        id = try row.get("id")
        role = try row.get("role")
        expiresAt = try row.get("expires_at")
    }
}

/// The table `invitations`. One that was used or revoked is gone.
public enum Invitations {
    /// For so many days an invitation can be used.
    public static let days = 7

    /// Makes an invitation, and removes those that have ended.
    public static func add(
        tokenHash: [UInt8], role: Role, by user: Int64, on connection: PostgresConnection
    ) async throws {
        try await connection.execute("DELETE FROM invitations WHERE expires_at <= now()")
        try await connection.execute(
            """
            INSERT INTO invitations (token_hash, role, created_by, expires_at)
            VALUES (\(tokenHash), \(role.rawValue), \(user), now() + make_interval(days => \(days)::int))
            """)
    }

    /// Those that can be used, the newest first.
    public static func list(on connection: PostgresConnection) async throws -> [Invitation] {
        try await connection.query(
            "SELECT id, role, expires_at FROM invitations WHERE expires_at > now() ORDER BY id DESC"
        ).map(Invitation.init)
    }

    /// The invitation with this token, if it can be used.
    public static func find(tokenHash: [UInt8], on connection: PostgresConnection) async throws -> Invitation? {
        try await connection.query(
            """
            SELECT id, role, expires_at FROM invitations WHERE token_hash = \(tokenHash) AND expires_at > now()
            """
        ).first.map(Invitation.init)
    }

    /// Uses the invitation up: what the account may do, for one of those who try at the same time.
    public static func spend(tokenHash: [UInt8], on connection: PostgresConnection) async throws -> Role? {
        try await connection.query(
            "DELETE FROM invitations WHERE token_hash = \(tokenHash) AND expires_at > now() RETURNING role"
        ).first?.get("role")
    }

    /// Revokes an invitation; false when there is none.
    public static func revoke(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("DELETE FROM invitations WHERE id = \(id)") == 1
    }
}
