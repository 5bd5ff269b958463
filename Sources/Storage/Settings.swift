public import Postgres
public import Releases

/// Megabytes that a movie, a game or one episode has to have, and may have; nil: any.
public struct SizeLimits: Sendable, Equatable {
    /// The least.
    public var least: Int?
    /// The most.
    public var most: Int?

    /// These limits.
    public init(least: Int? = nil, most: Int? = nil) {
        self.least = least
        self.most = most
    }
}

/// What the administrator can change while Usher runs.
public struct Settings: Sendable, Equatable {
    /// Days without a search after which a movie expires.
    public var movieExpiryDays: Int
    /// The same for an episode of a show.
    public var showExpiryDays: Int
    /// The same for a game.
    public var gameExpiryDays: Int
    /// How often the queue searches for a request before it rests.
    public var searchAttempts: Int
    /// Minutes from the moment at which an episode airs to the first search for it.
    public var airingMinutes: Int
    /// Whether a failed item is searched again by itself.
    public var retryFailed: Bool
    /// How often.
    public var retryAttempts: Int
    /// Minutes without a new byte after which a download has failed.
    public var stallMinutes: Int
    /// Minutes without a magnet's details after which a download has failed.
    public var metadataMinutes: Int
    /// A release with fewer known seeders is not accepted.
    public var minimumSeeders: Int
    /// How large a movie may be, where a request does not say otherwise.
    public var movieSize: SizeLimits
    /// The same for an episode of a show.
    public var showSize: SizeLimits
    /// The same for a game.
    public var gameSize: SizeLimits
    /// Who chooses, where a request does not say otherwise.
    public var choosing: Choosing
    /// Minutes for which a better release is waited for, before the best is taken.
    public var choosingMinutes: Int
    /// Who chooses when a download has failed; `nil`: who chose the first.
    public var afterFailure: Choosing?
    /// Words in the names of releases.
    public var words: NameWords
    /// Ticked when somebody asks for something.
    public var defaultQualities: Set<Quality>
    /// Ticked when somebody asks for something.
    public var defaultFormats: Set<Format>
    /// Whether a backup is made each day; `nil`: only of a PostgreSQL of Usher's own.
    public var dailyBackup: Bool?
    /// How many backups are kept.
    public var backupsKept: Int
    /// Days for which finished work is kept for a look back. Events are kept for ever.
    public var historyDays: Int
    /// Outside sources that are asked when somebody searches for a title.
    public var sources: Set<String>
    /// Where the house is reached, without a slash at its end; `nil`: messages have no links.
    public var publicAddress: String?
    /// The clock, and the way to write dates, of whoever has not chosen their own.
    public var times: TimeFormat

    /// The days for a kind.
    public func expiryDays(for kind: Kind) -> Int {
        switch kind {
        case .movie: movieExpiryDays
        case .show: showExpiryDays
        case .game: gameExpiryDays
        }
    }

    /// How large a title of a kind may be.
    public func size(for kind: Kind) -> SizeLimits {
        switch kind {
        case .movie: movieSize
        case .show: showSize
        case .game: gameSize
        }
    }

    /// The settings as they are.
    public static func load(on connection: PostgresConnection) async throws -> Settings {
        let row = try await connection.query(
            """
            SELECT movie_expiry_days, show_expiry_days, game_expiry_days, search_attempts, airing_minutes, retry_failed,
                retry_attempts, stall_minutes, metadata_minutes, minimum_seeders, default_qualities, default_formats,
                daily_backup, backups_kept, history_days, choosing, choosing_minutes, after_failure, required_words,
                refused_words, preferred_words, sources, public_address, time_zone, date_format, movie_minimum_megabytes,
                movie_maximum_megabytes, show_minimum_megabytes, show_maximum_megabytes, game_minimum_megabytes,
                game_maximum_megabytes
            FROM settings
            """)[0]
        return Settings(
            movieExpiryDays: try row.get("movie_expiry_days"), showExpiryDays: try row.get("show_expiry_days"),
            gameExpiryDays: try row.get("game_expiry_days"), searchAttempts: try row.get("search_attempts"),
            airingMinutes: try row.get("airing_minutes"), retryFailed: try row.get("retry_failed"),
            retryAttempts: try row.get("retry_attempts"),
            stallMinutes: try row.get("stall_minutes"), metadataMinutes: try row.get("metadata_minutes"),
            minimumSeeders: try row.get("minimum_seeders"), movieSize: try SizeLimits(row, of: "movie"),
            showSize: try SizeLimits(row, of: "show"), gameSize: try SizeLimits(row, of: "game"),
            choosing: try row.get("choosing"),
            choosingMinutes: try row.get("choosing_minutes"), afterFailure: try row.get("after_failure"),
            words: try NameWords(row),
            defaultQualities: Set(try (row.get("default_qualities") as [String]).compactMap(Quality.init)),
            defaultFormats: Set(try (row.get("default_formats") as [String]).compactMap(Format.init)),
            dailyBackup: try row.get("daily_backup"), backupsKept: try row.get("backups_kept"),
            historyDays: try row.get("history_days"), sources: Set(try row.get("sources") as [String]),
            publicAddress: try row.get("public_address"),
            times: TimeFormat(zone: try row.get("time_zone"), dates: try row.get("date_format")))
    }

    /// Makes these the settings.
    ///
    /// - Throws: a check violation for a number outside of its range.
    public func save(on connection: PostgresConnection) async throws {
        _ = try await connection.execute(
            """
            UPDATE settings SET movie_expiry_days = \(movieExpiryDays), show_expiry_days = \(showExpiryDays),
                game_expiry_days = \(gameExpiryDays), search_attempts = \(searchAttempts), airing_minutes = \(airingMinutes),
                retry_failed = \(retryFailed), retry_attempts = \(retryAttempts), stall_minutes = \(stallMinutes),
                metadata_minutes = \(metadataMinutes), minimum_seeders = \(minimumSeeders),
                default_qualities = \(defaultQualities.map(\.rawValue).sorted()),
                default_formats = \(defaultFormats.map(\.rawValue).sorted()), daily_backup = \(dailyBackup)::boolean,
                backups_kept = \(backupsKept), history_days = \(historyDays),
                choosing = \(choosing), choosing_minutes = \(choosingMinutes),
                after_failure = \(afterFailure?.rawValue), required_words = \(words.required),
                refused_words = \(words.refused), preferred_words = \(words.preferred), sources = \(sources.sorted()),
                public_address = \(publicAddress), time_zone = \(times.zone), date_format = \(times.dates),
                movie_minimum_megabytes = \(movieSize.least), movie_maximum_megabytes = \(movieSize.most),
                show_minimum_megabytes = \(showSize.least), show_maximum_megabytes = \(showSize.most),
                game_minimum_megabytes = \(gameSize.least), game_maximum_megabytes = \(gameSize.most)
            """)
    }

    /// When the list of changed shows was last read to its end, as seconds ago; `nil`: never.
    public static func secondsSinceEpisodes(on connection: PostgresConnection) async throws -> Int? {
        try await connection.query(
            "SELECT extract(epoch FROM now() - episodes_seen_at)::int AS seconds FROM settings")[0].get("seconds")
    }

    /// Notes that the list of changed shows was read to its end.
    public static func noteEpisodesSeen(on connection: PostgresConnection) async throws {
        _ = try await connection.execute("UPDATE settings SET episodes_seen_at = now()")
    }
}

extension SizeLimits {
    fileprivate init(_ row: Row, of kind: String) throws {
        least = try row.get("\(kind)_minimum_megabytes")
        most = try row.get("\(kind)_maximum_megabytes")
    }
}
