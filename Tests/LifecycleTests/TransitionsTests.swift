import Foundation
import Testing

@testable import Lifecycle

@Suite("One item's machine")
struct TransitionsTests {
    /// Every event in every status, whole answers: the next status, or the code with which it is refused. Columns are
    /// the statuses in their order.
    static let table: [(Event, String)] = [
        //                   PENDING   FOUND       DOWNLOADING         COMPLETED         FAILED  CANCELLED    EXPIRED
        (.searchedFound, "FOUND FOUND already-downloading already-completed is-failed is-cancelled is-expired"),
        (.searchedNothing, "PENDING FOUND already-downloading already-completed is-failed is-cancelled is-expired"),
        (.selected, "not-found DOWNLOADING DOWNLOADING already-completed DOWNLOADING is-cancelled is-expired"),
        (
            .downloadCompleted,
            "not-downloading not-downloading COMPLETED already-completed not-downloading not-downloading not-downloading"
        ),
        (
            .downloadFailed,
            "not-downloading not-downloading FAILED already-completed not-downloading not-downloading not-downloading"
        ),
        (
            .downloadRemoved,
            "not-downloading not-downloading CANCELLED already-completed not-downloading not-downloading not-downloading"
        ),
        (.cancelled, "CANCELLED CANCELLED CANCELLED already-completed CANCELLED is-cancelled is-expired"),
        (.expired, "EXPIRED EXPIRED already-downloading already-completed EXPIRED is-cancelled is-expired"),
        (.requeued, "PENDING PENDING already-downloading already-completed PENDING PENDING PENDING"),
    ]

    @Test("answers every event in every status as the table says", arguments: table)
    func matchesTable(_ event: Event, _ row: String) {
        for (status, cell) in zip(Status.allCases, row.split(separator: " ").map(String.init)) {
            let expected: Result<Status, Refusal> =
                if let next = Status(rawValue: cell) {
                    .success(next)
                } else {
                    .failure(
                        Refusal(status: status, event: event, code: Refusal.Code(rawValue: cell) ?? .nothingCovered))
                }
            #expect(Transitions.next(status, event) == expected)
        }
    }

    @Test("knows each status and each event of the table")
    func tableIsWhole() {
        #expect(Self.table.map(\.0) == Event.allCases)
        #expect(Self.table.allSatisfy { $0.1.split(separator: " ").count == Status.allCases.count })
        #expect(
            Status.allCases.map(\.rawValue).joined(separator: " ")
                == "PENDING FOUND DOWNLOADING COMPLETED FAILED CANCELLED EXPIRED")
    }

    @Test("says of each refusal why, in a sentence of its own")
    func sentences() {
        let sentences = Refusal.Code.allCases.map { Refusal(status: nil, event: .selected, code: $0).sentence }
        #expect(Set(sentences).count == Refusal.Code.allCases.count)
        #expect(sentences.allSatisfy { $0.hasSuffix(".") })
    }

    @Test("is the picture in the README")
    func picture() throws {
        let package = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
        let readme = try String(contentsOf: package.appending(path: "README.md"), encoding: .utf8)
        let picture = try #require(readme.firstRange(of: "```mermaid\nstateDiagram-v2"))
        let end = try #require(readme[picture.upperBound...].firstRange(of: "```"))
        var moves: Set<Transitions.Move> = []
        for line in readme[picture.upperBound..<end.lowerBound].split(separator: "\n") {
            // "PENDING --> FOUND: searchedFound, searchedNothing (a remark)"
            let halves = line.split(separator: ":", maxSplits: 1)
            let ends = halves[0].components(separatedBy: "-->").map { $0.trimmingCharacters(in: .whitespaces) }
            guard ends.count == 2, !ends.contains("[*]") else { continue }
            let words = try #require(halves.last).split(separator: "(")[0].split(separator: ",")
            for word in words.map({ $0.trimmingCharacters(in: .whitespaces) }) {
                moves.insert(
                    Transitions.Move(
                        event: try #require(Event(rawValue: word)), from: try #require(Status(rawValue: ends[0])),
                        to: try #require(Status(rawValue: ends[1]))))
            }
        }
        #expect(moves == Set(Transitions.all))
    }
}
