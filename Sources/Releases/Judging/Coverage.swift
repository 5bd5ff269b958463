/// What a release would bring of what is wanted.
public enum Coverage: Sendable, Equatable {
    /// Nothing that can complete a request: part of a season, extras, another kind of title.
    case nothing
    /// The movie.
    case movie
    /// The game, on this platform.
    case game(Platform?)
    /// Every episode of these seasons.
    case seasons(Set<Int>)
    /// These episodes.
    case episodes([EpisodeNumber])

    /// Whether it brings this episode.
    public func covers(_ episode: EpisodeNumber) -> Bool {
        switch self {
        case .nothing, .movie, .game: false
        case .seasons(let seasons): seasons.contains(episode.season)
        case .episodes(let episodes): episodes.contains(episode)
        }
    }
}

extension Coverage {
    init(_ release: ParsedRelease, wanted: Wanted) {
        switch wanted.kind {
        case .movie: self = release.kind == .movie && !release.isExtra ? .movie : .nothing
        case .game: self = Self.game(release, wanted: wanted)
        case .tv: self = Self.show(release, wanted: wanted)
        }
    }

    private static func game(_ release: ParsedRelease, wanted: Wanted) -> Coverage {
        guard release.couldBeGame, release.content ?? .full == .full else { return .nothing }
        let platforms = release.platforms.isEmpty ? [.windows] : release.platforms
        return .game(platforms.first { wanted.platforms.contains($0) } ?? platforms[0])
    }

    private static func show(_ release: ParsedRelease, wanted: Wanted) -> Coverage {
        guard release.kind == .tv, !release.isExtra, !release.isPartialSeason else { return .nothing }
        if let day = release.dailyDate {
            let episodes = wanted.airDates[day] ?? []
            return episodes.isEmpty ? .nothing : .episodes(episodes.sorted())
        }
        if release.isFullSeason {
            return .seasons(Set(release.seasons))
        }
        if release.isCompleteSeries {
            let seasons = Set(wanted.knownEpisodes.keys.filter { $0 > 0 })
            return seasons.isEmpty ? .nothing : .seasons(seasons)
        }
        guard !release.episodes.isEmpty else { return .nothing }
        // An episode without a season is one of the only season.
        let seasons = release.seasons.isEmpty && wanted.hasOneSeason ? [1] : release.seasons
        guard seasons.count == 1 else { return .nothing }
        return .episodes(release.episodes.map { EpisodeNumber(season: seasons[0], episode: $0) })
    }
}

extension Wanted {
    fileprivate var hasOneSeason: Bool {
        Set(episodes.map(\.season)).union(knownEpisodes.keys).subtracting([0]) == [1]
    }
}

extension ParsedRelease {
    /// Says nothing that only films and shows have.
    var couldBeGame: Bool {
        kind == .game || kind == .movie && resolution == nil && source == nil && codec == nil && !isExtra
    }
}
