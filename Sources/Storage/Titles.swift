public import FoundationEssentials
public import Postgres

/// A movie, show or game as the world knows it.
public struct Title: Sendable {
    /// The title's id here.
    public var id: Int64
    /// What it is.
    public var kind: Kind
    /// Its name.
    public var name: String
    /// The year it came out.
    public var year: Int?
    /// Of a movie or a game: noon (UTC) of the day on which it came or comes out, which is that day almost everywhere.
    public var releasedAt: Date?
    /// What it is about, as plain text.
    public var overview: String?
    /// Whether a show may still get episodes.
    public var running: Bool
    /// Minutes a piece.
    public var runtime: Int?
    /// The age in years that it is for, by the strictest of its known ratings; `nil`: none is known.
    public var age: Int?
    /// Where it comes from: `hand` or an outside source.
    public var source: String
    /// Its id there.
    public var sourceID: String?
    /// The key of its picture.
    public var picture: String?
    /// Where its source shows it, for the attribution.
    public var sourceURL: String?
    /// The source's own stamp of its last change, seconds since 1970.
    public var sourceUpdated: Int64?
    /// When it was last read from its source.
    public var refreshedAt: Date?

    static let columns: SQL = """
        titles.id AS title_id, titles.kind, titles.name AS title_name, titles.year, titles.overview, titles.running,
        titles.runtime, titles.source, titles.source_id, titles.source_url, titles.source_updated, titles.refreshed_at,
        titles.picture, titles.age, \(releasedAt) AS title_released_at
        """

    static let releasedAt: SQL = "((titles.released_on + time '12:00') AT TIME ZONE 'UTC')"

    init(_ row: Row) throws {
        id = try row.get("title_id")
        kind = try row.get("kind")
        name = try row.get("title_name")
        year = try row.get("year")
        releasedAt = try row.get("title_released_at")
        overview = try row.get("overview")
        running = try row.get("running")
        runtime = try row.get("runtime")
        age = try row.get("age")
        source = try row.get("source")
        picture = try row.get("picture")
        sourceID = try row.get("source_id")
        sourceURL = try row.get("source_url")
        sourceUpdated = try row.get("source_updated")
        refreshedAt = try row.get("refreshed_at")
    }
}

extension Title {
    /// Its id at TVmaze, if that is where it comes from.
    public var tvmaze: Int? { source == "tvmaze" ? sourceID.flatMap { Int($0) } : nil }
}

/// What is known of a title when it is first asked for, or read again from its source.
public struct TitleFacts: Sendable {
    /// What it is.
    public var kind: Kind
    /// What makes two askings mean the same title.
    public var identity: String
    /// Its name.
    public var name: String
    /// What else it is called; `nil`: its source does not say, and what is known stays.
    public var otherNames: [String]?
    /// The year it came out.
    public var year: Int?
    /// Of a movie or a game: the first day on which it came or comes out anywhere ("2026-05-12").
    public var releasedOn: String?
    /// What it is about, as plain text.
    public var overview: String?
    /// Whether a show may still get episodes.
    public var running = false
    /// Minutes a piece.
    public var runtime: Int?
    /// Where it comes from: `hand` or an outside source.
    public var source = "hand"
    /// Its id there.
    public var sourceID: String?
    /// The age in years that it is for; `nil`: no rating is known.
    public var age: Int?
    /// Its picture.
    public var picture: PictureSource?
    /// Where its source shows it.
    public var sourceURL: String?
    /// The source's own stamp of its last change.
    public var sourceUpdated: Int64?
    /// Ids elsewhere, by source (`imdb`, `tvdb`, `wikidata`, …).
    public var outsideIDs: [String: String] = [:]

    /// Facts of a title that somebody typed in; they are all there will ever be.
    public init(kind: Kind, identity: String, name: String, year: Int?) {
        self.kind = kind
        self.identity = identity
        self.name = name
        self.year = year
    }
}

