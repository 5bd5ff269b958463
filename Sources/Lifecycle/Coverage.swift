/// What a release holds, in the words of a request.
public enum Coverage: Equatable, Sendable {
    /// The movie, or the game on any platform.
    case whole
    /// The game on these platforms.
    case platforms(Set<String>)
    /// Whole seasons.
    case seasons(Set<Int>)
    /// Single episodes.
    case episodes(Set<EpisodeNumber>)

    /// Whether the release holds this item.
    public func holds(_ item: Item) -> Bool {
        switch self {
        case .whole: item.episode == nil
        case .platforms(let platforms): item.episode == nil && (item.platform.map(platforms.contains) ?? true)
        case .seasons(let seasons): item.episode.map { seasons.contains($0.season) } ?? false
        case .episodes(let episodes): item.episode.map(episodes.contains) ?? false
        }
    }

    /// The items that choosing the release takes: what it holds and is neither complete nor given up.
    ///
    /// A pack leaves episodes alone that somebody cancelled, unless there is nothing else in it to want: then choosing
    /// it can only mean them.
    public func taken(from items: some Sequence<Item>) -> [Item] {
        let held = items.filter { holds($0) && $0.status != .completed }
        let wanted = held.filter { $0.status != .cancelled }
        return wanted.isEmpty ? held : wanted
    }
}
