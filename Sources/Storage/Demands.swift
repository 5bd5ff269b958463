public import Postgres
public import Releases

/// What a request asks of its releases besides quality and format.
public struct Demands: Sendable, Equatable {
    /// Words in their names, besides those of the house.
    public var words = NameWords()
    /// A release with fewer known seeders is not accepted; `nil`: as the indexer or the house says.
    public var minimumSeeders: Int?
    /// Megabytes (of a million bytes) that a movie, a game or one episode has to have; `nil`: any.
    public var minimumMegabytes: Int?
    /// Megabytes that it may have; `nil`: any.
    public var maximumMegabytes: Int?
    /// Minutes for which a better release is waited for, before the best is taken; `nil`: as the house does.
    public var choosingMinutes: Int?
    /// Who chooses when a download has failed; `nil`: as the house does.
    public var afterFailure: Choosing?

    /// No demands.
    public init() {}

    static let columns: SQL = """
        requests.required_words, requests.refused_words, requests.preferred_words, requests.minimum_seeders,
        requests.minimum_megabytes, requests.maximum_megabytes, requests.choosing_minutes, requests.after_failure
        """

    init(_ row: Row) throws {
        words = try NameWords(row)
        minimumSeeders = try row.get("minimum_seeders")
        minimumMegabytes = try row.get("minimum_megabytes")
        maximumMegabytes = try row.get("maximum_megabytes")
        choosingMinutes = try row.get("choosing_minutes")
        afterFailure = try row.get("after_failure")
    }
}

extension NameWords {
    init(_ row: Row) throws {
        self.init(
            required: try row.get("required_words"), refused: try row.get("refused_words"),
            preferred: try row.get("preferred_words"))
    }
}

extension Requests {
    /// Says what a request asks of its releases from now on.
    ///
    /// - Throws: a check violation for a number outside of its range.
    public static func set(_ demands: Demands, of id: Int64, on connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            UPDATE requests SET required_words = \(demands.words.required), refused_words = \(demands.words.refused),
                preferred_words = \(demands.words.preferred), minimum_seeders = \(demands.minimumSeeders),
                minimum_megabytes = \(demands.minimumMegabytes), maximum_megabytes = \(demands.maximumMegabytes),
                choosing_minutes = \(demands.choosingMinutes), after_failure = \(demands.afterFailure?.rawValue),
                changed_at = clock_timestamp()
            WHERE id = \(id)
            """)
    }
}

/// Who chooses for a request, and when, from what the request and the house say.
public struct Chooser: Sendable, Equatable {
    /// Who chooses among what was found.
    public var first: Choosing
    /// Who does when a download has failed.
    public var afterFailure: Choosing
    /// Seconds for which a better release is waited for.
    public var patience: Int

    /// The request's word goes before the house's.
    public init(_ request: Request, _ settings: Settings) {
        first = request.choosing ?? settings.choosing
        afterFailure = request.demands.afterFailure ?? settings.afterFailure ?? first
        patience = 60 * (request.demands.choosingMinutes ?? settings.choosingMinutes)
    }
}
