public import Lifecycle
import Postgres
import Releases
import Storage

/// Who asks for something.
public struct Person: Sendable, Equatable {
    /// The account.
    public var userID: Int64
    /// May act on everybody's requests.
    public var isAdministrator: Bool

    /// Names a person.
    public init(userID: Int64, isAdministrator: Bool) {
        self.userID = userID
        self.isAdministrator = isAdministrator
    }

    /// - Throws: ``CommandError/tooOld(sentence:)`` when a title with this rating is kept from them.
    func mayHave(_ age: Int?, on connection: PostgresConnection) async throws {
        let limit = try await AgeLimit.load(for: userID, on: connection)
        if let sentence = limit?.refusal(of: age) { throw CommandError.tooOld(sentence: sentence) }
    }

    var reach: Reach { isAdministrator ? .administrator(userID) : .member(userID) }
}

/// Why a command was not carried out. Nothing has changed.
public enum CommandError: Error, Equatable {
    /// There is no such thing.
    case notFound
    /// There is, and it is somebody else's.
    case notAllowed
    /// It does not fit the status; the true one is on the page.
    case refused(Refusal)
    /// A field of a form holds something that cannot be.
    case invalid(field: String, sentence: String)
    /// It is for older people; the sentence says how old.
    case tooOld(sentence: String)
    /// Their quota is used up; the sentence says which.
    case usedUp(sentence: String)
    /// Somebody outside who is needed for it does not answer; the sentence says who and how.
    case away(sentence: String)
}

/// The one door through which a request changes: open, it holds the request's lock, inside one transaction.
struct Door: Sendable {
    let connection: PostgresConnection
    let request: Request
    let person: Person?
    /// What the person may ask for, and had asked for when the door opened; their row is locked since.
    var allowance: Allowance? = nil

    /// The items as they are under the lock.
    func items() async throws -> [Item] {
        try await Items.list(of: request.id, on: connection)
    }

    /// Decides about a command, records what follows and orders what is to be done.
    ///
    /// - Parameters:
    ///   - some: the items that the command is about; all of the request's when left out.
    ///   - user: in whose name, when nobody stands at the door.
    /// - Throws: ``CommandError/refused(_:)``; the transaction is then rolled back by whoever opened the door.
    func carryOut(
        _ command: Command, among some: [Item]? = nil, by user: Int64? = nil, reason: String? = nil
    ) async throws {
        var concerned = some
        if concerned == nil { concerned = try await items() }
        switch Machine.decide(command, items: concerned ?? []) {
        case .failure(let refusal): throw CommandError.refused(refusal)
        case .success(let decision):
            for round in decision.rounds {
                try await Events.record(
                    round, of: request.id, by: person?.userID ?? user, reason: reason, on: connection)
            }
            try await Outbox.add(decision.effects, on: connection)
            // What is given up, chosen or here is not searched for.
            let ends: Set<Lifecycle.Status> = [.downloading, .completed, .cancelled, .expired]
            if decision.rounds.joined().contains(where: { ends.contains($0.to) }) {
                try await Requests.restIfSettled(request.id, on: connection)
            }
        }
    }

    /// Refuses what was done since the door opened if it takes the person beyond their quota: with a request that is new,
    /// is open again, or is no longer declined. To be called last.
    ///
    /// - Throws: ``CommandError/usedUp(sentence:)``.
    func holdToQuota() async throws {
        guard let person, let allowance,
            let now = try await Allowance.load(for: person.userID, on: connection),
            let sentence = now.refusal(after: allowance, of: request.title.kind)
        else { return }
        throw CommandError.usedUp(sentence: sentence)
    }

    /// Why this release may not be chosen: it would take whoever was first to ask beyond their gigabytes of the week. `nil`:
    /// it may. An administrator may choose whatever there is. Until the transaction ends nobody else chooses for them.
    func lacksSpace(for release: ReleaseRow) async throws -> String? {
        guard let asker = request.createdBy, person?.isAdministrator != true, let size = release.size else {
            return nil
        }
        try await Allowance.lockChoices(for: asker, on: connection)
        guard let bytes = try await Allowance.load(for: asker, on: connection)?.bytes, let limit = bytes.limit,
            bytes.used + Int(size) > limit
        else { return nil }
        let whose = person?.userID == asker ? "yours" : "those of whoever asked first"
        return "It has \(size.sized), and of the \(Int64(limit).sized) a week that are \(whose) "
            + "\(Int64(bytes.left ?? 0).sized) are left."
    }

    /// Adds a line to the history that is no item's event.
    func log(_ kind: String, _ sentence: String) async throws {
        try await RequestLog.add(kind, sentence, to: request.id, by: person?.userID, on: connection)
    }

    /// The same, but not if the last line of this kind says it already.
    func logOnce(_ kind: String, _ sentence: String) async throws {
        guard try await RequestLog.last(kind, of: request.id, on: connection) != sentence else { return }
        try await log(kind, sentence)
    }
}

extension Orchestrator {
    /// Opens the door of a request: one transaction under its lock. News goes out after the commit.
    ///
    /// - Parameter isCounted: what `body` does may be beyond the person's quota; it calls ``Door/holdToQuota()``.
    /// - Throws: ``CommandError/notFound``, ``CommandError/notAllowed``, whatever `body` throws.
    func withDoor<Success: Sendable>(
        of request: Int64, by person: Person? = nil, isCounted: Bool = false,
        _ body: @Sendable (Door) async throws -> Success
    ) async throws -> Success {
        let success: Success
        do {
            success = try await pool.transaction { connection in
                var allowance: Allowance?
                // Before the request's lock, as when something is asked for.
                if isCounted, let person {
                    allowance = try await Allowance.load(for: person.userID, isLocked: true, on: connection)
                }
                guard
                    let locked = try await Requests.lock(request, for: person?.reach ?? .house, on: connection)
                else {
                    throw try await Requests.exists(request, on: connection)
                        ? CommandError.notAllowed : CommandError.notFound
                }
                if let person { try await person.mayHave(locked.title.age, on: connection) }
                return try await body(
                    Door(connection: connection, request: locked, person: person, allowance: allowance))
            }
        } catch let error as PostgresError where error.isOutcomeUnknown {
            // It may have been done: whoever shows it or goes on with it should look.
            announcer.tell(.request(request))
            throw error
        }
        FaultPoint.committed.reach()
        announcer.tell(.request(request))
        return success
    }
}

extension Allowance {
    /// Why what was done since is too much; `nil`: it is not.
    fileprivate func refusal(after before: Allowance, of kind: Kind) -> String? {
        if let limit = open.limit, open.used > max(limit, before.open.used) {
            return "You have \(before.open.used) open requests, of \(limit) that you may have at a time."
        }
        if let limit = bytes.limit, bytes.used >= limit, open.used > before.open.used {
            return "What you asked for has taken the \(Int64(limit).sized) that you may have within a week."
        }
        if let week = weekly[kind], let earlier = before.weekly[kind], let limit = week.limit,
            week.used > max(limit, earlier.used)
        {
            return "You have asked for \(earlier.used) \(kind.rawValue)s this week, and may for \(limit)."
        }
        return nil
    }
}
