public import Postgres

/// What is kept only for a look back, and goes after a while.
///
/// Events are not among it: they are the history that all else is checked against, append-only by trigger, and a few
/// dozen bytes each. Nor are orders (`outbox`), at most three a download, which are not given twice because they are
/// there. Sessions and failed sign-ins that have ended go with each sign-in.
public struct Retention: Sendable {
    /// Rows looked at in one statement: nobody has to wait for it.
    private static let batch = 1000
    /// Days after which nobody sends a form once more.
    private static let formKeyDays = 30
    /// Days after which no code that was sent to a mailbox is valid or counted.
    private static let codeDays = 1
    /// Days of questions to indexers that are kept: a page shows the latest of each.
    private static let askDays = 30

    /// Days for which is kept what nobody has looked up again.
    private static let foundDays = 90

    private let days: Int

    /// Keeps `days` days of what is finished.
    public init(days: Int) {
        self.days = days
    }

    /// Removes what is too old, a batch at a time, each in a transaction of its own. Answers how many rows went.
    public func prune(_ pool: PostgresPool) async throws -> Int {
        var removed = 0
        // What a finished request could have had instead. What it did have is in downloads, and stays.
        removed += try await sweep(
            "releases",
            """
            EXISTS (SELECT FROM requests WHERE id = old.request_id AND status IN ('COMPLETED', 'CANCELLED', 'EXPIRED')
                    AND changed_at < now() - make_interval(days => \(days)::int))
            AND NOT EXISTS (SELECT FROM downloads WHERE release_id = old.id)
            """, on: pool)
        // The last one of a request is on its page.
        removed += try await sweep(
            "searches",
            """
            COALESCE(finished_at, started_at) < now() - make_interval(days => \(days)::int)
            AND id < (SELECT max(id) FROM searches WHERE request_id = old.request_id)
            AND NOT EXISTS (SELECT FROM releases WHERE search_id = old.id)
            """, on: pool)
        removed += try await sweep(
            "request_log",
            """
            at < now() - make_interval(days => \(days)::int)
            AND EXISTS (SELECT FROM requests WHERE id = old.request_id
                        AND status IN ('COMPLETED', 'CANCELLED', 'EXPIRED'))
            """, on: pool)
        removed += try await clear("notices", key: "id", "read_at IS NOT NULL", olderThan: days, on: pool)
        removed += try await clear("form_keys", key: "key", olderThan: Self.formKeyDays, on: pool)
        removed += try await clear("mail_codes", key: "id", olderThan: Self.codeDays, on: pool)
        removed += try await clear("indexer_asks", key: "id", olderThan: Self.askDays, on: pool)
        for table in ["source_answers", "found_titles"] {
            removed += try await clear(table, key: "ctid", olderThan: Self.foundDays, on: pool)
        }
        removed += try await clear(
            "pictures", key: "key", "NOT EXISTS (SELECT FROM titles WHERE picture = pictures.key)",
            olderThan: Self.foundDays, on: pool)
        return removed
    }

    /// Goes through a table of which much stays, in the order of its ids.
    private func sweep(_ table: String, _ condition: SQL, on pool: PostgresPool) async throws -> Int {
        var (last, removed): (Int64?, Int) = (0, 0)
        while let start = last {
            let row = try await pool.query(
                """
                WITH batch AS MATERIALIZED (
                    SELECT * FROM \(raw: table) WHERE id > \(start)
                    ORDER BY id LIMIT \(Self.batch)),
                gone AS (
                    DELETE FROM \(raw: table) WHERE id IN (SELECT id FROM batch AS old WHERE \(condition)) RETURNING 1)
                SELECT (SELECT max(id) FROM batch) AS last, (SELECT count(*) FROM gone) AS removed
                """)[0]
            removed += try row.get("removed", as: Int.self)
            last = try row.get("last")
        }
        return removed
    }

    /// Empties a table of all that is old.
    private func clear(
        _ table: String, key: String, _ condition: SQL = "true", olderThan days: Int, on pool: PostgresPool
    ) async throws -> Int {
        var removed = 0
        while true {
            let count = try await pool.withConnection { connection in
                try await connection.execute(
                    """
                    DELETE FROM \(raw: table) WHERE \(raw: key) IN (
                        SELECT \(raw: key) FROM \(raw: table)
                        WHERE at < now() - make_interval(days => \(days)::int) AND \(condition)
                        LIMIT \(Self.batch))
                    """)
            }
            removed += count
            if count < Self.batch { return removed }
        }
    }
}
