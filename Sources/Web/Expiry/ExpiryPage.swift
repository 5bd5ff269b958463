import FoundationEssentials
import HTTP
import HTTPTypes
import Logging
import Orchestrator
import Postgres
import Storage

extension Site {
    func expiryPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await expiry(visit, me, Entries())
    }

    /// Search now, keep for another period, ask again: for one or for many.
    func expiryAction(_ visit: Visit, _ me: Me) async throws -> Response {
        let entries = try visit.entries(repeated: ["request"])
        let requests = entries.form.all("request").compactMap { Int64($0) }
        guard !requests.isEmpty else {
            let notice = Notice(kind: "error", text: "Tick at least one request.")
            return try await expiry(visit, me, Entries(), notice: notice, status: .unprocessableContent)
        }
        switch entries["action"] {
        case "keep":
            try await orchestrator.keep(requests, by: me.person)
            return visit.redirect(to: "/admin/expiry", saying: .kept)
        case "search", "ask":
            try await orchestrator.searchAll(requests, by: me.person)
            return visit.redirect(to: "/admin/expiry", saying: .searchingAll)
        default: throw PageError.badRequest("There is no such action.")
        }
    }

    func setExpiryLimits(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let days = ["movies", "shows", "games"].map { name in
            if entries[name].isEmpty { entries.refuse(name, "The number of days is missing.") }
            return entries.number(name, "The number of days", in: Self.expiryDays)
        }
        guard entries.areValid, let movies = days[0], let shows = days[1], let games = days[2] else {
            return try await expiry(visit, me, entries, status: .unprocessableContent)
        }
        try await write { connection in
            var settings = try await Settings.load(on: connection)
            (settings.movieExpiryDays, settings.showExpiryDays, settings.gameExpiryDays) = (movies, shows, games)
            try await settings.save(on: connection)
        }
        try await orchestrator.houseChanged(searchAgain: false)
        logger.notice("Expiry was changed", metadata: ["by": "\(me.id)"])
        return visit.redirect(to: "/admin/expiry", saying: .settingsSaved)
    }

    private static let expiryDays = 1...3650

    private func expiry(
        _ visit: Visit, _ me: Me, _ entries: Entries, notice: Notice? = nil, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let found = try await read { connection in
            (
                settings: try await Settings.load(on: connection),
                soon: try await RequestSummaries.expiring(seenBy: me.id, limit: 100, on: connection),
                expired: try await RequestSummaries.expired(seenBy: me.id, limit: 100, on: connection)
            )
        }
        func days(_ name: String, _ label: String, _ value: Int) -> Field {
            Field(
                number: name, label, entries, value: value, in: Self.expiryDays, hint: "Days without a search",
                isRequired: true)
        }
        return visit.page(
            ExpiryPage(
                page: visit.frame("Expiry", for: me, live: LiveAddress.path(downloads: [])), notice: notice,
                soon: found.soon.map { ExpiryRow($0, at: $0.expiresAt ?? visit.now, now: visit.now) },
                expired: found.expired.map { ExpiryRow($0, at: $0.changedAt, now: visit.now) },
                movies: days("movies", "Movies", found.settings.movieExpiryDays),
                shows: days("shows", "Shows", found.settings.showExpiryDays),
                games: days("games", "Games", found.settings.gameExpiryDays)),
            status: status)
    }
}

extension ExpiryRow {
    fileprivate init(_ request: RequestSummary, at: Date, now: Date) {
        self.init(
            request: String(request.id), href: "/requests/\(request.id)", title: request.title,
            kind: [request.kind.word, request.year.map(String.init)].compactMap(\.self).joined(separator: ", "),
            badge: StatusBadge(request.status), when: Times.relative(at, to: now), iso: Times.iso(at),
            why: Outlook(request, now: now).why, people: request.people.joined(separator: ", "))
    }
}
