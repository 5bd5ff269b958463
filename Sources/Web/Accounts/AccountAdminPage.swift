import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Postgres
import Storage

extension Site {
    func accountAdminPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await accountAdmin(visit, me, Entries())
    }

    func setAccountPassword(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        var entries = try visit.entries()
        let password = entries.newPassword(for: account.name)
        guard entries.areValid else { return try await accountAdmin(visit, me, entries, status: .unprocessableContent) }
        let hash = try await passwords.hash(password)
        try await write { connection in
            try await Users.setPassword(hash, of: account.id, on: connection)
            try await Sessions.endAll(of: account.id, except: me.session, on: connection)
            try await Audit.add(.accounts, "set the password of \(account.name)", by: me.id, on: connection)
        }
        return changed(account, visit, me, "password")
    }

    func setAccountRole(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        guard let role = Role(rawValue: try visit.entries()["role"]) else {
            throw PageError.badRequest("There is no such role.")
        }
        let isDone = try await write { connection in
            guard try await Users.setRole(role, of: account.id, on: connection) else { return false }
            try await Audit.add(
                .accounts, "made \(account.name) \(role.withArticle)", by: me.id, on: connection)
            return true
        }
        guard isDone else { return try await lastAdministrator(visit, me) }
        return changed(account, visit, me, "role")
    }

    func closeAccount(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        let isDone = try await write { connection in
            guard try await Users.setDisabled(true, of: account.id, on: connection) else { return false }
            try await Sessions.endAll(of: account.id, on: connection)
            try await Audit.add(.accounts, "closed the account of \(account.name)", by: me.id, on: connection)
            return true
        }
        guard isDone else { return try await lastAdministrator(visit, me) }
        return changed(account, visit, me, "closed")
    }

    func openAccount(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        try await write { connection in
            // Nothing keeps an account from being opened.
            _ = try await Users.setDisabled(false, of: account.id, on: connection)
            try await Audit.add(.accounts, "opened the account of \(account.name)", by: me.id, on: connection)
        }
        return changed(account, visit, me, "opened")
    }

    func changed(_ account: User, _ visit: Visit, _ me: Me, _ what: String) -> Response {
        logger.notice(
            "An account was changed", metadata: ["account": "\(account.id)", "what": "\(what)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/accounts/\(account.id)", saying: .accountChanged)
    }

    private func lastAdministrator(_ visit: Visit, _ me: Me) async throws -> Response {
        let sentence = "This is the last administrator: the house would have nobody to keep it in order."
        return try await accountAdmin(
            visit, me, Entries(), notice: Notice(kind: "error", text: sentence), status: .conflict)
    }

    func account(_ visit: Visit) async throws -> User {
        let id = try visit.parameters.integer("id")
        guard let account = try await read({ try await Users.find(id, on: $0) }) else { throw NotFound() }
        return account
    }

    func accountAdmin(
        _ visit: Visit, _ me: Me, _ entries: Entries, notice: Notice? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let account = try await account(visit)
        let limits = try await read { try await Limits.load(ofPerson: account.id, on: $0) }
        let path = "/admin/accounts/\(account.id)"
        var actions: [ActionForm] = []
        var links: [PageLink] = []
        if account.disabledAt == nil {
            actions.append(
                ActionForm(
                    action: "\(path)/closing", label: "Close the account", csrf: visit.csrf, style: "danger",
                    confirm: "Close this account? Nobody can sign in with it until it is opened again."))
        } else {
            actions.append(ActionForm(action: "\(path)/opening", label: "Open the account", csrf: visit.csrf))
        }
        if account.id != me.id {
            links.append(PageLink(href: "\(path)/deletion", label: "Delete the account…"))
        }
        let state =
            account.disabledAt.map { "closed since \(visit.times.day($0))" }
            ?? "since \(visit.times.day(account.createdAt))"
        return visit.page(
            AccountAdminPage(
                page: visit.frame(account.name, for: me), notice: notice, lead: "\(account.role.word), \(state)",
                action: path, role: ChoiceGroup(role: account.role, legend: "May"),
                limits: account.role == .administrator ? [] : Field.limits(limits, entries, blank: "as their role"),
                child: account.role == .child ? AgeLimitForm(account.ageLimit, entries) : nil,
                password: Field(
                    "password", "Password", entries, type: "password", hint: Credentials.passwordHint,
                    isRequired: true, autocomplete: "new-password"),
                actions: actions, links: links),
            status: status)
    }
}
