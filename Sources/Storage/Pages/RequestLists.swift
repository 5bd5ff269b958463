public import FoundationEssentials
public import Lifecycle
public import Postgres

/// Lists of requests: narrowed, in an order, and a page at a time.
extension RequestSummaries {
    /// Which requests a list shows.
    public struct Filter: Sendable, Equatable {
        /// Only these statuses; empty: all.
        public var statuses: Set<Lifecycle.Status>
        /// Only those of which some item has this status, whatever the others have.
        public var part: Lifecycle.Status?
        /// Only this kind.
        public var kind: Kind?
        /// Only titles that contain these words.
        public var text: String
        /// Only those that this person is on.
        public var person: Int64?
        /// Only those that wait for approval.
        public var isAwaited: Bool
        /// Only those of which somebody chooses the release.
        public var isAsked: Bool
        /// Only those that failed and are not tried again by themselves.
        public var isGivenUp: Bool
        /// Only those of which something waits, and expires one day.
        public var isExpiring: Bool
        /// Only what is for somebody with this limit.
        public var ageLimit: AgeLimit?

        /// Makes a filter.
        public init(
            statuses: Set<Lifecycle.Status> = [], part: Lifecycle.Status? = nil, kind: Kind? = nil,
            text: String = "", person: Int64? = nil, isAwaited: Bool = false, isAsked: Bool = false,
            isGivenUp: Bool = false, isExpiring: Bool = false, ageLimit: AgeLimit? = nil
        ) {
            self.statuses = statuses
            self.part = part
            self.kind = kind
            self.text = text
            self.person = person
            self.isAwaited = isAwaited
            self.isAsked = isAsked
            self.isGivenUp = isGivenUp
            self.isExpiring = isExpiring
            self.ageLimit = ageLimit
        }

        var condition: SQL {
            var condition: SQL = "true"
            if !statuses.isEmpty { condition += " AND requests.status = ANY (\(statuses.map(\.rawValue).sorted()))" }
            if let part {
                condition += """
                     AND EXISTS (SELECT 1 FROM items
                        WHERE request_id = requests.id AND items.status = \(part.rawValue))
                    """
            }
            if isAwaited { condition += " AND requests.approval = 'awaited' AND requests.status = 'PENDING'" }
            if isAsked { condition += " AND COALESCE(requests.choosing, (SELECT choosing FROM settings)) = 'ask'" }
            if isGivenUp { condition += " AND requests.status = 'FAILED' AND requests.retry_at IS NULL" }
            if isExpiring {
                condition += """
                     AND EXISTS (SELECT 1 FROM items
                        WHERE request_id = requests.id AND items.status IN ('PENDING', 'FOUND', 'FAILED'))
                    """
            }
            if let ageLimit { condition += " AND \(ageLimit.condition)" }
            if let kind { condition += " AND titles.kind = \(kind.rawValue)" }
            for word in text.split(whereSeparator: \.isWhitespace).prefix(8) {
                condition += " AND strpos(lower(titles.name), lower(\(String(word)))) > 0"
            }
            if let person {
                condition += """
                     AND EXISTS (SELECT 1 FROM request_people
                        WHERE request_id = requests.id AND user_id = \(person))
                    """
            }
            return condition
        }
    }

    /// What a list goes by.
    public enum Order: String, CaseIterable, Sendable {
        /// The one last changed first.
        case changed
        /// The one asked for last first.
        case newest
        /// By title.
        case title
        /// The one that expires next first; what does not expire is left out.
        case expiry
    }

    /// A place in a list: beside the request that was there when it was shown.
    public enum Mark: Sendable, Equatable {
        /// Among those in the order of change: when it had last changed, and its id.
        case changed(Date, Int64)
        /// Among the newest.
        case newest(Int64)
        /// Among the titles.
        case title(String, Int64)
        /// Among what expires: when it would have, and its id.
        case expiry(Date, Int64)

        /// Where a request stands in a list of this order.
        public init(_ request: RequestSummary, in order: Order) {
            switch order {
            case .changed: self = .changed(request.changedAt, request.id)
            case .newest: self = .newest(request.id)
            case .title: self = .title(request.title, request.id)
            case .expiry: self = .expiry(request.expiresAt ?? .distantFuture, request.id)
            }
        }

        /// The order in which this is a place.
        public var order: Order {
            switch self {
            case .changed: .changed
            case .newest: .newest
            case .title: .title
            case .expiry: .expiry
            }
        }
    }

