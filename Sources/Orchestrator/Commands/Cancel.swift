import Lifecycle
import Storage

/// What became of a request that somebody cancelled.
public enum Cancellation: Sendable {
    /// All of it that was open is cancelled.
    case cancelled
    /// Others want it still: one person fewer is on it.
    case left
}

extension Orchestrator {
    /// Takes the person off the request; when nobody is left on it, or an administrator does it, all of it that is
    /// not complete is cancelled.
    ///
    /// - Throws: ``CommandError``.
    @discardableResult
    public func cancel(_ request: Int64, by person: Person) async throws -> Cancellation {
        try await withDoor(of: request, by: person) { door in
            let left = try await Requests.remove(person: person.userID, from: request, on: door.connection)
            guard left == 0 || person.isAdministrator else {
                try await door.log("left", "left the request")
                return .left
            }
            try await stop(at: door)
            // Whoever cancelled last stays on it: the request is theirs to search again.
            _ = try await Requests.add(person: person.userID, to: request, on: door.connection)
            return .cancelled
        }
    }

    /// Cancels what is open, if anything is.
    func stopWhatIsOpen(at door: Door) async throws {
        do { try await stop(at: door) } catch CommandError.refused {
            // All of it was complete or cancelled already.
        }
    }

    /// Cancels what is open, and has a show that is followed followed no more.
    private func stop(at door: Door) async throws {
        let items = try await door.items()
        let isFollowed = door.request.stoppedAt == nil && door.request.scope.isFollowing
        let isOpen = items.contains {
            if case .success = Transitions.next($0.status, .cancelled) { true } else { false }
        }
        if isOpen || !isFollowed { try await door.carryOut(.cancel(Set(items.map(\.id)))) }
        if isFollowed { try await door.log("stopped", "wants no new episodes any more") }
        try await Requests.stop(door.request.id, on: door.connection)
    }

    /// Cancels some of a request's items.
    ///
    /// - Throws: ``CommandError``.
    public func cancel(items: Set<Int64>, of request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            guard items.isSubset(of: try await door.items().map(\.id)) else { throw CommandError.notFound }
            try await door.carryOut(.cancel(items))
        }
    }

    /// Cancels a download: the items on it are cancelled.
    ///
    /// - Throws: ``CommandError``.
    public func cancel(download: Int64, of request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            guard let known = try await Downloads.find(download, on: door.connection), known.request == request else {
                throw CommandError.notFound
            }
            let items = try await door.items().filter { $0.download == download && $0.status == .downloading }
            guard !items.isEmpty else {
                let status = try await door.items().first { $0.download == download }?.status
                throw CommandError.refused(
                    Refusal(
                        status: status ?? door.request.status, event: .cancelled,
                        code: status == .completed ? .alreadyCompleted : .notDownloading))
            }
            try await door.carryOut(.cancel(Set(items.map(\.id))), reason: "the download was cancelled")
        }
    }

    /// Puts the person on somebody else's request.
    ///
    /// - Throws: ``CommandError/notFound``.
    public func join(_ request: Int64, by person: Person) async throws {
        let house = Person(userID: person.userID, isAdministrator: true)
        try await withDoor(of: request, by: house) { door in
            if try await Requests.add(person: person.userID, to: request, on: door.connection) {
                try await door.log("joined", "joined the request")
            }
        }
    }
}
