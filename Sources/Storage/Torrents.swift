public import Postgres

/// A torrent that aria2 is to have, or had.
public struct Torrent: Sendable {
    /// 40 hexadecimal digits, lower case: its identity everywhere.
    public var infohash: String
    /// What it calls itself.
    public var name: String
    /// How often it was given to aria2.
    public var addAttempts: Int
    /// The aria2 session in which it was last seen.
    public var aria2Session: String?
    /// Its files were not what they should be: aria2 is to verify them.
    public var mustVerify: Bool
    /// Seconds for which it was watched and got nothing.
    public var idleSeconds: Int
    /// Counts up with each add, and with each download that joins it: what was seen in aria2 before says nothing then.
    public var generation: Int64
    /// The files that aria2 was told to fetch ("1,3-5"); empty: all; `nil`: it is being told.
    public var selection: String?
    /// Whether these are the wanted ones is to be looked at: a download has joined it, or it came without its files.
    public var mustSelect: Bool
    /// The downloads on it that still have items on their way.
    public var downloads: [Int64]
    /// All downloads that need its files: also those that are complete, and not in their place.
    public var needs: [Int64]
}

/// The table `torrents`.
public enum Torrents {
    /// Stores the torrent, unless it is known. One that was tidied away is wanted again.
    public static func save(
        infohash: String, name: String, metainfo: [UInt8]?, magnet: String?, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            INSERT INTO torrents (infohash, name, metainfo, magnet)
            VALUES (\(infohash), \(name), \(metainfo), \(magnet))
            ON CONFLICT (infohash) DO UPDATE SET
                metainfo = COALESCE(EXCLUDED.metainfo, torrents.metainfo),
                magnet = CASE WHEN COALESCE(EXCLUDED.metainfo, torrents.metainfo) IS NULL THEN EXCLUDED.magnet END,
                -- While nobody wants it, it may be taken out of aria2 at any moment: its absence says nothing any more.
                tidied_at = NULL, idle_seconds = CASE WHEN NOT (\(unneeded)) THEN torrents.idle_seconds ELSE 0 END,
                aria2_session = CASE WHEN NOT (\(unneeded)) THEN torrents.aria2_session END,
                generation = torrents.generation + CASE WHEN \(unneeded) THEN 1 ELSE 0 END,
                add_attempts = CASE WHEN NOT (\(unneeded)) THEN torrents.add_attempts ELSE 0 END
            """)
    }

    /// What aria2 should be working on: the torrents that some item is downloading from, and those whose files are to be
    /// mended before they are put in their place.
    public static func wanted(on connection: PostgresConnection) async throws -> [Torrent] {
        try await connection.query(
            """
            SELECT torrents.infohash, torrents.name, add_attempts, aria2_session, must_verify, idle_seconds,
                   selection, must_select,
                   generation, COALESCE(array_agg(DISTINCT downloads.id) FILTER (WHERE items.status = 'DOWNLOADING'), '{}')
                       AS downloads,
                   array_agg(DISTINCT downloads.id) FILTER (
                       WHERE items.status = 'DOWNLOADING' OR downloads.placed_at IS NULL) AS needs
            FROM torrents JOIN downloads ON downloads.infohash = torrents.infohash
            JOIN items ON items.download_id = downloads.id
            WHERE items.status = 'DOWNLOADING'
               OR (must_verify AND items.status = 'COMPLETED' AND downloads.placed_at IS NULL)
            GROUP BY torrents.infohash ORDER BY torrents.infohash
            """
        ).map { row in
            Torrent(
                infohash: try row.get("infohash"), name: try row.get("name"),
                addAttempts: try row.get("add_attempts"), aria2Session: try row.get("aria2_session"),
                mustVerify: try row.get("must_verify"), idleSeconds: try row.get("idle_seconds"),
                generation: try row.get("generation"), selection: try row.get("selection"),
                mustSelect: try row.get("must_select"), downloads: try row.get("downloads"),
                needs: try row.get("needs"))
        }
    }

    /// Of these torrents, those that Usher once gave to aria2: nobody else's are ever touched.
    public static func known(_ infohashes: [String], on connection: PostgresConnection) async throws -> Set<String> {
        Set(
            try await connection.query("SELECT infohash FROM torrents WHERE infohash = ANY (\(infohashes))")
                .map { try $0.get("infohash") })
    }

    /// The torrents that nobody needs any more and that were not tidied away yet: no item downloads from them, and no
    /// complete download still has to be put in its place.
    public static func toTidy(on connection: PostgresConnection) async throws -> [String] {
        try await connection.query(
            """
            SELECT infohash FROM torrents WHERE tidied_at IS NULL AND \(unneeded) ORDER BY infohash LIMIT 100
            """
        ).map { try $0.get("infohash") }
    }

    /// The torrents whose files are still needed in the incoming folder, each with its downloads.
    public static func needed(on connection: PostgresConnection) async throws -> [String: [Int64]] {
        var needed: [String: [Int64]] = [:]
        for row in try await connection.query(
            """
            SELECT torrents.infohash, array_agg(downloads.id ORDER BY downloads.id) AS downloads
            FROM torrents JOIN downloads ON downloads.infohash = torrents.infohash
            WHERE NOT (\(unneeded)) GROUP BY torrents.infohash
            """)
        {
            needed[try row.get("infohash")] = try row.get("downloads") as [Int64]
        }
        return needed
    }

    /// Belongs to a restore, in its transaction: what aria2 had when the backup was made says nothing about what it has
    /// now. Otherwise what was complete and taken out of aria2 since would pass for removed by hand.
    public static let afterRestore =
        "UPDATE public.torrents SET aria2_session = NULL, add_attempts = 0, generation = generation + 1"

    /// Locks the torrent's row until the transaction ends; `false` when there is none.
    public static func lock(_ infohash: String, on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query("SELECT 1 FROM torrents WHERE infohash = \(infohash) FOR UPDATE").isEmpty
    }

    /// Whether nobody needs the torrent. Asked in a statement of its own after ``lock(_:on:)``, so that it sees what
    /// was committed while the lock was waited for.
    public static func isUnneeded(_ infohash: String, on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query(
            "SELECT 1 FROM torrents WHERE infohash = \(infohash) AND \(unneeded)"
        ).isEmpty
    }

    /// The rebuilt magnet, unless it came as a `.torrent`.
    public static func magnet(_ infohash: String, on connection: PostgresConnection) async throws -> String? {
        try await connection.query("SELECT magnet FROM torrents WHERE infohash = \(infohash)").first?.get("magnet")
    }

    /// The rebuilt `.torrent`, unless it came by magnet.
    public static func metainfo(_ infohash: String, on connection: PostgresConnection) async throws -> [UInt8]? {
        try await connection.query("SELECT metainfo FROM torrents WHERE infohash = \(infohash)").first?
            .get("metainfo")
    }

    /// Notes that the torrent left aria2 and the disk.
    public static func noteTidied(_ infohash: String, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "UPDATE torrents SET tidied_at = clock_timestamp() WHERE infohash = \(infohash)")
    }

    /// Counts an add, before it is made: what kills aria2 is counted too. Until it is seen again, its absence from
    /// aria2 says nothing.
    /// Which files aria2 was told to fetch is not known either, until ``noteSelection(_:selection:on:)``.
    public static func noteAdd(_ infohash: String, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE torrents SET add_attempts = add_attempts + 1, aria2_session = NULL, must_verify = false,
                generation = generation + 1, selection = NULL, waiting = NULL
            WHERE infohash = \(infohash)
            """)
    }

    /// Notes why it is not given to aria2 yet.
    public static func noteWaiting(
        _ infohash: String, because sentence: String, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            "UPDATE torrents SET waiting = \(sentence) WHERE infohash = \(infohash)")
    }

    /// Notes which files aria2 was told to fetch.
    public static func noteSelection(
        _ infohash: String, selection: String, on connection: PostgresConnection
    ) async throws {
        try await connection.execute("UPDATE torrents SET selection = \(selection) WHERE infohash = \(infohash)")
    }

    /// Notes that aria2 was told to fetch what the downloads on the torrent want, unless one has joined them, or it was
    /// added anew, since it was read.
    public static func noteSelected(_ torrent: Torrent, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            UPDATE torrents SET must_select = false
            WHERE infohash = \(torrent.infohash) AND generation = \(torrent.generation)
            """)
    }

    /// Has aria2 verify the torrent's files, and fetch again what is not right.
    public static func distrust(_ infohash: String, on connection: PostgresConnection) async throws {
        _ = try await connection.execute("UPDATE torrents SET must_verify = true WHERE infohash = \(infohash)")
    }

    /// Notes in which aria2 session the torrents were seen, and that adding them did not kill it; not of those that were
    /// added anew since they were read.
    public static func noteSeen(
        _ torrents: [Torrent], session: String, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE torrents SET aria2_session = \(session), add_attempts = 0
            FROM unnest(\(torrents.map(\.infohash))::text[], \(torrents.map(\.generation))::bigint[])
                AS seen (hash, number)
            WHERE infohash = hash AND generation = number AND aria2_session IS DISTINCT FROM \(session)
            """)
    }

    /// Whether the torrent was not added anew since it was read: what was seen of it then still counts.
    public static func isCurrent(_ torrent: Torrent, on connection: PostgresConnection) async throws -> Bool {
        try await !connection.query(
            "SELECT 1 FROM torrents WHERE infohash = \(torrent.infohash) AND generation = \(torrent.generation)"
        ).isEmpty
    }

    /// Adds to the clocks of torrents that got nothing for so many seconds, and sets back those of torrents that did.
    public static func noteIdle(
        _ idle: [String: Int], moving: Set<String>, on connection: PostgresConnection
    ) async throws {
        let still = idle.sorted { $0.key < $1.key }
        try await connection.execute(
            """
            UPDATE torrents SET idle_seconds = CASE WHEN seconds IS NULL THEN 0 ELSE idle_seconds + seconds END
            FROM (SELECT * FROM unnest(\(still.map(\.key))::text[], \(still.map(\.value))::int[]) AS still (hash, seconds)
                  UNION ALL SELECT hash, NULL FROM unnest(\(moving.sorted())::text[]) AS hash) AS seen
            WHERE infohash = hash
            """)
    }

    private static let unneeded: SQL = """
        NOT EXISTS (
            SELECT 1 FROM downloads JOIN items ON items.download_id = downloads.id
            WHERE downloads.infohash = torrents.infohash
              AND (items.status = 'DOWNLOADING' OR (items.status = 'COMPLETED' AND downloads.placed_at IS NULL)))
        """
}
