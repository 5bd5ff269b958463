import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Postgres
import Storage

extension Site {
    func rulesPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await rules(visit, me)
    }

    func saveRule(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let role = visit.parameters["role"].flatMap(Role.init), role != .administrator else { throw NotFound() }
        var entries = try visit.entries(repeated: ["kind"])
        let kinds = entries.choices("kind", "kind", of: Kind.self)
        let limits = entries.limits()
        let size = entries.number("gigabytes", "This", in: 1...10_000)
        guard entries.areValid else {
            return try await rules(visit, me, role: role, entries, status: .unprocessableContent)
        }
        try await write { connection in
            try await RoleRule(role: role, approvedKinds: kinds, approvedGigabytes: size, limits: limits)
                .save(on: connection)
            let sentence = "changed what \(role.plural.lowercased()) may ask for"
            try await Audit.add(.accounts, sentence, by: me.id, on: connection)
        }
        logger.notice("A role's rule was changed", metadata: ["role": "\(role.rawValue)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/rules", saying: .settingsSaved)
    }

    func saveAccountLimits(_ visit: Visit, _ me: Me) async throws -> Response {
        let account = try await account(visit)
        var entries = try visit.entries()
        let limits = entries.limits()
        guard entries.areValid else { return try await accountAdmin(visit, me, entries, status: .unprocessableContent) }
        try await write { connection in
            try await limits.save(ofPerson: account.id, on: connection)
            try await Audit.add(.accounts, "changed what \(account.name) may ask for", by: me.id, on: connection)
        }
        return changed(account, visit, me, "limits")
    }

    /// - Parameter role: whose form was sent with `entries`.
    private func rules(
        _ visit: Visit, _ me: Me, role: Role? = nil, _ entries: Entries = Entries(), status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let rules = try await read { try await RoleRule.list(on: $0) }
        return visit.page(
            RulesPage(
                page: visit.frame("Who may ask for what", for: me),
                roles: rules.map { rule in
                    let isSent = rule.role == role
                    let sent = isSent ? entries : Entries()
                    let chosen = isSent ? entries.all("kind") : Set(rule.approvedKinds.map(\.rawValue))
                    return RoleSection(
                        name: rule.role.rawValue, title: rule.role.plural,
                        kinds: ChoiceGroup(
                            name: "kind", legend: "Somebody approves their",
                            options: Kind.allCases.map { Option($0.rawValue, $0.plural, chosen) },
                            error: sent.error("kind"), prefix: "\(rule.role.rawValue)-"),
                        size: Field(
                            name: "gigabytes", label: "but not what has at most so many GB",
                            value: sent.form["gigabytes"] ?? rule.approvedGigabytes.map(String.init) ?? "",
                            hint: "By the releases that are found for all of it. What goes on with new episodes "
                                + "always waits.",
                            error: sent.error("gigabytes"), placeholder: "everything waits", inputmode: "numeric",
                            prefix: "\(rule.role.rawValue)-"),
                        limits: Field.limits(rule.limits, sent, prefix: "\(rule.role.rawValue)-", blank: "no limit"))
                }),
            status: status)
    }
}

extension Entries {
    fileprivate mutating func limits() -> Limits {
        Limits(
            open: number("open", "This", in: Limits.range), movies: number("movies", "This", in: Limits.range),
            shows: number("shows", "This", in: Limits.range), games: number("games", "This", in: Limits.range),
            gigabytes: number("space", "This", in: Limits.range))
    }
}

extension Field {
    /// The limits as lines of input; `blank` says what nothing means.
    static func limits(_ limits: Limits, _ entries: Entries, prefix: String = "", blank: String) -> [Field] {
        [
            ("open", "Open requests", limits.open), ("movies", "Movies a week", limits.movies),
            ("shows", "Shows a week", limits.shows), ("games", "Games a week", limits.games),
            ("space", "Gigabytes a week", limits.gigabytes),
        ].map { name, label, value in
            Field(
                name: name, label: label, value: entries.form[name] ?? value.map(String.init) ?? "",
                error: entries.error(name), placeholder: blank, inputmode: "numeric", prefix: prefix)
        }
    }
}
