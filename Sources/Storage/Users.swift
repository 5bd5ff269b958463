public import FoundationEssentials
public import Postgres

/// What an account may do.
public enum Role: String, CaseIterable, Sendable {
    /// Everything: accounts, indexers, settings, and every request.
    case administrator
    /// What a member may, and approves or declines what others ask for.
    case approver
    /// Sees the household's requests and acts on their own.
    case member
    /// A member whose requests wait for approval, unless the house says otherwise.
    case child

    /// Whether they approve and decline.
    public var isApprover: Bool { self == .administrator || self == .approver }
}

/// Somebody's account. The hash of the password is not part of it.
public struct User: Sendable {
    /// The account's id.
    public var id: Int64
    /// What they are called.
    public var name: String
    /// Their own name to sign in with; `nil`: what they are called.
    public var ownSignInName: String?
    /// What it may do.
    public var role: Role
    /// Since when nobody can sign in with it.
    public var disabledAt: Date?
    /// When it was made.
    public var createdAt: Date
    /// How pages look for them; `nil`: as their system has it.
    public var theme: Theme?
    /// What is kept from them; `nil`: nothing.
    public var ageLimit: AgeLimit?
    /// Their own time zone; `nil`: the house's.
    public var ownZone: String?
    /// Their own way to write dates; `nil`: the house's.
    public var ownDates: String?
    /// By which clock they read, and how dates are written for them.
    public var times: TimeFormat

    /// The name to sign in with.
    public var signInName: String { ownSignInName ?? name }

    static let columns: SQL = """
        users.id AS user_id, users.name AS user_name, users.sign_in_name, users.role, users.disabled_at, users.created_at, users.theme,
        users.time_zone, users.date_format, (SELECT time_zone FROM settings) AS house_time_zone,
        (SELECT date_format FROM settings) AS house_date_format, \(AgeLimit.columns)
        """

    init(_ row: Row) throws {
        id = try row.get("user_id")
        name = try row.get("user_name")
        ownSignInName = try row.get("sign_in_name")
        role = try row.get("role")
        disabledAt = try row.get("disabled_at")
        createdAt = try row.get("created_at")
        theme = try row.get("theme")
        ageLimit = try AgeLimit(row)
        ownZone = try row.get("time_zone")
        ownDates = try row.get("date_format")
        times = TimeFormat(
            zone: try ownZone ?? row.get("house_time_zone"), dates: try ownDates ?? row.get("house_date_format"))
    }
}

/// How pages look, where somebody has chosen.
public enum Theme: String, CaseIterable, Sendable {
    /// Dark on light.
    case light
    /// Light on dark.
    case dark
}

/// The table `users`.
public enum Users {
    /// Whether anybody has an account yet.
    public static func exist(on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query("SELECT 1 FROM users LIMIT 1").isEmpty
    }

    /// All accounts, by name.
    public static func list(on connection: PostgresConnection) async throws -> [User] {
        try await connection.query("SELECT \(User.columns) FROM users ORDER BY lower(name)").map(User.init)
    }

    /// One account.
    public static func find(_ id: Int64, on connection: PostgresConnection) async throws -> User? {
        try await connection.query("SELECT \(User.columns) FROM users WHERE id = \(id)").first.map(User.init)
    }

    /// The account that is signed in to by that name, upper and lower case alike, with the hash of its password if it has one.
    public static func credentials(
        named name: String, on connection: PostgresConnection
    ) async throws -> (user: User, passwordHash: String?)? {
        try await connection.query(
            """
            SELECT \(User.columns), password_hash FROM users
            WHERE lower(COALESCE(sign_in_name, name)) = lower(\(name))
            """
        ).first.map { (try User($0), try $0.get("password_hash")) }
    }

    /// The hash of the account's password; `nil` when it has none.
    public static func passwordHash(of id: Int64, on connection: PostgresConnection) async throws -> String? {
        try await connection.query("SELECT password_hash FROM users WHERE id = \(id)").first
            .flatMap { try $0.get("password_hash") }
    }

    /// Makes an account; answers its id.
    ///
    /// - Throws: `PostgresError`; of a name that is taken ``isTaken(_:)``.
    public static func add(
        name: String, passwordHash: String, role: Role, on connection: PostgresConnection
    ) async throws -> Int64 {
        try await connection.query(
            """
            INSERT INTO users (name, password_hash, role) VALUES (\(name), \(passwordHash), \(role.rawValue))
            RETURNING id
            """)[0].get("id")
    }

