/// What sort of title it is.
public enum Kind: String, CaseIterable, Sendable {
    /// A movie: one item.
    case movie
    /// A show: an item an episode.
    case show
    /// A game: one item, or one a platform.
    case game
}

/// Who chooses among the releases that were found.
public enum Choosing: String, CaseIterable, Sendable {
    /// A person.
    case ask
    /// Usher itself takes the best.
    case best
}

/// How much of a title is wanted.
public enum Scope: String, CaseIterable, Sendable {
    /// All of a movie or a game.
    case whole
    /// Seasons and episodes that were ticked.
    case selection
    /// All episodes, and each new one when it airs.
    case ongoing
    /// Each episode that airs from a moment on.
    case future

    /// Whether episodes that air later are wanted.
    public var isFollowing: Bool { self == .ongoing || self == .future }
}
