public import FoundationEssentials
public import Postgres

/// What one indexer answered to one search.
public struct IndexerAnswer: Codable, Sendable {
    /// The indexer's name.
    public var indexer: String
    /// Releases that it named.
    public var count: Int
    /// How long it took.
    public var milliseconds: Int
    /// What went wrong, in words; `nil` when it answered.
    public var error: String?

    /// Makes an answer.
    public init(indexer: String, count: Int, milliseconds: Int, error: String?) {
        self.indexer = indexer
        self.count = count
        self.milliseconds = milliseconds
        self.error = error
    }
}

/// A search that was made for a request.
public struct Search: Sendable {
    /// The search's id.
    public var id: Int64
    /// When it ended.
    public var finishedAt: Date
    /// Releases seen.
    public var seen: Int
    /// Releases accepted.
    public var accepted: Int
    /// The outcome for people.
    public var sentence: String
    /// Why its best release stands before the next, for people.
    public var whyFirst: String?
    /// What each indexer answered.
    public var answers: [IndexerAnswer]
}

/// The table `searches`.
public enum Searches {
    /// Records that no indexer answered, once an outage: as long as it goes on, the search that met it first is moved on.
    public static func noteOutage(
        request: Int64, askedBy user: Int64?, startedAt: Date, sentence: String, answers: [IndexerAnswer],
        on connection: PostgresConnection
    ) async throws {
        let isSame: SQL = """
            id = (SELECT max(id) FROM searches WHERE request_id = \(request)) AND sentence = \(sentence)
                AND asked_by IS NOT DISTINCT FROM \(user)::bigint
                AND NOT EXISTS (SELECT FROM releases WHERE search_id = searches.id)
            """
        let moved = try await connection.execute(
            """
            UPDATE searches SET finished_at = clock_timestamp(), answers = \(JSON(answers)) WHERE \(isSame)
            """)
        guard moved == 0 else { return }
        _ = try await add(
            request: request, askedBy: user, startedAt: startedAt, seen: 0, accepted: 0, sentence: sentence,
            answers: answers, on: connection)
    }

    /// Records a search; answers its id.
    public static func add(
        request: Int64, askedBy user: Int64?, startedAt: Date, seen: Int, accepted: Int, sentence: String,
        whyFirst: String? = nil, answers: [IndexerAnswer], on connection: PostgresConnection
    ) async throws -> Int64 {
        try await connection.query(
            """
            INSERT INTO searches (request_id, asked_by, started_at, seen, accepted, sentence, why_first, answers)
            VALUES (\(request), \(user), \(startedAt), \(seen), \(accepted), \(sentence), \(whyFirst),
                \(JSON(answers)))
            RETURNING id
            """)[0].get("id")
    }

    /// The latest search of a request.
    public static func latest(of request: Int64, on connection: PostgresConnection) async throws -> Search? {
        try await connection.query(
            """
            SELECT id, finished_at, seen, accepted, sentence, why_first, answers FROM searches
            WHERE request_id = \(request) ORDER BY id DESC LIMIT 1
            """
        ).first.map { row in
            Search(
                id: try row.get("id"), finishedAt: try row.get("finished_at"), seen: try row.get("seen"),
                accepted: try row.get("accepted"), sentence: try row.get("sentence"),
                whyFirst: try row.get("why_first"),
                answers: try (row.get("answers") as JSON<[IndexerAnswer]>).value)
        }
    }
}
