import Lifecycle
import Postgres
public import Storage

extension Orchestrator {
    /// Says who chooses among the request's releases. If that is Usher, what was found already is looked at once more, and
    /// the best of it is taken.
    ///
    /// - Throws: ``CommandError/notFound``, ``CommandError/notAllowed``.
    public func set(choosing: Choosing, of request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            let settings = try await Settings.load(on: door.connection)
            guard choosing != door.request.choosing ?? settings.choosing else { return }
            // Whoever wants what the house does follows the house also in future.
            try await Requests.set(
                choosing: choosing == settings.choosing ? nil : choosing, of: request, on: door.connection)
            try await door.log(
                "choosing", choosing == .best ? "has the best release taken by itself" : "wants to choose the release")
            let isFound = try await door.items().contains { $0.status == .found }
            if choosing == .best, isFound { try await Requests.search(request, within: 0, on: door.connection) }
        }
    }
}

extension Door {
    /// Takes the best release for each item that was found, where that is not left to a person and the time to wait for a
    /// better one is over. Nothing that is on its way is replaced.
    ///
    /// Answers after how many seconds this is to be done again; `nil`: there is nothing to wait for.
    func takeBest(_ settings: Settings) async throws -> Int? {
        guard request.approval == nil, request.choosing ?? settings.choosing == .best else { return nil }
        let ages = try await Items.secondsSinceFound(of: request.id, on: connection)
        // Whoever waits after a failure has waited long enough.
        let patience = request.failures > 0 ? 0 : 60 * settings.choosingMinutes
        let ripe = ages.filter { $0.value >= patience }
        var left = try await items().filter { ripe[$0.id] != nil }
        let releases = left.isEmpty ? [] : try await ReleaseRows.acceptable(for: request.id, on: connection)
        for release in releases {
            let covered = left.filter { release.coverage.holds($0) }
            guard !covered.isEmpty else { continue }
            let download = try await Downloads.add(
                request: request.id, release: release.id, chosenBy: nil, on: connection)
            let choice = releases.count == 1 ? "the only one that fits" : "the best of \(releases.count)"
            try await carryOut(
                .choose(release.coverage, download: download, over: []), among: covered,
                reason: "\(release.name), \(choice)")
            left.removeAll { item in covered.contains { $0.id == item.id } }
        }
        return ages.values.filter { $0 < patience }.max().map { patience - $0 }
    }
}
