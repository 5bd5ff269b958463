import Lifecycle
import Storage

extension Orchestrator {
    /// Has the request searched now, before all others; what was cancelled, has expired or failed is wanted again.
    ///
    /// What the search saw appears on the request's page when the indexers have answered.
    ///
    /// - Throws: ``CommandError``; refused when all of it is complete.
    public func search(_ request: Int64, by person: Person) async throws {
        try await withDoor(of: request, by: person) { door in
            let items = try await door.items()
            if !items.isEmpty, items.allSatisfy({ $0.status == .completed }) {
                throw CommandError.refused(
                    Refusal(status: .completed, event: .requeued, code: .alreadyCompleted))
            }
            let givenUp = items.filter { $0.status == .cancelled || $0.status == .expired || $0.status == .failed }
            if door.request.approval == .awaited, givenUp.isEmpty {
                throw CommandError.refused(
                    Refusal(status: door.request.status, event: .searchedFound, code: .awaitsApproval))
            }
            try await door.considerApproval(of: Allowance.load(for: person.userID, on: door.connection))
            if !givenUp.isEmpty {
                try await door.carryOut(.requeue(Set(givenUp.map(\.id))), reason: "searched again by hand")
            }
            try await Requests.askForSearch(request, by: person.userID, on: door.connection)
        }
    }

    /// Has several requests searched now.
    ///
    /// - Throws: what ``search(_:by:)`` throws, but no refusal: a request that is complete is left alone.
    public func searchAll(_ requests: [Int64], by person: Person) async throws {
        try await each(requests) { try await self.search($0, by: person) }
    }

    /// Gives what waits in the requests another full period before it expires.
    ///
    /// - Throws: ``CommandError/notFound``, ``CommandError/notAllowed``.
    public func keep(_ requests: [Int64], by person: Person) async throws {
        try await each(requests) { request in
            try await self.withDoor(of: request, by: person) { door in
                guard try await Items.keep(of: request, on: door.connection) > 0 else { return }
                let days = try await Settings.load(on: door.connection).expiryDays(for: door.request.title.kind)
                try await door.log("kept", "kept for another \(days) days")
            }
        }
    }

    private func each(_ requests: [Int64], _ body: (Int64) async throws -> Void) async throws {
        for request in Set(requests).sorted() {
            do {
                try await body(request)
            } catch CommandError.refused {
                // Among many, one that needs nothing done is no reason to stop.
                continue
            }
        }
    }
}
