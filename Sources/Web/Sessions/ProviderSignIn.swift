import Cryptography
import FoundationEssentials
import HTTP
import HTTPServer
import HTTPTypes
import Logging
import OpenIDConnect
import Postgres
import Storage

/// A sign-in at the provider that is under way, as the browser keeps it meanwhile: a secret, where it leads afterwards, and
/// the account to which the provider's is to be bound, if it is.
private struct Detour {
    var secret: String
    var next: String
    var binding: Int64?

    var cookie: String { "\(secret).\(binding.map(String.init) ?? "in").\(Array(next.utf8).base64URL)" }

    init(next: String, binding: Int64?) {
        (secret, self.next, self.binding) = (Tokens.make(), SignIn.destination(next), binding)
    }

    init?(cookie: String?) {
        let parts = (cookie ?? "").split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, parts[0].count >= 43, let next = [UInt8](base64URL: parts[2]) else { return nil }
        (secret, binding) = (parts[0], Int64(parts[1]))
        guard binding != nil || parts[1] == "in" else { return nil }
        self.next = SignIn.destination(String(decoding: next, as: UTF8.self))
    }
}

extension Site {
    /// The ways to sign in besides name and password.
    func providerWays(next: String) -> [PageLink] {
        provider.map { provider in
            let query = next == "/" ? "" : "?" + Form([("next", next)]).encoded()
            return [PageLink(href: "/sign-in/provider\(query)", label: "Sign in with \(provider.settings.name)")]
        } ?? []
    }

    /// For whoever has just signed out here.
    var providerWaysOut: [PageLink] {
        provider.map { [PageLink(href: "/sign-in/provider/ending", label: "Sign out of \($0.settings.name) too")] }
            ?? []
    }

    /// On to where the provider signs people out, which leads back to the sign-in page.
    func signOutOfProvider(_ visit: Visit) async throws -> Response {
        guard let provider else { throw NotFound() }
        do {
            let back = try address(of: "/sign-in", visit)
            if let address = try await provider.signOutAddress(returningTo: back) { return .redirect(to: address) }
            return refused(visit, "\(provider.settings.name) has no page for signing out.".capitalizedFirst)
        } catch let error as OpenIDError {
            return refused(visit, error)
        }
    }

    func leaveForProvider(_ visit: Visit) async throws -> Response {
        try await leave(visit, Detour(next: Entries(visit.request.query).exactly("next"), binding: nil))
    }

    /// From the account page, which alone knows the token: so nobody is led into binding a stranger's account to theirs.
    func bindProvider(_ visit: Visit, _ me: Me) async throws -> Response {
        let token = Entries(visit.request.query).exactly("token")
        guard constantTimeEqual(Array(token.utf8), Array(visit.bindingToken.utf8)) else {
            return visit.redirect(to: "/account")
        }
        return try await leave(visit, Detour(next: "/account", binding: me.id))
    }

    private func leave(_ visit: Visit, _ detour: Detour) async throws -> Response {
        guard let provider else { throw NotFound() }
        do {
            let address = try await provider.address(for: attempt(detour, visit))
            var response = Response.redirect(to: address)
            response.set(
                Cookies.detour.cookie(detour.cookie, maxAge: 600, isSecure: visit.request.isSecure))
            return response
        } catch let error as OpenIDError {
            return refused(visit, error)
        }
    }

    /// Back from the provider, with a code or with the reason why there is none.
    func returnFromProvider(_ visit: Visit) async throws -> Response {
        guard let provider else { throw NotFound() }
        let query = visit.request.query
        let stored = visit.request.cookies[Cookies.detour.name(isSecure: visit.request.isSecure)]
        var response: Response
        if let detour = Detour(cookie: stored), case let attempt = try attempt(detour, visit),
            constantTimeEqual(Array((query["state"] ?? "").utf8), Array(attempt.state.utf8)),
            query["iss"].map({ $0 == provider.settings.issuer }) ?? true
        {
            response = try await arrive(visit, detour, attempt, at: provider)
        } else {
            response = refused(visit, "That sign-in is too old, or was begun in another window. Try again.")
        }
        response.set(Cookies.detour.removal(isSecure: visit.request.isSecure))
        return response
    }

