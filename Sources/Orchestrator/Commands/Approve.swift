import Lifecycle
import Postgres
import Releases
import Storage

extension Orchestrator {
    /// Approves a request that waits for it: it is searched for from now on.
    ///
    /// - Throws: ``CommandError``; refused when somebody has decided already.
    public func approve(_ request: Int64, by person: Person) async throws {
        try await decide(request, by: person) { door in
            try await door.grantApproval()
            try await door.log("approved", "approved it")
        }
    }

    /// Declines a request that waits for approval: it is cancelled, for this reason.
    ///
    /// - Throws: ``CommandError``; refused when somebody has decided already.
    public func decline(_ request: Int64, because reason: String, by person: Person) async throws {
        try await decide(request, by: person) { door in
            try await Requests.setApproval(.declined, of: request, on: door.connection)
            let items = try await door.items()
            if items.isEmpty {
                try await door.log("declined", "declined it: \(reason)")
            } else {
                try await door.log("declined", "declined it")
                try await door.carryOut(.cancel(Set(items.map(\.id))), reason: "declined: \(reason)")
            }
            try await Requests.stop(request, on: door.connection)
        }
    }

    /// Opens the door of a request that waits for approval to somebody who may give it.
    private func decide(
        _ request: Int64, by person: Person, _ body: @Sendable (Door) async throws -> Void
    ) async throws {
        let house = Person(userID: person.userID, isAdministrator: true)
        try await withDoor(of: request, by: house) { door in
            guard try await Users.find(person.userID, on: door.connection)?.role.isApprover == true else {
                throw CommandError.notAllowed
            }
            guard door.request.approval == .awaited, door.request.status == .pending else {
                throw CommandError.refused(
                    Refusal(status: door.request.status, event: .cancelled, code: .isDecided))
            }
            try await body(door)
        }
    }
}

extension Door {
    /// Lets the request go on: it is searched for as soon as can be, and has its full time.
    func grantApproval() async throws {
        try await Requests.setApproval(nil, of: request.id, on: connection)
        _ = try await Items.keep(of: request.id, on: connection)
        try await Requests.searchSoon(request.id, on: connection)
    }

    /// Lets a request go on that waits for approval, if what was found for all of it is small enough. What goes on with
    /// new episodes has no size, and waits.
    func approveIfSmall() async throws {
        guard request.approval == .awaited, request.futureFrom == nil, let asker = request.createdBy,
            let most = try await Allowance.load(for: asker, on: connection)?.approvedGigabytes
        else { return }
        let items = try await items().filter { $0.status == .pending }
        guard !items.isEmpty, let size = try await FoundReleases.load(for: request.id, on: connection).size(for: items),
            size <= Int64(most) * 1_000_000_000
        else { return }
        try await grantApproval()
        try await log("approved", "approved by itself: about \(size.sized), and up to \(most) GB nobody has to decide")
    }

    /// Somebody wants the request, or wants it again: it waits for approval from now on if they need one for that, and
    /// waits no more if they need none.
    func considerApproval(of allowance: Allowance?, isNew: Bool = false) async throws {
        let isNeeded = allowance?.approvedKinds.contains(request.title.kind) ?? false
        switch request.approval {
        case .awaited where isNeeded: break
        case nil where isNeeded && (isNew || request.status == .cancelled), .declined where isNeeded:
            try await Requests.setApproval(.awaited, of: request.id, on: connection)
            // Whoever decides sees what there is.
            try await Requests.askForSearch(request.id, by: nil, on: connection)
        case .awaited, .declined:
            try await grantApproval()
            try await log("approved", "needs nobody's approval for it")
        case nil: break
        }
    }
}
