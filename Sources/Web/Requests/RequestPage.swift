import HTTP
import HTTPServer
import HTTPTypes
import Lifecycle
import Orchestrator
import Postgres
import Storage

extension Site {
    func requestPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await requestPage(visit, me, try visit.parameters.integer("id"))
    }

    func searchNow(_ visit: Visit, _ me: Me) async throws -> Response {
        try await act(visit, me, saying: .searching) { id in try await orchestrator.search(id, by: me.person) }
    }

    func chooseRelease(_ visit: Visit, _ me: Me) async throws -> Response {
        let entries = try visit.entries()
        guard let release = Int64(entries["release"]) else { throw PageError.badRequest("No release was chosen.") }
        let over = Set(entries["over"].split(separator: " ").compactMap { Int64($0) })
        return try await act(visit, me, saying: .chosen) { id in
            try await orchestrator.choose(
                release: release, of: id, over: over, asFitting: entries["fits"] == "yes", by: me.person)
        }
    }

    func cancelRequest(_ visit: Visit, _ me: Me) async throws -> Response {
        try await act(visit, me) { id in
            switch try await orchestrator.cancel(id, by: me.person) {
            case .cancelled: .cancelled
            // Others want it still: nothing was cancelled, one person fewer is on it.
            case .left: .left
            }
        }
    }

    /// Takes the person off it; an administrator too, without cancelling it for the others.
    func leaveRequest(_ visit: Visit, _ me: Me) async throws -> Response {
        try await act(visit, me) { id in
            let person = Person(userID: me.id, isAdministrator: false)
            return try await orchestrator.cancel(id, by: person) == .left ? .left : .cancelled
        }
    }

    func cancelItem(_ visit: Visit, _ me: Me) async throws -> Response {
        let item = try visit.parameters.integer("item")
        return try await act(visit, me, saying: .itemCancelled) { id in
            try await orchestrator.cancel(items: [item], of: id, by: me.person)
        }
    }

    func cancelDownload(_ visit: Visit, _ me: Me) async throws -> Response {
        let download = try visit.parameters.integer("download")
        return try await act(visit, me, saying: .downloadCancelled) { id in
            try await orchestrator.cancel(download: download, of: id, by: me.person)
        }
    }

    func setChoosing(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let choosing = Choosing(rawValue: try visit.entries()["choosing"]) else {
            throw PageError.badRequest("That is no way to choose.")
        }
        return try await act(visit, me, saying: choosing == .best ? .takingBest : .asking) { id in
            try await orchestrator.set(choosing: choosing, of: id, by: me.person)
        }
    }

    func joinRequest(_ visit: Visit, _ me: Me) async throws -> Response {
        try await act(visit, me, saying: .joined) { id in try await orchestrator.join(id, by: me.person) }
    }

    func approveRequest(_ visit: Visit, _ me: Me) async throws -> Response {
        try await act(visit, me, saying: .approved) { try await orchestrator.approve($0, by: me.person) }
    }

    func declineRequest(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let reason = entries.line("reason", "The reason", atMost: 300)
        guard entries.areValid else {
            let id = try visit.parameters.integer("id")
            return try await requestPage(visit, me, id, entries, status: .unprocessableContent)
        }
        return try await act(visit, me, saying: .declined) { id in
            try await orchestrator.decline(id, because: reason, by: me.person)
        }
    }

    /// Has something done to the request of the path, and leads back to its page. What is not possible any more is said
    /// there, with the request as it truly is.
    private func act(
        _ visit: Visit, _ me: Me, saying flash: Flash, _ body: (Int64) async throws -> Void
    ) async throws -> Response {
        try await act(visit, me) { id in
            try await body(id)
            return flash
        }
    }

    private func act(_ visit: Visit, _ me: Me, _ body: (Int64) async throws -> Flash) async throws -> Response {
        let id = try visit.parameters.integer("id")
        do {
            return visit.redirect(to: "/requests/\(id)", saying: try await body(id))
        } catch CommandError.refused(let refusal) {
            return try await requestPage(visit, me, id, refusal: refusal.sentence, status: .conflict)
        } catch CommandError.usedUp(let sentence) {
            return try await requestPage(visit, me, id, refusal: sentence, status: .unprocessableContent)
        }
    }

    private func requestPage(
        _ visit: Visit, _ me: Me, _ id: Int64, _ entries: Entries = Entries(), refusal: String? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let loaded: (details: RequestDetails, estimate: SizeEstimate?)? = try await read { connection in
            guard let details = try await RequestDetails.load(id, seenBy: me.id, on: connection) else { return nil }
            guard me.mayDecide(details.summary) else { return (details, nil) }
            return (details, try await .load(SizeEstimate.Scope(details), known: id, on: connection))
        }
        guard let (details, estimate) = loaded, me.maySee(details.request.title) else { throw NotFound() }
        let progress = await progress(of: details.summary.downloads)
        let view = RequestPageView(details: details, estimate: estimate, progress: progress, visit: visit, me: me)
        return visit.page(view.page(entries, refusal: refusal), status: status)
    }
}

extension Me {
    /// Whether a title is for them. What is not is not there.
    func maySee(_ title: Title) -> Bool { user.ageLimit?.allows(title.age) ?? true }

    /// Whether a request waits for somebody to approve or decline it, and they may.
    func mayDecide(_ summary: RequestSummary) -> Bool {
        user.role.isApprover && summary.approval == .awaited && summary.status == .pending
    }
}
