public import Postgres

/// What is kept from a child: titles that are for older people.
public struct AgeLimit: Sendable, Equatable {
    /// The age in years up to which titles are for them.
    public var age: Int
    /// Whether they see what has no known rating.
    public var allowsUnrated: Bool

    /// What a limit may be.
    public static let range = 0...18

    /// States a limit.
    public init(age: Int, allowsUnrated: Bool) {
        self.age = age
        self.allowsUnrated = allowsUnrated
    }

    /// Whether a title with this rating is for them; `nil`: none is known.
    public func allows(_ age: Int?) -> Bool { age.map { $0 <= self.age } ?? allowsUnrated }

    /// Why a title is kept from them; `nil`: it is not.
    public func refusal(of age: Int?) -> String? {
        if allows(age) { return nil }
        guard let age else {
            return "Nobody has rated this as far as is known here, and you may only have what is rated."
        }
        return "This is for people of \(age) and older, and you may have what is for up to \(self.age)."
    }

    /// The condition under which a row of `titles` is for them.
    var condition: SQL { allowsUnrated ? "COALESCE(titles.age, 0) <= \(age)" : "titles.age <= \(age)" }

    /// To be selected with a row of `users`.
    static let columns: SQL = """
        (SELECT age FROM age_limits WHERE user_id = users.id AND users.role = 'child') AS age_limit,
        (SELECT unrated FROM age_limits WHERE user_id = users.id) AS allows_unrated
        """

    /// Nil for those from whom nothing is kept.
    init?(_ row: Row) throws {
        guard let age: Int = try row.get("age_limit") else { return nil }
        self.init(age: age, allowsUnrated: try row.get("allows_unrated") ?? false)
    }

    /// Somebody's; `nil`: nothing is kept from them.
    public static func load(for user: Int64, on connection: PostgresConnection) async throws -> AgeLimit? {
        try await connection.query("SELECT \(columns) FROM users WHERE id = \(user)").first.flatMap(AgeLimit.init)
    }

    /// Makes this the limit of somebody; `nil`: nothing is kept from them. It holds while they are a child.
    public static func set(_ limit: AgeLimit?, of user: Int64, on connection: PostgresConnection) async throws {
        guard let limit else {
            try await connection.execute("DELETE FROM age_limits WHERE user_id = \(user)")
            return
        }
        try await connection.execute(
            """
            INSERT INTO age_limits (user_id, age, unrated) VALUES (\(user), \(limit.age)::int, \(limit.allowsUnrated))
            ON CONFLICT (user_id) DO UPDATE SET age = EXCLUDED.age, unrated = EXCLUDED.unrated
            """)
    }
}
