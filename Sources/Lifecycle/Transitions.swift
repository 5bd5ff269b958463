/// The state machine of one item:
///
///             searchedFound           selected             downloadCompleted
///     PENDING ─────────────► FOUND ─────────────► DOWNLOADING ─────────────► COMPLETED
///        ▲                     │                    │      │
///        │                     │ expired            │      ├─ downloadFailed ──────────► FAILED
///        └── requeued ── EXPIRED, FAILED,           │      └─ cancelled, downloadRemoved ► CANCELLED
///                        CANCELLED, FOUND           └ selected: another release
///
/// PostgreSQL holds the same moves in its table `transitions` and refuses every other.
public enum Transitions {
    /// Where `event` takes an item that is in `status`, or why it does not.
    public static func next(_ status: Status, _ event: Event) -> Result<Status, Refusal> {
        func refused(_ code: Refusal.Code) -> Result<Status, Refusal> {
            .failure(Refusal(status: status, event: event, code: code))
        }
        switch (status, event) {
        case (.completed, _): return refused(.alreadyCompleted)

        case (.pending, .searchedFound), (.found, .searchedFound): return .success(.found)
        case (.pending, .searchedNothing): return .success(.pending)
        // What was acceptable once can still be chosen: the list of releases remains.
        case (.found, .searchedNothing): return .success(.found)
        case (.downloading, .searchedFound), (.downloading, .searchedNothing): return refused(.alreadyDownloading)
        case (.failed, .searchedFound), (.failed, .searchedNothing): return refused(.isFailed)
        case (.cancelled, .searchedFound), (.cancelled, .searchedNothing): return refused(.isCancelled)
        case (.expired, .searchedFound), (.expired, .searchedNothing): return refused(.isExpired)

        case (.found, .selected), (.failed, .selected): return .success(.downloading)
        // Swaps the release; the old download loses the item.
        case (.downloading, .selected): return .success(.downloading)
        case (.pending, .selected): return refused(.notFound)
        case (.cancelled, .selected): return refused(.isCancelled)
        case (.expired, .selected): return refused(.isExpired)

        case (.downloading, .downloadCompleted): return .success(.completed)
        case (.downloading, .downloadFailed): return .success(.failed)
        case (.downloading, .downloadRemoved): return .success(.cancelled)
        case (_, .downloadCompleted), (_, .downloadFailed), (_, .downloadRemoved): return refused(.notDownloading)

        case (.pending, .cancelled), (.found, .cancelled), (.downloading, .cancelled), (.failed, .cancelled):
            return .success(.cancelled)
        case (.cancelled, .cancelled): return refused(.isCancelled)
        case (.expired, .cancelled): return refused(.isExpired)

        case (.pending, .expired), (.found, .expired), (.failed, .expired): return .success(.expired)
        case (.downloading, .expired): return refused(.alreadyDownloading)
        case (.cancelled, .expired): return refused(.isCancelled)
        case (.expired, .expired): return refused(.isExpired)

        case (.pending, .requeued), (.found, .requeued), (.failed, .requeued), (.cancelled, .requeued),
            (.expired, .requeued):
            return .success(.pending)
        case (.downloading, .requeued): return refused(.alreadyDownloading)
        }
    }

    /// One allowed move, as a row of the database's table of transitions.
    public struct Move: Hashable, Sendable {
        /// What happened.
        public var event: Event
        /// The status before.
        public var from: Status
        /// The status after.
        public var to: Status

        /// Makes a move.
        public init(event: Event, from: Status, to: Status) {
            self.event = event
            self.from = from
            self.to = to
        }
    }

    /// Every move there is, by asking the machine about all of them.
    public static var all: [Move] {
        Event.allCases.flatMap { event in
            Status.allCases.compactMap { from in
                guard case .success(let to) = next(from, event) else { return nil }
                return Move(event: event, from: from, to: to)
            }
        }
    }
}
