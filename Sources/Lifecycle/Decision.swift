/// Something that a person, a clock or the world wants to happen to a request.
public enum Command: Equatable, Sendable {
    /// A search ended; these items have something acceptable among what it saw, the others have not.
    case recordSearch(acceptableFor: Set<Int64>)
    /// These items are to be searched again.
    case requeue(Set<Int64>)
    /// A release with this coverage was chosen; `download` is the new link between the two. Whoever chose knew of the
    /// downloads `over` (`nil`: of all there are), and meant to take items from those and from no other.
    case choose(Coverage, download: Int64, over: Set<Int64>? = nil)
    /// aria2 has all of the download.
    case complete(download: Int64)
    /// The download cannot succeed.
    case fail(download: Int64)
    /// The download was removed from aria2 by other hands.
    case removed(download: Int64)
    /// A person does not want these items any more.
    case cancel(Set<Int64>)
    /// These items were not searched for too long.
    case expire(Set<Int64>)
}

/// An order that follows from a decision; performed after the commit, and again until it is done.
public enum Effect: Equatable, Sendable {
    /// Get the torrent of a chosen release, so that aria2 can be given it.
    case fetch(download: Int64)
    /// The download has no item left: take it out of aria2, with its files.
    case abandon(download: Int64)
    /// Put the files of a complete download where people look.
    case place(download: Int64)
}

/// One item's move.
public struct Step: Equatable, Sendable {
    /// The item.
    public var item: Int64
    /// What happened to it.
    public var event: Event
    /// Its status before.
    public var from: Status
    /// Its status after.
    public var to: Status
    /// The download that it is on from now on.
    public var download: Int64?

    /// Makes a step.
    public init(item: Int64, event: Event, from: Status, to: Status, download: Int64? = nil) {
        self.item = item
        self.event = event
        self.from = from
        self.to = to
        self.download = download
    }
}

/// What a command comes to: rounds of steps (in each round an item moves once at most), and the orders that follow.
public struct Decision: Equatable, Sendable {
    /// The steps, a round after the other.
    public var rounds: [[Step]]
    /// What is to be done after the commit.
    public var effects: [Effect]

    /// Makes a decision.
    public init(rounds: [[Step]] = [], effects: [Effect] = []) {
        self.rounds = rounds
        self.effects = effects
    }
}

/// Decides about commands. Pure: it is told the items as they are under the request's lock.
public enum Machine {
    /// What `command` does to a request with these items, or why it can do nothing.
    ///
    /// A command for several items moves those that it fits; it is refused when it fits none.
    public static func decide(_ command: Command, items: [Item]) -> Result<Decision, Refusal> {
        switch command {
        case .recordSearch(let acceptable):
            // A search of a request says something about the items that wait for one; the others are not asked.
            let waiting = items.filter { $0.status == .pending || $0.status == .found }
            let steps = waiting.compactMap { item in
                step(item, acceptable.contains(item.id) ? .searchedFound : .searchedNothing)
            }
            return .success(Decision(rounds: steps.isEmpty ? [] : [steps]))
        case .requeue(let ids): return move(items.filter { ids.contains($0.id) }, .requeued)
        case .choose(let coverage, let download, let over):
            let taken = coverage.taken(from: items)
            let isNew = taken.contains { item in
                item.status == .downloading && item.download.map { over?.contains($0) == false } ?? false
            }
            guard !isNew else {
                return .failure(Refusal(status: .downloading, event: .selected, code: .chosenMeanwhile))
            }
            return choose(taken, of: items, download: download)
        case .complete(let download):
            return move(items.on(download), .downloadCompleted, then: [.place(download: download)])
        case .fail(let download):
            return move(items.on(download), .downloadFailed, then: [.abandon(download: download)])
        case .removed(let download):
            return move(items.on(download), .downloadRemoved, then: [.abandon(download: download)])
        case .cancel(let ids):
            return move(items.filter { ids.contains($0.id) }, .cancelled)
                .map { $0.abandoningWhatIsEmpty(before: items) }
        case .expire(let ids): return move(items.filter { ids.contains($0.id) }, .expired)
        }
    }

    private static func choose(_ taken: [Item], of items: [Item], download: Int64) -> Result<Decision, Refusal> {
        guard !taken.isEmpty else {
            let held = items.first { $0.status == .completed }
            return .failure(
                Refusal(
                    status: held?.status, event: .selected, code: held == nil ? .nothingCovered : .alreadyCompleted))
        }
        // A person who chooses for an item that waits has found something for it; one who chooses for an item that
        // was given up has asked for it again first.
        let givenUp = taken.filter { $0.status == .cancelled || $0.status == .expired }
        let unseen =
            givenUp.map {
                var item = $0; item.status = .pending; return item
            }
            + taken.filter { $0.status == .pending }
        let ready =
            unseen.map {
                var item = $0; item.status = .found; return item
            }
            + taken.filter { $0.status == .found || $0.status == .failed || $0.status == .downloading }
        let rounds = [
            givenUp.compactMap { step($0, .requeued) },
            unseen.compactMap { step($0, .searchedFound) },
            ready.compactMap { step($0, .selected, download: download) },
        ].filter { !$0.isEmpty }
        let decision = Decision(rounds: rounds, effects: [.fetch(download: download)])
        return .success(decision.abandoningWhatIsEmpty(before: items))
    }

    private static func move(
        _ items: [Item], _ event: Event, then effects: [Effect] = []
    ) -> Result<Decision, Refusal> {
        let steps = items.compactMap { step($0, event) }
        guard steps.isEmpty else { return .success(Decision(rounds: [steps], effects: effects)) }
        guard let first = items.first else {
            return .failure(
                Refusal(status: nil, event: event, code: event.needsDownload ? .notDownloading : .nothingCovered))
        }
        return Transitions.next(first.status, event).flatMap { _ in .success(Decision()) }
    }

    private static func step(_ item: Item, _ event: Event, download: Int64? = nil) -> Step? {
        guard case .success(let to) = Transitions.next(item.status, event) else { return nil }
        return Step(item: item.id, event: event, from: item.status, to: to, download: download)
    }
}

extension Decision {
    /// Adds the order to abandon each download that had items before and has none after these steps.
    func abandoningWhatIsEmpty(before items: [Item]) -> Decision {
        var left: [Int64: Set<Int64>] = [:]
        for item in items where item.status == .downloading {
            if let download = item.download { left[download, default: []].insert(item.id) }
        }
        let moved = Set(rounds.joined().filter { $0.from == .downloading }.map(\.item))
        let empty = left.filter { $0.value.isSubset(of: moved) }.keys.sorted()
        var decision = self
        decision.effects += empty.map { .abandon(download: $0) }
        return decision
    }
}

extension Event {
    var needsDownload: Bool {
        switch self {
        case .downloadCompleted, .downloadFailed, .downloadRemoved: true
        case .searchedFound, .searchedNothing, .selected, .cancelled, .expired, .requeued: false
        }
    }
}

extension [Item] {
    func on(_ download: Int64) -> [Item] {
        filter { $0.download == download && $0.status == .downloading }
    }
}
