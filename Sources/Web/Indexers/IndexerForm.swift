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
        let indexer = try await indexer(visit)
        let asks = try await read { try await IndexerAsks.latest(of: indexer.id, limit: 20, on: $0) }
        return indexerForm(visit, me, indexer, Entries(IndexerDraft(indexer).form), asks: asks)
    }

    /// Asks the indexer that the form describes, and shows the form again with its answer. Nothing is kept.
    func testIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.indexerEntries()
        let known = try await knownIndexer(entries["indexer"])
        guard let draft = IndexerDraft(&entries, known) else {
            return indexerForm(visit, me, known, entries, status: .unprocessableContent)
        }
        return await testedForm(visit, me, known, entries, draft)
    }

    /// The same of an indexer as it is stored.
    func testStoredIndexer(_ visit: Visit, _ me: Me) async throws -> Response {
        let indexer = try await indexer(visit)
        let draft = IndexerDraft(indexer)
        return await testedForm(visit, me, indexer, Entries(draft.form), draft)
    }

    private func testedForm(
        _ visit: Visit, _ me: Me, _ known: Indexer?, _ entries: Entries, _ draft: IndexerDraft
    ) async -> Response {
        var entries = entries
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
        try await saveIndexer(visit, me, try await indexer(visit))
    }

    /// The indexer that the address names.
    private func indexer(_ visit: Visit) async throws -> Indexer {
        let id = try visit.parameters.integer("id")
        guard let known = try await read({ try await Indexers.find(id, on: $0) }) else { throw NotFound() }
        return known
    }

    private func saveIndexer(_ visit: Visit, _ me: Me, _ known: Indexer?) async throws -> Response {
        var entries = try visit.indexerEntries()
        guard let draft = IndexerDraft(&entries, known) else {
            return indexerForm(visit, me, known, entries, status: .unprocessableContent)
        }
        // One that does not answer now may do so tomorrow: it is saved when whoever saves it insists.
        if draft.settings.enabled, entries["anyway"] != "yes" {
            let report = await test(draft)
            if !report.isGood {
                entries.refuse(report.isAboutKey ? "key" : "url", report.sentence)
                return indexerForm(visit, me, known, entries, offersAnyway: true, status: .unprocessableContent)
            }
        }
        do {
            try await write { connection in
                if let known {
                    guard try await Indexers.update(known.id, draft.settings, on: connection) else { throw NotFound() }
                } else {
                    _ = try await Indexers.add(draft.settings, on: connection)  // its page is found in the list
                }
                let verb = known == nil ? "added" : "changed"
                let sentence = "\(verb) the indexer “\(draft.settings.name)”"
                try await Audit.add(.indexers, sentence, by: me.id, on: connection)
            }
        } catch let error as PostgresError where error.isUniqueViolation(constraint: "indexers_name") {
            entries.refuse("name", "There is an indexer of that name already.")
            return indexerForm(visit, me, known, entries, status: .unprocessableContent)
        }
        try await orchestrator.houseChanged(searchAgain: draft.settings.enabled)
        logger.notice("An indexer was saved", metadata: ["name": "\(draft.settings.name)", "by": "\(me.id)"])
        return visit.redirect(to: "/admin/indexers", saying: .indexerSaved)
    }

    /// What the indexer answers. Somebody waits for the page, so not for as long as a search would.
    private func test(_ draft: IndexerDraft) async -> IndexerAnswerToTest {
        await withTaskGroup(of: IndexerAnswerToTest?.self) { tasks in
            tasks.addTask {
                let report = await orchestrator.test(url: draft.settings.url, apiKey: draft.apiKey)
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
        _ visit: Visit, _ me: Me, _ known: Indexer?, _ entries: Entries, asks: [IndexerAsk] = [],
        notice: Notice? = nil, offersAnyway: Bool = false, status: HTTPResponse.Status = .ok
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
                    hint: known?.settings.apiKey == nil ? nil : "There is one. Leave this empty to keep it.",
                    autocomplete: "off"),
                priority: Field(
                    number: "priority", "Priority", entries, value: 25, in: 1...50,
                    hint: "From 1 to 50; of two equal releases the one from the lower number is taken."),
                kinds: ChoiceGroup(
                    name: "kind", legend: "Searched for",
                    options: Kind.allCases.map { kind in
                        Option(
                            value: kind.rawValue, label: kind.plural,
                            isSelected: known == nil && entries.form.pairs.isEmpty
                                || entries.all("kind").contains(kind.rawValue))
                    }, error: entries.error("kind")),
                seeders: Field(
                    number: "seeders", "Fewest seeders", entries, in: 0...10_000,
                    hint: "A release from here that is known to have fewer is not accepted. "
                        + "Empty: as the house's settings say."),
                hourly: Field(
                    number: "hourly", "Questions an hour", entries, in: 1...100_000,
                    hint: "Some indexers count. Empty: as many as there are."),
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
                }, abilities: known.map(IndexerAbilities.init) ?? nil,
                asks: asks.map { IndexerAskRow($0, times: visit.times) }),
            status: status)
    }
}

private struct IndexerAnswerToTest: Sendable {
    var isGood: Bool
    var sentence: String
    var isAboutKey: Bool
}

extension Visit {
    fileprivate func indexerEntries() throws -> Entries { try entries(repeated: ["kind"]) }
}
