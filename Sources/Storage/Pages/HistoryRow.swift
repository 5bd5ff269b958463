public import FoundationEssentials
public import Lifecycle
import Postgres

/// A line of a request's history: something that happened to items, to the request, or a search.
public struct HistoryRow: Sendable {
    /// What happened.
    public enum Kind: Sendable {
        /// The same event for these items, at the same moment.
        case event(Event, to: Lifecycle.Status, items: [Int64])
        /// Asked, joined, widened, kept: a sentence says what.
        case note(String)
        /// A search.
        case search(String)
    }

    /// When.
    public var at: Date
    /// Who; `nil`: Usher itself.
    public var by: String?
    /// Why.
    public var reason: String?
    /// What.
    public var kind: Kind

    /// At most as many lines of each kind are shown.
    public static let limit = 200

    static func list(of request: Int64, on connection: PostgresConnection) async throws -> [HistoryRow] {
        let rows =
            try await events(of: request, on: connection) + notes(of: request, on: connection)
            + searches(of: request, on: connection)
        // Stable, so that what happened in one moment stays in its order.
        return rows.enumerated().sorted { ($0.element.at, -$0.offset) > ($1.element.at, -$1.offset) }.map(\.element)
    }

    // That a search found nothing, or found again what was found before, is what the line of the search says.
    private static func events(of request: Int64, on connection: PostgresConnection) async throws -> [HistoryRow] {
        try await connection.query(
            """
            SELECT event, to_status, array_agg(item_id ORDER BY item_id) AS items, max(at) AS at, users.name,
                events.reason
            FROM events LEFT JOIN users ON users.id = events.user_id
            WHERE events.request_id = \(request) AND event <> 'searchedNothing'
              AND NOT (event = 'searchedFound' AND from_status = 'FOUND')
            GROUP BY event, to_status, users.name, events.reason, date_trunc('second', at)
            ORDER BY max(events.id) DESC LIMIT \(limit)
            """
        ).map { row in
            HistoryRow(
                at: try row.get("at"), by: try row.get("name"), reason: try row.get("reason"),
                kind: .event(
                    try row.get("event"), to: try row.get("to_status"), items: try row.get("items")))
        }
    }

    private static func notes(of request: Int64, on connection: PostgresConnection) async throws -> [HistoryRow] {
        try await connection.query(
            """
            SELECT at, sentence, users.name FROM request_log LEFT JOIN users ON users.id = request_log.user_id
            WHERE request_id = \(request) ORDER BY request_log.id DESC LIMIT \(limit)
            """
        ).map {
            HistoryRow(at: try $0.get("at"), by: try $0.get("name"), kind: .note(try $0.get("sentence")))
        }
    }

    private static func searches(of request: Int64, on connection: PostgresConnection) async throws -> [HistoryRow] {
        try await connection.query(
            """
            SELECT finished_at, sentence, users.name FROM searches LEFT JOIN users ON users.id = searches.asked_by
            WHERE request_id = \(request) AND finished_at IS NOT NULL ORDER BY searches.id DESC LIMIT \(limit)
            """
        ).map {
            HistoryRow(at: try $0.get("finished_at"), by: try $0.get("name"), kind: .search(try $0.get("sentence")))
        }
    }
}