    /// Which part of a list is shown. Told by a mark and not by a number, so that a place far down is found at once, and
    /// what moves to the top meanwhile pushes nothing off the page.
    public enum Part: Sendable, Equatable {
        /// From the top.
        case first(Order)
        /// What comes below a mark.
        case below(Mark)
        /// What comes just above a mark.
        case above(Mark)

        /// The order of the list.
        public var order: Order {
            switch self {
            case .first(let order): order
            case .below(let mark), .above(let mark): mark.order
            }
        }

        private var mark: Mark? {
            switch self {
            case .first: nil
            case .below(let mark), .above(let mark): mark
            }
        }

        fileprivate var isUpwards: Bool { if case .above = self { true } else { false } }

        /// The condition under which a row is in this part, and the order of its rows, the nearest to the mark first: in
        /// words that the index of the order answers.
        fileprivate var place: (condition: SQL, order: SQL) {
            let isFalling = (order == .changed || order == .newest) != isUpwards
            let (than, way): (SQL, SQL) = isFalling ? ("<", "DESC") : (">", "ASC")
            let condition: SQL
            switch mark {
            case nil: condition = "true"
            case .changed(let at, let id): condition = "(requests.changed_at, requests.id) \(than) (\(at), \(id))"
            case .newest(let id): condition = "requests.id \(than) \(id)"
            case .title(let name, let id):
                condition = """
                    lower(titles.name) \(than)= lower(\(name))
                    AND (lower(titles.name), requests.id) \(than) (lower(\(name)), \(id))
                    """
            case .expiry(let at, let id):
                condition = """
                    items.expiry_base \(than)= \(at) - period
                    AND (items.expiry_base, items.request_id) \(than) (\(at) - period, \(id))
                    """
            }
            switch order {
            case .changed: return (condition, "requests.changed_at \(way), requests.id \(way)")
            case .newest: return (condition, "requests.id \(way)")
            case .title: return (condition, "lower(titles.name) \(way), requests.id \(way)")
            case .expiry: return (condition, "items.expiry_base \(way), items.request_id \(way)")
            }
        }
    }

    /// The requests that a filter lets through, or a part of them.
    public static func list(
        _ filter: Filter, _ part: Part = .first(.changed), seenBy user: Int64, limit: Int,
        on connection: PostgresConnection
    ) async throws -> [RequestSummary] {
        // First which, from an index; then all that is told of them.
        let found = try await connection.query(
            """
            \(select(user)) JOIN (\(part.order == .expiry ? expiring(filter, part, limit) : ids(filter, part, limit)))
                AS shown (request, place) ON shown.request = requests.id
            ORDER BY shown.place
            """
        ).map(RequestSummary.init)
        return part.isUpwards ? found.reversed() : found
    }

    private static func ids(_ filter: Filter, _ part: Part, _ limit: Int) -> SQL {
        let (place, order) = part.place
        return """
            SELECT requests.id, row_number() OVER (ORDER BY \(order)) FROM requests JOIN titles ON titles.id = requests.title_id
            WHERE \(filter.condition) AND \(place) ORDER BY \(order) \(first(limit))
            """
    }

    /// With one period for all, or more, each walks the items in the order in which they expire, and stops when it has
    /// enough. OFFSET 0 keeps the planner from looking at all of them instead.
    private static func expiring(_ filter: Filter, _ part: Part, _ limit: Int) -> SQL {
        let (place, order) = part.place
        let way: SQL = part.isUpwards ? "DESC" : "ASC"
        var filter = filter
        filter.isExpiring = false  // All that is walked is.
        return """
            SELECT next.request_id, row_number() OVER (ORDER BY next.expires_at \(way), next.request_id \(way))
            FROM (SELECT period, array_agg(kind) AS kinds FROM expiry_periods GROUP BY period) AS patience
            CROSS JOIN LATERAL (
                SELECT items.request_id, items.expiry_base + period AS expires_at
                FROM items JOIN requests ON requests.id = items.request_id JOIN titles ON titles.id = requests.title_id
                WHERE items.status IN ('PENDING', 'FOUND', 'FAILED') AND titles.kind = ANY (kinds)
                  AND \(filter.condition) AND \(place)
                  AND NOT EXISTS (
                      SELECT FROM items AS other
                      WHERE other.request_id = items.request_id AND other.status IN ('PENDING', 'FOUND', 'FAILED')
                        AND (other.expiry_base, other.id) < (items.expiry_base, items.id) OFFSET 0)
                ORDER BY \(order) \(first(limit))) AS next
            ORDER BY next.expires_at \(way), next.request_id \(way) \(first(limit))
            """
    }
}
