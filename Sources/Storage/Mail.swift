public import Postgres

/// The server that takes this house's mail, and whom it is from.
public struct MailSettings: Sendable, Equatable {
    /// How what is said to it is kept from others.
    public enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte.
        case tls
        /// TLS from STARTTLS on, and nothing without it.
        case startTLS = "starttls"
        /// Not at all.
        case none
    }

    /// Its name or address.
    public var host: String
    /// Its port.
    public var port: Int
    /// How it is spoken to.
    public var security: Security
    /// Who signs in there; `nil`: nobody.
    public var user: String?
    /// Their password. Never shown.
    public var password: String?
    /// PEM: its certificate or its authority's, where no known one vouches for it.
    public var certificate: String?
    /// The address that mail is from.
    public var sender: String
    /// The name beside it.
    public var senderName: String

    /// Describes a server.
    public init(
        host: String, port: Int, security: Security, user: String? = nil, password: String? = nil,
        certificate: String? = nil, sender: String, senderName: String
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.certificate = certificate
        self.sender = sender
        self.senderName = senderName
    }

    /// The server; `nil`: there is no e-mail.
    public static func load(on connection: PostgresConnection) async throws -> MailSettings? {
        try await connection.query(
            """
            SELECT host, port, security, user_name, password, certificate, sender, sender_name FROM mail_server
            """
        ).first.map { row in
            MailSettings(
                host: try row.get("host"), port: try row.get("port"), security: try row.get("security"),
                user: try row.get("user_name"), password: try row.get("password"),
                certificate: try row.get("certificate"), sender: try row.get("sender"),
                senderName: try row.get("sender_name"))
        }
    }

    /// Makes this the server.
    public func save(on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            INSERT INTO mail_server (host, port, security, user_name, password, certificate, sender, sender_name)
            VALUES (\(host), \(port)::int, \(security), \(user), \(password), \(certificate), \(sender), \(senderName))
            ON CONFLICT (one) DO UPDATE SET host = EXCLUDED.host, port = EXCLUDED.port,
                security = EXCLUDED.security, user_name = EXCLUDED.user_name, password = EXCLUDED.password,
                certificate = EXCLUDED.certificate, sender = EXCLUDED.sender, sender_name = EXCLUDED.sender_name
            """)
    }

    /// From now on there is no e-mail.
    public static func remove(on connection: PostgresConnection) async throws {
        try await connection.execute("DELETE FROM mail_server")
    }
}

/// The table `mail_codes`: who types what was sent to an address has shown that it is theirs.
public enum MailCodes {
    /// So many codes somebody may have sent within an hour, wherever to: what is sent to others is no nuisance then.
    public static let hourly = 5
    /// So often may each be typed wrong; it is valid for an hour.
    static let tries = 5

    /// Notes a code that is to be sent; `false`: somebody has had as many as they may.
    public static func add(
        digest: [UInt8], to address: String, of user: Int64, on connection: PostgresConnection
    ) async throws -> Bool {
        // Two at once are counted one after the other.
        try await connection.execute("SELECT FROM users WHERE id = \(user) FOR UPDATE")
        try await connection.execute(
            "DELETE FROM mail_codes WHERE user_id = \(user) AND at < now() - interval '1 hour'")
        return try await connection.execute(
            """
            INSERT INTO mail_codes (user_id, address, digest) SELECT \(user), \(address), \(digest)
            WHERE (SELECT count(*) FROM mail_codes WHERE user_id = \(user)) < \(hourly)
            """) == 1
    }

    /// Whether this is the code that was sent there last; then the address is theirs.
    public static func confirm(
        _ way: Int64, digest: [UInt8], of user: Int64, on connection: PostgresConnection
    ) async throws -> Bool {
        let isRight =
            try await connection.query(
                """
                UPDATE mail_codes SET tries = tries + 1
                WHERE id = (SELECT max(mail_codes.id) FROM mail_codes JOIN ways USING (user_id, address)
                        WHERE ways.id = \(way) AND user_id = \(user))
                    AND tries < \(tries) AND at > now() - interval '1 hour'
                RETURNING digest = \(digest) AS is_right
                """
            ).first?.get("is_right") ?? false
        guard isRight else { return false }
        try await connection.execute(
            "UPDATE ways SET is_confirmed = true WHERE id = \(way) AND user_id = \(user)")
        return true
    }
}
