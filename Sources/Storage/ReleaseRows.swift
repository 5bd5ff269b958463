public import FoundationEssentials
public import Lifecycle
public import Postgres

/// A reason that speaks against a release, as it is stored.
public struct StoredReason: Codable, Hashable, Sendable {
    /// Stable, for programs.
    public var code: String
    /// For people, with the numbers in it.
    public var sentence: String
    /// Whether time can change it.
    public var isPermanent: Bool

    /// Makes a reason.
    public init(code: String, sentence: String, isPermanent: Bool) {
        self.code = code
        self.sentence = sentence
        self.isPermanent = isPermanent
    }
}

/// What an offer is known by.
public struct OfferID: Hashable, Sendable {
    /// The indexer's name.
    public var indexer: String
    /// The indexer's own id for it.
    public var guid: String

    /// Names an offer.
    public init(indexer: String, guid: String) {
        self.indexer = indexer
        self.guid = guid
    }
}

/// A torrent that an indexer offers, judged against a request.
public struct ReleaseRow: Sendable {
    /// The release's id; 0 before it is stored.
    public var id: Int64 = 0
    /// Which indexer offered it; `nil` when that was removed since.
    public var indexerID: Int64?
    /// The indexer's name then.
    public var indexerName: String
    /// The indexer's own id for it.
    public var guid: String
    /// Its name.
    public var name: String
    /// Where its torrent is. Carries the indexer's key: for fetching only.
    public var link: String?
    /// Its magnet, when the indexer gave one.
    public var magnet: String?
    /// 40 hexadecimal digits, when the indexer gave them.
    public var infohash: String?
    /// Size in bytes.
    public var size: Int64?
    /// Peers that have all of it; `nil`: unknown.
    public var seeders: Int?
    /// All peers; `nil`: unknown.
    public var peers: Int?
    /// When the indexer says it came out.
    public var publishedAt: Date?
    /// Whether nothing speaks against it.
    public var accepted: Bool
    /// What does.
    public var reasons: [StoredReason]
    /// Which items it holds.
    public var coverage: Lifecycle.Coverage

    /// Makes a release that is not stored yet.
    public init(
        indexerID: Int64?, indexerName: String, guid: String, name: String, link: String?, magnet: String?,
        infohash: String?, size: Int64?, seeders: Int?, peers: Int?, publishedAt: Date?, accepted: Bool,
        reasons: [StoredReason], coverage: Lifecycle.Coverage
    ) {
        self.indexerID = indexerID
        self.indexerName = indexerName
        self.guid = guid
        self.name = name
        self.link = link
        self.magnet = magnet
        self.infohash = infohash
        self.size = size
        self.seeders = seeders
        self.peers = peers
        self.publishedAt = publishedAt
        self.accepted = accepted
        self.reasons = reasons
        self.coverage = coverage
    }

    /// For `SELECT \(ReleaseRow.columns) FROM releases`.
    public static let columns: SQL = """
        releases.id, indexer_id, indexer_name, guid, releases.name, link, magnet, releases.infohash, size_bytes,
        seeders, peers, published_at, accepted, reasons, coverage
        """

    /// Reads a row of ``columns``.
    public init(_ row: Row) throws {
        id = try row.get("id")
        indexerID = try row.get("indexer_id")
        indexerName = try row.get("indexer_name")
        guid = try row.get("guid")
        name = try row.get("name")
        link = try row.get("link")
        magnet = try row.get("magnet")
        infohash = try row.get("infohash")
        size = try row.get("size_bytes")
        seeders = try row.get("seeders")
        peers = try row.get("peers")
        publishedAt = try row.get("published_at")
        accepted = try row.get("accepted")
        reasons = try (row.get("reasons") as JSON<[StoredReason]>).value
        coverage = try (row.get("coverage") as JSON<StoredCoverage>).value.coverage
    }
}

/// The coverage of a release as it is stored: `{"whole":true}`, `{"seasons":[1]}`, `{"episodes":[[1,2]]}`,
/// `{"platforms":["linux"]}`, or `{}` for nothing that the request could use.
struct StoredCoverage: Codable {
    var whole: Bool?
    var platforms: [String]?
    var seasons: [Int]?
    var episodes: [[Int]]?

    init(_ coverage: Lifecycle.Coverage) {
        switch coverage {
        case .whole: whole = true
        case .platforms(let all): platforms = all.sorted()
        case .seasons(let all): seasons = all.sorted()
        case .episodes(let all): episodes = all.sorted().map { [$0.season, $0.number] }
        }
    }

    var coverage: Lifecycle.Coverage {
        if whole == true { return .whole }
        if let platforms { return .platforms(Set(platforms)) }
        if let seasons { return .seasons(Set(seasons)) }
        let pairs = (episodes ?? []).filter { $0.count == 2 }
        return .episodes(Set(pairs.map { EpisodeNumber(season: $0[0], number: $0[1]) }))
    }
}

