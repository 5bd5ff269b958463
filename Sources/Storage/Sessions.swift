public import FoundationEssentials
public import Postgres

/// A browser in which somebody is signed in.
public struct Session: Sendable {
    /// The session's id.
    public var id: Int64
    /// When somebody signed in.
    public var createdAt: Date
    /// When it was last used, to some minutes.
    public var lastSeenAt: Date
    /// When it ends at the latest.
    public var expiresAt: Date
    /// The address that it was last used from.
    public var address: String
    /// What the browser calls itself.
    public var agent: String

    init(_ row: Row) throws {
        id = try row.get("id")
        createdAt = try row.get("created_at")
        lastSeenAt = try row.get("last_seen_at")
        expiresAt = try row.get("expires_at")
        address = try row.get("address")
        agent = try row.get("agent")
    }
}

/// Who is signed in, found by the token of their session.
public struct SignedIn: Sendable {
    /// The session's id.
    public var session: Int64
    /// Whose it is.
    public var user: User
    /// Whom a proxy has to say it is for the session to hold; `nil`: it holds by itself.
    public var proxySubject: String?
    /// Whether it is time to note that the session is in use.
    public var isStale: Bool
    /// How much of what they were told they have not read; from 100 on it is not counted.
    public var unread: Int
    /// Whether the house's first-run guide is still to be shown to them.
    public var isGuided: Bool
}

/// The table `sessions`. A session ends 30 days after it was last used, and 90 days after it began.
public enum Sessions {
    private static let alive: SQL = "sessions.expires_at > now() AND sessions.last_seen_at > now() - interval '30 days'"

    /// Begins a session.
    ///
    /// - Parameter proxySubject: whom a proxy has to say it is for the session to hold; `nil`: it holds by itself.
    public static func add(
        tokenHash: [UInt8], user: Int64, address: String, agent: String, proxySubject: String? = nil,
        on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            INSERT INTO sessions (token_hash, user_id, expires_at, address, agent, proxy_subject)
            VALUES (\(tokenHash), \(user), now() + interval '90 days', \(address), \(agent), \(proxySubject))
            """)
    }

    /// Who is signed in with this token; `nil` when the session has ended or the account is closed.
    public static func find(tokenHash: [UInt8], on connection: PostgresConnection) async throws -> SignedIn? {
        try await connection.query(
            """
            SELECT sessions.id AS session_id, sessions.last_seen_at < now() - interval '10 minutes' AS stale,
                   sessions.proxy_subject,
                   (SELECT count(*) FROM (SELECT FROM notices WHERE user_id = users.id AND read_at IS NULL
                                          LIMIT 100) AS counted) AS unread,
                   users.role = 'administrator' AND \(Guide.isOpen) AS guided,
                   \(User.columns)
            FROM sessions JOIN users ON users.id = sessions.user_id
            WHERE sessions.token_hash = \(tokenHash) AND users.disabled_at IS NULL AND \(alive)
            """
        ).first.map {
            SignedIn(
                session: try $0.get("session_id"), user: try User($0),
                proxySubject: try $0.get("proxy_subject"), isStale: try $0.get("stale"),
                unread: try $0.get("unread"), isGuided: try $0.get("guided"))
        }
    }

    /// Those of the sessions that have not ended yet.
    public static func alive(among ids: [Int64], on connection: PostgresConnection) async throws -> Set<Int64> {
        Set(
            try await connection.query(
                """
                SELECT sessions.id FROM sessions JOIN users ON users.id = sessions.user_id
                WHERE sessions.id = ANY(\(ids)::bigint[]) AND users.disabled_at IS NULL AND \(alive)
                """
            ).map { try $0.get("id") })
    }

    /// Notes that the session is in use.
    public static func touch(_ id: Int64, address: String, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "UPDATE sessions SET last_seen_at = now(), address = \(address) WHERE id = \(id)")
    }

    /// The account's sessions, the one last used first.
    public static func list(of user: Int64, on connection: PostgresConnection) async throws -> [Session] {
        try await connection.query(
            """
            SELECT id, created_at, last_seen_at, expires_at, address, agent FROM sessions
            WHERE user_id = \(user) AND \(alive) ORDER BY last_seen_at DESC, id DESC
            """
        ).map(Session.init)
    }

    /// Ends one of the account's sessions; false when it has no such session.
    public static func end(_ id: Int64, of user: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("DELETE FROM sessions WHERE id = \(id) AND user_id = \(user)") == 1
    }

    /// Ends all of the account's sessions but one.
    public static func endAll(
        of user: Int64, except kept: Int64? = nil, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            "DELETE FROM sessions WHERE user_id = \(user) AND id IS DISTINCT FROM \(kept)::bigint")
    }

    /// Removes what has ended.
    public static func removeEnded(on connection: PostgresConnection) async throws {
        _ = try await connection.execute("DELETE FROM sessions WHERE NOT (\(alive))")
    }
}
