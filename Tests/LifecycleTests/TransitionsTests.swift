import Testing

@testable import Lifecycle

@Suite("One item's machine")
struct TransitionsTests {
    /// The table of the design, as it is written there: rows are events, columns are statuses in their order.
    static let table: [(Event, String)] = [
        (.searchedFound, "FOUND FOUND - - - - -"),
        (.searchedNothing, "PENDING FOUND - - - - -"),
        (.selected, "- DOWNLOADING DOWNLOADING - DOWNLOADING - -"),
        (.downloadCompleted, "- - COMPLETED - - - -"),
        (.downloadFailed, "- - FAILED - - - -"),
        (.downloadRemoved, "- - CANCELLED - - - -"),
        (.cancelled, "CANCELLED CANCELLED CANCELLED - CANCELLED - -"),
        (.expired, "EXPIRED EXPIRED - - EXPIRED - -"),
        (.requeued, "PENDING PENDING - - PENDING PENDING PENDING"),
    ]

    @Test("answers every event in every status as the table says", arguments: table)
    func matchesTable(_ event: Event, _ row: String) {
        for (status, cell) in zip(Status.allCases, row.split(separator: " ")) {
            switch Transitions.next(status, event) {
            case .success(let to): #expect(to.rawValue == cell)
            case .failure(let refusal):
                #expect(cell == "-")
                #expect(refusal.status == status)
                #expect(refusal.event == event)
            }
        }
    }

    @Test("knows each status and each event of the table")
    func tableIsWhole() {
        #expect(Self.table.map(\.0) == Event.allCases)
        #expect(
            Status.allCases.map(\.rawValue).joined(separator: " ")
                == "PENDING FOUND DOWNLOADING COMPLETED FAILED CANCELLED EXPIRED")
        #expect(Transitions.all.count == 22)
    }

    @Test("refuses with the reason that fits the status", arguments: Status.allCases, Event.allCases)
    func refusalsFit(_ status: Status, _ event: Event) {
        guard case .failure(let refusal) = Transitions.next(status, event) else { return }
        let expected: Refusal.Code =
            switch (status, event) {
            case (.completed, _): .alreadyCompleted
            case (_, .downloadCompleted), (_, .downloadFailed), (_, .downloadRemoved): .notDownloading
            case (.pending, _): .notFound
            case (.downloading, _): .alreadyDownloading
            case (.failed, _): .isFailed
            case (.cancelled, _): .isCancelled
            case (.expired, _): .isExpired
            case (.found, _): .notFound
            }
        #expect(refusal.code == expected)
        #expect(!refusal.sentence.isEmpty)
    }
}
