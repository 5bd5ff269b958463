public import Postgres

/// The tables `found_titles` and `source_answers`: what outside sources know, and what they answered to which question.
public enum FoundTitles {
    /// An answer as it was kept.
    public struct Answer<Facts: Codable & Sendable>: Sendable {
        /// Best first.
        public var titles: [Facts]
        /// How long ago it was given, in seconds.
        public var age: Int
    }

    /// What a source answered to a question the last time; `nil`: it was not asked, or long ago.
    public static func answer<Facts: Codable & Sendable>(
        of source: String, to question: String, as type: Facts.Type = Facts.self, on connection: PostgresConnection
    ) async throws -> Answer<Facts>? {
        let answers = try await connection.query(
            """
            SELECT ids, extract(epoch FROM now() - at)::int AS age FROM source_answers
            WHERE source = \(source) AND question = \(question)
            """)
        guard let answer = answers.first else { return nil }
        let rows = try await connection.query(
            """
            SELECT facts FROM unnest(\(answer.get("ids") as [String])::text[]) WITH ORDINALITY AS named (source_id, n)
            JOIN found_titles USING (source_id) WHERE source = \(source) ORDER BY n
            """)
        return Answer(
            titles: try rows.map { try ($0.get("facts") as JSON<Facts>).value }, age: try answer.get("age"))
    }

    /// Keeps an answer, and the titles in it by their ids at the source.
    public static func save<Facts: Codable & Sendable>(
        _ titles: [(id: String, facts: Facts)], of source: String, to question: String,
        on connection: PostgresConnection
    ) async throws {
        // In one order everywhere, so that two that keep the same titles do not wait for each other.
        for title in titles.sorted(by: { $0.id < $1.id }) {
            try await connection.execute(
                """
                INSERT INTO found_titles (source, source_id, facts) VALUES (\(source), \(title.id), \(JSON(title.facts)))
                ON CONFLICT (source, source_id) DO UPDATE SET facts = EXCLUDED.facts, at = now()
                """)
        }
        try await connection.execute(
            """
            INSERT INTO source_answers (source, question, ids) VALUES (\(source), \(question), \(titles.map(\.id)))
            ON CONFLICT (source, question) DO UPDATE SET ids = EXCLUDED.ids, at = now()
            """)
    }

    /// The strictest rating that any source has named of a work with one of these outside ids, in years.
    public static func age(ofIDs ids: [String: String], on connection: PostgresConnection) async throws -> Int? {
        try await connection.query(
            """
            SELECT max((facts ->> 'age')::int) AS age FROM found_titles
            WHERE EXISTS (SELECT FROM jsonb_each_text(\(JSON(ids))) AS outside
                          WHERE facts -> 'ids' ->> outside.key = outside.value)
            """)[0].get("age")
    }

    /// One title as a source knows it; `nil` if nobody has looked it up lately.
    public static func find<Facts: Codable & Sendable>(
        _ id: String, of source: String, as type: Facts.Type = Facts.self, on connection: PostgresConnection
    ) async throws -> Facts? {
        try await connection.query(
            "SELECT facts FROM found_titles WHERE source = \(source) AND source_id = \(id)"
        ).first.map { try ($0.get("facts") as JSON<Facts>).value }
    }
}
