import Lifecycle
import Postgres
import Storage

extension Orchestrator {
    /// Chooses a release, accepted or not: what it holds and is still wanted is downloaded from it.
    ///
    /// Choosing the release that is on its way already changes nothing and is no error: it is a double click.
    ///
    /// - Parameters:
    ///   - over: the downloads that were on their way when the person looked, and which this one may replace; `nil`:
    ///     whatever is. Of two who choose at once the first wins, and the second learns of it.
    ///   - asFitting: it was shown as one that fits. If it does not any more, because it has failed or other words or
    ///     sizes are asked for since, the person learns of that instead; what was found is judged anew for them.
    /// - Throws: ``CommandError``.
    public func choose(
        release id: Int64, of request: Int64, over: Set<Int64>? = nil, asFitting: Bool = false, by person: Person
    ) async throws {
        let isChosen = try await withDoor(of: request, by: person) { door in
            guard let release = try await ReleaseRows.find(id, of: request, on: door.connection) else {
                throw CommandError.notFound
            }
            guard door.request.approval == nil else {
                throw CommandError.refused(
                    Refusal(status: door.request.status, event: .selected, code: .awaitsApproval))
            }
            let items = release.coverage.taken(from: try await door.items())
            // More may be wanted of it since.
            if let current = try await Downloads.current(of: request, release: id, on: door.connection),
                items.allSatisfy({ $0.download == current })
            {
                return true
            }
            let found = try await FoundReleases.load(for: request, on: door.connection)
            let objections = found.objections(to: id, for: items)
            if asFitting, !objections.isEmpty {
                _ = try await door.judgeAnew()  // this person's page shows it next
                return false
            }
            if let sentence = try await door.lacksSpace(for: release) { throw CommandError.usedUp(sentence: sentence) }
            let download = try await Downloads.add(
                request: request, release: id, chosenBy: person.userID, on: door.connection)
            let sentences = objections.map(\.sentence).joined(separator: " ")
            let reason = objections.isEmpty ? release.name : "\(release.name), chosen although: \(sentences)"
            try await door.carryOut(.choose(release.coverage, download: download, over: over), reason: reason)
            return true
        }
        // After the commit: what was judged anew is kept.
        guard isChosen else {
            let status = try await pool.withConnection { try await Requests.find(request, on: $0)?.status }
            throw CommandError.refused(Refusal(status: status, event: .selected, code: .fitsNoMore))
        }
    }
}
