public import Postgres

/// What somebody says of a way to be told.
public struct WaySettings: Sendable, Equatable {
    /// What is spoken at the other end.
    public enum Kind: String, Sendable, CaseIterable {
        /// Any address that takes JSON.
        case webhook
        /// A topic of an ntfy server.
        case ntfy
        /// A webhook of a Discord channel.
        case discord
        /// An application of a Gotify server.
        case gotify
        /// A chat with a Telegram bot.
        case telegram
        /// A configuration of an Apprise API server.
        case apprise
        /// A mailbox.
        case email
    }

    /// What is spoken there.
    public var kind: Kind
    /// What its owner calls it.
    public var name: String
    /// Where it is. May be a secret itself. Of e-mail: the mailbox.
    public var address: String
    /// What opens it. Never shown.
    public var secret: String?
    /// Whom it is for over there: a topic, a chat, a key; empty where there is no such thing.
    public var target: String
    /// Of a webhook: the JSON that is sent, with names in double braces.
    public var template: String?
    /// What is told this way.
    public var notices: Set<Told.Kind>
    /// Whether anything may be sent there yet: of e-mail, whether its owner has shown that it is theirs.
    public var isConfirmed: Bool

    /// Describes a way.
    public init(
        kind: Kind, name: String, address: String, secret: String? = nil, target: String = "",
        template: String? = nil, notices: Set<Told.Kind>, isConfirmed: Bool = true
    ) {
        self.kind = kind
        self.name = name
        self.address = address
        self.secret = secret
        self.target = target
        self.template = template
        self.notices = notices
        self.isConfirmed = isConfirmed
    }

    init(_ row: Row) throws {
        kind = try row.get("way_kind")
        name = try row.get("way_name")
        address = try row.get("address")
        secret = try row.get("secret")
        target = try row.get("target")
        template = try row.get("template")
        notices = Set(try (row.get("way_notices") as [String]).compactMap(Told.Kind.init))
        isConfirmed = try row.get("is_confirmed")
    }

    static let columns: SQL = """
        ways.kind AS way_kind, ways.name AS way_name, ways.address, ways.secret, ways.target, ways.template,
        ways.notices AS way_notices, ways.is_confirmed
        """
}

/// A way that somebody has.
public struct Way: Sendable {
    /// The way's id.
    public var id: Int64
    /// What its owner says of it.
    public var settings: WaySettings
    /// Why the latest delivery over it failed or waits; `nil`: it did not.
    public var trouble: String?
}

/// The table `ways`.
public enum Ways {
    /// The ways of somebody, by name.
    public static func list(of user: Int64, on connection: PostgresConnection) async throws -> [Way] {
        try await connection.query(
            """
            SELECT ways.id, \(WaySettings.columns), latest.trouble
            FROM ways LEFT JOIN LATERAL (
                SELECT CASE WHEN sent_at IS NULL THEN last_error END AS trouble
                FROM deliveries WHERE way_id = ways.id AND attempts > 0 ORDER BY id DESC LIMIT 1) AS latest ON true
            WHERE user_id = \(user) ORDER BY lower(ways.name)
            """
        ).map { Way(id: try $0.get("id"), settings: try WaySettings($0), trouble: try $0.get("trouble")) }
    }

    /// One of somebody's ways.
    public static func find(
        _ id: Int64, of user: Int64, on connection: PostgresConnection
    ) async throws -> WaySettings? {
        try await connection.query(
            "SELECT \(WaySettings.columns) FROM ways WHERE id = \(id) AND user_id = \(user)"
        ).first.map(WaySettings.init)
    }

    /// Adds a way; answers its id.
    ///
    /// - Throws: a unique violation of `ways_name` when its owner has one of that name.
    public static func add(
        _ way: WaySettings, of user: Int64, on connection: PostgresConnection
    ) async throws -> Int64 {
        try await connection.query(
            """
            INSERT INTO ways (user_id, kind, name, address, secret, target, template, notices, is_confirmed)
            VALUES (\(user), \(way.kind), \(way.name), \(way.address), \(way.secret), \(way.target),
                \(way.template), \(way.notices.map(\.rawValue).sorted()), \(way.isConfirmed))
            RETURNING id
            """)[0].get("id")
    }

    /// Changes one of somebody's ways; its kind stays, and what is told this way. `false`: there is none.
    ///
    /// - Throws: a unique violation of `ways_name` when its owner has another of that name.
    public static func update(
        _ id: Int64, of user: Int64, _ way: WaySettings, on connection: PostgresConnection
    ) async throws -> Bool {
        try await connection.execute(
            """
            UPDATE ways SET name = \(way.name), address = \(way.address), secret = \(way.secret),
                target = \(way.target), template = \(way.template)
            WHERE id = \(id) AND user_id = \(user)
            """) == 1
    }

    /// Says what is told over each of these ways of somebody; others stay as they are.
    public static func choose(
        _ notices: [Int64: Set<Told.Kind>], of user: Int64, on connection: PostgresConnection
    ) async throws {
        for (id, kinds) in notices.sorted(by: { $0.key < $1.key }) {
            try await connection.execute(
                """
                UPDATE ways SET notices = \(kinds.map(\.rawValue).sorted()) WHERE id = \(id) AND user_id = \(user)
                """)
        }
    }

    /// Removes one of somebody's ways, with what was to go over it. `false`: there is none.
    public static func remove(_ id: Int64, of user: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute("DELETE FROM ways WHERE id = \(id) AND user_id = \(user)") == 1
    }

    /// Whether somebody's ways may lead into this house's network.
    public static func mayBePrivate(of user: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.query(
            """
            SELECT role = 'administrator' OR private_ways AS may FROM users, settings WHERE users.id = \(user)
            """
        ).first?.get("may") ?? false
    }

    /// Whether ways of those who are no administrators may.
    public static func areAllPrivateAllowed(on connection: PostgresConnection) async throws -> Bool {
        try await connection.query("SELECT private_ways FROM settings")[0].get("private_ways")
    }

    /// Says whether they may.
    public static func allowPrivate(_ isAllowed: Bool, on connection: PostgresConnection) async throws {
        try await connection.execute("UPDATE settings SET private_ways = \(isAllowed)")
    }
}
