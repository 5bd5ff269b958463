import Lifecycle
import Postgres
import Storage

/// What becomes of requests that only one person is on, when that person's account is deleted.
public enum Inheritance: String, Sendable {
    /// Whoever deletes the account is on them from then on.
    case kept
    /// They are cancelled.
    case cancelled
}

extension Orchestrator {
    /// Deletes an account: closes it, takes the person off each request, and removes it.
    ///
    /// Stopped in the middle it leaves a closed account, and can be done again. Nobody's history changes but for the name.
    ///
    /// - Parameter person: the administrator who does it, and whose account it is not.
    /// - Throws: ``CommandError/notAllowed`` for the last administrator's, ``CommandError/notFound``.
    public func delete(account: Int64, requests: Inheritance, by person: Person) async throws {
        // Closed first: who is not signed in asks for nothing more while the requests are gone through.
        let name = try await pool.transaction { connection in
            guard let user = try await Users.find(account, on: connection) else { throw CommandError.notFound }
            guard account != person.userID, try await Users.setDisabled(true, of: account, on: connection) else {
                throw CommandError.notAllowed
            }
            try await Sessions.endAll(of: account, on: connection)
            try await Audit.add(.accounts, "deleted the account of \(user.name)", by: person.userID, on: connection)
            return user.name
        }
        repeat {
            for request in try await pool.withConnection({ try await Requests.ids(with: account, on: $0) }) {
                try await withDoor(of: request, by: person) { door in
                    let left = try await Requests.remove(person: account, from: request, on: door.connection)
                    guard left == 0 else { return }
                    if requests == .cancelled { try await stopWhatIsOpen(at: door) }
                    // Also what is cancelled can be searched again, by somebody.
                    _ = try await Requests.add(person: person.userID, to: request, on: door.connection)
                    try await door.log("inherited", "took it over from \(name)")
                }
            }
            // Something that was on its way when the account was closed may have been asked for since.
        } while try await !pool.transaction { connection in
            if try await Users.delete(account, on: connection) { return true }
            return try await Users.find(account, on: connection) == nil
        }
        announcer.tell(.house)
    }
}
