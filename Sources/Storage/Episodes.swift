public import FoundationEssentials
public import Lifecycle
public import Postgres

/// An episode as its source knows it; aired or not.
public struct Episode: Sendable {
    /// The episode's id here.
    public var id: Int64
    /// Season; 0 for specials.
    public var season: Int
    /// Number in the season; `nil` for a special that has none.
    public var number: Int?
    /// Its name, possibly empty.
    public var name: String
    /// When it airs, if that is known.
    public var airsAt: Date?
    /// The day on which it airs, "2026-11-19", where it airs; daily shows are named by it.
    public var airdate: String?
    /// Withdrawn by its source.
    public var isGone: Bool

    /// Season and number, when it has both.
    public var at: EpisodeNumber? { number.map { EpisodeNumber(season: season, number: $0) } }

    init(_ row: Row) throws {
        id = try row.get("id")
        season = try row.get("season")
        number = try row.get("number")
        name = try row.get("name")
        airsAt = try row.get("airs_at")
        airdate = try row.get("airdate")
        isGone = try (row.get("gone_at") as Date?) != nil
    }
}

/// What a source says of an episode.
public struct EpisodeFacts: Sendable {
    /// The episode's id at its source: it stays when the episode is renumbered.
    public var sourceID: String
    /// Season; 0 for specials.
    public var season: Int
    /// Number in the season.
    public var number: Int?
    /// Its name.
    public var name: String
    /// When it airs.
    public var airsAt: Date?
    /// The day on which it airs, "2026-11-19", where it airs.
    public var airdate: String?

    /// Makes the facts of an episode.
    public init(sourceID: String, season: Int, number: Int?, name: String, airsAt: Date?, airdate: String? = nil) {
        self.sourceID = sourceID
        self.season = season
        self.number = number
        self.name = name
        self.airsAt = airsAt
        self.airdate = airdate
    }
}

/// The table `episodes`.
public enum Episodes {
    /// Brings the title's episodes in step with its source: new ones are added, known ones (by the source's id)
    /// corrected, and those the source does not name any more marked as gone.
    public static func save(
        _ facts: [EpisodeFacts], of title: Int64, on connection: PostgresConnection
    ) async throws {
        for episode in facts {
            _ = try await connection.execute(
                """
                INSERT INTO episodes (title_id, source_id, season, number, name, airs_at, airdate)
                VALUES (\(title), \(episode.sourceID), \(episode.season), \(episode.number), \(episode.name),
                        \(episode.airsAt), \(episode.airdate))
                ON CONFLICT (title_id, source_id) DO UPDATE SET season = EXCLUDED.season, number = EXCLUDED.number,
                    name = EXCLUDED.name, airs_at = EXCLUDED.airs_at, airdate = EXCLUDED.airdate, gone_at = NULL
                """)
        }
        _ = try await connection.execute(
            """
            UPDATE episodes SET gone_at = now()
            WHERE title_id = \(title) AND gone_at IS NULL AND source_id <> ALL (\(facts.map(\.sourceID)))
            """)
    }

    /// All episodes of the title that its source still names, in order.
    public static func list(of title: Int64, on connection: PostgresConnection) async throws -> [Episode] {
        try await connection.query(
            """
            SELECT id, season, number, name, airs_at, gone_at,
                COALESCE(airdate, to_char(airs_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')) AS airdate FROM episodes
            WHERE title_id = \(title) AND gone_at IS NULL ORDER BY season, number NULLS LAST, id
            """
        ).map(Episode.init)
    }
}

extension Episodes {
    /// What is stored of the title's episodes, as facts to be saved again.
    public static func facts(of title: Int64, on connection: PostgresConnection) async throws -> [EpisodeFacts] {
        try await connection.query(
            """
            SELECT source_id, season, number, name, airs_at, airdate FROM episodes
            WHERE title_id = \(title) AND gone_at IS NULL
            """
        ).map { row in
            EpisodeFacts(
                sourceID: try row.get("source_id"), season: try row.get("season"), number: try row.get("number"),
                name: try row.get("name"), airsAt: try row.get("airs_at"), airdate: try row.get("airdate"))
        }
    }

    /// The episodes that ongoing requests want and that have aired since: each still lacks its item.
    public static func newlyAired(
        on connection: PostgresConnection
    ) async throws -> [(request: Int64, episode: Episode)] {
        try await connection.query(
            """
            SELECT requests.id AS request_id, episodes.id, episodes.season, episodes.number, episodes.name,
                   episodes.airs_at, episodes.airdate, episodes.gone_at
            FROM requests JOIN episodes ON episodes.title_id = requests.title_id
            WHERE requests.scope IN ('ongoing', 'future') AND requests.stopped_at IS NULL
              AND episodes.gone_at IS NULL AND episodes.season > 0 AND episodes.number IS NOT NULL
              AND episodes.airs_at <= now() AND episodes.airs_at >= COALESCE(requests.future_from, '-infinity')
              AND NOT EXISTS (
                  SELECT 1 FROM items WHERE items.request_id = requests.id
                    AND (items.episode_id = episodes.id
                         OR (items.season = episodes.season AND items.number = episodes.number)))
            ORDER BY requests.id, episodes.season, episodes.number LIMIT 500
            """
        ).map { (try $0.get("request_id"), try Episode($0)) }
    }
}
