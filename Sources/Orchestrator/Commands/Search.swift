import Lifecycle
import Storage

extension Orchestrator {
    /// Has the request searched now, before all others; what was cancelled, has expired or failed is wanted again.
    ///
    /// What the search saw appears on the request's page when the indexers have answered. For what waits for approval only
    /// those who may give it can have it searched: they see what there is, and nothing else changes.
    ///
    /// - Throws: ``CommandError``; refused when all of it is complete, or when it would be open again beyond the quota.
    public func search(_ request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person, isCounted: true) { door in
            let items = try await door.items()
            if !items.isEmpty, items.allSatisfy({ $0.status == .completed }) {
                throw CommandError.refused(
                    Refusal(status: .completed, event: .requeued, code: .alreadyCompleted))
            }
            let givenUp = items.filter { $0.status == .cancelled || $0.status == .expired || $0.status == .failed }
            if door.request.approval == .awaited, givenUp.isEmpty {
                guard try await Users.find(person.userID, on: door.connection)?.role.isApprover == true else {
                    throw CommandError.refused(
                        Refusal(status: door.request.status, event: .searchedFound, code: .awaitsApproval))
                }
                return try await Requests.askForSearch(request, by: person.userID, on: door.connection)
            }
            try await door.considerApproval(of: door.allowance)
            if !givenUp.isEmpty {
                try await door.carryOut(.requeue(Set(givenUp.map(\.id))), reason: "searched again by hand")
                try await door.holdToQuota()
            }
            try await Requests.askForSearch(request, by: person.userID, on: door.connection)
        }
    }

    /// Gives what waits in the request another full period before it expires.
    ///
    /// - Throws: ``CommandError``; refused when nothing of it waits, so that nothing would expire.
    public func keep(_ request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            guard try await Items.keep(of: request, on: door.connection) > 0 else {
                throw CommandError.refused(
                    Refusal(status: door.request.status, event: .expired, code: .nothingWaits))
            }
            let days = try await Settings.load(on: door.connection).expiryDays(for: door.request.title.kind)
            try await door.log("kept", "kept for another \(days) days")
        }
    }
}
