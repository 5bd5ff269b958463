/// The answer to an event that does not fit the status. A normal answer, not a crash: late news from aria2,
/// a double click, two people at once.
public struct Refusal: Error, Equatable, Sendable {
    /// Why, in a form that tests and programs can compare; never renamed.
    public enum Code: String, Sendable, CaseIterable {
        /// The item is complete, and nothing leaves that status.
        case alreadyCompleted = "already-completed"
        /// The event needs a download under way.
        case notDownloading = "not-downloading"
        /// A release cannot be chosen before something was found.
        case notFound = "not-found"
        /// It is on its way already.
        case alreadyDownloading = "already-downloading"
        /// It was cancelled; it has to be searched again first.
        case isCancelled = "is-cancelled"
        /// It has expired; it has to be searched again first.
        case isExpired = "is-expired"
        /// It failed; it has to be searched again first.
        case isFailed = "is-failed"
        /// Somebody else has chosen another release since the one who chooses looked.
        case chosenMeanwhile = "chosen-meanwhile"
        /// The release was shown as one that fits, and does not any more.
        case fitsNoMore = "fits-no-more"
        /// Somebody has to approve it first.
        case awaitsApproval = "awaits-approval"
        /// It was approved, declined or cancelled meanwhile.
        case isDecided = "is-decided"
        /// None of it waits, so that none of it would expire.
        case nothingWaits = "nothing-waits"
        /// The command names no item that exists.
        case nothingCovered = "nothing-covered"
    }

    /// The status that the item has, and keeps.
    public var status: Status?
    /// The event that was refused.
    public var event: Event
    /// Why, for programs.
    public var code: Code

    /// Makes a refusal of `event` for an item in `status` (`nil` when there was no item to ask).
    public init(status: Status?, event: Event, code: Code) {
        self.status = status
        self.event = event
        self.code = code
    }

    /// Why, for people.
    public var sentence: String {
        switch code {
        case .alreadyCompleted: "It is complete already."
        case .notDownloading: "It is not being downloaded."
        case .notFound: "Nothing has been found for it yet."
        case .alreadyDownloading: "It is being downloaded already."
        case .isCancelled: "It was cancelled. Search for it again first."
        case .isExpired: "It has expired. Search for it again first."
        case .isFailed: "Its download failed. Search for it again first."
        case .chosenMeanwhile: "Another release was chosen meanwhile. Choose again if it is to be replaced."
        case .fitsNoMore: "This release does not fit any more; beside it stands why. Choose it again if you want it."
        case .awaitsApproval: "It waits for somebody's approval."
        case .isDecided: "It does not wait for approval any more."
        case .nothingWaits: "Nothing of it waits, so nothing would expire."
        case .nothingCovered: "The release holds nothing that is still wanted."
        }
    }
}
