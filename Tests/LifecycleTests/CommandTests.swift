import Testing

@testable import Lifecycle

/// Each command, to a request with one item in each status: the whole decision, or the whole refusal.
@Suite("Every command in every status")
struct CommandTests {
    /// An item in this status; on download 7 when it is or was on one.
    private static func item(_ status: Status) -> Item {
        Item(id: 1, status: status, download: status == .downloading || status == .completed ? 7 : nil)
    }

    private static func moves(_ events: (Event, Status, Status)..., effects: [Effect] = []) -> Result<Decision, Refusal>
    {
        .success(
            Decision(
                rounds: events.map { event, from, to in
                    [Step(item: 1, event: event, from: from, to: to, download: event == .selected ? 9 : nil)]
                }, effects: effects))
    }

    private static func refused(_ event: Event, _ code: Refusal.Code, in status: Status?) -> Result<Decision, Refusal> {
        .failure(Refusal(status: status, event: event, code: code))
    }

    @Test(arguments: Status.allCases)
    func searches(status: Status) {
        let found = Machine.decide(.recordSearch(acceptableFor: [1]), items: [Self.item(status)])
        let nothing = Machine.decide(.recordSearch(acceptableFor: []), items: [Self.item(status)])
        switch status {
        case .pending:
            #expect(found == Self.moves((.searchedFound, .pending, .found)))
            #expect(nothing == Self.moves((.searchedNothing, .pending, .pending)))
        case .found:
            #expect(found == Self.moves((.searchedFound, .found, .found)))
            #expect(nothing == Self.moves((.searchedNothing, .found, .found)))
        // A search says something about what waits for one; to the others it has nothing to say, and that is no error.
        case .downloading, .completed, .failed, .cancelled, .expired:
            #expect(found == .success(Decision()))
            #expect(nothing == .success(Decision()))
        }
    }

    @Test(arguments: Status.allCases)
    func choosing(status: Status) {
        let decision = Machine.decide(.choose(.whole, download: 9), items: [Self.item(status)])
        let fetch = [Effect.fetch(download: 9)]
        let expected: Result<Decision, Refusal> =
            switch status {
            case .pending:
                Self.moves((.searchedFound, .pending, .found), (.selected, .found, .downloading), effects: fetch)
            case .found: Self.moves((.selected, .found, .downloading), effects: fetch)
            case .downloading:
                Self.moves((.selected, .downloading, .downloading), effects: fetch + [.abandon(download: 7)])
            case .completed: Self.refused(.selected, .alreadyCompleted, in: .completed)
            case .failed: Self.moves((.selected, .failed, .downloading), effects: fetch)
            case .cancelled, .expired:
                Self.moves(
                    (.requeued, status, .pending), (.searchedFound, .pending, .found),
                    (.selected, .found, .downloading),
                    effects: fetch)
            }
        #expect(decision == expected)
    }

    @Test(arguments: Status.allCases)
    func news(status: Status) {
        for (command, event, to, effect) in [
            (Command.complete(download: 7), Event.downloadCompleted, Status.completed, Effect.place(download: 7)),
            (.fail(download: 7), .downloadFailed, .failed, .abandon(download: 7)),
            (.removed(download: 7), .downloadRemoved, .cancelled, .abandon(download: 7)),
        ] {
            let decision = Machine.decide(command, items: [Self.item(status)])
            if status == .downloading {
                #expect(decision == Self.moves((event, .downloading, to), effects: [effect]))
            } else {
                // Late news: no item is on the download any more.
                #expect(decision == Self.refused(event, .notDownloading, in: nil))
            }
            // News of a download that no item is on.
            #expect(
                Machine.decide(command, items: [Item(id: 1, status: .downloading, download: 8)])
                    == Self.refused(event, .notDownloading, in: nil))
        }
    }

    @Test(arguments: Status.allCases)
    func cancelling(status: Status) {
        let decision = Machine.decide(.cancel([1]), items: [Self.item(status)])
        let expected: Result<Decision, Refusal> =
            switch status {
            case .pending, .found, .failed: Self.moves((.cancelled, status, .cancelled))
            case .downloading: Self.moves((.cancelled, .downloading, .cancelled), effects: [.abandon(download: 7)])
            case .completed: Self.refused(.cancelled, .alreadyCompleted, in: .completed)
            case .cancelled: Self.refused(.cancelled, .isCancelled, in: .cancelled)
            case .expired: Self.refused(.cancelled, .isExpired, in: .expired)
            }
        #expect(decision == expected)
    }

    @Test(arguments: Status.allCases)
    func timePassing(status: Status) {
        let expired = Machine.decide(.expire([1]), items: [Self.item(status)])
        let requeued = Machine.decide(.requeue([1]), items: [Self.item(status)])
        switch status {
        case .pending, .found, .failed:
            #expect(expired == Self.moves((.expired, status, .expired)))
            #expect(requeued == Self.moves((.requeued, status, .pending)))
        case .downloading:
            #expect(expired == Self.refused(.expired, .alreadyDownloading, in: status))
            #expect(requeued == Self.refused(.requeued, .alreadyDownloading, in: status))
        case .completed:
            #expect(expired == Self.refused(.expired, .alreadyCompleted, in: status))
            #expect(requeued == Self.refused(.requeued, .alreadyCompleted, in: status))
        case .cancelled:
            #expect(expired == Self.refused(.expired, .isCancelled, in: status))
            #expect(requeued == Self.moves((.requeued, .cancelled, .pending)))
        case .expired:
            #expect(expired == Self.refused(.expired, .isExpired, in: status))
            #expect(requeued == Self.moves((.requeued, .expired, .pending)))
        }
    }

    @Test("To nothing at all, each is refused or says nothing")
    func nothing() {
        #expect(Machine.decide(.recordSearch(acceptableFor: [1]), items: []) == .success(Decision()))
        for (command, event, code) in [
            (Command.requeue([1]), Event.requeued, Refusal.Code.nothingCovered),
            (.choose(.whole, download: 9), .selected, .nothingCovered), (.cancel([1]), .cancelled, .nothingCovered),
            (.expire([1]), .expired, .nothingCovered), (.complete(download: 7), .downloadCompleted, .notDownloading),
            (.fail(download: 7), .downloadFailed, .notDownloading),
            (.removed(download: 7), .downloadRemoved, .notDownloading),
        ] {
            #expect(Machine.decide(command, items: []) == Self.refused(event, code, in: nil))
        }
    }
}
