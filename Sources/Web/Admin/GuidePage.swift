import HTTP
import HTTPTypes
import Logging
import Metadata
import Orchestrator
import Postgres
import Releases
import Storage

extension Site {
    func guidePage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await guide(visit, me, Entries())
    }

    /// What the house likes: the settings that the guide asks for.
    func saveGuide(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries(repeated: ["quality", "format", "source"])
        let qualities = entries.choices("quality", "quality", of: Quality.self)
        let formats = entries.choices("format", "format", of: Format.self)
        let sources = entries.choices("source", "source", of: SourceID.self)
        let choosing = entries.choices("choosing", "way to choose", of: Choosing.self).first ?? .ask
        guard entries.areValid else { return try await guide(visit, me, entries, status: .unprocessableContent) }
        try await write { connection in
            var settings = try await Settings.load(on: connection)
            settings.defaultQualities = qualities
            settings.defaultFormats = formats
            settings.sources = Set(sources.filter { !$0.needsKey }.map(\.rawValue))
            settings.choosing = choosing
            try await settings.save(by: me.id, on: connection)
            // Also when all of it stays as it was: somebody has looked at it.
            try await Audit.add(.settings, "said what the house likes", by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        return visit.redirect(to: "/admin/guide", saying: .settingsSaved)
    }

    func closeGuide(_ visit: Visit, _ me: Me) async throws -> Response {
        try await write { try await Guide.close(on: $0) }
        return visit.redirect(to: "/")
    }

    private func guide(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (settings, indexers, guide, keys) = try await read {
            (
                try await Settings.load(on: $0), try await Indexers.list(on: $0), try await Guide.load(on: $0),
                try await SourceKeys.load(on: $0)
            )
        }
        let isFresh = entries.form.pairs.isEmpty
        let isFinished = !indexers.isEmpty && guide.areDefaultsSaid
        return visit.page(
            GuidePage(
                page: visit.frame("Setting up", for: me),
                finished: isFinished
                    ? Notice(kind: "success", text: "All that Usher needs is there. What shall it look for?") : nil,
                indexers: indexers.isEmpty ? nil : indexers.map(\.name).joined(separator: ", "),
                areDefaultsSaid: guide.areDefaultsSaid,
                qualities: ChoiceGroup(
                    qualities: isFresh ? Set(settings.defaultQualities.map(\.rawValue)) : entries.all("quality"),
                    error: entries.error("quality"), hint: "None ticked: any."),
                formats: ChoiceGroup(
                    formats: isFresh ? Set(settings.defaultFormats.map(\.rawValue)) : entries.all("format"),
                    error: entries.error("format"), hint: "None ticked: any."),
                choosing: ChoiceGroup(
                    choosing: isFresh ? settings.choosing : Choosing(rawValue: entries["choosing"]) ?? .ask,
                    minutes: settings.choosingMinutes, error: entries.error("choosing")),
                sources: ChoiceGroup(
                    sources: isFresh ? settings.sources : entries.all("source"), error: entries.error("source")),
                keys: keys.isEmpty
                    ? nil : keys.keys.compactMap { SourceID(rawValue: $0)?.name }.sorted().joined(separator: ", "),
                closing: ActionForm(
                    action: "/admin/guide/closing", label: isFinished ? "Done" : "Put this guide away",
                    csrf: visit.csrf,
                    style: isFinished ? "primary" : "quiet")),
            status: status)
    }
}
