import Lifecycle
import Storage

extension Orchestrator {
    /// Chooses a release, accepted or not: what it holds and is still wanted is downloaded from it.
    ///
    /// Choosing the release that is on its way already changes nothing and is no error: it is a double click.
    ///
    /// - Parameter over: the downloads that were on their way when the person looked, and which this one may replace;
    ///   `nil`: whatever is. Of two who choose at once the first wins, and the second learns of it.
    /// - Throws: ``CommandError``.
    public func choose(
        release id: Int64, of request: Int64, over: Set<Int64>? = nil, by person: Person
    ) async throws {
        try await withDoor(of: request, by: person) { door in
            guard let release = try await ReleaseRows.find(id, of: request, on: door.connection) else {
                throw CommandError.notFound
            }
            guard door.request.approval == nil else {
                throw CommandError.refused(
                    Refusal(status: door.request.status, event: .selected, code: .awaitsApproval))
            }
            if try await Downloads.current(of: request, release: id, on: door.connection) != nil { return }
            let download = try await Downloads.add(
                request: request, release: id, chosenBy: person.userID, on: door.connection)
            let objections = release.reasons.map(\.sentence).joined(separator: " ")
            let reason = release.accepted ? release.name : "\(release.name), chosen although: \(objections)"
            try await door.carryOut(.choose(release.coverage, download: download, over: over), reason: reason)
        }
    }
}
