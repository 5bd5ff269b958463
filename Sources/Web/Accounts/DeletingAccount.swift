import HTTP
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    func deletionPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await deletion(of: account(visit), visit, me, Entries())
    }

    func deleteAccount(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        var entries = try visit.entries()
        guard let wishes = Inheritance(rawValue: entries["requests"]) else {
            entries.refuse("requests", "Say what becomes of what only this person asked for.")
            return try await deletion(of: account, visit, me, entries, status: .unprocessableContent)
        }
        guard account.id != me.id else {
            let notice = Notice(kind: "error", text: "This is your own account. Another administrator may delete it.")
            return try await deletion(of: account, visit, me, entries, notice: notice, status: .conflict)
        }
        try await orchestrator.delete(account: account.id, requests: wishes, by: me.person)
        logger.notice("An account was deleted", metadata: ["account": "\(account.id)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/accounts", saying: .accountDeleted)
    }

    private func deletion(
        of account: User, _ visit: Visit, _ me: Me, _ entries: Entries, notice: Notice? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let alone = try await read { try await Requests.count(onlyOf: account.id, on: $0) }
        return visit.page(
            DeletionPage(
                page: visit.frame("Delete \(account.name)", for: me), notice: notice,
                lead: "The name goes from the history; what happened stays. This cannot be undone.",
                account: "/admin/accounts/\(account.id)",
                requests: ChoiceGroup(
                    name: "requests",
                    legend: alone == 1
                        ? "One request is only theirs" : "\(alone) requests are only theirs",
                    options: [
                        Option(
                            value: Inheritance.kept.rawValue, label: "Keep them",
                            isSelected: entries["requests"] == Inheritance.kept.rawValue,
                            hint: "They become yours"),
                        Option(
                            value: Inheritance.cancelled.rawValue, label: "Cancel them",
                            isSelected: entries["requests"] == Inheritance.cancelled.rawValue,
                            hint: "What is complete stays; what is on its way is removed"),
                    ], type: "radio", hint: "What others asked for as well goes on for them.",
                    error: entries.error("requests"))),
            status: status)
    }
}
