import Lifecycle
public import Storage

/// What can be done to several requests at once.
public enum ManyCommand: Sendable, Equatable {
    /// Searched now; what was given up is wanted again.
    case search
    /// Cancelled, or left to those who want them still.
    case cancel
    /// Given another full period before they expire.
    case keep
    /// Wanted by the person as well.
    case join
    /// Somebody, or Usher, chooses among their releases.
    case choosing(Choosing)
    /// Approved.
    case approve
    /// Declined, for this reason.
    case decline(String)
}

/// What came of a command for one of several requests.
public enum ManyAnswer: Sendable, Equatable {
    /// It was done.
    case done
    /// The person is not on it any more; others are, so that it goes on.
    case left
    /// It was not done; why, in a sentence.
    case refused(String)
}

extension Orchestrator {
    /// Does the same to several requests, each by itself through its own door: what is refused for one is done to the
    /// others, and told for that one.
    ///
    /// - Returns: the answers by request, in the order of their ids.
    /// - Throws: what keeps all of it from being done, such as a database that does not answer. What was done by then
    ///   stays done.
    public func carryOut(
        _ command: ManyCommand, on requests: [Int64], by person: Person
    ) async throws -> [(request: Int64, answer: ManyAnswer)] {
        var answers: [(Int64, ManyAnswer)] = []
        for request in Set(requests).sorted() {
            do {
                answers.append((request, try await carryOut(command, on: request, by: person)))
            } catch let error as CommandError {
                answers.append((request, .refused(error.sentence)))
            }
        }
        return answers
    }

    private func carryOut(_ command: ManyCommand, on request: Int64, by person: Person) async throws -> ManyAnswer {
        switch command {
        case .search: try await search(request, by: person)
        case .cancel: if try await cancel(request, by: person) == .left { return .left }
        case .keep: try await keep(request, by: person)
        case .join: try await join(request, by: person)
        case .choosing(let choosing): try await set(choosing: choosing, of: request, by: person)
        case .approve: try await approve(request, by: person)
        case .decline(let reason): try await decline(request, because: reason, by: person)
        }
        return .done
    }
}

extension CommandError {
    /// Why, for people.
    public var sentence: String {
        switch self {
        case .notFound: "There is no such request."
        case .notAllowed: "Only those who are on a request, and administrators, can change it."
        case .refused(let refusal): refusal.sentence
        case .invalid(_, let sentence), .usedUp(let sentence), .tooOld(let sentence), .away(let sentence): sentence
        }
    }
}
