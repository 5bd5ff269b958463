public import FoundationEssentials
public import Postgres

/// What one indexer answered to one search.
public struct IndexerAnswer: Codable, Sendable, Equatable {
    /// The indexer's name.
    public var indexer: String
    /// Releases that it named.
    public var count: Int
    /// Of these, releases that the request had not been offered before; `nil`: nobody counted.
    public var fresh: Int?
    /// Of these, releases that nothing speaks against; `nil`: nobody counted.
    public var accepted: Int?
    /// How long it took; `nil`: it is still being asked.
    public var milliseconds: Int?
    /// What went wrong, in words; `nil` when it answered.
    public var error: String?
    /// Until when it is left alone, if that is why it was not asked.
    public var restsUntil: Date?
    /// What it was asked, one after the other; `nil`: nobody wrote it down.
    public var questions: [IndexerQuestion]?

    /// Makes an answer; without `milliseconds` it is still to come.
    public init(
        indexer: String, count: Int = 0, fresh: Int? = nil, accepted: Int? = nil, milliseconds: Int? = nil,
        error: String? = nil, restsUntil: Date? = nil, questions: [IndexerQuestion]? = nil
    ) {
        self.indexer = indexer
        self.count = count
        self.fresh = fresh
        self.accepted = accepted
        self.milliseconds = milliseconds
        self.error = error
        self.restsUntil = restsUntil
        self.questions = questions
    }
}

/// A question that an indexer was asked, with all its pages.
public struct IndexerQuestion: Codable, Sendable, Equatable {
    /// Its parameters as they were sent, without the key.
    public var text: String
    /// Releases in the answer; `nil`: there was none.
    public var count: Int?
    /// Until the answer, or until it was given up.
    public var milliseconds: Int

    /// Makes a question.
    public init(text: String, count: Int?, milliseconds: Int) {
        self.text = text
        self.count = count
        self.milliseconds = milliseconds
    }
}

/// A search that was made for a request.
public struct Search: Sendable {
    /// The search's id.
    public var id: Int64
    /// Who asked for it; `nil`: the queue.
    public var askedBy: String?
    /// When it began.
    public var startedAt: Date
    /// When it ended; `nil`: it is under way, or was broken off.
    public var finishedAt: Date?
    /// Whether it is under way.
    public var isRunning: Bool
    /// Releases seen.
    public var seen: Int
    /// Releases accepted.
    public var accepted: Int
    /// The outcome for people.
    public var sentence: String
    /// Why its best release stands before the next, for people.
    public var whyFirst: String?
    /// What each indexer answered, or has answered so far.
    public var answers: [IndexerAnswer]

    fileprivate static func select(_ condition: SQL) -> SQL {
        """
        SELECT searches.id, users.name AS asked_by, started_at, finished_at, seen, accepted, sentence, why_first, answers,
            finished_at IS NULL AND COALESCE(search_lease > now(), false) AND searches.id = (
                SELECT max(id) FROM searches AS other WHERE other.request_id = requests.id AND other.finished_at IS NULL)
                AS running
        FROM searches JOIN requests ON requests.id = searches.request_id LEFT JOIN users ON users.id = searches.asked_by
        WHERE \(condition)
        """
    }

    fileprivate init(_ row: Row) throws {
        id = try row.get("id")
        askedBy = try row.get("asked_by")
        startedAt = try row.get("started_at")
        finishedAt = try row.get("finished_at")
        isRunning = try row.get("running")
        seen = try row.get("seen")
        accepted = try row.get("accepted")
        sentence = try row.get("sentence")
        whyFirst = try row.get("why_first")
        answers = try (row.get("answers") as JSON<[IndexerAnswer]>).value
    }
}

/// What a search came to.
public struct SearchOutcome: Sendable {
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

    /// Makes an outcome.
    public init(seen: Int, accepted: Int, sentence: String, whyFirst: String? = nil, answers: [IndexerAnswer]) {
        self.seen = seen
        self.accepted = accepted
        self.sentence = sentence
        self.whyFirst = whyFirst
        self.answers = answers
    }
}

