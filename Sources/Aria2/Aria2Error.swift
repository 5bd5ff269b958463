/// Why aria2 did not do, or did not tell.
public enum Aria2Error: Error, Sendable, Equatable {
    /// It does not answer, or not readably: nothing is known about its downloads. With the reason, a sentence.
    case away(String)
    /// It answered, and refused; in its own words.
    case refused(String)

    /// In words for people.
    public var sentence: String {
        switch self {
        case .away(let reason): "aria2 cannot be asked. \(reason)"
        case .refused(let message): "aria2 refused: \(message)"
        }
    }
}
