import HTTP
import HTTPServer
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage
import Torznab

extension Site {
    func newIndexerPage(_ visit: Visit, _ me: Me) async throws -> Response {
        indexerForm(visit, me, nil, Entries())
    }

    func indexerPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        guard let indexer = try await read({ try await Indexers.find(id, on: $0) }) else { throw NotFound() }
        return indexerForm(visit, me, indexer, Entries(IndexerDraft(indexer).form))
    }

    /// Asks the indexer that the form describes, and shows the form again with its answer. Nothing is kept.
    func testIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let known = try await knownIndexer(entries["indexer"])
        guard let draft = IndexerDraft(&entries, known) else {
            return indexerForm(visit, me, known, entries, status: .unprocessableContent)
        }
        let report = await test(draft)
        let notice = Notice(kind: report.isGood ? "success" : "error", text: report.sentence)
        if !report.isGood { entries.refuse(report.isAboutKey ? "key" : "url", report.sentence) }
        return indexerForm(
            visit, me, known, entries, notice: notice, status: report.isGood ? .ok : .unprocessableContent)
    }

    func addIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        try await saveIndexer(visit, me, nil)
    }

    func changeIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        guard let known = try await read({ try await Indexers.find(id, on: $0) }) else { throw NotFound() }
        return try await saveIndexer(visit, me, known)
    }

    private func saveIndexer(_ visit: Visit, _ me: Me, _ known: Indexer?) async throws -> Response {
        var entries = try visit.entries()
        guard let draft = IndexerDraft(&entries, known) else {
            return indexerForm(visit, me, known, entries, status: .unprocessableContent)
        }
        // One that does not answer now may do so tomorrow: it is saved when whoever saves it insists.
        if draft.isEnabled, entries["anyway"] != "yes" {
            let report = await test(draft)
            if !report.isGood {
                entries.refuse(report.isAboutKey ? "key" : "url", report.sentence)
                return indexerForm(visit, me, known, entries, offersAnyway: true, status: .unprocessableContent)
            }
        }
        do {
            try await write { connection in
                if let known {
                    guard
                        try await Indexers.update(
                            known.id, name: draft.name, url: draft.url, apiKey: draft.typedKey,
                            priority: draft.priority, enabled: draft.isEnabled, on: connection)
                    else { throw NotFound() }
                } else {
                    let id = try await Indexers.add(
                        name: draft.name, url: draft.url, apiKey: draft.typedKey, priority: draft.priority,
                        on: connection)
                    if !draft.isEnabled {
                        _ = try await Indexers.update(
                            id, name: draft.name, url: draft.url, apiKey: nil, priority: draft.priority,
                            enabled: false, on: connection)
                    }
                }
            }
        } catch let error as PostgresError where error.isUniqueViolation(constraint: "indexers_name") {
            entries.refuse("name", "There is an indexer of that name already.")
            return indexerForm(visit, me, known, entries, status: .unprocessableContent)
        }
        try await orchestrator.houseChanged(searchAgain: draft.isEnabled)
        logger.notice("An indexer was saved", metadata: ["name": "\(draft.name)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/indexers", saying: .indexerSaved)
    }

    /// What the indexer answers. Somebody waits for the page, so not for as long as a search would.
    private func test(_ draft: IndexerDraft) async -> IndexerAnswerToTest {
        await withTaskGroup(of: IndexerAnswerToTest?.self) { tasks in
            tasks.addTask {
                let report = await orchestrator.test(url: draft.url, apiKey: draft.apiKey)
                return IndexerAnswerToTest(
                    isGood: report.isGood, sentence: report.sentence,
                    isAboutKey: report.sentence == TorznabError.wrongKey.sentence)
            }
            tasks.addTask {
                // Cancelled when the indexer was faster.
                do { try await Task.sleep(for: indexerPatience) } catch { return nil }
                return IndexerAnswerToTest(
                    isGood: false, sentence: "It did not answer within \(indexerPatience.components.seconds) seconds.",
                    isAboutKey: false)
            }
            defer { tasks.cancelAll() }
            for await answer in tasks {
                if let answer { return answer }
            }
            return IndexerAnswerToTest(isGood: false, sentence: "It did not answer.", isAboutKey: false)
        }
    }

    private func knownIndexer(_ id: String) async throws -> Indexer? {
        guard !id.isEmpty else { return nil }
        guard let id = Int64(id), let known = try await read({ try await Indexers.find(id, on: $0) }) else {
            throw NotFound()
        }
        return known
    }

    private func indexerForm(
        _ visit: Visit, _ me: Me, _ known: Indexer?, _ entries: Entries, notice: Notice? = nil,
        offersAnyway: Bool = false, status: HTTPResponse.Status = .ok
    ) -> Response {
        let isEnabled = entries["enabled"] != "no"
        let path = known.map { "/admin/indexers/\($0.id)" }
        return visit.page(
            IndexerPage(
                page: visit.frame(known?.name ?? "Add an indexer", for: me), notice: notice,
                action: path ?? "/admin/indexers", id: known.map { String($0.id) } ?? "",
                name: Field("name", "Name", entries, isRequired: true, isFocused: known == nil, autocomplete: "off"),
                url: Field(
                    "url", "Address", entries, type: "text",
                    hint: "Its Torznab address, as Jackett and Prowlarr show it; with or without /api at its end.",
                    isRequired: true, autocomplete: "off", placeholder: "http://localhost:9117/api/v2.0/indexers/…"),
                apiKey: Field(
                    "key", "API key", entries, type: "password",
                    hint: known?.apiKey == nil ? nil : "There is one. Leave this empty to keep it.",
                    autocomplete: "off"),
                priority: Field(
                    number: "priority", "Priority", entries, value: 25, in: 1...50,
                    hint: "From 1 to 50; of two equal releases the one from the lower number is taken."),
                enabled: ChoiceGroup(
                    name: "enabled", legend: "Searched",
                    options: [
                        Option(value: "yes", label: "Yes", isSelected: isEnabled),
                        Option(value: "no", label: "No", isSelected: !isEnabled),
                    ], type: "radio"),
                anyway: offersAnyway
                    ? ChoiceGroup(
                        name: "anyway", legend: "It does not answer as it should",
                        options: [Option(value: "yes", label: "Save it all the same")]) : nil,
                remove: path.map {
                    ActionForm(
                        action: "\($0)/deletion", label: "Remove", csrf: visit.csrf, style: "danger",
                        confirm: "Remove this indexer? What it found stays in the history.")
                }),
            status: status)
    }
}