/// The table `titles`, and `title_ids`.
public enum Titles {
    /// What the titles of these requests are called, by request.
    public static func names(
        ofRequests requests: [Int64], on connection: PostgresConnection
    ) async throws -> [Int64: String] {
        guard !requests.isEmpty else { return [:] }
        var names: [Int64: String] = [:]
        for row in try await connection.query(
            """
            SELECT requests.id, titles.name FROM requests JOIN titles ON titles.id = requests.title_id
            WHERE requests.id = ANY (\(requests))
            """)
        {
            names[try row.get("id")] = try row.get("name")
        }
        return names
    }

    /// Makes the title or refreshes what is known of it; answers its id.
    public static func save(_ facts: TitleFacts, on connection: PostgresConnection) async throws -> Int64 {
        if let picture = facts.picture { try await Pictures.save([picture], on: connection) }
        let identity = try await identity(of: facts, on: connection)
        let rows = try await connection.query(
            """
            INSERT INTO titles (kind, identity, name, year, overview, running, runtime, source, source_id, source_url,
                                source_updated, picture, age, released_on, refreshed_at)
            VALUES (\(facts.kind), \(identity), \(facts.name), \(facts.year), \(facts.overview),
                    \(facts.running), \(facts.runtime), \(facts.source), \(facts.sourceID), \(facts.sourceURL),
                    \(facts.sourceUpdated), \(facts.picture?.key), \(facts.age), \(facts.releasedOn)::text::date, now())
            ON CONFLICT (kind, identity) DO UPDATE SET
                -- Only its own source renames a title that others have asked for already.
                name = CASE EXCLUDED.source WHEN 'tvmaze' THEN EXCLUDED.name ELSE titles.name END,
                year = CASE EXCLUDED.source WHEN 'tvmaze' THEN COALESCE(EXCLUDED.year, titles.year)
                                            ELSE COALESCE(titles.year, EXCLUDED.year) END,
                overview = COALESCE(EXCLUDED.overview, titles.overview), running = EXCLUDED.running,
                runtime = COALESCE(EXCLUDED.runtime, titles.runtime),
                -- What is typed in takes nothing away from what a source has said.
                source = CASE EXCLUDED.source WHEN 'hand' THEN titles.source ELSE EXCLUDED.source END,
                source_id = COALESCE(EXCLUDED.source_id, titles.source_id),
                source_url = COALESCE(EXCLUDED.source_url, titles.source_url),
                source_updated = COALESCE(EXCLUDED.source_updated, titles.source_updated),
                released_on = COALESCE(EXCLUDED.released_on, titles.released_on),
                picture = COALESCE(EXCLUDED.picture, titles.picture),
                -- The strictest that anybody has said.
                age = GREATEST(titles.age, EXCLUDED.age), refreshed_at = now()
            RETURNING id, name, year
            """)
        let id: Int64 = try rows[0].get("id")
        if let names = facts.otherNames {
            try await TitleNames.save(names, of: id, from: facts.source, on: connection)
        }
        try await TitleKeys.save(id, name: rows[0].get("name"), year: rows[0].get("year"), on: connection)
        for (source, value) in facts.outsideIDs.sorted(by: { $0.key < $1.key }) {
            _ = try await connection.execute(
                "INSERT INTO title_ids (title_id, source, value) VALUES (\(id), \(source), \(value)) ON CONFLICT DO NOTHING"
            )
        }
        return id
    }

