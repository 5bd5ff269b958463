public import Postgres

/// How big a release was that some search saw.
public struct SeenSize: Sendable, Equatable {
    /// Its name.
    public var name: String
    /// Its size in bytes.
    public var bytes: Int64
    /// How many episodes it holds; of a movie or a game 1.
    public var parts: Int

    /// Says how big one was.
    public init(name: String, bytes: Int64, parts: Int) {
        self.name = name
        self.bytes = bytes
        self.parts = parts
    }
}

/// Sizes of releases that searches saw, to estimate by.
public enum SeenSizes {
    /// At most as many are looked at, the newest.
    public static let limit = 500

    /// Those of one request's title.
    public static func list(of request: Int64, on connection: PostgresConnection) async throws -> [SeenSize] {
        try await list("requests.id = \(request)", on: connection)
    }

    /// Those of all titles of a kind.
    public static func list(of kind: Kind, on connection: PostgresConnection) async throws -> [SeenSize] {
        try await list("titles.kind = \(kind)", on: connection)
    }

    private static func list(_ condition: SQL, on connection: PostgresConnection) async throws -> [SeenSize] {
        try await connection.query(
            """
            WITH seen AS (
                SELECT releases.name, size_bytes, coverage, titles.id AS title_id, titles.kind
                FROM releases JOIN requests ON requests.id = releases.request_id JOIN titles ON titles.id = requests.title_id
                WHERE \(condition) AND size_bytes > 0
                  -- It is what its title says, only not what that request wanted.
                  AND NOT EXISTS (
                      SELECT FROM jsonb_array_elements(reasons) AS reason
                      WHERE reason ->> 'code' <> ALL (\(harmless)::text[]))
                ORDER BY releases.id DESC LIMIT \(limit)),
            counted AS (
                SELECT name, size_bytes, CASE
                    WHEN kind <> 'show' THEN 1
                    WHEN coverage ? 'episodes' THEN jsonb_array_length(coverage -> 'episodes')
                    ELSE (SELECT count(*) FROM episodes WHERE episodes.title_id = seen.title_id
                        AND number IS NOT NULL AND gone_at IS NULL AND coverage -> 'seasons' @> to_jsonb(season))
                    END::int AS parts
                FROM seen)
            SELECT name, size_bytes, parts FROM counted WHERE parts > 0
            """
        ).map { SeenSize(name: try $0.get("name"), bytes: try $0.get("size_bytes"), parts: try $0.get("parts")) }
    }

    /// Reasons that say nothing against a release's size, as the judge calls them.
    private static let harmless = [
        "already-downloading", "bigger-than-wanted", "episode-not-wanted", "few-seeders", "season-not-wanted",
        "smaller-than-wanted", "word-missing", "word-refused", "wrong-codec", "wrong-quality", "wrong-source",
    ]
}
