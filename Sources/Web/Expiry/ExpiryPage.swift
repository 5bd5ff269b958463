import FoundationEssentials
import HTTP
import HTTPTypes
import Lifecycle
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    func expiryPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await expiry(visit, me, Self.expiryList(visit.request.query), Entries())
    }

    /// Search now, keep for another period, cancel: for one or for many.
    func expiryAction(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries(repeated: ["request"])
        let chosen = try Self.expiryList(Form.parse(entries["list"].utf8))
        guard let many = try entries.many() else {
            let notice = entries.error("request").map { Notice(kind: "error", text: $0) }
            return try await expiry(visit, me, chosen, Entries(), notice: notice, status: .unprocessableContent)
        }
        return visit.redirect(to: chosen.address, saying: try await carryOut(many, by: me))
    }

    /// What the days that were typed would do; nothing is changed.
    func previewExpiryLimits(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let days = entries.expiryDays()
        let status: HTTPResponse.Status = entries.areValid ? .ok : .unprocessableContent
        let preview = entries.areValid ? try await read { try await ExpiryPreview.load(days: days, on: $0) } : nil
        return try await expiry(visit, me, Self.expiryList(Form()), entries, preview: preview, status: status)
    }

    func setExpiryLimits(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let days = entries.expiryDays()
        guard let movies = days[.movie], let shows = days[.show], let games = days[.game] else {
            return try await expiry(
                visit, me, Self.expiryList(Form()), entries, status: .unprocessableContent)
        }
        try await write { connection in
            var settings = try await Settings.load(on: connection)
            (settings.movieExpiryDays, settings.showExpiryDays, settings.gameExpiryDays) = (movies, shows, games)
            try await settings.save(by: me.id, on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("Expiry was changed", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/expiry", saying: .settingsSaved)
    }

    private static func expiryList(_ query: Form) -> ListChoice {
        var chosen = ListChoice(query, on: "/admin/expiry", by: .expiry)
        // What expires has no other status, and no other order.
        (chosen.status, chosen.isAwaited) = (nil, false)
        if chosen.order != .expiry { chosen.part = .first(.expiry) }
        return chosen
    }

    private func expiry(
        _ visit: Visit, _ me: Me, _ chosen: ListChoice, _ entries: Entries, notice: Notice? = nil,
        preview: ExpiryPreview? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let found = try await read { connection in
            var expired = chosen.filter
            (expired.part, expired.isExpiring) = (.expired, false)
            return (
                settings: try await Settings.load(on: connection), people: try await Users.list(on: connection),
                soon: try await RequestListPart.load(chosen.part, of: chosen.filter, seenBy: me.id, on: connection),
                total: try await RequestSummaries.count(chosen.filter, on: connection),
                expired: try await RequestSummaries.list(expired, seenBy: me.id, limit: 100, on: connection)
            )
        }
        func days(_ name: String, _ label: String, _ value: Int) -> Field {
            Field(
                number: name, label, entries, value: value, in: Entries.expiryDays, hint: "Days without a search",
                isRequired: true)
        }
        return visit.page(
            ExpiryPage(
                page: visit.frame("Expiry", for: me, live: LiveAddress.path(downloads: [])), notice: notice,
                kinds: chosen.kindLinks, narrow: chosen.narrowForm(people: found.people, me), list: chosen.query,
                soon: found.soon.summaries.map { ExpiryRow($0, at: $0.expiresAt ?? visit.now, times: visit.times) },
                pagination: chosen.pagination(found.soon, of: found.total),
                expired: found.expired.map { ExpiryRow($0, at: $0.changedAt, times: visit.times) },
                movies: days("movies", "Movies", found.settings.movieExpiryDays),
                shows: days("shows", "Shows", found.settings.showExpiryDays),
                games: days("games", "Games", found.settings.gameExpiryDays),
                preview: preview.map { PreviewBlock($0, times: visit.times) }),
            status: status)
    }
}

extension Entries {
    static let expiryDays = 1...3650

    /// The days after which each kind expires; what is missing or wrong is noted.
    fileprivate mutating func expiryDays() -> [Kind: Int] {
        var days: [Kind: Int] = [:]
        for (kind, name) in [(Kind.movie, "movies"), (.show, "shows"), (.game, "games")] {
            if self[name].isEmpty { refuse(name, "The number of days is missing.") }
            days[kind] = number(name, "The number of days", in: Self.expiryDays)
        }
        return days
    }
}

extension PreviewBlock {
    fileprivate init(_ preview: ExpiryPreview, times: Times) {
        let atOnce = preview.atOnce
        let sentence =
            if preview.first.isEmpty {
                "Nothing that waits would expire earlier or later."
            } else if atOnce == 0 {
                "Nothing more would expire at once. Not saved yet; these would be the first:"
            } else {
                "\(atOnce > RequestSummaries.countLimit ? "More than \(RequestSummaries.countLimit)" : "\(atOnce)") "
                    + "\(atOnce == 1 ? "request" : "requests") would expire at once. Not saved yet; these would be the first:"
            }
        self.init(
            sentence: sentence,
            rows: preview.first.map { line in
                PreviewRow(
                    title: line.title, href: "/requests/\(line.request)", kind: line.kind.word,
                    isAt: times.relative(line.isAt),
                    wouldBeAt: line.wouldBeAt <= times.now ? "at once" : times.relative(line.wouldBeAt))
            })
    }
}

extension ExpiryRow {
    fileprivate init(_ request: RequestSummary, at: Date, times: Times) {
        self.init(
            request: String(request.id), href: "/requests/\(request.id)", title: request.title,
            kind: [request.kind.word, request.year.map(String.init)].compactMap(\.self).joined(separator: ", "),
            badge: StatusBadge(request.status), when: times.relative(at), iso: Times.iso(at),
            why: Outlook(request, now: times.now).why, people: request.people.joined(separator: ", "))
    }
}
