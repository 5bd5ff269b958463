public import FoundationEssentials
public import Postgres

/// A question to an indexer, and what came of it.
public struct IndexerAsk: Sendable {
    /// What is asked for.
    public enum Purpose: String, Sendable {
        /// What it can do.
        case capabilities
        /// Releases of a title.
        case search
        /// Its newest releases, whatever they are.
        case newest
    }

    /// When.
    public var at: Date
    /// What for.
    public var purpose: Purpose
    /// Until the answer came; `nil`: none did.
    public var milliseconds: Int?
    /// Releases in the answer.
    public var items: Int?
    /// Why there was no answer, in words.
    public var error: String?
}

/// Whether an indexer may be asked now.
public enum IndexerTurn: Sendable, Equatable {
    /// It may, and the question counts: its id.
    case granted(Int64)
    /// The hour's questions are used up; the next is allowed then.
    case exhausted(until: Date)
}

/// The table `indexer_asks`.
public enum IndexerAsks {
    /// Takes one of the hour's questions. Inside a transaction: two that come at once are counted one after the other.
    public static func begin(
        _ purpose: IndexerAsk.Purpose, of indexer: Int64, on connection: PostgresConnection
    ) async throws -> IndexerTurn {
        // Waits for whoever is counting; what they have added is seen by the statement after.
        let limit: Int? =
            try await connection.query("SELECT hourly_limit FROM indexers WHERE id = \(indexer) FOR UPDATE")
            .first?.get("hourly_limit")
        // What it can do is asked for once a week, and no indexer counts it.
        if let limit, purpose != .capabilities {
            let row = try await connection.query(
                """
                SELECT min(at) + interval '1 hour' AS until FROM (
                    SELECT at FROM indexer_asks 
                    WHERE indexer_id = \(indexer) AND purpose <> 'capabilities' AND at > now() - interval '1 hour'
                    ORDER BY at DESC LIMIT \(limit)) AS asked
                HAVING count(*) >= \(limit)
                """
            ).first
            if let row { return .exhausted(until: try row.get("until")) }
        }
        return .granted(
            try await connection.query(
                "INSERT INTO indexer_asks (indexer_id, purpose) VALUES (\(indexer), \(purpose.rawValue)) RETURNING id"
            )[0].get("id"))
    }

    /// Notes what came of a question.
    public static func end(
        _ id: Int64, milliseconds: Int, items: Int?, error: String?, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            UPDATE indexer_asks SET milliseconds = \(milliseconds)::int, items = \(items)::int, error = \(error)::text
            WHERE id = \(id)
            """)
    }

    /// The latest questions to an indexer, the last one first.
    public static func latest(
        of indexer: Int64, limit: Int, on connection: PostgresConnection
    ) async throws -> [IndexerAsk] {
        try await connection.query(
            """
            SELECT at, purpose, milliseconds, items, error FROM indexer_asks WHERE indexer_id = \(indexer)
            ORDER BY at DESC LIMIT \(limit)
            """
        ).map { row in
            IndexerAsk(
                at: try row.get("at"), purpose: IndexerAsk.Purpose(rawValue: try row.get("purpose")) ?? .search,
                milliseconds: try row.get("milliseconds"), items: try row.get("items"), error: try row.get("error"))
        }
    }
}
