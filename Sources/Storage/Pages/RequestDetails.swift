public import FoundationEssentials
public import Lifecycle
public import Postgres

/// Everything that a request's own page shows, but for what only aria2 knows.
public struct RequestDetails: Sendable {
    /// How it stands.
    public var summary: RequestSummary
    /// The request itself.
    public var request: Request
    /// What the title is called besides its name.
    public var otherNames: [String]
    /// What the people on it say about it, the first of them first.
    public var notes: [PersonNote]
    /// Its items, in order.
    public var items: [ItemDetails]
    /// The episodes of the title, aired or not, in order.
    public var episodes: [Episode]
    /// Its downloads: those on their way, and those that completed something.
    public var downloads: [DownloadDetails]
    /// The latest search that has ended.
    public var search: Search?
    /// The search that is under way.
    public var running: Search?
    /// Every release that a search saw; those of the latest search first, best first.
    public var releases: [ReleaseDetails]
    /// What happened, the latest first.
    public var history: [HistoryRow]

    /// Reads all of it; `nil` when there is no such request.
    public static func load(
        _ id: Int64, seenBy user: Int64, on connection: PostgresConnection
    ) async throws -> RequestDetails? {
        guard let summary = try await RequestSummaries.find(id, seenBy: user, on: connection),
            let row = try await connection.query(
                """
                SELECT \(Request.columns) FROM requests JOIN titles ON titles.id = requests.title_id
                WHERE requests.id = \(id)
                """
            ).first
        else { return nil }
        let request = try Request(row)
        return RequestDetails(
            summary: summary, request: request,
            otherNames: try await TitleNames.list(of: request.title.id, on: connection),
            notes: try await PersonNote.list(of: id, on: connection),
            items: try await ItemDetails.list(of: id, on: connection),
            episodes: try await Episodes.list(of: request.title.id, on: connection),
            downloads: try await DownloadDetails.list(of: id, on: connection),
            search: try await Searches.latest(of: id, on: connection),
            running: try await Searches.running(of: id, on: connection),
            releases: try await ReleaseDetails.list(of: id, on: connection),
            history: try await HistoryRow.list(of: id, on: connection))
    }
}

/// What somebody on a request says about it.
public struct PersonNote: Sendable, Equatable {
    /// Who.
    public var by: String
    /// A line of text.
    public var text: String

    static func list(of request: Int64, on connection: PostgresConnection) async throws -> [PersonNote] {
        try await connection.query(
            """
            SELECT users.name, note FROM request_people JOIN users ON users.id = user_id
            WHERE request_id = \(request) AND note IS NOT NULL ORDER BY joined_at, users.id
            """
        ).map { PersonNote(by: try $0.get("name"), text: try $0.get("note")) }
    }
}

/// An item as its page shows it.
public struct ItemDetails: Sendable {
    /// The item, as the machine knows it.
    public var item: Item
    /// The episode's name.
    public var name: String?
    /// Why it is where it is.
    public var reason: String?
    /// When it expires, if it waits.
    public var expiresAt: Date?

    static func list(of request: Int64, on connection: PostgresConnection) async throws -> [ItemDetails] {
        try await connection.query(
            """
            SELECT items.id, items.status, items.season, items.number, items.platform, items.download_id,
                items.reason, episodes.name, CASE WHEN items.status IN ('PENDING', 'FOUND', 'FAILED')
                    THEN items.expiry_base + period END AS expires_at
            FROM items JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
            JOIN expiry_periods ON expiry_periods.kind = titles.kind
            LEFT JOIN episodes ON episodes.id = items.episode_id
            WHERE items.request_id = \(request) ORDER BY items.season, items.number, items.platform, items.id
            """
        ).map { row in
            let season: Int? = try row.get("season")
            let number: Int? = try row.get("number")
            var episode: EpisodeNumber?
            if let season, let number { episode = EpisodeNumber(season: season, number: number) }
            return ItemDetails(
                item: Item(
                    id: try row.get("id"), status: try row.get("status"), episode: episode,
                    platform: try row.get("platform"), download: try row.get("download_id")),
                name: try row.get("name"), reason: try row.get("reason"), expiresAt: try row.get("expires_at"))
        }
    }
}

