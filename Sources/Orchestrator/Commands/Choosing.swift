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

    /// Says what a request asks of its releases from now on. What was found already is judged by it at once, and what
    /// waits is searched again.
    ///
    /// - Throws: ``CommandError/notFound``, ``CommandError/notAllowed``.
    public func set(_ demands: Demands, of request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            guard demands != door.request.demands else { return }
            try await Requests.set(demands, of: request, on: door.connection)
            try await door.log("demands", "changed what is asked of its releases")
            try await door.reconsider()
        }
    }

    /// Says what else a request's title is called. What was found already is judged by that at once, and what waits is
    /// searched again.
    ///
    /// - Parameter names: in place of those that people have added before; those of the title's source stay.
    /// - Throws: ``CommandError/notFound``, ``CommandError/notAllowed``.
    public func set(otherNames names: [String], of request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            let title = door.request.title
            guard names != (try await TitleNames.added(to: title.id, on: door.connection)) else { return }
            try await TitleNames.set(added: names, to: title, on: door.connection)
            let sentence =
                names.isEmpty
                ? "took back other names of the title" : "said that it is also called \(names.joined(separator: "; "))"
            try await door.log("names", sentence)
            try await door.reconsider()
        }
    }
}

extension Door {
    /// Something else is asked of releases than before: what was found is judged anew, and what waits is searched again.
    fileprivate func reconsider() async throws {
        let found = try await judgeAnew()
        let items = try await items()
        let released = try await Items.released(of: request.id, on: connection)
        let lost = items.filter { $0.status == .found && found.fitting([$0]).isEmpty }
        if !lost.isEmpty {
            try await carryOut(
                .requeue(Set(lost.map(\.id))), reason: "nothing that was found fits what is asked for now")
        }
        let won = items.filter { $0.status == .pending && released.contains($0.id) && !found.fitting([$0]).isEmpty }
        if !won.isEmpty {
            try await carryOut(
                .recordSearch(acceptableFor: Set(won.map(\.id))), among: won,
                reason: "something that was found before fits what is asked for now")
        }
        if items.contains(where: { [.pending, .found].contains($0.status) }) {
            try await Requests.searchSoon(request.id, on: connection)
        }
    }

    /// Seconds after which it is looked again whether there is space.
    private static let spacePause = 6 * 3_600

    /// Takes the best release for each item that was found, where that is not left to a person and the time to wait for a
    /// better one is over. Nothing that is on its way is replaced.
    ///
    /// Answers after how many seconds this is to be done again; `nil`: there is nothing to wait for.
    func takeBest(_ settings: Settings) async throws -> Int? {
        guard request.approval == nil else { return nil }
        let chooser = Chooser(request, settings)
        var waits: [Int64: Int] = [:]
        for (item, found) in try await Items.found(of: request.id, on: connection)
        where (found.hasFailed ? chooser.afterFailure : chooser.first) == .best {
            // Whoever waits after a failure has waited long enough.
            waits[item] = found.hasFailed ? 0 : max(0, chooser.patience - found.seconds)
        }
        let ripe = try await items().filter { waits[$0.id] == 0 }
        var pause = waits.values.filter { $0 > 0 }.min()
        if !ripe.isEmpty {
            let found = try await FoundReleases.load(for: request.id, on: connection)
            let left = try await takeBest(of: found, for: ripe)
            // There is no space left this week.
            if !left.isEmpty, !found.fitting(left).isEmpty { pause = min(pause ?? Self.spacePause, Self.spacePause) }
        }
        return pause
    }

    /// Takes the best of what was found for these items, as many releases as it needs to have them all.
    ///
    /// - Returns: the items for which nothing fits, or nothing that there is space for.
    func takeBest(of found: FoundReleases, for items: [Item]) async throws -> [Item] {
        var left = items
        while !left.isEmpty {
            let fitting = found.fitting(left)
            guard let best = fitting.first else { break }
            if let sentence = try await lacksSpace(for: best) {
                try await logOnce("space", "\(best.name) was not taken. \(sentence)")
                break
            }
            let covered = left.filter(best.coverage.holds)
            let download = try await Downloads.add(request: request.id, release: best.id, chosenBy: nil, on: connection)
            let choice = fitting.count == 1 ? "the only one that fits" : "the best of \(fitting.count)"
            try await carryOut(
                .choose(best.coverage, download: download, over: []), among: covered, reason: "\(best.name), \(choice)")
            left.removeAll { item in covered.contains { $0.id == item.id } }
        }
        return left
    }
}
