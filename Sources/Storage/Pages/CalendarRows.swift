public import FoundationEssentials
public import Lifecycle
public import Postgres

/// Something that the household waits or waited for, at the moment when it airs or comes out.
public struct CalendarRow: Sendable {
    /// The request's id.
    public var request: Int64
    /// What it is.
    public var kind: Kind
    /// Its title.
    public var title: String
    /// The year of the title.
    public var year: Int?
    /// The episode; `nil` for a movie or a game.
    public var episode: EpisodeNumber?
    /// What the episode is called; empty when nobody knows.
    public var episodeName: String
    /// When it airs, or noon (UTC) of the day on which it comes out.
    public var at: Date
    /// Minutes that it lasts.
    public var runtime: Int?
    /// When its request last changed.
    public var changedAt: Date
    /// How far it is; `nil`: an episode of a show that is followed, before it airs.
    public var status: Lifecycle.Status?

    /// Whether the time of the day says nothing.
    public var isWholeDay: Bool { episode == nil }

    init(_ row: Row) throws {
        request = try row.get("id")
        kind = try row.get("kind")
        title = try row.get("title")
        year = try row.get("year")
        let season: Int? = try row.get("season")
        let number: Int? = try row.get("number")
        if let season, let number { episode = EpisodeNumber(season: season, number: number) }
        episodeName = try row.get("episode")
        at = try row.get("at")
        runtime = try row.get("runtime")
        changedAt = try row.get("changed_at")
        status = try row.get("status")
    }
}

/// What airs and comes out when, of all that the household asks for.
public enum CalendarRows {
    /// What lies from a moment up to another, in order. Episodes of shows that are followed are among it before they are
    /// asked for; what was cancelled or declined is not.
    ///
    /// - Parameter ageLimit: of whoever looks.
    public static func list(
        from start: Date, to end: Date, under ageLimit: AgeLimit?, limit: Int, on connection: PostgresConnection
    ) async throws -> [CalendarRow] {
        let condition = ageLimit?.condition ?? "true"
        return try await connection.query(
            """
            SELECT requests.id, titles.kind, titles.name AS title, titles.year, episodes.season, episodes.number,
                episodes.name AS episode, airs_at AS at, titles.runtime, requests.changed_at, items.status
            FROM episodes JOIN titles ON titles.id = episodes.title_id JOIN requests ON requests.title_id = titles.id
            LEFT JOIN items ON items.request_id = requests.id AND items.episode_id = episodes.id
            WHERE airs_at >= \(start) AND airs_at < \(end) AND gone_at IS NULL AND \(condition)
                AND requests.approval IS DISTINCT FROM 'declined'
                AND CASE WHEN items.id IS NULL
                    THEN scope IN ('ongoing', 'future') AND stopped_at IS NULL AND episodes.season > 0
                        AND episodes.number IS NOT NULL AND airs_at >= GREATEST(future_from, now())
                    ELSE items.status <> 'CANCELLED' END
            UNION ALL
            SELECT requests.id, titles.kind, titles.name, titles.year, NULL, NULL, '', \(Title.releasedAt),
                NULL, requests.changed_at, requests.status
            FROM titles JOIN requests ON requests.title_id = titles.id
            WHERE \(Title.releasedAt) >= \(start) AND \(Title.releasedAt) < \(end)
                -- So that the index of days is used.
                AND released_on BETWEEN (\(start))::date - 1 AND (\(end))::date + 1
                AND requests.status <> 'CANCELLED' AND \(condition)
                AND requests.approval IS DISTINCT FROM 'declined'
            ORDER BY at, title, season, number \(SQL(raw: "LIMIT \(limit)"))
            """
        ).map(CalendarRow.init)
    }
}
