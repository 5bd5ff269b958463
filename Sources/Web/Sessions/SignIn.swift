import HTTP
import HTTPTypes
import Logging
import OpenIDConnect
import Postgres
import Storage

/// Where the page for signing in is, and where it leads afterwards.
enum SignIn {
    static func address(then next: String) -> String {
        next == "/" ? "/sign-in" : "/sign-in?\(Form([("next", next)]).encoded())"
    }

    /// A path of ours, never another site's address.
    static func destination(_ next: String) -> String {
        let isOurs =
            next.hasPrefix("/") && !next.hasPrefix("//") && !next.hasPrefix("/\\")
            && next.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f } && next.utf8.count <= 2048
        return isOurs ? next : "/"
    }
}

extension Site {
    /// Whose session this is. That it is in use is noted from time to time.
    func signedIn(_ token: String, from address: String) async throws -> SignedIn? {
        let hash = Tokens.hash(token)
        // Who only looks is served by a standby while there is no primary.
        guard
            let person = try await pool.withConnection(
                for: .readOnly, { try await Sessions.find(tokenHash: hash, on: $0) })
        else { return nil }
        guard person.isStale else { return person }
        do {
            try await pool.withConnection { try await Sessions.touch(person.session, address: address, on: $0) }
        } catch {
            // A database that can only be read is no reason to show nothing.
            logger.debug("A session was not touched", metadata: ["reason": "\(error)"])
        }
        return person
    }

    func signInPage(_ visit: Visit) async throws -> Response {
        if try await !read({ try await Users.exist(on: $0) }) { return visit.redirect(to: "/setup") }
        let entries = Entries(visit.request.query)
        guard let person = proxyPerson(visit.request) else {
            return signInForm(visit, entries, ways: entries["out"].isEmpty ? [] : providerWaysOut)
        }
        return try await signIn(person, visit, entries)
    }

    func signIn(_ visit: Visit) async throws -> Response {
        let entries = try visit.entries()
        let name = entries["name"]
        let password = entries.exactly("password")
        let subject = String(String.UnicodeScalarView(name.lowercased().unicodeScalars.prefix(64)))
        let address = visit.request.peer
        guard !name.isEmpty, !password.isEmpty, password.utf8.count <= 4096 else {
            return refused(visit, entries)
        }
        let attempt: [Int64]
        switch try await write({ try await SignInFailures.begin(name: subject, address: address, on: $0) }) {
        case .refused(let seconds): return tooOften(visit, entries, seconds: seconds)
        case .allowed(let ids): attempt = ids
        }
        let known = try await read { try await Users.credentials(named: name, on: $0) }
        guard try await passwords.verify(password, against: known?.passwordHash), let user = known?.user,
            user.disabledAt == nil
        else {
            logger.notice("A sign-in failed", metadata: ["address": "\(address)"])
            return refused(visit, entries)
        }
        let better = passwords.isOutdated(known?.passwordHash) ? try await passwords.hash(password) : nil
        let token = Tokens.make()
        try await write { connection in
            try await SignInFailures.takeBack(attempt, name: subject, on: connection)
            if let better { try await Users.setPassword(better, of: user.id, on: connection) }
            try await visit.begin(token, for: user.id, on: connection)
        }
        logger.info("Signed in", metadata: ["user": "\(user.id)", "address": "\(address)"])
        return visit.signedIn(token, then: SignIn.destination(entries.exactly("next")))
    }

    func signOut(_ visit: Visit, _ me: Me) async throws -> Response {
        let issuers = try await write { connection in
            _ = try await Sessions.end(me.session, of: me.id, on: connection)
            return try await Identities.issuers(of: me.id, on: connection)
        }
        let isBound = provider.map { issuers.contains($0.settings.issuer) } ?? false
        // The page says where to sign out of the rest; without that the proxy would bring them in again at once.
        var response = visit.redirect(to: me.proxySubject == nil && !isBound ? "/sign-in" : "/sign-in?out=1")
        response.set(Cookies.session.removal(isSecure: visit.request.isSecure))
        return response
    }

    private func refused(_ visit: Visit, _ entries: Entries) -> Response {
        let notice = Notice(kind: "error", text: "The name or the password is wrong.")
        return signInForm(visit, entries, notice: notice, status: .unprocessableContent)
    }

    func tooOften(_ visit: Visit, _ entries: Entries, seconds: Int) -> Response {
        let minutes = Times.count((seconds + 59) / 60, "minute")
        let notice = Notice(kind: "error", text: "That was tried too often. Try again in \(minutes).")
        var response = signInForm(visit, entries, notice: notice, status: .tooManyRequests)
        response.fields[.retryAfter] = String(seconds)
        return response
    }

    /// The page; `ways` lead in or out elsewhere.
    func signInForm(
        _ visit: Visit, _ entries: Entries, notice: Notice? = nil, ways: [PageLink] = [],
        status: HTTPResponse.Status = .ok
    ) -> Response {
        let next = SignIn.destination(entries.exactly("next"))
        return visit.page(
            SignInPage(
                page: visit.plainFrame("Sign in"), next: next, notice: notice,
                ways: ways + providerWays(next: next),
                name: Field("name", "Name", entries, isRequired: true, isFocused: true, autocomplete: "username"),
                password: Field(
                    "password", "Password", entries, type: "password", isRequired: true,
                    autocomplete: "current-password")),
            status: status)
    }
}

extension Visit {
    /// Begins a session with a new token; what was there before ends with its cookie.
    ///
    /// - Parameter proxySubject: whom a proxy has to say it is for the session to hold.
    func begin(
        _ token: String, for user: Int64, proxySubject: String? = nil, on connection: PostgresConnection
    ) async throws {
        let agent = String((request.fields[.userAgent] ?? "").filter { !$0.isNewline }.prefix(200))
        try await Sessions.removeEnded(on: connection)
        try await SignInFailures.removeOld(on: connection)
        try await Sessions.add(
            tokenHash: Tokens.hash(token), user: user, address: request.peer, agent: agent, proxySubject: proxySubject,
            on: connection)
    }

    /// On to a page, signed in.
    func signedIn(_ token: String, then path: String, saying flash: Flash? = nil) -> Response {
        var response = redirect(to: path, saying: flash)
        response.set(Cookies.session.cookie(token, maxAge: 90 * 86_400, isSecure: request.isSecure))
        response.set(Cookies.visit.removal(isSecure: request.isSecure))
        return response
    }
}
