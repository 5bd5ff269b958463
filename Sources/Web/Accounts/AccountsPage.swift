import HTTP
import HTTPTypes
import Logging
import Postgres
import Storage

extension Site {
    func accountsPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await accounts(visit, me, Entries())
    }

    func makeAccount(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let name = entries.newName()
        let password = entries.newPassword(for: name)
        let role = Role(rawValue: entries["role"])
        if role == nil { entries.refuse("role", "Choose what the account may do.") }
        guard entries.areValid, let role else {
            return try await accounts(visit, me, entries, status: .unprocessableContent)
        }
        let hash = try await passwords.hash(password)
        do {
            let id = try await write { connection in
                let id = try await Users.add(name: name, passwordHash: hash, role: role, on: connection)
                let sentence = "made the account of \(name), \(role.withArticle)"
                try await Audit.add(.accounts, sentence, by: me.id, on: connection)
                return id
            }
            logger.notice("An account was made", metadata: ["account": "\(id)", "by": "\(me.id)"])
        } catch let error as PostgresError where Users.isTaken(error) {
            entries.refuse("name", "There is an account of that name already.")
            return try await accounts(visit, me, entries, status: .unprocessableContent)
        }
        return visit.redirect(to: "/admin/accounts", saying: .accountMade)
    }

    /// - Parameter link: of the invitation that was made just now; it is shown once.
    func accounts(
        _ visit: Visit, _ me: Me, _ entries: Entries, link: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (users, invitations) = try await read {
            (try await Users.list(on: $0), try await Invitations.list(on: $0))
        }
        let role = Role(rawValue: entries["role"]) ?? .member
        return visit.page(
            AccountsPage(
                page: visit.frame("People", for: me), link: link,
                accounts: users.map {
                    AccountRow(
                        name: $0.name, signInName: $0.ownSignInName, href: "/admin/accounts/\($0.id)",
                        role: $0.role.word,
                        since: visit.times.day($0.createdAt), sinceISO: Times.iso($0.createdAt),
                        isClosed: $0.disabledAt != nil)
                },
                invitations: invitations.map { invitation in
                    InvitationRow(
                        role: invitation.role.word, until: visit.times.moment(invitation.expiresAt),
                        untilISO: Times.iso(invitation.expiresAt),
                        revoke: ActionForm(
                            action: "/admin/invitations/\(invitation.id)/revocation", label: "Revoke",
                            csrf: visit.csrf))
                },
                invited: ChoiceGroup(role: .member, legend: "Whoever comes with the link is"),
                name: Field("name", "Name", entries, isRequired: true, autocomplete: "off"),
                password: Field(
                    "password", "Password", entries, type: "password", hint: Credentials.passwordHint,
                    isRequired: true, autocomplete: "new-password"),
                role: ChoiceGroup(role: role, legend: "May", error: entries.error("role"))),
            status: status)
    }
}

extension ChoiceGroup {
    /// One of the roles.
    init(role chosen: Role, legend: String, error: String? = nil) {
        self.init(
            name: "role", legend: legend,
            options: Role.allCases.reversed().map {
                Option(value: $0.rawValue, label: $0.word, isSelected: $0 == chosen, hint: $0.hint)
            }, type: "radio", error: error)
    }
}
