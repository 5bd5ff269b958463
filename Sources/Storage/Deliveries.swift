public import FoundationEssentials
public import Postgres

/// A notice on one of its ways, taken by a worker.
public struct Delivery: Sendable {
    /// The delivery's id.
    public var id: Int64
    /// How often it was tried, this time included.
    public var attempts: Int
    /// The way.
    public var way: WaySettings
    /// Whether it may lead into this house's network.
    public var mayBePrivate: Bool
    /// The notice.
    public var told: Told
    /// What it is about, as outside services want to know it.
    public var subject: DeliverySubject
    /// Where the house is reached, without a slash at its end.
    public var house: String?
}

/// The request and the title of a notice.
public struct DeliverySubject: Sendable {
    /// Of the title.
    public var kind: Kind
    /// What it is about, in a paragraph.
    public var overview: String?
    /// Where its source has a picture of it.
    public var image: String?
    /// Its ids elsewhere, by source.
    public var outsideIDs: [String: String]
    /// Whether all of the request is here.
    public var isComplete: Bool
    /// Who asked first.
    public var requester: String?

    /// Describes what a notice is about.
    public init(
        kind: Kind, overview: String?, image: String?, outsideIDs: [String: String], isComplete: Bool,
        requester: String?
    ) {
        self.kind = kind
        self.overview = overview
        self.image = image
        self.outsideIDs = outsideIDs
        self.isComplete = isComplete
        self.requester = requester
    }
}

/// A delivery that was given up.
public struct FailedDelivery: Sendable {
    /// The delivery's id.
    public var id: Int64
    /// Whose.
    public var person: String
    /// What they call the way.
    public var way: String
    /// What is spoken there.
    public var kind: WaySettings.Kind
    /// The request's title.
    public var title: String
    /// The request.
    public var request: Int64
    /// How often it was tried.
    public var attempts: Int
    /// Why it was given up.
    public var error: String
    /// When.
    public var at: Date
}

/// The table `deliveries`: notices on their ways. A trigger on `notices` writes one for each way that its person wants it
/// to go.
public enum Deliveries {
    /// Takes the longest due delivery of those whose people may be disturbed now; its lease is that it is due again only
    /// after `lease` seconds.
    public static func take(lease: Int, on connection: PostgresConnection) async throws -> Delivery? {
        try await connection.query(
            """
            WITH due AS MATERIALIZED (
                SELECT deliveries.id FROM deliveries
                JOIN ways ON ways.id = way_id JOIN users ON users.id = ways.user_id
                WHERE sent_at IS NULL AND failed_at IS NULL AND due_at <= now()
                    AND (quiet_from IS NULL OR NOT is_quiet(quiet_from, quiet_to,
                        clock_in(COALESCE(users.time_zone, (SELECT time_zone FROM settings)))))
                ORDER BY due_at, deliveries.id LIMIT 1 FOR UPDATE OF deliveries SKIP LOCKED),
            taken AS (
                UPDATE deliveries SET due_at = now() + make_interval(secs => \(lease)), attempts = attempts + 1
                FROM due WHERE deliveries.id = due.id
                RETURNING deliveries.id, notice_id, way_id, deliveries.attempts)
            SELECT taken.id AS delivery_id, taken.attempts, \(WaySettings.columns),
                users.role = 'administrator' OR settings.private_ways AS may_be_private, settings.public_address,
                \(Told.columns),
                titles.kind AS title_kind, titles.overview, pictures.url AS image,
                requests.status = 'COMPLETED' AS is_complete, askers.name AS requester,
                ARRAY(SELECT source FROM title_ids WHERE title_id = titles.id ORDER BY source) AS id_sources,
                ARRAY(SELECT value FROM title_ids WHERE title_id = titles.id ORDER BY source) AS id_values
            FROM taken JOIN ways ON ways.id = taken.way_id JOIN users ON users.id = ways.user_id
            CROSS JOIN settings JOIN notices ON notices.id = taken.notice_id
            \(Told.joins)
            LEFT JOIN pictures ON pictures.key = titles.picture
            LEFT JOIN users AS askers ON askers.id = requests.created_by
            """
        ).first.map { row in
            let sources: [String] = try row.get("id_sources")
            let values: [String] = try row.get("id_values")
            return Delivery(
                id: try row.get("delivery_id"), attempts: try row.get("attempts"), way: try WaySettings(row),
                mayBePrivate: try row.get("may_be_private"), told: try Told(row),
                subject: DeliverySubject(
                    kind: try row.get("title_kind"), overview: try row.get("overview"), image: try row.get("image"),
                    outsideIDs: Dictionary(zip(sources, values)) { first, _ in first },
                    isComplete: try row.get("is_complete"), requester: try row.get("requester")),
                house: try row.get("public_address"))
        }
    }