/// The table `releases`, and `blocked_releases` and `blocked_offers`.
public enum ReleaseRows {
    /// Stores what a search saw, best first. A release that was seen before keeps its id.
    public static func save(
        _ releases: [ReleaseRow], request: Int64, search: Int64, on connection: PostgresConnection
    ) async throws {
        for (position, release) in releases.enumerated() {
            _ = try await connection.execute(
                """
                INSERT INTO releases (request_id, search_id, indexer_id, indexer_name, guid, name, link, magnet,
                    infohash, size_bytes, seeders, peers, published_at, accepted, reasons, coverage, position)
                VALUES (\(request), \(search), \(release.indexerID), \(release.indexerName), \(release.guid),
                    \(release.name), \(release.link), \(release.magnet), \(release.infohash), \(release.size),
                    \(release.seeders), \(release.peers), \(release.publishedAt), \(release.accepted),
                    \(JSON(release.reasons)), \(JSON(StoredCoverage(release.coverage))), \(position))
                ON CONFLICT (request_id, indexer_name, guid) DO UPDATE SET search_id = EXCLUDED.search_id,
                    indexer_id = EXCLUDED.indexer_id, name = EXCLUDED.name, link = EXCLUDED.link,
                    magnet = EXCLUDED.magnet, infohash = COALESCE(EXCLUDED.infohash, releases.infohash),
                    size_bytes = EXCLUDED.size_bytes, seeders = EXCLUDED.seeders, peers = EXCLUDED.peers,
                    published_at = EXCLUDED.published_at, accepted = EXCLUDED.accepted, reasons = EXCLUDED.reasons,
                    coverage = EXCLUDED.coverage, position = EXCLUDED.position
                """)
        }
        // A torrent that another indexer offered first, before this one had answered, is there once.
        _ = try await connection.execute(
            """
            DELETE FROM releases WHERE request_id = \(request) AND search_id = \(search)
                AND infohash = ANY (\(releases.compactMap(\.infohash))::text[])
                AND (indexer_name, guid) NOT IN (
                    SELECT * FROM unnest(\(releases.map(\.indexerName))::text[], \(releases.map(\.guid))::text[]))
                AND NOT EXISTS (SELECT FROM downloads WHERE downloads.release_id = releases.id)
            """)
    }

    /// One release of a request.
    public static func find(
        _ id: Int64, of request: Int64, on connection: PostgresConnection
    ) async throws -> ReleaseRow? {
        try await connection.query(
            "SELECT \(ReleaseRow.columns) FROM releases WHERE id = \(id) AND request_id = \(request)"
        ).first.map(ReleaseRow.init)
    }

    /// What a search saw, best first.
    public static func list(of search: Int64, on connection: PostgresConnection) async throws -> [ReleaseRow] {
        try await connection.query(
            "SELECT \(ReleaseRow.columns) FROM releases WHERE search_id = \(search) ORDER BY position"
        ).map(ReleaseRow.init)
    }

    /// All that a request was offered; what the latest search saw first, each search's best first.
    public static func all(of request: Int64, on connection: PostgresConnection) async throws -> [ReleaseRow] {
        try await connection.query(
            """
            SELECT \(ReleaseRow.columns) FROM releases WHERE request_id = \(request)
            ORDER BY search_id DESC, position
            """
        ).map(ReleaseRow.init)
    }

    /// Keeps other verdicts than before on releases that are stored, in their new order, best first.
    public static func judge(
        _ releases: [ReleaseRow], of request: Int64, on connection: PostgresConnection
    ) async throws {
        let verdicts = releases.enumerated().map { position, release in
            StoredVerdict(
                id: release.id, accepted: release.accepted, reasons: release.reasons, position: position)
        }
        try await connection.execute(
            """
            UPDATE releases SET accepted = new.accepted, reasons = new.reasons, position = new.position
            FROM jsonb_to_recordset(\(JSON(verdicts)))
                AS new (id bigint, accepted boolean, reasons jsonb, position integer)
            WHERE releases.id = new.id AND releases.request_id = \(request)
            """)
        // It spoke of the order before.
        try await connection.execute("UPDATE searches SET why_first = NULL WHERE request_id = \(request)")
    }

    private struct StoredVerdict: Codable, Sendable {
        var id: Int64
        var accepted: Bool
        var reasons: [StoredReason]
        var position: Int
    }

    /// What a request was offered so far.
    public static func offers(of request: Int64, on connection: PostgresConnection) async throws -> Set<OfferID> {
        let rows = try await connection.query(
            "SELECT indexer_name, guid FROM releases WHERE request_id = \(request)")
        return Set(try rows.map { OfferID(indexer: try $0.get("indexer_name"), guid: try $0.get("guid")) })
    }

    /// Keeps a release that failed, and of which nobody knows the torrent, from being accepted again for this request.
    public static func block(
        _ offer: OfferID, for request: Int64, reason: String, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            INSERT INTO blocked_offers (request_id, indexer_name, guid, reason)
            VALUES (\(request), \(offer.indexer), \(offer.guid), \(reason))
            ON CONFLICT (request_id, indexer_name, guid) DO UPDATE SET reason = EXCLUDED.reason, at = now()
            """)
    }

    /// The releases that failed for this request and of which nobody knew the torrent.
    public static func blockedOffers(
        for request: Int64, on connection: PostgresConnection
    ) async throws -> Set<OfferID> {
        let rows = try await connection.query(
            "SELECT indexer_name, guid FROM blocked_offers WHERE request_id = \(request)")
        return Set(try rows.map { OfferID(indexer: try $0.get("indexer_name"), guid: try $0.get("guid")) })
    }

    /// Keeps a torrent that failed from being accepted again for this request.
    public static func block(
        _ infohash: String, for request: Int64, reason: String, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            INSERT INTO blocked_releases (request_id, infohash, reason) VALUES (\(request), \(infohash), \(reason))
            ON CONFLICT (request_id, infohash) DO UPDATE SET reason = EXCLUDED.reason, at = now()
            """)
    }

    /// The torrents that failed for this request.
    public static func blocked(for request: Int64, on connection: PostgresConnection) async throws -> Set<String> {
        Set(
            try await connection.query("SELECT infohash FROM blocked_releases WHERE request_id = \(request)")
                .map { try $0.get("infohash") })
    }
}
