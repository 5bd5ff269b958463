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

/// Why a release is refused.
public struct Reason: Sendable, Hashable {
    /// A stable word for it.
    public let code: String
    /// For people, with the numbers in it.
    public let sentence: String
    /// It will be so tomorrow too; false for what may change, such as seeders.
    public let isPermanent: Bool

    /// A reason.
    public init(code: String, sentence: String, isPermanent: Bool) {
        self.code = code
        self.sentence = sentence
        self.isPermanent = isPermanent
    }
}

/// What the judge says of one offer.
public struct Verdict: Sendable, Equatable {
    /// Every reason against it; none when it is accepted.
    public let reasons: [Reason]
    /// What it brings, whether it is accepted or not.
    public let covers: Coverage

    /// A verdict.
    public init(reasons: [Reason], covers: Coverage) {
        self.reasons = reasons
        self.covers = covers
    }

    /// Nothing speaks against it.
    public var accepted: Bool { reasons.isEmpty }
}
