import HTTP
import HTTPServer
import HTTPTypes
import Logging
import OpenIDConnect
import Postgres
import Storage

extension Site {
    func accountPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await ownAccount(visit, me, Entries())
    }

    /// - Parameter feeds: the secret of the addresses that were made just now.
    func accountPage(_ visit: Visit, _ me: Me, feeds: String) async throws -> Response {
        try await ownAccount(visit, me, Entries(), feeds: feeds, status: .created)
    }

    func changeLooks(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let name = entries.newName()
        let signInName = entries.newSignInName(besides: name)
        let theme = Theme(rawValue: entries["theme"])
        if theme == nil, entries["theme"] != "system" { entries.refuse("theme", "There is no such look.") }
        let (zone, dates) = (entries.zone(among: try await timeZones()), entries.dates())
        guard entries.areValid else { return try await ownAccount(visit, me, entries, status: .unprocessableContent) }
        do {
            try await write {
                try await Users.setLooks(
                    name: name, signInName: signInName, theme: theme, zone: zone, dates: dates, of: me.id, on: $0)
            }
        } catch let error as PostgresError where Users.isTaken(error) {
            if signInName != nil, Users.isTakenToSignIn(error) {
                entries.refuse("signin", "Somebody else signs in with that already.")
            } else {
                entries.refuse("name", "Somebody else is called that already.")
            }
            return try await ownAccount(visit, me, entries, status: .unprocessableContent)
        }
        return visit.redirect(to: "/account", saying: .looksChanged)
    }

    func changeOwnPassword(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let password = entries.newPassword(for: me.user.signInName)
        // A wrong current password counts like a failed sign-in: an open browser is no way to guess it.
        let subject = String(me.user.signInName.lowercased().prefix(64))
        let begun = try await write {
            try await SignInFailures.begin(name: subject, address: visit.request.peer, on: $0)
        }
        guard case .allowed(let attempt) = begun else {
            entries.refuse("current", "That was tried too often. Try again in some minutes.")
            return try await ownAccount(visit, me, entries, status: .tooManyRequests)
        }
        let stored = try await read { try await Users.passwordHash(of: me.id, on: $0) }
        if try await passwords.verify(entries.exactly("current"), against: stored) {
            try await write { try await SignInFailures.takeBack(attempt, name: subject, on: $0) }
        } else {
            entries.refuse("current", "That is not your password.")
        }
        guard entries.areValid else { return try await ownAccount(visit, me, entries, status: .unprocessableContent) }
        let hash = try await passwords.hash(password)
        try await write { connection in
            try await Users.setPassword(hash, of: me.id, on: connection)
            try await Sessions.endAll(of: me.id, except: me.session, on: connection)
        }
        logger.notice("A password was changed", metadata: ["user": "\(me.id)"])
        return visit.redirect(to: "/account", saying: .passwordChanged)
    }

    func endOwnSession(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        guard try await write({ try await Sessions.end(id, of: me.id, on: $0) }) else { throw NotFound() }
        return visit.redirect(to: "/account", saying: .sessionEnded)
    }

    private func ownAccount(
        _ visit: Visit, _ me: Me, _ entries: Entries, feeds secret: String? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (sessions, passwordHash, issuers, house, feed) = try await read {
            (
                try await Sessions.list(of: me.id, on: $0), try await Users.passwordHash(of: me.id, on: $0),
                try await Identities.issuers(of: me.id, on: $0), try await Settings.load(on: $0).times,
                try await Feeds.find(of: me.id, on: $0)
            )
        }
        let zones = try await timeZones()
        let addresses = if let secret { try await feedAddresses(secret, visit.request) } else { [String]() }
        let token = Form([("token", visit.bindingToken)]).encoded()
        return visit.page(
            AccountPage(
                page: visit.frame("Your account", for: me),
                name: Field(
                    name: "name", label: "Name", value: entries.form["name"] ?? me.user.name,
                    hint: "What the others see.", error: entries.error("name"), isRequired: true,
                    autocomplete: "nickname"),
                signInName: Field(
                    name: "signin", label: "Name to sign in with",
                    value: entries.form["signin"] ?? me.user.ownSignInName ?? "",
                    hint: "If it is another one. Left empty, you sign in with the name above.",
                    error: entries.error("signin"), autocomplete: "username"),
                theme: ChoiceGroup(
                    name: "theme", legend: "Pages look",
                    options: [
                        Option(value: "system", label: "As your system", isSelected: me.user.theme == nil),
                        Option(value: "light", label: "Light", isSelected: me.user.theme == .light),
                        Option(value: "dark", label: "Dark", isSelected: me.user.theme == .dark),
                    ], type: "radio", error: entries.error("theme")),
                zone: SelectField(
                    zone: entries.form["zone"] ?? me.user.ownZone, among: zones, house: house.zone,
                    hint: "By which clock you read times, and have your quiet hours.", error: entries.error("zone")),
                dates: SelectField(
                    dates: entries.form["dates"] ?? me.user.ownDates, house: true, error: entries.error("dates")),
                provider: provider.map { provider in
                    ProviderSection(
                        name: provider.settings.name,
                        bind: issuers.contains(provider.settings.issuer) ? nil : "/account/provider?\(token)",
                        unbind: passwordHash == nil || !issuers.contains(provider.settings.issuer)
                            ? nil
                            : ActionForm(
                                action: "/account/provider/ending", label: "Unbind it", csrf: visit.csrf,
                                confirm: "You sign in with your password then."))
                },
                hasPassword: passwordHash != nil,
                current: Field(
                    "current", "Your password now", entries, type: "password", isRequired: true,
                    autocomplete: "current-password"),
                password: Field(
                    "password", "New password", entries, type: "password", hint: Credentials.passwordHint,
                    isRequired: true, autocomplete: "new-password"),
                feeds: FeedSection(feed, addresses: addresses, visit),
                sessions: sessions.map { session in
                    SessionRow(
                        agent: Self.browser(session.agent), address: session.address,
                        seen: visit.times.relative(session.lastSeenAt), seenISO: Times.iso(session.lastSeenAt),
                        since: visit.times.day(session.createdAt), sinceISO: Times.iso(session.createdAt),
                        end: session.id == me.session
                            ? nil
                            : ActionForm(
                                action: "/account/sessions/\(session.id)/ending", label: "Sign out", csrf: visit.csrf))
                }),
            status: status)
    }

    /// "Firefox on Linux", from what browsers say of themselves.
    private static func browser(_ agent: String) -> String {
        let names = [("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]
        guard let name = names.first(where: { agent.contains($0.0) })?.1 else {
            return agent.isEmpty ? "Unknown" : String(agent.prefix(60))
        }
        return systems.first { agent.contains($0.0) }.map { "\(name) on \($0.1)" } ?? name
    }
}
