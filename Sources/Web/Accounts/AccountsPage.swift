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
            let id = try await write { try await Users.add(name: name, passwordHash: hash, role: role, on: $0) }
            logger.notice("An account was made", metadata: ["account": "\(id)", "by": "\(me.id)"])
        } catch let error as PostgresError where error.isUniqueViolation(constraint: "users_name") {
            entries.refuse("name", "There is an account of that name already.")
            return try await accounts(visit, me, entries, status: .unprocessableContent)
        }
        return visit.redirect(to: "/admin/accounts", saying: .accountMade)
    }

    private func accounts(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let users = try await read { try await Users.list(on: $0) }
        let role = Role(rawValue: entries["role"]) ?? .member
        return visit.page(
            AccountsPage(
                page: visit.frame("Accounts", for: me),
                accounts: users.map {
                    AccountRow(
                        name: $0.name, href: "/admin/accounts/\($0.id)", role: $0.role.word,
                        since: Times.day($0.createdAt), sinceISO: Times.iso($0.createdAt),
                        isClosed: $0.disabledAt != nil)
                },
                name: Field("name", "Name", entries, isRequired: true, autocomplete: "off"),
                password: Field(
                    "password", "Password", entries, type: "password", hint: Credentials.passwordHint,
                    isRequired: true, autocomplete: "new-password"),
                role: ChoiceGroup(
                    name: "role", legend: "May",
                    options: [
                        Option(
                            value: Role.member.rawValue, label: "Member", isSelected: role == .member,
                            hint: "Sees everything, changes their own requests"),
                        Option(
                            value: Role.administrator.rawValue, label: "Administrator",
                            isSelected: role == .administrator, hint: "Changes everything"),
                    ], type: "radio", error: entries.error("role"))),
            status: status)
    }
}
