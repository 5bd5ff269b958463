public import Postgres

/// Where a picture is that a source has named.
public struct PictureSource: Sendable, Equatable {
    /// What pages call it: 32 hexadecimal digits that stand for the address.
    public var key: String
    /// The source that named it.
    public var source: String
    /// Its address.
    public var url: String

    /// A picture.
    public init(key: String, source: String, url: String) {
        self.key = key
        self.source = source
        self.url = url
    }
}

/// The table `pictures`: the only addresses that pictures are fetched from.
public enum Pictures {
    /// Notes pictures that a source has named.
    public static func save(_ pictures: [PictureSource], on connection: PostgresConnection) async throws {
        for picture in pictures.sorted(by: { $0.key < $1.key }) {
            try await connection.execute(
                """
                INSERT INTO pictures (key, source, url) VALUES (\(picture.key), \(picture.source), \(picture.url))
                ON CONFLICT (key) DO UPDATE SET at = now()
                """)
        }
    }

    /// Whether a picture is one of a title that is for somebody with this limit.
    public static func isSeen(_ key: String, under limit: AgeLimit, on connection: PostgresConnection) async throws
        -> Bool
    {
        try await connection.query(
            """
            SELECT EXISTS (SELECT FROM titles WHERE picture = \(key) AND \(limit.condition))
                OR EXISTS (
                    SELECT FROM pictures JOIN (
                        SELECT source, facts ->> 'picture' AS url, (facts ->> 'age')::int AS age FROM found_titles
                    ) AS titles USING (source, url)
                    WHERE key = \(key) AND \(limit.condition)) AS seen
            """)[0].get("seen")
    }

    /// A picture by its key.
    public static func find(_ key: String, on connection: PostgresConnection) async throws -> PictureSource? {
        try await connection.query("SELECT key, source, url FROM pictures WHERE key = \(key)").first.map { row in
            PictureSource(key: try row.get("key"), source: try row.get("source"), url: try row.get("url"))
        }
    }
}
