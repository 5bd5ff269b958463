public import Lifecycle
public import Postgres

/// How the household stands to a title that somebody looks up.
public struct KnownTitle: Sendable {
    /// The request for it.
    public var request: Int64
    /// How that stands.
    public var status: Lifecycle.Status
    /// Who is on it, the first first.
    public var people: [String]
    /// The age in years that the title is for; `nil`: no rating is known.
    public var age: Int?
}

/// Which of the titles that were looked up somebody has asked for already.
public enum KnownTitles {
    /// A title to look for.
    public struct Sought: Codable, Sendable {
        /// What it is.
        public var kind: String
        /// Identities that it may have been asked for under: by its source, or as it would be typed in.
        public var identities: [String]
        /// Its ids elsewhere, by source.
        public var ids: [String: String]

        /// Makes one.
        public init(kind: Kind, identities: [String], ids: [String: String]) {
            self.kind = kind.rawValue
            self.identities = identities
            self.ids = ids
        }
    }

    /// For each title sought the request for it, by its place in the list. A title is the same if an outside id is the
    /// same; or if it is called the same and no outside id says otherwise.
    public static func find(
        _ sought: [Sought], on connection: PostgresConnection
    ) async throws -> [Int: KnownTitle] {
        guard !sought.isEmpty else { return [:] }
        let rows = try await connection.query(
            """
            WITH sought AS (
                SELECT n - 1 AS n, title ->> 'kind' AS kind, title -> 'identities' AS identities, title -> 'ids' AS ids
                FROM jsonb_array_elements(\(JSON(sought))) WITH ORDINALITY AS each (title, n)),
            same AS (
                SELECT sought.n, titles.id, titles.age, 1 AS rank FROM sought, jsonb_each_text(ids) AS outside
                JOIN title_ids ON title_ids.source = outside.key AND title_ids.value = outside.value
                JOIN titles ON titles.id = title_ids.title_id
                WHERE titles.kind = sought.kind
                UNION ALL
                SELECT sought.n, titles.id, titles.age, 2 FROM sought, jsonb_array_elements_text(identities) AS named (identity)
                JOIN titles ON titles.identity = named.identity
                WHERE titles.kind = sought.kind AND NOT EXISTS (
                    SELECT FROM title_ids WHERE title_id = titles.id AND value <> ids ->> source))
            SELECT DISTINCT ON (same.n) same.n::int AS n, requests.id, requests.status, same.age,
                (SELECT COALESCE(array_agg(users.name ORDER BY joined_at, users.id), '{}') FROM request_people
                 JOIN users ON users.id = user_id WHERE request_id = requests.id) AS people
            FROM same JOIN requests ON requests.title_id = same.id
            ORDER BY same.n, same.rank, requests.id
            """)
        var known: [Int: KnownTitle] = [:]
        for row in rows {
            known[try row.get("n")] = KnownTitle(
                request: try row.get("id"), status: try row.get("status"), people: try row.get("people"),
                age: try row.get("age"))
        }
        return known
    }
}
