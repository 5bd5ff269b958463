import HTTP
import HTTPTypes
import Lifecycle
import Metadata
import Orchestrator
import Postgres
import Releases
import Storage

extension Site {
    func newRequestPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let query = visit.request.query
        guard let kind = query["kind"].flatMap(Kind.init) else {
            return visit.page(NewRequestPage(page: visit.frame("What would you like?", for: me)))
        }
        let found = try await orchestrator.foundTitle(query.all("found").compactMap(WorkReference.init))
        if kind == .show, found == nil, query["by"] != "hand" { return visit.redirect(to: "/search?kind=show") }
        try await refuse(found, to: me)
        let entries = found.map { Entries(Form($0.entries)) } ?? Entries(query)
        return try await askForm(visit, me, kind, entries, key: FormKey.make())
    }

    func ask(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries(
            repeated: ["quality", "format", "platform", "genre", "season", "episode", "found"])
        let key = try FormKey.of(entries)
        guard let kind = Kind(rawValue: entries["kind"]) else { throw PageError.badRequest("There is no such kind.") }
        let wish = Wish(kind, &entries, times: visit.times)
        var notice: Notice?
        do {
            if let wish {
                let asked = try await orchestrator.ask(wish, by: me.person, key: key)
                let flash: Flash =
                    switch asked.outcome {
                    case .joined: .joined
                    case .awaiting: .awaited
                    case .made, .repeated: .asked
                    }
                return visit.redirect(to: "/requests/\(asked.request)", saying: flash)
            }
        } catch CommandError.invalid(let field, let sentence) {
            entries.refuse(field, sentence)
        } catch CommandError.usedUp(let sentence), CommandError.tooOld(let sentence) {
            notice = Notice(kind: "error", text: sentence)
        } catch CommandError.away(let sentence) {
            return searchAway(visit, me, sentence)
        }
        return try await askForm(visit, me, kind, entries, key: key, notice: notice, status: .unprocessableContent)
    }

    /// - Throws: ``CommandError/tooOld(sentence:)`` when a title that was looked up is kept from them.
    func refuse(_ found: Match?, to me: Me) async throws {
        guard let limit = me.user.ageLimit, let found else { return }
        if let sentence = limit.refusal(of: try await orchestrator.age(of: found)) {
            throw CommandError.tooOld(sentence: sentence)
        }
    }

    /// The form for a kind, with what was typed and what is wrong with it.
    private func askForm(
        _ visit: Visit, _ me: Me, _ kind: Kind, _ entries: Entries, key: String, notice: Notice? = nil,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let tastes = try await tastes(entries, kind)
        let notice = if let notice { notice } else { try await quotaNotice(me, kind) }
        let about = try await about(entries, me)
        let estimate = try await estimate(kind, entries, in: tastes.ticked)
        let asked = try await asked(kind, entries, me)
        switch kind {
        case .movie:
            return visit.page(
                MovieFormPage(
                    page: visit.frame("Ask for a movie", for: me), key: key, notice: notice, asked: asked,
                    about: about,
                    title: .title(entries),
                    year: Field(
                        "year", "Year", entries, hint: "The year it came out; it tells a movie from its namesakes.",
                        isRequired: true),
                    qualities: tastes.qualities, formats: tastes.formats, choosing: tastes.choosing,
                    note: .note(entries), demands: tastes.demands, estimate: estimate), status: status)
        case .game:
            let each = entries["each"] == "yes"
            return visit.page(
                GameFormPage(
                    page: visit.frame("Ask for a game", for: me), key: key, notice: notice, asked: asked,
                    about: about,
                    title: .title(entries),
                    year: Field("year", "Year", entries),
                    platforms: ChoiceGroup(platforms: entries.all("platform"), error: entries.error("platform")),
                    each: ChoiceGroup(
                        name: "each", legend: "Several platforms",
                        options: [
                            Option(
                                value: "no", label: "Any of these platforms", isSelected: !each,
                                hint: "One of them will do"),
                            Option(
                                value: "yes", label: "Each of them", isSelected: each, hint: "All of them are wanted"),
                        ], type: "radio", error: entries.error("each")),
                    genres: ChoiceGroup(genres: entries.all("genre"), error: entries.error("genre")),
                    choosing: tastes.choosing, note: .note(entries), demands: tastes.demands, estimate: estimate),
                status: status)
        case .show:
            if let id = Int(entries["tvmaze"]) {
                return try await showPick(visit, me, id, entries, key: key, notice: notice, status: status)
            }
            return visit.page(
                ShowHandPage(
                    page: visit.frame("Ask for a show", for: me), key: key, notice: notice, asked: asked,
                    about: about,
                    title: .title(entries),
                    year: Field("year", "Year", entries, hint: "The year it began."),
                    seasons: Field(
                        "seasons", "Episodes in each season", entries,
                        hint: "One number a season, from the first: 10, 8, 8. Or with the season: 3: 10, 4: 8.",
                        isRequired: true, placeholder: "10, 8, 8"),
                    qualities: tastes.qualities, formats: tastes.formats, choosing: tastes.choosing,
                    note: .note(entries), demands: tastes.demands, estimate: estimate), status: status)
        }
    }

    /// What is left of the person's quota, for those who have one.
    func quotaNotice(_ me: Me, _ kind: Kind) async throws -> Notice? {
        try await read { try await Allowance.load(for: me.id, on: $0) }?.sentence(for: kind)
            .map { Notice(kind: "info", text: $0) }
    }

    /// What a form is about whose title was looked up.
    private func about(_ entries: Entries, _ me: Me) async throws -> AboutTitle? {
        let references = entries.form.all("found")
        guard let found = try await orchestrator.foundTitle(references.compactMap(WorkReference.init)) else {
            return nil
        }
        try await refuse(found, to: me)
        return AboutTitle(found)
    }

    /// Qualities, formats and who chooses: as ticked, or as the house ticks them beforehand; and what else is asked.
    func tastes(
        _ entries: Entries, _ kind: Kind
    ) async throws -> (
        ticked: Set<Quality>, qualities: ChoiceGroup, formats: ChoiceGroup, choosing: ChoiceGroup, demands: DemandFields
    ) {
        var qualities = entries.all("quality")
        var formats = entries.all("format")
        let (settings, seen) = try await read {
            (try await Settings.load(on: $0), try await SeenSizes.list(of: kind, on: $0))
        }
        if entries["key"].isEmpty {
            qualities = Set(settings.defaultQualities.map(\.rawValue))
            formats = Set(settings.defaultFormats.map(\.rawValue))
        }
        let hint = "None ticked: any will do."
        return (
            Set(qualities.compactMap(Quality.init)),
            ChoiceGroup(
                qualities: qualities, error: entries.error("quality"), hint: hint,
                sizes: SizeEstimates(kind, seen: seen)),
            ChoiceGroup(formats: formats, error: entries.error("format"), hint: hint),
            ChoiceGroup(
                choosing: Choosing(rawValue: entries["choosing"]) ?? settings.choosing,
                minutes: settings.choosingMinutes, error: entries.error("choosing")),
            DemandFields(entries, Demands(), settings)
        )
    }
}

extension Field {
    fileprivate static func title(_ entries: Entries) -> Field {
        Field("title", "Title", entries, isRequired: true, isFocused: entries["title"].isEmpty, autocomplete: "off")
    }
}