private struct IndexerAnswerToTest: Sendable {
    var isGood: Bool
    var sentence: String
    var isAboutKey: Bool
}

/// An indexer as a form describes it.
private struct IndexerDraft {
    var name: String
    var url: String
    /// The key that was typed; nil leaves the one that is stored.
    var typedKey: String?
    /// The key to ask with.
    var apiKey: String?
    var priority: Int
    var isEnabled: Bool

    /// Nil when something is wrong with it, which is then noted in `entries`.
    init?(_ entries: inout Entries, _ known: Indexer?) {
        name = entries.line("name", "The name", atMost: 100)
        url = entries.line("url", "The address", atMost: 2000)
        typedKey = entries["key"].isEmpty ? nil : entries["key"]
        // The stored key goes to the address that it belongs to, and to no other.
        apiKey = typedKey ?? (known?.url == url ? known?.apiKey : nil)
        priority = entries.number("priority", "The priority", in: 1...50) ?? known?.priority ?? 25
        isEnabled = entries["enabled"] != "no"
        if known?.apiKey != nil, typedKey == nil, known?.url != url, entries.error("url") == nil {
            entries.refuse("key", "The address has changed: type the key again.")
        }
        do {
            _ = try Endpoint(url: url, apiKey: apiKey)
        } catch {
            entries.refuse("url", error.sentence)
        }
        guard entries.areValid else { return nil }
    }

    init(_ indexer: Indexer) {
        name = indexer.name
        url = indexer.url
        priority = indexer.priority
        isEnabled = indexer.enabled
    }

    /// What its form shows; never the key.
    var form: Form {
        Form([("name", name), ("url", url), ("priority", String(priority)), ("enabled", isEnabled ? "yes" : "no")])
    }
}
