import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Metadata
import Orchestrator
import Postgres
import Storage

extension Site {
    func sourcesPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let known = try await read { try await SourceKeys.load(on: $0) }
        return sourcesPage(visit, me, known)
    }

    func saveSourceKey(_ visit: Visit, _ me: Me) async throws -> Response {
        let (source, entries, known, draft) = try await draft(visit)
        guard let draft else { return sourcesPage(visit, me, known, entries, status: .unprocessableContent) }
        try await write { connection in
            try await SourceKeys.save(
                SourceKeys.Key(client: draft.client, secret: draft.secret), of: source.rawValue, on: connection)
            try await Audit.add(.settings, "gave the house a key of \(source.name)", by: me.id, on: connection)
        }
        logger.notice("The key of a source was changed", metadata: ["source": "\(source)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/sources", saying: .settingsSaved)
    }

    /// Asks the source whether it takes the key of the form, and shows the form again with what it said. Nothing is kept.
    func testSourceKey(_ visit: Visit, _ me: Me) async throws -> Response {
        let (source, entries, known, draft) = try await draft(visit)
        guard let draft, let answer = await orchestrator.test(draft, of: source) else {
            return sourcesPage(visit, me, known, entries, status: .unprocessableContent)
        }
        return sourcesPage(
            visit, me, known, entries,
            notice: Notice(kind: answer.isGood ? "success" : "error", text: answer.sentence),
            status: answer.isGood ? .ok : .unprocessableContent)
    }

    func removeSourceKey(_ visit: Visit, _ me: Me) async throws -> Response {
        let source = try keyedSource(visit)
        try await write { connection in
            try await SourceKeys.remove(of: source.rawValue, on: connection)
            try await Audit.add(.settings, "took the key of \(source.name) away", by: me.id, on: connection)
        }
        return visit.redirect(to: "/admin/sources", saying: .settingsSaved)
    }

    private func keyedSource(_ visit: Visit) throws -> SourceID {
        guard let source = visit.parameters["source"].flatMap(SourceID.init), source.needsKey else {
            throw CommandError.notFound
        }
        return source
    }

    /// The key that the form describes; nil when something is wrong with it, which is then noted in the entries. The
    /// stored secret goes with the client that it belongs to, and with no other.
    private func draft(
        _ visit: Visit
    ) async throws -> (SourceID, Entries, known: [String: SourceKeys.Key], SourceKey?) {
        let source = try keyedSource(visit)
        var entries = try visit.entries()
        let known = try await read { try await SourceKeys.load(on: $0) }
        var client: String?
        if source == .igdb { client = entries.line("igdb-client", "The client ID", atMost: 500) }
        let name = "\(source.rawValue)-secret"
        var secret = entries.exactly(name).trimmed
        if secret.isEmpty, let stored = known[source.rawValue], stored.client == client { secret = stored.secret }
        if secret.isEmpty {
            entries.refuse(name, "This is missing.")
        } else if secret.utf8.count > 2000 || !secret.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) {
            entries.refuse(name, "This is no key: it has spaces, or characters that no key has.")
        }
        return (source, entries, known, entries.areValid ? SourceKey(client: client, secret: secret) : nil)
    }

    private func sourcesPage(
        _ visit: Visit, _ me: Me, _ known: [String: SourceKeys.Key], _ entries: Entries = Entries(),
        notice: Notice? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        visit.page(
            SourcesPage(
                page: visit.frame("Sources", for: me), notice: notice,
                sources: SourceID.allCases.filter(\.needsKey).map { source in
                    KeyedSourceSection(source, known[source.rawValue], entries, csrf: visit.csrf)
                }), status: status)
    }
}

extension KeyedSourceSection {
    fileprivate init(_ source: SourceID, _ known: SourceKeys.Key?, _ entries: Entries, csrf: String) {
        let id = source.rawValue
        let keep = known == nil ? nil : "There is one. Leave this empty to keep it."
        let secret = Field(
            "\(id)-secret", source == .igdb ? "Client secret" : "API key, or API read access token", entries,
            type: "password", hint: keep, autocomplete: "off")
        let client = Field(
            name: "igdb-client", label: "Client ID", value: entries.form["igdb-client"] ?? known?.client ?? "",
            error: entries.error("igdb-client"), autocomplete: "off")
        self.init(
            id: id, name: source.name, about: source.hint,
            where: source == .igdb ? "Register an application at Twitch" : "Get a key at TMDB",
            href: source == .igdb
                ? "https://dev.twitch.tv/console/apps" : "https://www.themoviedb.org/settings/api",
            state: known == nil ? "There is no key: it is not asked." : "There is a key: it is asked.",
            statement: source.statement,
            fields: source == .igdb ? [client, secret] : [secret],
            remove: known == nil
                ? nil
                : ActionForm(
                    action: "/admin/sources/\(id)/deletion", label: "Take the key of \(source.name) away", csrf: csrf,
                    style: "danger", confirm: "Take the key away? \(source.name) is not asked any more."))
    }
}
