public import FoundationEssentials
public import Lifecycle
public import Postgres

/// How a request stands, in one row: what cards and lists show of it.
public struct RequestSummary: Sendable {
    /// The request's id.
    public var id: Int64
    /// What it is.
    public var kind: Kind
    /// Its title.
    public var title: String
    /// The year of the title.
    public var year: Int?
    /// The key of its picture.
    public var picture: String?
    /// How much of it is wanted.
    public var scope: Scope
    /// The fold of its items.
    public var status: Lifecycle.Status
    /// When anything about it last changed.
    public var changedAt: Date
    /// When the queue searches next; `nil`: it rests.
    public var nextSearchAt: Date?
    /// Somebody asked for a search that has not been made yet.
    public var isSearchAsked: Bool
    /// A worker is searching now.
    public var isSearching: Bool
    /// The queue is held: only what somebody asks for by hand is searched.
    public var isQueuePaused: Bool
    /// When failed items are searched again by themselves.
    public var retryAt: Date?
    /// Its items.
    public var items: Int
    /// Those that are complete.
    public var completed: Int
    /// Those that are on their way.
    public var coming: Int
    /// Whether the best of its releases is taken without anybody's choice.
    public var takesBest: Bool
    /// Those for which a release can be chosen.
    public var found: Int
    /// Why the item that decides the status is where it is.
    public var reason: String?
    /// When the first of what waits expires.
    public var expiresAt: Date?
    /// The downloads that are on their way.
    public var downloads: [Int64]
    /// Releases that can be chosen.
    public var acceptable: Int
    /// What the latest search came to.
    public var lastSearch: String?
    /// When that was.
    public var lastSearchAt: Date?
    /// When the next announced episode airs.
    public var nextEpisodeAt: Date?
    /// When a movie or a game comes out that is not out yet.
    public var comesOutAt: Date?
    /// Cancelled as a whole: new episodes are not wanted.
    public var isStopped: Bool
    /// Whether it waits for approval or was declined; `nil`: neither.
    public var approval: Approval?
    /// While it waits for approval: who may give it, by name.
    public var approvers: [String]
    /// When each of the people came to be on it.
    public var joinedAt: [Date]
    /// Who is on it, the first first.
    public var people: [String]
    /// Whether the person who looks is on it.
    public var isMine: Bool

    init(_ row: Row) throws {
        id = try row.get("id")
        kind = try row.get("kind")
        title = try row.get("name")
        year = try row.get("year")
        picture = try row.get("picture")
        scope = try row.get("scope")
        status = try row.get("status")
        changedAt = try row.get("changed_at")
        nextSearchAt = try row.get("next_search_at")
        isSearchAsked = try row.get("search_asked")
        isSearching = try row.get("searching")
        isQueuePaused = try row.get("paused")
        retryAt = try row.get("retry_at")
        items = try row.get("items")
        completed = try row.get("completed")
        coming = try row.get("coming")
        takesBest = try row.get("takes_best")
        found = try row.get("found")
        reason = try row.get("reason")
        expiresAt = try row.get("expires_at")
        downloads = try row.get("downloads")
        acceptable = try row.get("acceptable")
        lastSearch = try row.get("last_search")
        lastSearchAt = try row.get("last_search_at")
        nextEpisodeAt = try row.get("next_episode_at")
        comesOutAt = try row.get("comes_out_at")
        isStopped = try row.get("stopped")
        approval = try row.get("approval")
        approvers = try row.get("approvers") ?? []
        joinedAt = try (row.get("joined_at") as [Int64]).map { Date(timeIntervalSince1970: Double($0)) }
        people = try row.get("people")
        isMine = try row.get("mine")
    }
}

/// Summaries of requests, for pages.
public enum RequestSummaries {
    /// Nobody reads by how many there are more, and to count them all takes the longer the more there are.
    public static let countLimit = 500

    /// How many requests a filter lets through; one more than ``countLimit`` stands for any more.
    public static func count(_ filter: Filter, on connection: PostgresConnection) async throws -> Int {
        try await connection.query(
            """
            -- LEFT: the planner leaves titles out where the filter does not ask for them.
            SELECT count(*) AS n FROM (
                SELECT FROM requests LEFT JOIN titles ON titles.id = requests.title_id
                WHERE \(filter.condition) \(first(countLimit + 1))) AS counted
            """)[0].get("n")
    }

