import FoundationEssentials
import Lifecycle
import Storage

/// Why a request is where it is, and what happens to it next and when.
struct Outlook: Equatable {
    /// Whole sentences.
    var why: String
    /// "The next search is" and when.
    var next: String?
    var at: Date?

    init(_ why: String, next: String? = nil, at: Date? = nil) {
        self.why = why
        self.next = at == nil ? nil : next
        self.at = at
    }

    /// Both in one, for a card.
    func sentence(_ times: Times) -> String {
        guard let next, let at else { return why }
        return "\(why) \(next) \(times.relative(at))."
    }

    init(_ request: RequestSummary, now: Date) {
        switch request.status {
        case .pending: self = .pending(request, now)
        case .found: self = .found(request, now)
        case .downloading: self.init("A release was chosen and is on its way.")
        case .completed:
            self.init(
                request.kind == .show
                    ? "\(Times.count(request.completed, "episode")) here: all that was asked for."
                    : "All of it is here.",
                next: "The next episode airs", at: request.nextEpisodeAt)
        case .failed: self = .failed(request)
        case .cancelled:
            self.init("\((request.reason ?? "It was cancelled").asSentence) It can be searched for again.")
        case .expired:
            let why = request.reason ?? "It was not searched for in too long a time"
            self.init("\(why.asSentence) It can be searched for again.")
        }
        why = Self.spread(request) + why
    }

    private static func pending(_ request: RequestSummary, _ now: Date) -> Outlook {
        if request.approval == .awaited {
            let approvers = request.approvers.joined(separator: " or ")
            return Outlook("Waits for \(approvers) to approve it.", next: "It expires", at: request.expiresAt)
        }
        if request.approval == .declined { return Outlook("It was declined.") }
        if request.items == 0, request.isStopped {
            return Outlook("It was cancelled before an episode aired. It can be searched for again.")
        }
        if request.items == 0 {
            return Outlook(
                "No episode has aired yet.", next: "The next one airs", at: request.nextEpisodeAt)
        }
        if request.isSearching { return Outlook("Being searched for now.") }
        let before = request.lastSearch.map { "\($0.asSentence) " } ?? ""
        if request.isQueuePaused, !request.isSearchAsked, request.nextSearchAt != nil {
            return Outlook(
                "\(before)The queue is paused: it is searched for when somebody asks for that by hand, or the queue goes on.",
                next: "It expires", at: request.expiresAt)
        }
        if request.isSearchAsked || (request.nextSearchAt.map { $0 <= now } ?? false) {
            return Outlook("\(before)In the queue, to be searched for next.")
        }
        if let at = request.comesOutAt {
            return Outlook(
                "\(before)It is not out yet, and looked for now and then until it is.", next: "It comes out", at: at)
        }
        if let at = request.nextSearchAt {
            return Outlook(before.isEmpty ? "Not found yet." : before.asSentence, next: "The next search is", at: at)
        }
        return Outlook(
            "\(before)The queue has searched often enough and rests; a search by hand wakes it.", next: "It expires",
            at: request.expiresAt)
    }

    private static func found(_ request: RequestSummary, _ now: Date) -> Outlook {
        let searching = request.isSearching || request.isSearchAsked ? " Being searched for again." : ""
        let releases = request.acceptable == 1 ? "One release fits" : "\(request.acceptable) releases fit"
        if request.takesBest {
            let isNow = searching.isEmpty && request.nextSearchAt.map { $0 <= now } ?? true
            return Outlook(
                "\(releases). \(isNow ? "The best is taken now." : "The best is taken by itself.")\(searching)",
                next: "That is, unless somebody chooses before,", at: isNow ? nil : request.nextSearchAt)
        }
        return Outlook(
            "\(releases). It waits for somebody to choose.\(searching)", next: "It expires", at: request.expiresAt)
    }

    private static func failed(_ request: RequestSummary) -> Outlook {
        let isExhausted = request.acceptable == 0
        let why =
            (request.reason ?? "The download failed.").asSentence
            + (isExhausted ? " Nothing else that was found fits." : "")
        if let at = request.retryAt { return Outlook(why, next: "It is searched for again", at: at) }
        return Outlook(
            "\(why) It is not tried again by itself: \(isExhausted ? "" : "choose another release or ")search again.",
            next: "It expires",
            at: request.expiresAt)
    }

    /// "Of 19 episodes 2 are here, 8 are on their way. " where the parts of a request stand differently.
    private static func spread(_ request: RequestSummary) -> String {
        guard request.kind == .show else { return "" }
        let parts = [
            (request.completed, "here"), (request.coming, "on the way"), (request.found, "waiting for a choice"),
        ].filter { $0.0 > 0 }
        guard let first = parts.first, first.0 < request.items else { return "" }
        let words = parts.map { "\($0.0) \($0.0 == 1 ? "is" : "are") \($0.1)" }.joined(separator: ", ")
        return "Of \(request.items) episodes \(words). "
    }
}

extension String {
    /// With a capital at its beginning and a full stop at its end.
    var asSentence: String {
        let text = trimmed
        // A name that is written small stays so.
        let capitalised = text.hasPrefix("aria2") ? text : text.prefix(1).uppercased() + text.dropFirst()
        guard let last = text.last, !".!?".contains(last) else { return capitalised }
        return capitalised + "."
    }
}
