import Foundation
import Reactor

/// What people did, and what they were told: by this the house is judged in the end.
final class Ledger: Sendable {
    enum Deed: Hashable, Sendable {
        case ask(key: String)
        case join
        case search
        case choose(release: Int64)
        case cancelRequest
        case cancelItem(Int64)
        case cancelDownload(Int64)

        var name: String {
            switch self {
            case .ask: "ask"
            case .join: "join"
            case .search: "search"
            case .choose: "choose"
            case .cancelRequest: "cancel"
            case .cancelItem: "cancel item"
            case .cancelDownload: "cancel download"
            }
        }

        /// What the history can tell of it: whether all of a request was cancelled or a part, it does not say.
        var line: String {
            switch self {
            case .cancelRequest, .cancelItem: "cancel part"
            default: name
            }
        }
    }

    enum Answer: Hashable, Sendable {
        /// Done, and the person was sent on.
        case done
        /// Not done, with this status.
        case refused(Int)
        /// Nobody knows: no answer, or a 503.
        case unknown
        /// A page that failed.
        case failed(Int)
    }

    struct Entry: Sendable {
        let person: String
        let deed: Deed
        /// Nil of an ask that was not answered.
        let request: Int64?
        let answer: Answer
    }

    private let entries = Locked<[Entry]>([])

    func write(_ entry: Entry) {
        entries.withLock { $0.append(entry) }
    }

    var all: [Entry] { entries.withLock { $0 } }

    /// The requests that people know of.
    var requests: [Int64] { Array(Set(all.compactMap(\.request))).sorted() }
}