    /// How many requests there are of each status, of any; one more than ``countLimit`` stands for any more.
    ///
    /// - Parameter limit: only of what is for somebody with it.
    public static func countsByStatus(
        under limit: AgeLimit?, on connection: PostgresConnection
    ) async throws -> [Lifecycle.Status: Int] {
        let condition = limit?.condition ?? "true"
        var counts: [Lifecycle.Status: Int] = [:]
        for row in try await connection.query(
            """
            SELECT each.status, (
                SELECT count(*) FROM (
                    SELECT FROM requests LEFT JOIN titles ON titles.id = requests.title_id
                    WHERE requests.status = each.status AND \(condition) \(first(countLimit + 1))) AS counted) AS n
            FROM unnest(\(Lifecycle.Status.allCases.map(\.rawValue))::text[]) AS each (status)
            """)
        {
            let count: Int = try row.get("n")
            if count > 0 { counts[try row.get("status")] = count }
        }
        return counts
    }

    /// One request.
    public static func find(
        _ id: Int64, seenBy user: Int64, on connection: PostgresConnection
    ) async throws -> RequestSummary? {
        try await connection.query("\(select(user)) WHERE requests.id = \(id)").first.map(RequestSummary.init)
    }

    /// LIMIT, with its number in the text. Of a parameter the planner knows nothing: it takes a tenth of all rows for wanted,
    /// and where there are many it makes a plan at each call, which takes longer than to follow it.
    static func first(_ rows: Int) -> SQL { SQL(raw: "LIMIT \(rows)") }

    static func select(_ user: Int64) -> SQL {
        """
        SELECT requests.id, titles.kind, titles.name, titles.year, titles.picture, requests.scope, requests.status,
            requests.changed_at, requests.next_search_at, requests.search_asked_at IS NOT NULL AS search_asked,
            COALESCE(requests.search_lease > now(), false) AS searching,
            (SELECT searching_paused_at IS NOT NULL FROM settings) AS paused, requests.retry_at,
            requests.stopped_at IS NOT NULL AS stopped,
            COALESCE(requests.choosing, (SELECT choosing FROM settings)) = 'best' AS takes_best, i.items, i.completed, i.coming, i.found, i.expires_at, i.downloads, deciding.reason,
            (SELECT count(*) FROM releases WHERE request_id = requests.id AND accepted) AS acceptable,
            latest.sentence AS last_search, latest.finished_at AS last_search_at,
            CASE WHEN \(Title.releasedAt) > now() THEN \(Title.releasedAt) END AS comes_out_at,
            CASE WHEN requests.scope IN ('ongoing', 'future') THEN (SELECT min(airs_at) FROM episodes
                WHERE title_id = titles.id AND gone_at IS NULL AND airs_at > now()) END AS next_episode_at,
            requests.approval, CASE WHEN requests.approval = 'awaited' THEN (
                SELECT array_agg(name ORDER BY lower(name)) FROM users
                WHERE role IN ('administrator', 'approver') AND disabled_at IS NULL) END AS approvers,
            p.people, p.joined_at, p.mine
        FROM requests JOIN titles ON titles.id = requests.title_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS items, count(*) FILTER (WHERE status = 'COMPLETED') AS completed,
                count(*) FILTER (WHERE status = 'DOWNLOADING') AS coming,
                count(*) FILTER (WHERE status = 'FOUND') AS found,
                min(expiry_base) FILTER (WHERE status IN ('PENDING', 'FOUND', 'FAILED'))
                    + (SELECT period FROM expiry_periods WHERE kind = titles.kind) AS expires_at,
                COALESCE(array_agg(DISTINCT download_id) FILTER (WHERE status = 'DOWNLOADING'), '{}') AS downloads
            FROM items WHERE request_id = requests.id) AS i
        LEFT JOIN LATERAL (
            SELECT reason FROM items WHERE request_id = requests.id AND status = requests.status
            ORDER BY season DESC NULLS LAST, number DESC NULLS LAST, id DESC LIMIT 1) AS deciding ON true
        LEFT JOIN LATERAL (
            SELECT sentence, finished_at FROM searches
            WHERE request_id = requests.id AND finished_at IS NOT NULL
            ORDER BY id DESC LIMIT 1) AS latest ON true
        CROSS JOIN LATERAL (
            SELECT COALESCE(array_agg(users.name ORDER BY joined_at, users.id), '{}') AS people,
                COALESCE(array_agg(extract(epoch FROM joined_at)::bigint ORDER BY joined_at, users.id), '{}') AS joined_at,
                COALESCE(bool_or(users.id = \(user)), false) AS mine
            FROM request_people JOIN users ON users.id = request_people.user_id
            WHERE request_id = requests.id) AS p
        """
    }
}