    /// What the title goes by here. That of a title with one of its outside ids; else what it is called, unless another
    /// with other outside ids is called the same: then its id at its source.
    private static func identity(of facts: TitleFacts, on connection: PostgresConnection) async throws -> String {
        // A show has its source's number for an identity already.
        guard facts.kind != .show, let sourceID = facts.sourceID, !facts.outsideIDs.isEmpty else {
            return facts.identity
        }
        let ids = JSON(facts.outsideIDs)
        // Whoever asks for the same work at the same time waits here, and then finds it.
        try await connection.execute(
            """
            SELECT pg_advisory_xact_lock(hashtextextended('title ' || key || ' ' || value, 0))
            FROM (SELECT key, value FROM jsonb_each_text(\(ids)) ORDER BY key, value) AS ids
            """)
        let rows = try await connection.query(
            """
            SELECT identity, false AS another FROM jsonb_each_text(\(ids)) AS outside
            JOIN title_ids ON title_ids.source = outside.key AND title_ids.value = outside.value
            JOIN titles ON titles.id = title_ids.title_id WHERE kind = \(facts.kind)
            UNION ALL
            SELECT identity, EXISTS (
                SELECT FROM title_ids WHERE title_id = titles.id AND value <> \(ids) ->> title_ids.source)
            FROM titles WHERE kind = \(facts.kind) AND identity = \(facts.identity)
            ORDER BY another LIMIT 1
            """)
        guard let row = rows.first else { return facts.identity }
        return try row.get("another") ? "\(facts.source):\(sourceID)" : row.get("identity")
    }

    /// The age in years that a title is for; `nil`: no rating is known.
    public static func age(of title: Int64, on connection: PostgresConnection) async throws -> Int? {
        try await connection.query("SELECT age FROM titles WHERE id = \(title)").first.flatMap { try $0.get("age") }
    }

    /// The title's ids elsewhere, by source.
    public static func outsideIDs(of title: Int64, on connection: PostgresConnection) async throws -> [String: String] {
        let rows = try await connection.query("SELECT source, value FROM title_ids WHERE title_id = \(title)")
        var ids: [String: String] = [:]
        for row in rows { ids[try row.get("source")] = try row.get("value") as String }
        return ids
    }

    /// The shows from TVmaze whose changes are of interest at once: those that somebody follows, as long as episodes may come,
    /// and those of which somebody waits for an episode that has not aired.
    public static func followed(on connection: PostgresConnection) async throws -> [Title] {
        try await connection.query(
            """
            SELECT \(Title.columns) FROM titles JOIN requests ON requests.title_id = titles.id
            WHERE titles.source = 'tvmaze' AND requests.stopped_at IS NULL AND (\(isAwaited))
            ORDER BY titles.id
            """
        ).map(Title.init)
    }

    /// The shows that somebody follows though they have ended, and that were last read before so many days: one in a while
    /// goes on after all. At most `limit`, those that were read longest ago first.
    public static func ended(
        unreadForDays days: Int, limit: Int, on connection: PostgresConnection
    ) async throws -> [Title] {
        try await connection.query(
            """
            SELECT \(Title.columns) FROM titles JOIN requests ON requests.title_id = titles.id
            WHERE titles.source = 'tvmaze' AND requests.stopped_at IS NULL
              AND requests.scope IN ('ongoing', 'future') AND NOT (\(isAwaited))
              AND titles.refreshed_at <= now() - \(days) * interval '1 day'
            ORDER BY titles.refreshed_at, titles.id LIMIT \(limit)
            """
        ).map(Title.init)
    }

    /// Of a show and its request: something of it that somebody wants has yet to air. A show may be called ended before its
    /// last episode.
    private static let isAwaited: SQL = """
        requests.scope IN ('ongoing', 'future') AND (titles.running OR EXISTS (
            SELECT FROM episodes WHERE episodes.title_id = titles.id AND gone_at IS NULL AND airs_at > now() - interval '1 day'))
        OR EXISTS (
            SELECT FROM items WHERE items.request_id = requests.id AND items.status = 'PENDING'
              AND (items.released_at IS NULL OR items.released_at > now()))
        """

    /// Notes that a title's source was asked for it, and has it no more.
    public static func noteRead(_ id: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute("UPDATE titles SET refreshed_at = now() WHERE id = \(id)")
    }
}