    private func arrive(
        _ visit: Visit, _ detour: Detour, _ attempt: OpenIDProvider.Attempt, at provider: OpenIDProvider
    ) async throws -> Response {
        guard let code = visit.request.query["code"] else {
            let reason = visit.request.query["error"] ?? "no code"
            logger.notice("The provider signed nobody in", metadata: ["reason": "\(reason.prefix(60))"])
            return refused(visit, "\(provider.settings.name) did not sign you in. Try again.".capitalizedFirst)
        }
        // Codes are asked about there. Who brings many that are none counts like who tries many passwords.
        let tried: [Int64]
        switch try await write({ try await SignInFailures.begin(address: visit.request.peer, on: $0) }) {
        case .refused(let seconds): return tooOften(visit, Entries(), seconds: seconds)
        case .allowed(let ids): tried = ids
        }
        do {
            let known = try await provider.person(code: code, attempt: attempt, now: visit.now)
            try await write { try await SignInFailures.takeBack(tried, on: $0) }
            let person = OutsidePerson(
                issuer: provider.settings.issuer, subject: known.subject, names: known.names.map(\.trimmed),
                groups: known.groups)
            if let user = detour.binding { return try await bind(person, to: user, visit) }
            let token = Tokens.make()
            let user = try await write { connection in
                // No name makes an account somebody's: whoever may choose theirs there could choose another's.
                let user = try await account(of: person, on: connection) { _, _ in nil }
                try await visit.begin(token, for: user.id, on: connection)
                return user
            }
            logger.info(
                "Signed in by the provider", metadata: ["user": "\(user.id)", "address": "\(visit.request.peer)"])
            return visit.signedIn(token, then: detour.next)
        } catch let refusal as NotAdmitted {
            return refused(visit, refusal.sentence, status: .forbidden)
        } catch let error as OpenIDError {
            return refused(visit, error)
        }
    }

    /// Ends it that the account at the provider is one's own here.
    func unbindProvider(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let provider else { throw NotFound() }
        try await write { connection in
            guard try await Identities.unlink(issuer: provider.settings.issuer, from: me.id, on: connection) else {
                throw PageError.conflict("It is not bound, or you have no password to sign in with instead.")
            }
            try await Audit.add(
                .accounts, "unbound their account at \(provider.settings.name)", by: me.id, on: connection)
        }
        logger.notice("An account is not bound to the provider's any more", metadata: ["user": "\(me.id)"])
        return visit.redirect(to: "/account", saying: .looksChanged)
    }

    /// Makes the provider's account one of whoever is signed in, if it is still they who wanted that.
    private func bind(_ person: OutsidePerson, to user: Int64, _ visit: Visit) async throws -> Response {
        let session = visit.request.cookies[Cookies.session.name(isSecure: visit.request.isSecure)]
        guard let session, let me = try await signedIn(session, from: visit.request.peer), me.id == user
        else {
            return visit.redirect(to: "/sign-in")
        }
        let name = provider?.settings.name ?? person.issuer
        let isDone = try await write { connection in
            if let owner = try await Identities.user(
                issuer: person.issuer, subject: person.subject, on: connection)
            {
                return owner.id == me.id
            }
            guard
                try await Identities.link(
                    issuer: person.issuer, subject: person.subject, to: me.id, on: connection)
            else { return false }
            try await Audit.add(.accounts, "bound their account at \(name)", by: me.id, on: connection)
            return true
        }
        guard isDone else {
            let sentence = "That account is somebody else's here already, or yours is bound to another one there."
            // This address is for everybody; what the next page says is sealed for the session that is there.
            var response = Response.redirect(to: "/account")
            let said = Said.cookie(Notice(kind: "error", text: sentence), boundTo: session)
            response.set(Cookies.flash.cookie(said, maxAge: 60, isSecure: visit.request.isSecure))
            return response
        }
        logger.notice("An account was bound to one at the provider", metadata: ["user": "\(me.id)"])
        return visit.redirect(to: "/account")
    }

    /// - Throws: when the browser does not say which host it means (HTTP/1.0).
    private func attempt(_ detour: Detour, _ visit: Visit) throws -> OpenIDProvider.Attempt {
        OpenIDProvider.Attempt(secret: detour.secret, redirect: try address(of: "/sign-in/provider/return", visit))
    }

    private func address(of path: String, _ visit: Visit) throws -> String {
        guard let authority = visit.request.authority else { throw PageError.badRequest("The host is missing.") }
        return "\(visit.request.isSecure ? "https" : "http")://\(authority)\(basePath)\(path)"
    }

    private func refused(_ visit: Visit, _ error: OpenIDError) -> Response {
        logger.error("Nobody can be signed in by the provider", metadata: ["reason": "\(error.sentence)"])
        return refused(
            visit, "\(error.forPeople) Try again later, or tell an administrator.", status: .badGateway)
    }

    private func refused(
        _ visit: Visit, _ sentence: String, status: HTTPResponse.Status = .badRequest
    ) -> Response {
        signInForm(visit, Entries(), notice: Notice(kind: "error", text: sentence), status: status)
    }
}

extension Visit {
    /// Goes with the link on the account page that leads to the provider.
    var bindingToken: String {
        Digest.hmacSHA256(key: Array(secret.utf8), message: Array("provider".utf8)).base64URL
    }
}

extension OpenIDError {
    fileprivate var forPeople: String {
        switch self {
        case .away: "The place where you sign in does not answer."
        case .refused, .unreadable, .misconfigured: "The place where you sign in does not answer as it should."
        case .token: "What the place where you sign in says about you cannot be believed."
        }
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
