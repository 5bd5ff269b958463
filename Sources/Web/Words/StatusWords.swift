import Lifecycle
import Storage

extension StatusBadge {
    /// The status as people read it.
    init(_ status: Lifecycle.Status) {
        self.init(status: status.rawValue, word: status.word)
    }
}

extension Lifecycle.Status {
    /// "Pending", "Found", …
    var word: String { rawValue.prefix(1) + rawValue.dropFirst().lowercased() }
}

extension Kind {
    /// "Movie", "Show", "Game".
    var word: String {
        switch self {
        case .movie: "Movie"
        case .show: "Show"
        case .game: "Game"
        }
    }

    /// "Movies", "Shows", "Games".
    var plural: String { word + "s" }
}

extension Role {
    /// "Administrator", "Member".
    var word: String {
        switch self {
        case .administrator: "Administrator"
        case .member: "Member"
        }
    }
}