/// A download as its page shows it.
public struct DownloadDetails: Sendable {
    /// The download's id.
    public var id: Int64
    /// The name of the release.
    public var release: String
    /// Whether the torrent was fetched from the indexer yet.
    public var isFetched: Bool
    /// What went wrong the last time something was to be done for it, or what it waits for.
    public var lastError: String?
    /// When that is tried again.
    public var retryAt: Date?
    /// Whether something is still to come from it.
    public var isOnItsWay: Bool
    /// Where its files lie, once they lie there.
    public var placedPath: String?

    static func list(of request: Int64, on connection: PostgresConnection) async throws -> [DownloadDetails] {
        try await connection.query(
            """
            SELECT downloads.id, releases.name, downloads.infohash IS NOT NULL AS fetched, downloads.placed_path,
                held.on_its_way, COALESCE(undone.last_error, torrents.waiting) AS last_error, undone.due_at
            FROM downloads JOIN releases ON releases.id = downloads.release_id
            LEFT JOIN torrents ON torrents.infohash = downloads.infohash
            JOIN LATERAL (
                SELECT bool_or(status = 'DOWNLOADING') AS on_its_way FROM items WHERE download_id = downloads.id
                HAVING count(*) > 0) AS held ON true
            LEFT JOIN LATERAL (
                SELECT last_error, due_at FROM outbox
                WHERE download_id = downloads.id AND done_at IS NULL AND last_error IS NOT NULL
                ORDER BY id DESC LIMIT 1) AS undone ON true
            WHERE downloads.request_id = \(request) ORDER BY downloads.id DESC
            """
        ).map { row in
            DownloadDetails(
                id: try row.get("id"), release: try row.get("name"), isFetched: try row.get("fetched"),
                lastError: try row.get("last_error"), retryAt: try row.get("due_at"),
                isOnItsWay: try row.get("on_its_way"), placedPath: try row.get("placed_path"))
        }
    }
}

/// A release as its page shows it: without its link and magnet, which carry keys.
public struct ReleaseDetails: Sendable {
    /// The release's id.
    public var id: Int64
    /// The search that saw it last.
    public var search: Int64
    /// Who offers it.
    public var indexer: String
    /// Its name.
    public var name: String
    /// Size in bytes.
    public var size: Int64?
    /// Peers that have all of it; `nil`: unknown.
    public var seeders: Int?
    /// When the indexer says that it came out.
    public var publishedAt: Date?
    /// Whether nothing speaks against it.
    public var isAccepted: Bool
    /// What does.
    public var reasons: [String]
    /// Whether something is downloading from it, or has come from it.
    public var isChosen: Bool
    /// Whether its torrent failed for this request before.
    public var isBlocked: Bool

    /// At most as many are shown.
    public static let limit = 300

    static func list(of request: Int64, on connection: PostgresConnection) async throws -> [ReleaseDetails] {
        try await connection.query(
            """
            SELECT releases.id, search_id, indexer_name, name, size_bytes, seeders, published_at, accepted, reasons,
                EXISTS (SELECT 1 FROM downloads JOIN items ON items.download_id = downloads.id
                        WHERE downloads.release_id = releases.id) AS chosen,
                EXISTS (SELECT 1 FROM blocked_releases WHERE blocked_releases.request_id = releases.request_id
                        AND blocked_releases.infohash = releases.infohash)
                    OR EXISTS (SELECT 1 FROM blocked_offers WHERE blocked_offers.request_id = releases.request_id
                        AND blocked_offers.indexer_name = releases.indexer_name AND blocked_offers.guid = releases.guid)
                    AS blocked
            FROM releases WHERE request_id = \(request) ORDER BY search_id DESC, position LIMIT \(limit)
            """
        ).map { row in
            ReleaseDetails(
                id: try row.get("id"), search: try row.get("search_id"), indexer: try row.get("indexer_name"),
                name: try row.get("name"), size: try row.get("size_bytes"), seeders: try row.get("seeders"),
                publishedAt: try row.get("published_at"), isAccepted: try row.get("accepted"),
                reasons: try (row.get("reasons") as JSON<[StoredReason]>).value.map(\.sentence),
                isChosen: try row.get("chosen"), isBlocked: try row.get("blocked"))
        }
    }
}
