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
    var word: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

    /// "Members", "Children".
    var plural: String { self == .child ? "Children" : word + "s" }

    /// "a member", "an administrator".
    var withArticle: String {
        switch self {
        case .administrator, .approver: "an \(rawValue)"
        case .member, .child: "a \(rawValue)"
        }
    }

    /// What it may do.
    var hint: String {
        switch self {
        case .administrator: "Changes everything"
        case .approver: "A member who approves what others ask for"
        case .member: "Sees everything, changes their own requests"
        case .child: "What they ask for waits for approval"
        }
    }
}
