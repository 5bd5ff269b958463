public import FoundationEssentials
public import Postgres

/// Something that somebody was told.
public struct Told: Sendable {
    /// What it is about.
    public enum Kind: String, Sendable, CaseIterable {
        /// Somebody asks for it, and somebody has to approve that.
        case requested
        /// It was approved.
        case approved
        /// It was declined.
        case declined
        /// Releases were found, and one is to be chosen.
        case found
        /// The download has begun.
        case started
        /// It is here.
        case completed
        /// It failed, and is not tried again by itself.
        case failed
        /// It expires soon.
        case expiring
        /// It has expired.
        case expired
        /// Somebody else cancelled it.
        case cancelled
        /// It was taken out of aria2 by other hands.
        case removed
        /// A new episode has aired.
        case aired
    }

    /// The notice's id.
    public var id: Int64
    /// What it is about.
    public var kind: Kind
    /// The request.
    public var request: Int64
    /// Its title.
    public var title: String
    /// The year of the title.
    public var year: Int?
    /// How many items of the request it is about.
    public var parts: Int
    /// Who did it; `nil`: Usher itself.
    public var by: String?
    /// Why, in a sentence.
    public var detail: String?
    /// When it happened.
    public var at: Date
    /// Whether it was not read yet.
    public var isUnread: Bool

    /// Describes a notice that is not in the database.
    public init(
        id: Int64, kind: Kind, request: Int64, title: String, year: Int?, parts: Int, by: String?, detail: String?,
        at: Date, isUnread: Bool
    ) {
        self.id = id
        self.kind = kind
        self.request = request
        self.title = title
        self.year = year
        self.parts = parts
        self.by = by
        self.detail = detail
        self.at = at
        self.isUnread = isUnread
    }

    static let columns: SQL = """
        notices.id, notices.kind, notices.request_id, titles.name, titles.year, notices.parts, notices.detail, notices.at,
        notices.read_at IS NULL AS unread, actors.name AS by
        """

    /// What ``columns`` needs besides `notices`.
    static let joins: SQL = """
        JOIN requests ON requests.id = notices.request_id
        JOIN titles ON titles.id = requests.title_id
        LEFT JOIN events ON events.id = notices.event_id
        LEFT JOIN request_log ON request_log.id = notices.log_id
        LEFT JOIN users AS actors ON actors.id = COALESCE(events.user_id, request_log.user_id)
        """

    init(_ row: Row) throws {
        id = try row.get("id")
        kind = try row.get("kind")
        request = try row.get("request_id")
        title = try row.get("name")
        year = try row.get("year")
        parts = try row.get("parts")
        by = try row.get("by")
        detail = try row.get("detail")
        at = try row.get("at")
        isUnread = try row.get("unread")
    }
}

/// The tables `untold` and `notices`: what happens to a request is told to the people on it, to each once.
public enum Notices {
    /// Tells of some of what has happened. Whatever is taken is told in the same statement, so a crash tells nothing
    /// twice and loses nothing; several processes divide the work.
    ///
    /// Approvers are told of what waits for them; all else is for the people on the request. Nobody is told of what they
    /// did themselves or of what was before they joined, nor that something was found that is on its way already, nor of
    /// a failure that is tried again by itself.
    ///
    /// - Returns: how much was taken, and the requests of which somebody was told.
    public static func tell(
        atMost limit: Int, on connection: PostgresConnection
    ) async throws -> (taken: Int, requests: [Int64]) {
        let row = try await connection.query(
            """
            WITH next AS MATERIALIZED (
                SELECT id FROM untold ORDER BY id LIMIT \(limit) FOR UPDATE SKIP LOCKED),
            taken AS (
                DELETE FROM untold WHERE id IN (SELECT id FROM next) RETURNING event_id, log_id, parts),
            news AS (
                SELECT event_id, NULL::bigint AS log_id, parts, request_id, at, user_id AS actor, reason AS detail,
                    CASE event WHEN 'searchedFound' THEN 'found' WHEN 'selected' THEN 'started'
                        WHEN 'downloadCompleted' THEN 'completed' WHEN 'downloadFailed' THEN 'failed'
                        WHEN 'downloadRemoved' THEN 'removed'
                        WHEN 'cancelled' THEN CASE (SELECT approval FROM requests WHERE id = events.request_id)
                            WHEN 'declined' THEN 'declined' ELSE 'cancelled' END
                        ELSE event END AS kind
                FROM taken JOIN events ON events.id = event_id
                WHERE CASE event
                    WHEN 'searchedFound' THEN EXISTS (
                        SELECT FROM items WHERE request_id = events.request_id AND status = 'FOUND')
                    WHEN 'downloadFailed' THEN EXISTS (
                        SELECT FROM requests JOIN items ON items.request_id = requests.id
                        WHERE requests.id = events.request_id AND retry_at IS NULL AND items.status = 'FAILED')
                    ELSE true END
                UNION ALL
                SELECT NULL, log_id, parts, request_id, at, user_id, sentence,
                    CASE kind WHEN 'asked' THEN 'requested' ELSE kind END
                FROM taken JOIN request_log ON request_log.id = log_id
                WHERE CASE kind
                    WHEN 'asked' THEN EXISTS (
                        SELECT FROM requests WHERE id = request_log.request_id AND approval = 'awaited')
                    -- Where there are items, their cancellation says it, and why.
                    WHEN 'declined' THEN NOT EXISTS (SELECT FROM items WHERE request_id = request_log.request_id)
                    ELSE true END),
            told AS (
                INSERT INTO notices (user_id, request_id, kind, event_id, log_id, parts, detail, at)
                SELECT people.user_id, news.request_id, kind, event_id, log_id, parts, detail, at
                FROM news, LATERAL (
                    SELECT user_id FROM request_people
                    WHERE request_id = news.request_id AND joined_at <= at AND kind <> 'requested'
                    UNION ALL
                    SELECT id FROM users
                    WHERE kind = 'requested' AND role IN ('administrator', 'approver') AND disabled_at IS NULL
                    ) AS people
                WHERE people.user_id IS DISTINCT FROM actor
                ORDER BY COALESCE(event_id, log_id), people.user_id
                ON CONFLICT DO NOTHING RETURNING request_id)
            SELECT (SELECT count(*) FROM taken) AS taken,
                (SELECT COALESCE(array_agg(DISTINCT request_id), '{}') FROM told) AS requests
            """)[0]
        return (taken: try row.get("taken"), requests: try row.get("requests"))
    }

    /// What somebody was told, the latest first.
    ///
    /// - Parameters:
    ///   - ageLimit: theirs: what is above it they are not told of any more.
    ///   - before: only notices with a lower id.
    public static func list(
        of user: Int64, under ageLimit: AgeLimit?, before: Int64 = .max, limit: Int, on connection: PostgresConnection
    ) async throws -> [Told] {
        try await connection.query(
            """
            SELECT \(Told.columns) FROM notices \(Told.joins)
            WHERE notices.user_id = \(user) AND notices.id < \(before) AND \(ageLimit?.condition ?? "true")
            ORDER BY notices.id DESC LIMIT \(limit)
            """
        ).map(Told.init)
    }

    /// Notes that somebody has read what they were told, up to the notice that stood first when they said so.
    public static func markRead(of user: Int64, upTo last: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute(
            "UPDATE notices SET read_at = now() WHERE user_id = \(user) AND id <= \(last) AND read_at IS NULL")
    }
}
