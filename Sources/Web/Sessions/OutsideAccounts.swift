import HTTP
import HTTPTypes
import Logging
import Postgres
import Reactor
import Storage

/// Why somebody for whom others vouch does not come in, for them to read.
struct NotAdmitted: Error {
    let sentence: String
}

extension Site {
    /// Whom the proxy in front has signed in. What others claim counts for nothing, and is logged once for each of them.
    func proxyPerson(_ request: HTTP.Request) -> OutsidePerson? {
        guard let headers = outside.proxy, request.fields.contains(headers.user) else { return nil }
        if request.isFromProxy { return headers.person(request.fields) }
        let isNew = pretenders.withLock { $0.count < 100 && $0.insert(request.peer).inserted }
        if isNew {
            logger.warning(
                "Somebody who is no trusted proxy says who they are; that is ignored",
                metadata: ["address": "\(request.peer)", "field": "\(headers.user)"])
        }
        return nil
    }

    /// Whether the session holds for this request: one that a proxy brought about ends when it says somebody else.
    func isStillVouched(_ me: Me, _ request: HTTP.Request) -> Bool {
        let claimed = proxyPerson(request)
        return me.proxySubject == nil || me.proxySubject == claimed?.subject
    }

    /// Lets somebody in for whom the proxy in front vouches, or says why not.
    func signIn(_ person: OutsidePerson, _ visit: Visit, _ entries: Entries) async throws -> Response {
        if entries["out"] == "1" {
            let notice = Notice(
                kind: "success",
                text:
                    "You are signed out here. Whoever opens Usher in this browser comes in as \(person.subject) again, "
                    + "until you sign out where you signed in.")
            let ways = outside.proxySignOut.map { [PageLink(href: $0, label: "Sign out there")] } ?? []
            return signInForm(
                visit, entries, notice: notice, ways: ways + [PageLink(href: "/sign-in", label: "Come in again")])
        }
        do {
            let user = try await write { try await account(of: person, on: $0, adopting: Self.sameName) }
            let token = Tokens.make()
            try await write {
                try await visit.begin(token, for: user.id, proxySubject: person.subject, on: $0)
            }
            logger.info("Signed in by the proxy", metadata: ["user": "\(user.id)", "address": "\(visit.request.peer)"])
            return visit.signedIn(token, then: SignIn.destination(entries.exactly("next")))
        } catch let refusal as NotAdmitted {
            return signInForm(
                visit, entries, notice: Notice(kind: "error", text: refusal.sentence), status: .forbidden)
        }
    }

    /// The account that is called as the proxy calls the person.
    private static let sameName: Adopting = { person, connection in
        try await Users.credentials(named: person.subject, on: connection)?.user
    }

    /// Which account without an identity there is somebody's.
    typealias Adopting = @Sendable (OutsidePerson, PostgresConnection) async throws -> User?

    /// The account of somebody for whom others vouch: theirs already, one that is found to be, or a new one.
    ///
    /// - Throws: ``NotAdmitted``.
    func account(
        of person: OutsidePerson, on connection: PostgresConnection, adopting: Adopting
    ) async throws -> User {
        var found = try await Identities.user(issuer: person.issuer, subject: person.subject, on: connection)
        guard let role = outside.role(of: person.groups) else {
            throw NotAdmitted(sentence: "You are in none of the groups that may use Usher. Ask an administrator.")
        }
        if found == nil {
            var candidate = try await adopting(person, connection)
            if candidate == nil { candidate = try await newAccount(of: person, role, on: connection) }
            guard let user = candidate,
                try await Identities.link(
                    issuer: person.issuer, subject: person.subject, to: user.id, on: connection)
            else {
                throw NotAdmitted(
                    sentence: "There is no account for \(person.subject) here. Ask an administrator for one.")
            }
            logger.notice(
                "Somebody known elsewhere came for the first time",
                metadata: ["user": "\(user.id)", "issuer": "\(person.issuer)"])
            found = user
        }
        guard let user = found, user.disabledAt == nil else {
            throw NotAdmitted(sentence: "Your account is closed. Ask an administrator.")
        }
        if !outside.roles.isEmpty, user.role != role {
            let isDone = try await Users.setRole(role, of: user.id, on: connection)
            logger.notice(
                isDone ? "A role changed with the groups" : "The last administrator stays one, whatever the groups say",
                metadata: ["user": "\(user.id)", "role": "\(role.rawValue)"])
        }
        return user
    }

    private func newAccount(
        of person: OutsidePerson, _ role: Role, on connection: PostgresConnection
    ) async throws -> User? {
        guard outside.makesAccounts else { return nil }
        for name in person.names where Credentials.problem(name: name) == nil {
            guard let id = try await Users.add(named: name, role: role, on: connection) else { continue }
            return try await Users.find(id, on: connection)
        }
        return nil
    }
}
