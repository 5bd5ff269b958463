public import FoundationEssentials
public import Postgres

/// What other periods would do to what waits, before they are saved.
public struct ExpiryPreview: Sendable {
    /// A request, and when the first of it expires.
    public struct Line: Sendable {
        /// Its id.
        public var request: Int64
        /// Its title.
        public var title: String
        /// What it is.
        public var kind: Kind
        /// When it expires as things are.
        public var isAt: Date
        /// When it would.
        public var wouldBeAt: Date
    }

    /// How many requests something of which would expire at once, and does not as things are; one more than
    /// ``RequestSummaries/countLimit`` stands for any more.
    public var atOnce: Int
    /// Those that would expire first; more may be left.
    public var first: [Line]

    /// At most as many are named.
    public static let limit = 30

    /// What would be with these days without a search, of the kinds for which they are others than now.
    public static func load(days: [Kind: Int], on connection: PostgresConnection) async throws -> ExpiryPreview {
        let periods: SQL = """
            (SELECT kind, period, make_interval(days => days::int) AS other
             FROM unnest(\(days.keys.map(\.rawValue))::text[], \(days.values.map { Int64($0) })::bigint[]) AS wanted (kind, days)
             JOIN expiry_periods USING (kind) WHERE period <> make_interval(days => days::int)) AS periods
            """
        let open: SQL = """
            FROM items JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
            WHERE items.status IN ('PENDING', 'FOUND', 'FAILED') AND titles.kind = periods.kind
            """
        let atOnce: Int = try await connection.query(
            """
            SELECT count(*) AS n FROM (
                SELECT DISTINCT waiting.request_id FROM \(periods) CROSS JOIN LATERAL (
                    SELECT items.request_id \(open)
                      AND items.expiry_base <= now() - other AND items.expiry_base > now() - period) AS waiting
                \(RequestSummaries.first(RequestSummaries.countLimit + 1))) AS counted
            """)[0].get("n")
        let first = try await connection.query(
            """
            SELECT waiting.*, expiry_base + period AS is_at, expiry_base + other AS would_be_at
            FROM \(periods) CROSS JOIN LATERAL (
                SELECT items.request_id, titles.name, titles.kind, items.expiry_base \(open)
                  -- One line a request: its first item.
                  AND NOT EXISTS (
                      SELECT FROM items AS other WHERE other.request_id = items.request_id
                        AND other.status IN ('PENDING', 'FOUND', 'FAILED')
                        AND (other.expiry_base, other.id) < (items.expiry_base, items.id) OFFSET 0)
                ORDER BY items.expiry_base \(RequestSummaries.first(limit))) AS waiting
            ORDER BY would_be_at, request_id \(RequestSummaries.first(limit))
            """
        ).map { row in
            Line(
                request: try row.get("request_id"), title: try row.get("name"), kind: try row.get("kind"),
                isAt: try row.get("is_at"), wouldBeAt: try row.get("would_be_at"))
        }
        return ExpiryPreview(atOnce: atOnce, first: first)
    }
}
