import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Postgres
import Storage

extension Site {
    /// Makes an invitation. Its link is on the page that answers and nowhere else: only its hash is kept.
    func invite(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let role = Role(rawValue: try visit.entries()["role"]) else {
            throw PageError.badRequest("There is no such role.")
        }
        let token = Tokens.make()
        try await write { connection in
            try await Invitations.add(tokenHash: Tokens.hash(token), role: role, by: me.id, on: connection)
            try await Audit.add(.accounts, "invited \(role.withArticle)", by: me.id, on: connection)
        }
        logger.notice("Somebody was invited", metadata: ["as": "\(role.rawValue)", "by": "\(me.id)"])
        let scheme = visit.request.isSecure ? "https" : "http"
        let host = visit.request.authority ?? "localhost"
        let link = "\(scheme)://\(host)\(basePath)/invitation?token=\(token)"
        return try await accounts(visit, me, Entries(), link: link, status: .created)
    }

    func revokeInvitation(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        try await write { connection in
            guard try await Invitations.revoke(id, on: connection) else {
                throw PageError.conflict("That invitation was used or has ended meanwhile.")
            }
            try await Audit.add(.accounts, "revoked an invitation", by: me.id, on: connection)
        }
        return visit.redirect(to: "/admin/accounts", saying: .invitationRevoked)
    }

    func invitationPage(_ visit: Visit) async throws -> Response {
        let entries = Entries(visit.request.query)
        return Self.invitationForm(visit, entries, to: try await invitation(entries))
    }

    func acceptInvitation(_ visit: Visit) async throws -> Response {
        var entries = try visit.entries()
        // Before the password is hashed: only those with a link may cost that much.
        let invitation = try await invitation(entries)
        let name = entries.newName()
        let password = entries.newPassword(for: name)
        guard entries.areValid else {
            return Self.invitationForm(visit, entries, to: invitation, status: .unprocessableContent)
        }
        let hash = try await passwords.hash(password)
        let token = Tokens.hash(entries["token"])
        let session = Tokens.make()
        do {
            try await write { connection in
                // Of two at once one spends it.
                guard let role = try await Invitations.spend(tokenHash: token, on: connection) else {
                    throw Self.invitationIsOver
                }
                let user = try await Users.add(name: name, passwordHash: hash, role: role, on: connection)
                try await Audit.add(.accounts, "came by invitation, \(role.withArticle)", by: user, on: connection)
                try await visit.begin(session, for: user, on: connection)
            }
        } catch let error as PostgresError where Users.isTaken(error) {
            // The link was not spent: the transaction is undone.
            entries.refuse("name", "Somebody else is called that already.")
            return Self.invitationForm(visit, entries, to: invitation, status: .unprocessableContent)
        }
        logger.notice("An invitation was accepted")
        return visit.signedIn(session, then: "/", saying: .invited)
    }

    private func invitation(_ entries: Entries) async throws -> Invitation {
        let hash = Tokens.hash(entries["token"])
        guard let invitation = try await read({ try await Invitations.find(tokenHash: hash, on: $0) }) else {
            throw Self.invitationIsOver
        }
        return invitation
    }

    private static let invitationIsOver = PageError.conflict(
        "This invitation was used or revoked, or has ended. Ask whoever sent it for another one.")

    private static func invitationForm(
        _ visit: Visit, _ entries: Entries, to invitation: Invitation, status: HTTPResponse.Status = .ok
    ) -> Response {
        visit.page(
            InvitationPage(
                page: visit.plainFrame("You are invited"), token: entries["token"],
                role: invitation.role.withArticle,
                name: Field("name", "Your name", entries, isRequired: true, isFocused: true, autocomplete: "username"),
                password: Field(
                    "password", "Password", entries, type: "password", hint: Credentials.passwordHint,
                    isRequired: true, autocomplete: "new-password")),
            status: status)
    }
}
