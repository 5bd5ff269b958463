import HTTP
import HTTPClient
import HTTPServer
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    func mailServerPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let known = try await read { try await MailSettings.load(on: $0) }
        return mailServerForm(visit, me, Entries(MailDraft.form(known)), known)
    }

    func saveMailServer(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let known = try await read { try await MailSettings.load(on: $0) }
        guard let draft = MailDraft(&entries, known) else {
            return mailServerForm(visit, me, entries, known, status: .unprocessableContent)
        }
        try await write { connection in
            try await draft.settings.save(on: connection)
            let place = "\(draft.settings.host):\(draft.settings.port)"
            try await Audit.add(.settings, "had mail sent by \(place)", by: me.id, on: connection)
        }
        logger.notice("The mail server was changed", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/mail", saying: .settingsSaved)
    }

    /// Sends a test by the server that the form describes, and shows the form again with what it said. Nothing is kept.
    func testMailServer(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let known = try await read { try await MailSettings.load(on: $0) }
        let draft = MailDraft(&entries, known)
        if MailAddress(entries["to"]) == nil { entries.refuse("to", "Where is the test to go? This is no address.") }
        guard let draft, entries.areValid else {
            return mailServerForm(visit, me, entries, known, status: .unprocessableContent)
        }
        let answer = try await orchestrator.test(draft.settings, to: entries["to"])
        return mailServerForm(
            visit, me, entries, known, notice: Notice(kind: answer.isGood ? "success" : "error", text: answer.sentence),
            status: answer.isGood ? .ok : .unprocessableContent)
    }

    func removeMailServer(_ visit: Visit, _ me: Me) async throws -> Response {
        try await write { connection in
            try await MailSettings.remove(on: connection)
            try await Audit.add(.settings, "had no mail sent any more", by: me.id, on: connection)
        }
        return visit.redirect(to: "/admin/mail", saying: .settingsSaved)
    }

    private func mailServerForm(
        _ visit: Visit, _ me: Me, _ entries: Entries, _ known: MailSettings?, notice: Notice? = nil,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        visit.page(
            MailServerPage(
                page: visit.frame("E-mail", for: me), notice: notice,
                server: [
                    Field(
                        "host", "Server", entries, hint: "Its name, as your provider says: smtp.example.org.",
                        isRequired: true, autocomplete: "off"),
                    Field(
                        number: "port", "Port", entries, in: 1...65535, hint: "Usually 465, or 587 with STARTTLS.",
                        isRequired: true),
                ],
                security: ChoiceGroup(
                    name: "security", legend: "Encryption",
                    options: [
                        Option("tls", "TLS", [entries["security"]], hint: "From the first byte"),
                        Option("starttls", "STARTTLS", [entries["security"]], hint: "And nothing without it"),
                        Option("none", "None", [entries["security"]], hint: "Only for a server on this machine"),
                    ], type: "radio", error: entries.error("security")),
                account: [
                    Field("user", "User name there", entries, autocomplete: "off"),
                    Field(
                        "password", "Password there", entries, type: "password",
                        hint: known?.password == nil ? nil : "There is one. Leave this empty to keep it.",
                        autocomplete: "off"),
                    Field(
                        "sender", "Mail is from", entries, type: "email",
                        hint: "An address that the server lets you use.",
                        isRequired: true, autocomplete: "off"),
                    Field("name", "Name beside it", entries, isRequired: true, autocomplete: "off"),
                ],
                certificate: entries.exactly("certificate"), certificateError: entries.error("certificate"),
                to: Field("to", "Send the test to", entries, type: "email", autocomplete: "email"),
                remove: known == nil
                    ? nil
                    : ActionForm(
                        action: "/admin/mail/deletion", label: "Send no e-mail", csrf: visit.csrf, style: "danger",
                        confirm: "Send no e-mail any more? What was to be sent fails.")),
            status: status)
    }
}

/// A mail server, as a form describes it.
struct MailDraft {
    var settings: MailSettings

    /// Nil when something is wrong with it, which is then noted in `entries`. The stored password goes to the server and
    /// the user that it belongs to, and to no other.
    init?(_ entries: inout Entries, _ known: MailSettings?) {
        let host = entries.line("host", "The server", atMost: 253)
        if entries["port"].isEmpty { entries.refuse("port", "The port is missing.") }
        let port = entries.number("port", "The port", in: 1...65535) ?? 0
        let security = MailSettings.Security(rawValue: entries["security"])
        if security == nil { entries.refuse("security", "Choose one.") }
        let sender = entries.line("sender", "The address", atMost: 254)
        if MailAddress(sender) == nil { entries.refuse("sender", "This is no e-mail address.") }
        let name = entries.line("name", "The name", atMost: 100)
        let user = entries["user"].isEmpty ? nil : entries.line("user", "The name", atMost: 254)
        var password = entries.exactly("password").isEmpty ? nil : entries.exactly("password")
        if let password, password.utf8.count > 1000 || !password.isShowable {
            entries.refuse("password", "That contains characters that it cannot have, or is too long.")
        }
        if password == nil, let known, known.host == host, known.port == port, known.user == user {
            password = known.password
        }
        if user != nil, password == nil {
            let hasMoved = known?.password != nil
            entries.refuse(
                "password", hasMoved ? "Server or user have changed: type this again." : "The password is missing.")
        }
        if user == nil, password != nil { entries.refuse("user", "Whose password is this?") }
        let certificate = entries.exactly("certificate").trimmed
        if !certificate.isEmpty, certificate.utf8.count > 65536 || !certificate.contains("-----BEGIN CERTIFICATE-----")
        {
            entries.refuse("certificate", "This is no certificate in PEM: -----BEGIN CERTIFICATE-----.")
        }
        settings = MailSettings(
            host: host, port: port, security: security ?? .tls, user: user, password: user == nil ? nil : password,
            certificate: certificate.isEmpty ? nil : certificate, sender: sender, senderName: name)
        let server = MailServer(settings)
        if server.origin == nil { entries.refuse("host", "This is no name or address of a server.") }
        if security == MailSettings.Security.none, !server.isHere {
            entries.refuse("security", "Without encryption only a server on this machine is spoken to: localhost.")
        }
        guard entries.areValid else { return nil }
    }

    /// What the form shows; never the password.
    static func form(_ known: MailSettings?) -> Form {
        guard let known else { return Form([("security", "tls"), ("port", "465"), ("name", "Usher")]) }
        return Form([
            ("host", known.host), ("port", String(known.port)), ("security", known.security.rawValue),
            ("user", known.user ?? ""), ("sender", known.sender), ("name", known.senderName),
            ("certificate", known.certificate ?? ""),
        ])
    }
}
