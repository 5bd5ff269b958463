public import FoundationEssentials
public import Lifecycle
public import Postgres

/// A chosen release on its way. What aria2 knows of it is not here.
public struct Download: Sendable {
    /// The download's id.
    public var id: Int64
    /// Whose it is.
    public var request: Int64
    /// The release that was chosen.
    public var release: Int64
    /// The torrent; `nil` until it was fetched from the indexer.
    public var infohash: String?
    /// When it was chosen.
    public var chosenAt: Date
    /// When its files were put where people look.
    public var placedAt: Date?

    init(_ row: Row) throws {
        id = try row.get("id")
        request = try row.get("request_id")
        release = try row.get("release_id")
        infohash = try row.get("infohash")
        chosenAt = try row.get("chosen_at")
        placedAt = try row.get("placed_at")
    }
}

/// The table `downloads`.
public enum Downloads {
    /// Links a release to what it was chosen for; answers the link's id. If some of the request is on its way from that
    /// release, the torrent is that one, and goes on.
    public static func add(
        request: Int64, release: Int64, chosenBy user: Int64?, on connection: PostgresConnection
    ) async throws -> Int64 {
        let id: Int64 = try await connection.query(
            """
            INSERT INTO downloads (request_id, release_id, chosen_by)
            VALUES (\(request), \(release), \(user)) RETURNING id
            """)[0].get("id")
        let known = try await onTheirWay(of: request, on: connection).first { $0.release == release }
        if let known { try await attach(known.infohash, to: id, on: connection) }
        return id
    }

    /// One download.
    public static func find(_ id: Int64, on connection: PostgresConnection) async throws -> Download? {
        try await connection.query(
            """
            SELECT id, request_id, release_id, infohash, chosen_at, placed_at FROM downloads WHERE id = \(id)
            """
        ).first.map(Download.init)
    }

    /// The download whose release a request's items are on now, if it is this one.
    public static func current(
        of request: Int64, release: Int64, on connection: PostgresConnection
    ) async throws -> Int64? {
        try await connection.query(
            """
            SELECT downloads.id FROM downloads JOIN items ON items.download_id = downloads.id
            WHERE downloads.request_id = \(request) AND downloads.release_id = \(release)
              AND items.status = 'DOWNLOADING' LIMIT 1
            """
        ).first.map { try $0.get("id") }
    }

    /// The torrents that items of a request are on, where they are known, each with its release.
    public static func onTheirWay(
        of request: Int64, on connection: PostgresConnection
    ) async throws -> [(infohash: String, release: Int64)] {
        try await connection.query(
            """
            SELECT DISTINCT downloads.infohash, release_id FROM downloads JOIN items ON items.download_id = downloads.id
            WHERE downloads.request_id = \(request) AND items.status = 'DOWNLOADING' AND downloads.infohash IS NOT NULL
            """
        ).map { (try $0.get("infohash"), try $0.get("release_id")) }
    }

    /// Notes which torrent the release turned out to be. That may be in aria2 for others, who want other files of it.
    public static func attach(_ infohash: String, to id: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute("UPDATE downloads SET infohash = \(infohash) WHERE id = \(id)")
        try await connection.execute(
            "UPDATE torrents SET must_select = true, generation = generation + 1 WHERE infohash = \(infohash)")
    }

    /// Notes that the files lie where people look.
    public static func notePlaced(_ id: Int64, at path: String, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "UPDATE downloads SET placed_at = clock_timestamp(), placed_path = \(path) WHERE id = \(id)")
    }

    /// The episodes on the download, and the seasons of which it has every one that is known and was not cancelled.
    public static func episodes(
        of id: Int64, on connection: PostgresConnection
    ) async throws -> (held: Set<EpisodeNumber>, wholeSeasons: Set<Int>) {
        let rows = try await connection.query(
            """
            SELECT items.season, items.number, NOT EXISTS (
                SELECT FROM episodes JOIN requests ON requests.title_id = episodes.title_id
                WHERE requests.id = items.request_id AND episodes.season = items.season
                    AND episodes.number IS NOT NULL AND gone_at IS NULL
                    AND NOT EXISTS (
                        SELECT FROM items AS other
                        WHERE other.request_id = items.request_id AND other.season = episodes.season
                            AND other.number = episodes.number
                            AND (other.download_id = \(id) OR other.status = 'CANCELLED'))) AS whole
            FROM items WHERE download_id = \(id) AND season IS NOT NULL
            """)
        var (held, wholeSeasons): (Set<EpisodeNumber>, Set<Int>) = ([], [])
        for row in rows {
            let season: Int = try row.get("season")
            held.insert(EpisodeNumber(season: season, number: try row.get("number")))
            if try row.get("whole") { wholeSeasons.insert(season) }
        }
        return (held, wholeSeasons)
    }

    /// What the download is of, and the name of its release.
    public static func subject(
        of id: Int64, on connection: PostgresConnection
    ) async throws -> (kind: Kind, release: String)? {
        try await connection.query(
            """
            SELECT titles.kind, releases.name FROM downloads JOIN releases ON releases.id = downloads.release_id
            JOIN requests ON requests.id = downloads.request_id JOIN titles ON titles.id = requests.title_id
            WHERE downloads.id = \(id)
            """
        ).first.map { (try $0.get("kind"), try $0.get("name")) }
    }

    /// The items that completed with the download, by season; empty for a movie or a game.
    public static func seasons(of id: Int64, on connection: PostgresConnection) async throws -> Set<Int> {
        Set(
            try await connection.query(
                "SELECT DISTINCT season FROM items WHERE download_id = \(id) AND season IS NOT NULL"
            ).map { try $0.get("season") })
    }

    /// Episodes of the download's request that somebody cancelled.
    public static func cancelled(
        of id: Int64, on connection: PostgresConnection
    ) async throws -> Set<EpisodeNumber> {
        Set(
            try await connection.query(
                """
                SELECT season, number FROM items JOIN downloads USING (request_id)
                WHERE downloads.id = \(id) AND status = 'CANCELLED' AND season IS NOT NULL
                """
            ).map { EpisodeNumber(season: try $0.get("season"), number: try $0.get("number")) })
    }

    /// The platform of the item that completed with the download (`nil`: any would do), and the release's name.
    public static func platform(
        of id: Int64, on connection: PostgresConnection
    ) async throws -> (wanted: String?, release: String) {
        try await connection.query(
            """
            SELECT releases.name, (SELECT min(platform) FROM items WHERE download_id = downloads.id) AS platform
            FROM downloads JOIN releases ON releases.id = downloads.release_id WHERE downloads.id = \(id)
            """
        ).first.map { (try $0.get("platform"), try $0.get("name")) } ?? (nil, "")
    }

    /// The torrent of each download that has one.
    public static func infohashes(of ids: [Int64], on connection: PostgresConnection) async throws -> [Int64: String] {
        var known: [Int64: String] = [:]
        for row in try await connection.query(
            "SELECT id, infohash FROM downloads WHERE id = ANY (\(ids)) AND infohash IS NOT NULL")
        {
            known[try row.get("id")] = try row.get("infohash") as String
        }
        return known
    }
}