/// The table `searches`.
public enum Searches {
    /// Notes that a search has begun; answers its id. It is broken off unless it is finished.
    public static func begin(
        request: Int64, askedBy user: Int64?, startedAt: Date, answers: [IndexerAnswer],
        on connection: PostgresConnection
    ) async throws -> Int64 {
        try await connection.query(
            """
            INSERT INTO searches (request_id, asked_by, started_at, finished_at, seen, accepted, sentence, answers)
            VALUES (\(request), \(user), \(startedAt), NULL, 0, 0, 'Broken off before all indexers had answered.',
                \(JSON(answers)))
            RETURNING id
            """)[0].get("id")
    }

    /// Notes who has answered so far.
    public static func note(
        _ id: Int64, seen: Int, accepted: Int, answers: [IndexerAnswer], on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            UPDATE searches SET seen = \(seen)::int, accepted = \(accepted)::int, answers = \(JSON(answers))
            WHERE id = \(id)
            """)
    }

    /// Notes that a search has ended, and what it came to.
    public static func finish(
        _ id: Int64, _ outcome: SearchOutcome, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            """
            UPDATE searches SET finished_at = clock_timestamp(), seen = \(outcome.seen)::int,
                accepted = \(outcome.accepted)::int, sentence = \(outcome.sentence), why_first = \(outcome.whyFirst)::text,
                answers = \(JSON(outcome.answers))
            WHERE id = \(id)
            """)
    }

    /// Notes that a search has ended without an answer from anybody. An outage is one line, however often it is met: as
    /// long as it goes on, the search that met it first is moved on, and this one is none.
    public static func finishInOutage(
        _ id: Int64, _ outcome: SearchOutcome, on connection: PostgresConnection
    ) async throws {
        let moved = try await connection.execute(
            """
            UPDATE searches SET finished_at = clock_timestamp(), answers = \(JSON(outcome.answers))
            FROM searches AS this
            WHERE this.id = \(id) AND searches.sentence = \(outcome.sentence)
                AND searches.id = (
                    SELECT max(id) FROM searches AS earlier
                    WHERE earlier.request_id = this.request_id AND earlier.id < this.id)
                AND searches.asked_by IS NOT DISTINCT FROM this.asked_by
                AND NOT EXISTS (SELECT FROM releases WHERE search_id IN (searches.id, this.id))
            """)
        guard moved > 0 else { return try await finish(id, outcome, on: connection) }
        try await connection.execute("DELETE FROM searches WHERE id = \(id)")
    }

    /// Records a search that has ended; answers its id.
    public static func add(
        request: Int64, askedBy user: Int64?, startedAt: Date, _ outcome: SearchOutcome,
        on connection: PostgresConnection
    ) async throws -> Int64 {
        let id = try await begin(request: request, askedBy: user, startedAt: startedAt, answers: [], on: connection)
        try await finish(id, outcome, on: connection)
        return id
    }

    /// The latest search of a request that has ended.
    public static func latest(of request: Int64, on connection: PostgresConnection) async throws -> Search? {
        try await connection.query(
            """
            \(Search.select("request_id = \(request) AND finished_at IS NOT NULL")) ORDER BY searches.id DESC LIMIT 1
            """
        ).first.map(Search.init)
    }

    /// The search that is under way for a request.
    public static func running(of request: Int64, on connection: PostgresConnection) async throws -> Search? {
        try await connection.query(
            "\(Search.select("request_id = \(request) AND finished_at IS NULL")) ORDER BY searches.id DESC LIMIT 1"
        ).first.map(Search.init).flatMap { $0.isRunning ? $0 : nil }
    }

    /// Searches of a request, the latest first.
    ///
    /// - Parameter mark: only those before this one.
    public static func list(
        of request: Int64, before mark: Int64, limit: Int, on connection: PostgresConnection
    ) async throws -> [Search] {
        try await connection.query(
            """
            \(Search.select("request_id = \(request) AND searches.id < \(mark)"))
            ORDER BY searches.id DESC LIMIT \(limit)
            """
        ).map(Search.init)
    }
}
