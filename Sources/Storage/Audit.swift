public import FoundationEssentials
public import Lifecycle
public import Postgres
import Releases

/// What of the house somebody changed.
public enum AuditArea: String, CaseIterable, Sendable {
    /// What is set on the settings pages.
    case settings
    /// Accounts, invitations, and what each may do.
    case accounts
    /// Where it searches.
    case indexers
    /// Jobs, backups, the queue.
    case operation
}

/// The table `audit`: what people changed that is no request. Kept for ever, like events.
public enum Audit {
    /// Notes a change, in the transaction that makes it.
    ///
    /// - Parameter sentence: goes on after the name: "removed the indexer “X”".
    public static func add(
        _ area: AuditArea, _ sentence: String, by user: Int64?, on connection: PostgresConnection
    ) async throws {
        try await connection.execute(
            "INSERT INTO audit (user_id, area, sentence) VALUES (\(user), \(area.rawValue), \(sentence))")
    }
}

extension Settings {
    /// Makes these the settings, and notes what somebody changed of them.
    public func save(by user: Int64, on connection: PostgresConnection) async throws {
        let before = try await Settings.load(on: connection)
        try await save(on: connection)
        guard self != before else { return }
        try await Audit.add(.settings, "changed \(changes(from: before))", by: user, on: connection)
    }

    /// "stall minutes: 360 → 60; sources: steam, tvmaze → tvmaze".
    func changes(from before: Settings) -> String {
        zip(Mirror(reflecting: before).children, Mirror(reflecting: self).children).compactMap { old, new in
            let (was, became) = (Self.words(old.value), Self.words(new.value))
            return was == became ? nil : "\(Self.words(label: new.label ?? "")): \(was) → \(became)"
        }.joined(separator: "; ")
    }

    private static func words(_ value: Any) -> String {
        if let raw = (value as? any RawRepresentable)?.rawValue { return "\(raw)" }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { words($0.value) } ?? "unset"
        case .set:
            let elements = mirror.children.map { words($0.value) }.sorted()
            return elements.isEmpty ? "none" : elements.joined(separator: ", ")
        case .collection:
            return mirror.children.isEmpty ? "none" : mirror.children.map { words($0.value) }.joined(separator: ", ")
        case .struct where !(value is String) && !mirror.children.isEmpty:
            return mirror.children.map { "\(words(label: $0.label ?? "")) \(words($0.value))" }.joined(separator: ", ")
        default: return value is Bool ? (value as? Bool == true ? "yes" : "no") : "\(value)"
        }
    }

    /// "stallMinutes" as people read it.
    private static func words(label: String) -> String {
        label.reduce(into: "") { words, letter in
            words += letter.isUppercase ? " \(letter.lowercased())" : String(letter)
        }
    }
}

/// Something that somebody did.
public struct AuditLine: Sendable {
    /// What it was.
    public enum What: Sendable {
        /// An event of an item of a request.
        case event(Event, reason: String?)
        /// Something about a request, in words that go on after the name.
        case note(String)
        /// Something about the house, in words that go on after the name.
        case change(AuditArea, String)
    }

    /// When.
    public var at: Date
    /// Who, by name; `nil`: Usher itself, or somebody whose account is gone.
    public var by: String?
    /// What.
    public var what: What
    /// The request that it is about.
    public var request: Int64?
    /// Its title.
    public var title: String?
}

/// Who did what, of all that is told anywhere: a page at a time, the latest first.
public struct AuditTrail: Sendable {
    /// Whose deeds.
    public enum Who: Sendable, Equatable {
        /// Everybody's who is a person.
        case people
        /// This person's.
        case person(Int64)
        /// What Usher does by itself.
        case usher
    }

    /// A place in it: of each of its sources, the last line that was shown.
    public struct Mark: Sendable, Equatable {
        /// Of events, the log of requests, and the changes of the house; larger ones were shown.
        public var events, notes, changes: Int64