    /// It has arrived.
    public static func finish(_ id: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute(
            "UPDATE deliveries SET sent_at = clock_timestamp(), last_error = NULL WHERE id = \(id)")
    }

    /// It did not arrive, and is tried again after `seconds`.
    ///
    /// - Parameter wholeWay: the other end asks to be left alone: all else on this way waits as long.
    public static func postpone(
        _ id: Int64, seconds: Int, error: String, wholeWay: Bool, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            UPDATE deliveries SET due_at = now() + make_interval(secs => \(seconds)), last_error = \(error)
            WHERE id = \(id)
            """)
        guard wholeWay else { return }
        try await connection.execute(
            """
            UPDATE deliveries SET due_at = GREATEST(due_at, now() + make_interval(secs => \(seconds)))
            WHERE way_id = (SELECT way_id FROM deliveries WHERE id = \(id)) AND sent_at IS NULL AND failed_at IS NULL
            """)
    }

    /// It did not arrive, and is not tried again by itself.
    public static func giveUp(_ id: Int64, error: String, on connection: PostgresConnection) async throws {
        try await connection.execute(
            "UPDATE deliveries SET failed_at = clock_timestamp(), last_error = \(error) WHERE id = \(id)")
    }

    /// What was given up, the latest first.
    public static func failed(limit: Int, on connection: PostgresConnection) async throws -> [FailedDelivery] {
        try await connection.query(
            """
            SELECT deliveries.id, users.name AS person, ways.name AS way, ways.kind, titles.name AS title,
                notices.request_id, deliveries.attempts, COALESCE(last_error, '') AS error, failed_at
            FROM deliveries JOIN ways ON ways.id = way_id JOIN users ON users.id = ways.user_id
            JOIN notices ON notices.id = notice_id JOIN requests ON requests.id = notices.request_id
            JOIN titles ON titles.id = requests.title_id
            WHERE failed_at IS NOT NULL ORDER BY failed_at DESC, deliveries.id DESC LIMIT \(limit)
            """
        ).map { row in
            FailedDelivery(
                id: try row.get("id"), person: try row.get("person"), way: try row.get("way"),
                kind: try row.get("kind"), title: try row.get("title"), request: try row.get("request_id"),
                attempts: try row.get("attempts"), error: try row.get("error"), at: try row.get("failed_at"))
        }
    }

    /// Has all that was given up sent again, from its first attempt on.
    public static func sendAllAgain(on connection: PostgresConnection) async throws {
        try await connection.execute(
            "UPDATE deliveries SET failed_at = NULL, attempts = 0, due_at = now() WHERE failed_at IS NOT NULL")
    }

    /// Has a delivery that was given up sent again, from its first attempt on. `false`: there is none.
    public static func sendAgain(_ id: Int64, on connection: PostgresConnection) async throws -> Bool {
        try await connection.execute(
            """
            UPDATE deliveries SET failed_at = NULL, attempts = 0, due_at = now()
            WHERE id = \(id) AND failed_at IS NOT NULL
            """) == 1
    }
}
