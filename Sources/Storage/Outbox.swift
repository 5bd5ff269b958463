public import Lifecycle
public import Postgres

/// An effect that a worker has taken.
public struct OutboxEntry: Sendable {
    /// The entry's id.
    public var id: Int64
    /// What is to be done.
    public var effect: Effect
    /// How often it was tried, this time included.
    public var attempts: Int
}

/// An effect that was tried several times without success.
public struct FailingEffect: Sendable {
    /// The request that it is for.
    public var request: Int64
    /// Its title.
    public var title: String
    /// How often it was tried.
    public var attempts: Int
    /// Why it did not succeed, in a sentence.
    public var error: String
}

/// The table `outbox`: effects that follow from committed decisions, each done until it is done.
public enum Outbox {
    /// Orders the effects, in the transaction that made them necessary.
    public static func add(_ effects: [Effect], on connection: PostgresConnection) async throws {
        for effect in effects {
            let (name, download) = parts(effect)
            _ = try await connection.execute(
                """
                INSERT INTO outbox (effect, download_id) VALUES (\(name), \(download))
                ON CONFLICT (effect, download_id) DO NOTHING
                """)
        }
    }

    /// Takes the longest due effect; its lease is that it is due again only after `lease` seconds.
    public static func take(lease: Int, on connection: PostgresConnection) async throws -> OutboxEntry? {
        try await connection.query(
            """
            WITH due AS MATERIALIZED (
                SELECT id FROM outbox WHERE done_at IS NULL AND due_at <= now()
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            UPDATE outbox SET due_at = now() + make_interval(secs => \(lease)), attempts = attempts + 1
            FROM due WHERE outbox.id = due.id RETURNING outbox.id, effect, download_id, attempts
            """
        ).first.map { row in
            OutboxEntry(
                id: try row.get("id"), effect: try effect(row.get("effect"), row.get("download_id")),
                attempts: try row.get("attempts"))
        }
    }

    /// Keeps the effect for another `lease` seconds; it takes long.
    public static func keep(_ id: Int64, lease: Int, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE outbox SET due_at = now() + make_interval(secs => \(lease)) WHERE id = \(id) AND done_at IS NULL
            """)
    }

    /// Effects that were tried three times or more without success, the most stubborn first; more may be left.
    public static func failing(on connection: PostgresConnection) async throws -> [FailingEffect] {
        try await connection.query(
            """
            SELECT downloads.request_id, titles.name, outbox.attempts, outbox.last_error
            FROM outbox JOIN downloads ON downloads.id = outbox.download_id
            JOIN requests ON requests.id = downloads.request_id JOIN titles ON titles.id = requests.title_id
            WHERE outbox.done_at IS NULL AND outbox.attempts >= 3 AND outbox.last_error IS NOT NULL
            ORDER BY outbox.attempts DESC, outbox.id LIMIT 20
            """
        ).map { row in
            FailingEffect(
                request: try row.get("request_id"), title: try row.get("name"), attempts: try row.get("attempts"),
                error: try row.get("last_error"))
        }
    }

    /// The effect is done.
    public static func finish(_ id: Int64, on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            "UPDATE outbox SET done_at = clock_timestamp(), last_error = NULL WHERE id = \(id)")
    }

    /// The effect did not succeed; it is tried again after `seconds`.
    public static func postpone(
        _ id: Int64, seconds: Int, error: String, on connection: PostgresConnection
    ) async throws {
        _ = try await connection.execute(
            """
            UPDATE outbox SET due_at = now() + make_interval(secs => \(seconds)), last_error = \(error)
            WHERE id = \(id)
            """)
    }

    private static func parts(_ effect: Effect) -> (String, Int64) {
        switch effect {
        case .fetch(let download): ("fetch", download)
        case .abandon(let download): ("abandon", download)
        case .place(let download): ("place", download)
        }
    }

    private static func effect(_ name: String, _ download: Int64) throws -> Effect {
        switch name {
        case "fetch": .fetch(download: download)
        case "abandon": .abandon(download: download)
        case "place": .place(download: download)
        default: throw StorageError.unreadable("outbox.effect", name)
        }
    }
}

/// Something in the database that this version cannot read.
public enum StorageError: Error, Equatable {
    /// A column holds a value that this version does not know.
    case unreadable(String, String)
}