        /// Names a place; by itself: before all of it.
        public init(events: Int64 = .max, notes: Int64 = .max, changes: Int64 = .max) {
            (self.events, self.notes, self.changes) = (events, notes, changes)
        }
    }

    /// The lines.
    public var lines: [AuditLine]
    /// Where what is older begins; `nil`: there is no more.
    public var next: Mark?

    /// - Parameters:
    ///   - isAboutRequests: false leaves requests out.
    ///   - areas: of the house's; empty leaves it out.
    public static func load(
        of who: Who, isAboutRequests: Bool, areas: Set<AuditArea>, before mark: Mark, limit: Int,
        on connection: PostgresConnection
    ) async throws -> AuditTrail {
        let person: SQL =
            switch who {
            case .people: "user_id IS NOT NULL"
            case .person(let id): "user_id = \(id)"
            case .usher: "user_id IS NULL"
            }
        // One more than is shown, of each: all of them may be of one source.
        let end = RequestSummaries.first(limit + 1)
        var sources: [[(id: Int64, line: AuditLine)]] = [[], [], []]
        if isAboutRequests {
            sources[0] = try await lines(
                """
                SELECT id, at, user_id, request_id, event, reason FROM events
                WHERE \(person) AND id < \(mark.events) ORDER BY id DESC \(end)
                """, on: connection
            ) { .event(try $0.get("event"), reason: try $0.get("reason")) }
            sources[1] = try await lines(
                """
                SELECT id, at, user_id, request_id, sentence FROM request_log
                WHERE \(person) AND id < \(mark.notes) ORDER BY id DESC \(end)
                """, on: connection
            ) { .note(try $0.get("sentence")) }
        }
        if !areas.isEmpty {
            sources[2] = try await lines(
                """
                SELECT id, at, user_id, NULL::bigint AS request_id, area, sentence FROM audit
                WHERE \(person) AND id < \(mark.changes) AND area = ANY (\(areas.map(\.rawValue).sorted()))
                ORDER BY id DESC \(end)
                """, on: connection
            ) { .change(AuditArea(rawValue: try $0.get("area")) ?? .operation, try $0.get("sentence")) }
        }
        return merged(sources, from: mark, limit: limit)
    }

    private static func lines(
        _ rows: SQL, on connection: PostgresConnection, _ what: (Row) throws -> AuditLine.What
    ) async throws -> [(id: Int64, line: AuditLine)] {
        try await connection.query(
            """
            SELECT line.*, users.name AS user_name, titles.name AS title FROM (\(rows)) AS line
            LEFT JOIN users ON users.id = line.user_id LEFT JOIN requests ON requests.id = line.request_id
            LEFT JOIN titles ON titles.id = requests.title_id ORDER BY line.id DESC
            """
        ).map { row in
            (
                try row.get("id"),
                AuditLine(
                    at: try row.get("at"), by: try row.get("user_name"), what: try what(row),
                    request: try row.get("request_id"), title: try row.get("title"))
            )
        }
    }

    /// By their moments, but each source in the order of its ids, so that the next page goes on exactly where this one ends.
    private static func merged(
        _ sources: [[(id: Int64, line: AuditLine)]], from mark: Mark, limit: Int
    ) -> AuditTrail {
        var heads = sources.map { $0[...] }
        var ends = [mark.events, mark.notes, mark.changes]
        var lines: [AuditLine] = []
        while lines.count < limit,
            let latest = heads.indices.filter({ !heads[$0].isEmpty }).max(by: { first, second in
                heads[first][heads[first].startIndex].line.at < heads[second][heads[second].startIndex].line.at
            }), let head = heads[latest].popFirst()
        {
            lines.append(head.line)
            ends[latest] = head.id
        }
        let hasMore = heads.contains { !$0.isEmpty }
        return AuditTrail(
            lines: lines, next: hasMore ? Mark(events: ends[0], notes: ends[1], changes: ends[2]) : nil)
    }
}
