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
        if release.seasons.isEmpty {
            let episodes = wanted.episodes(counted: release.episodes)
            return episodes.isEmpty ? .nothing : .episodes(episodes)
        }
        guard release.seasons.count == 1 else { return .nothing }
        return .episodes(release.episodes.map { EpisodeNumber(season: release.seasons[0], episode: $0) })
    }
}

extension Wanted {
    /// The episodes that a name calls by their numbers alone: of the only season, or counted from the first of all, as
    /// fansubs do. Some sources count so as well, and number a season's episodes on from the one before.
    fileprivate func episodes(counted numbers: [Int]) -> [EpisodeNumber] {
        guard Set(episodes.map(\.season)).union(knownEpisodes.keys).subtracting([0]) != [1] else {
            return numbers.map { EpisodeNumber(season: 1, episode: $0) }
        }
        let seasons = knownEpisodes.filter { $0.key > 0 }.sorted { $0.key < $1.key }
            .map { (number: $0.key, known: $0.value, inOrder: $0.value.sorted()) }
        return numbers.compactMap { number in
            var before = 0
            for season in seasons {
                if season.number > 1, let first = season.inOrder.first, first > 1, season.known.contains(number) {
                    return EpisodeNumber(season: season.number, episode: number)
                }
                if number > before, number - before <= season.inOrder.count {
                    return EpisodeNumber(season: season.number, episode: season.inOrder[number - before - 1])
                }
                before += season.inOrder.count
            }
            return nil
        }
    }
}

extension ParsedRelease {
    /// Says nothing that only films and shows have.
    var couldBeGame: Bool {
        kind == .game || kind == .movie && resolution == nil && source == nil && codec == nil && !isExtra
    }
}
