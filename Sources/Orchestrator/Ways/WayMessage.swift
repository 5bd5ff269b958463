import Cryptography
import FoundationEssentials
public import Storage

/// A notice as it goes out of the house.
struct WayMessage: Sendable {
    /// What tells it from all others of this house; the same each time it is sent.
    var id: String
    /// What sort of notice, by Overseerr's names where it has one.
    var type: String
    /// The same for people, as a heading.
    var event: String
    /// The title and its year.
    var subject: String
    /// What happened, in a sentence.
    var text: String
    /// Where a picture of the title is, for all the world.
    var image: String?
    /// Where in the house it is seen; `nil` while nobody has said where the house is.
    var link: String?
    /// Whether something went wrong.
    var isTrouble: Bool
    /// When it happened.
    var at: Date
    /// Of the title and the request, by Overseerr's names; empty in a test.
    var facts: [String: String]

    /// What happened, and below it where it is seen: for those who have no place for a link.
    var textAndLink: String { link.map { "\(text)\n\($0)" } ?? text }
}

extension WayMessage {
    init(_ delivery: Delivery) {
        let (told, subject) = (delivery.told, delivery.subject)
        id = "notice.\(delivery.id).\(Int(told.at.timeIntervalSince1970))"
        type = told.kind.type
        event = told.kind.event(of: subject.kind)
        self.subject = told.year.map { "\(told.title) (\($0))" } ?? told.title
        text = told.words
        image = subject.image
        link = delivery.house.map { "\($0)/requests/\(told.request)" }
        isTrouble = [.failed, .expired, .declined, .removed].contains(told.kind)
        at = told.at
        let status =
            switch told.kind {
            case .completed: subject.isComplete ? "AVAILABLE" : "PARTIALLY_AVAILABLE"
            case .requested: "PENDING"
            case .approved, .found, .started, .aired: "PROCESSING"
            case .declined, .failed, .expiring, .expired, .cancelled, .removed: "UNKNOWN"
            }
        facts = [
            "media_type": subject.kind == .show ? "tv" : subject.kind.rawValue,
            "media_tmdbid": subject.outsideIDs["tmdb"] ?? "", "media_tvdbid": subject.outsideIDs["tvdb"] ?? "",
            "media_status": status, "media_status4k": "UNKNOWN", "request_id": String(told.request),
            "requestedBy_username": subject.requester ?? "",
        ]
    }

    /// What a test sends.
    ///
    /// - Parameter house: where the house is reached, without a slash at its end.
    static func test(at now: Date, in house: String?) -> WayMessage {
        WayMessage(
            id: "test.\(randomBytes(12).hex)", type: "TEST_NOTIFICATION", event: "Test Notification", subject: "Usher",
            text: "This is a test: notices arrive here.", image: nil, link: house.map { $0 + "/" },
            isTrouble: false, at: now, facts: [:])
    }
}

extension Told.Kind {
    /// Overseerr's name; a name of our own for what Overseerr does not tell.
    fileprivate var type: String {
        switch self {
        case .requested: "MEDIA_PENDING"
        case .approved: "MEDIA_APPROVED"
        case .declined: "MEDIA_DECLINED"
        case .completed: "MEDIA_AVAILABLE"
        case .failed: "MEDIA_FAILED"
        case .found: "RELEASES_FOUND"
        case .started: "DOWNLOAD_STARTED"
        case .expiring: "REQUEST_EXPIRING"
        case .expired: "REQUEST_EXPIRED"
        case .cancelled: "REQUEST_CANCELLED"
        case .removed: "DOWNLOAD_REMOVED"
        case .aired: "NEW_EPISODE"
        }
    }

    fileprivate func event(of kind: Kind) -> String {
        let what =
            switch kind {
            case .movie: "Movie"
            case .show: "Series"
            case .game: "Game"
            }
        return switch self {
        case .requested: "New \(what) Request"
        case .approved: "\(what) Request Approved"
        case .declined: "\(what) Request Declined"
        case .completed: "\(what) Request Now Available"
        case .failed: "\(what) Request Failed"
        case .found: "\(what) Found"
        case .started: "\(what) Download Started"
        case .expiring: "\(what) Request Expires Soon"
        case .expired: "\(what) Request Expired"
        case .cancelled: "\(what) Request Cancelled"
        case .removed: "\(what) Download Removed"
        case .aired: "New Episode"
        }
    }
}

extension Told {
    /// What happened, in a sentence.
    public var words: String {
        let what = parts > 1 ? "\(parts) parts" : "It"
        let whoever = by ?? "somebody"
        switch kind {
        case .requested: return "\(by ?? "Somebody") asks for it, and somebody has to approve that."
        case .approved: return "It was approved by \(whoever), and is searched for."
        case .declined: return because("It was declined by \(whoever)")
        case .found: return "Releases were found: choose one."
        case .started: return parts > 1 ? "\(what) are being downloaded." : "It is being downloaded."
        case .completed: return parts > 1 ? "\(what) are here." : "It is here."
        case .failed: return because("\(what) failed, and will not be tried again without you")
        case .expired: return because("\(what) expired")
        case .cancelled: return because("\(what) \(parts > 1 ? "were" : "was") cancelled by \(whoever)")
        case .removed: return "The download was removed outside of Usher."
        case .expiring: return "It \(detail ?? "expires soon")."
        case .aired: return "\(detail ?? "A new episode has aired")."
        }
    }

    private func because(_ words: String) -> String {
        guard var detail else { return "\(words)." }
        for said in ["declined: ", "declined it: "] where detail.hasPrefix(said) {
            detail.removeFirst(said.count)
        }
        return "\(words): \(detail)\(detail.hasSuffix(".") ? "" : ".")"
    }
}