    /// Makes an account without a password; answers its id, or `nil` when the name is taken.
    public static func add(
        named name: String, role: Role, on connection: PostgresConnection
    ) async throws -> Int64? {
        try await connection.query(
            """
            INSERT INTO users (name, role) VALUES (\(name), \(role.rawValue)) ON CONFLICT DO NOTHING RETURNING id
            """
        ).first.map { try $0.get("id") }
    }

    /// Replaces the hash of the account's password.
    public static func setPassword(
        _ passwordHash: String, of id: Int64, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute("UPDATE users SET password_hash = \(passwordHash) WHERE id = \(id)")
    }

    /// Gives the account another role; false when it is the last administrator's, who stays one.
    public static func setRole(_ role: Role, of id: Int64, on connection: PostgresConnection) async throws -> Bool {
        if role != .administrator, try await isLastAdministrator(id, on: connection) { return false }
        _ = try await connection.execute("UPDATE users SET role = \(role.rawValue) WHERE id = \(id)")
        return true
    }

    /// Closes or opens the account; false when it is the last administrator's, which stays open.
    public static func setDisabled(
        _ isDisabled: Bool, of id: Int64, on connection: PostgresConnection
    ) async throws -> Bool {
        if isDisabled, try await isLastAdministrator(id, on: connection) { return false }
        _ = try await connection.execute(
            """
            UPDATE users SET disabled_at = CASE WHEN \(isDisabled) THEN COALESCE(disabled_at, now()) END
            WHERE id = \(id)
            """)
        return true
    }

    /// Whether a name could not be given because somebody else has it, to be called by or to sign in with.
    public static func isTaken(_ error: PostgresError) -> Bool {
        error.isUniqueViolation(constraint: "users_name") || isTakenToSignIn(error)
    }

    /// Whether a name could not be given because somebody else signs in with it.
    public static func isTakenToSignIn(_ error: PostgresError) -> Bool {
        error.isUniqueViolation(constraint: "users_sign_in")
    }

    /// Gives the account another name, its pages another look, and its reader another clock.
    ///
    /// - Parameters:
    ///   - signInName: what to sign in with; `nil`: the name.
    ///   - zone: a time zone; `nil`: the house's.
    ///   - dates: how dates are written; `nil`: as in the house.
    /// - Throws: `PostgresError`; of a name that is taken ``isTaken(_:)``.
    public static func setLooks(
        name: String, signInName: String?, theme: Theme?, zone: String?, dates: String?, of id: Int64,
        on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            UPDATE users SET name = \(name), sign_in_name = \(signInName), theme = \(theme?.rawValue),
                time_zone = \(zone), date_format = \(dates)
            WHERE id = \(id)
            """)
    }

    /// Removes the account, which must be closed and on no request.
    ///
    /// - Returns: whether it is gone; false while it is still open, or on a request.
    public static func delete(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute(
            """
            DELETE FROM users WHERE id = \(id) AND disabled_at IS NOT NULL
                AND NOT EXISTS (SELECT FROM request_people WHERE user_id = \(id))
            """) == 1
    }

    // The administrators are locked, so that two who demote each other at once do not both succeed.
    private static func isLastAdministrator(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        let administrators: [Int64] = try await connection.query(
            """
            SELECT id FROM users WHERE role = 'administrator' AND disabled_at IS NULL ORDER BY id FOR UPDATE
            """
        ).map { try $0.get("id") }
        return administrators == [id]
    }
}

/// The one-time token with which the first administrator is made.
public enum SetupToken {
    /// Keeps the token's hash, in place of the one before.
    public static func store(hash: [UInt8], on connection: PostgresConnection) async throws {
        _ = try await connection.execute("UPDATE settings SET setup_token_hash = \(hash)")
    }

    /// Whether this is the hash of the token, and nobody has an account yet.
    public static func fits(hash: [UInt8], on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query(
            """
            SELECT 1 FROM settings WHERE setup_token_hash = \(hash) AND NOT EXISTS (SELECT 1 FROM users)
            """
        ).isEmpty
    }

    /// Uses the token up: true once, for one of those who try at the same time, and only while nobody has an account.
    public static func spend(hash: [UInt8], on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute(
            """
            UPDATE settings SET setup_token_hash = NULL
            WHERE setup_token_hash = \(hash) AND NOT EXISTS (SELECT 1 FROM users)
            """) == 1
    }
}
