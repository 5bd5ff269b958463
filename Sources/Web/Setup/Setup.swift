import FoundationEssentials
import HTTP
import HTTPTypes
import Logging
import Postgres
import Storage

/// First set-up: whoever has the one-time token from the server's log makes the administrator's account.
enum Setup {
    static func makeToken(_ pool: PostgresPool) async throws -> String? {
        let token = Tokens.make()
        return try await pool.transaction { connection in
            if try await Users.exist(on: connection) { return nil }
            try await SetupToken.store(hash: Tokens.hash(token), on: connection)
            return token
        }
    }
}

extension Site {
    func setupPage(_ visit: Visit) async throws -> Response {
        if try await read({ try await Users.exist(on: $0) }) { return visit.redirect(to: "/sign-in") }
        return try await setupForm(visit, Entries(visit.request.query))
    }

    func setUp(_ visit: Visit) async throws -> Response {
        var entries = try visit.entries()
        let token = Tokens.hash(entries["token"])
        if try await read({ try await Users.exist(on: $0) }) { throw Self.setupIsOver }
        if try await !read({ try await SetupToken.fits(hash: token, on: $0) }) {
            entries.refuse("token", "That is not the token. It stands in the log of the latest start.")
        }
        let name = entries.newName()
        let password = entries.newPassword(for: name)
        let zone = entries.zone(among: try await timeZones())
        guard entries.areValid else { return try await setupForm(visit, entries, status: .unprocessableContent) }

        let hash = try await passwords.hash(password)
        let session = Tokens.make()
        try await write { connection in
            // Of two at once one spends the token; for the other the house has its administrator.
            guard try await SetupToken.spend(hash: token, on: connection) else { throw Self.setupIsOver }
            let user = try await Users.add(name: name, passwordHash: hash, role: .administrator, on: connection)
            var settings = try await Settings.load(on: connection)
            if let zone { settings.times.zone = zone }
            try await settings.save(on: connection)
            try await Audit.add(.accounts, "became the first administrator", by: user, on: connection)
            try await visit.begin(session, for: user, on: connection)
        }
        logger.notice("The first administrator was made")
        return visit.signedIn(session, then: "/admin/guide", saying: .welcome)
    }

    private static let setupIsOver = PageError.conflict("Somebody has set this house up already. Sign in instead.")

    private func setupForm(
        _ visit: Visit, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let zones = try await timeZones()
        let hasToken = !entries["token"].isEmpty && entries.error("token") == nil
        return visit.page(
            SetupPage(
                page: visit.plainFrame("Welcome to Usher"),
                token: Field(
                    "token", "One-time token", entries,
                    hint: "It stands in the log, where Usher says how to open it.", isRequired: true,
                    isFocused: !hasToken, autocomplete: "off"),
                hasToken: hasToken,
                name: Field(
                    "name", "Your name", entries, isRequired: true, isFocused: hasToken, autocomplete: "username"),
                password: Field(
                    "password", "Password", entries, type: "password", hint: Credentials.passwordHint,
                    isRequired: true, autocomplete: "new-password"),
                zone: SelectField(
                    zone: entries.form["zone"] ?? zones.first { $0 == TimeZone.current.identifier } ?? zones.first,
                    among: zones, error: entries.error("zone"))),
            status: status)
    }
}
