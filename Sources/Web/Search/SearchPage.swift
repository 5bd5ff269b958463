import FoundationEssentials
import HTTP
import HTTPServer
import HTTPTypes
import Metadata
import Orchestrator
import Postgres
import Storage

extension Site {
    /// Titles of all kinds, or of one, for what was typed.
    func searchPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let search = TitleSearch(visit)
        let found = try await find(search, me, within: sourcePatience)
        return searchPage(visit, me, search, found)
    }

    /// The search page for somebody whom a source's silence kept from going on.
    func searchAway(_ visit: Visit, _ me: Me, _ sentence: String) -> Response {
        let found = FoundHits(notices: [Notice(kind: "error", text: sentence)])
        return searchPage(visit, me, TitleSearch(visit), found, status: .serviceUnavailable)
    }

    private func searchPage(
        _ visit: Visit, _ me: Me, _ search: TitleSearch, _ found: FoundHits, status: HTTPResponse.Status = .ok
    ) -> Response {
        visit.page(
            SearchPage(
                page: visit.frame("Search", for: me, search: search.text), query: search.text,
                kind: search.kind?.rawValue, isFresh: search.text.isEmpty, kinds: search.kindLinks,
                notices: found.notices, hits: found.hits, nothing: search.nothing(found), byHand: search.byHand,
                requests: search.text.isEmpty
                    ? nil
                    : HitLink(
                        href: "/requests?\(Form([("q", search.query.title)]).encoded())",
                        label: "Look among the requests"),
                sources: found.sources), status: status)
    }

    /// The first of them, as a part of a page, while somebody types.
    func suggestions(_ visit: Visit, _ me: Me) async throws -> Response {
        let search = TitleSearch(visit)
        // Whoever is late is asked for once more by the page itself.
        let found = try await find(search, me, within: sourcePatience / 2)
        let count = found.hits.count
        let said =
            count == 0 && !found.notices.isEmpty
            ? "Not everybody could be asked" : "All \(Times.count(count, "result"))"
        return visit.page(
            Suggestions(
                said: count == 0 && found.notices.isEmpty ? "Nothing so far" : said,
                hits: Array(found.hits.prefix(8)), notices: found.notices, all: search.address(search.kind),
                sources: found.sources, isGrowing: found.isGrowing))
    }

    private func find(_ search: TitleSearch, _ me: Me, within patience: Duration) async throws -> FoundHits {
        guard !search.text.isEmpty else { return FoundHits() }
        let results = try await orchestrator.findTitles(
            search.query, within: patience, under: me.user.ageLimit)
        let matches = results.matches.filter { search.kind == nil || $0.kind.rawValue == search.kind?.rawValue }
        let (known, own) = try await read { connection in
            let filter = RequestSummaries.Filter(
                kind: search.kind, text: search.query.title, ageLimit: me.user.ageLimit)
            return (
                try await KnownTitles.find(matches.map(\.sought), on: connection),
                try await RequestSummaries.list(filter, seenBy: me.id, limit: 6, on: connection)
            )
        }
        // What the house knows of its age, sources may not.
        let shown = matches.enumerated().filter { index, _ in
            guard let title = known[index] else { return true }
            return me.user.ageLimit?.allows(title.age) ?? true
        }
        // What the house asked for under a name of its own, and no source has found.
        let others = own.filter { summary in
            search.fits(summary) && !known.values.contains { $0.request == summary.id }
        }
        return FoundHits(
            hits: others.map(HitCard.init)
                + shown.map { HitCard($1, known: known[$0], query: search.query) },
            notices: results.troubles.filter { search.concerns($0.source) }.map { Notice($0, kind: search.kind) },
            sources: Set(matches.flatMap(\.works).map(\.source)).sorted { $0.rawValue < $1.rawValue }
                .compactMap { SourceLink($0, page: $0.home) },
            isGrowing: results.troubles.contains { $0.isLate && search.concerns($0.source) })
    }
}

/// What there is to show for a search.
struct FoundHits: Sendable {
    var hits: [HitCard] = []
    var notices: [Notice] = []
    var sources: [SourceLink] = []
    /// Whether more may come in a moment.
    var isGrowing = false
}

/// What somebody looks for, as the address says it.
struct TitleSearch: Sendable {
    let text: String
    let kind: Kind?
    let query: TitleQuery

    init(_ visit: Visit) {
        text = String((visit.request.query["q"] ?? "").trimmed.prefix(200))
        kind = visit.request.query["kind"].flatMap(Kind.init)
        query = TitleQuery(text, now: visit.times.year)
    }

    func concerns(_ source: SourceID) -> Bool { kind == nil || source.kinds.contains { $0.rawValue == kind?.rawValue } }

    /// Whether a request that has the words may be meant by the year.
    func fits(_ request: RequestSummary) -> Bool {
        guard let year = query.year, let own = request.year else { return true }
        return own == year || request.title.contains(String(year))
    }

    var kindLinks: [FilterLink] {
        [FilterLink(href: address(nil), label: "All", isCurrent: kind == nil)]
            + Kind.allCases.map { FilterLink(href: address($0), label: $0.plural, isCurrent: kind == $0) }
    }

    func address(_ kind: Kind?) -> String {
        "/search?" + Form([("q", text)] + (kind.map { [("kind", $0.rawValue)] } ?? [])).encoded()
    }

    /// The forms in which what no source knows is typed in.
    var byHand: [HitLink] {
        Kind.allCases.filter { kind == nil || $0 == kind }.map { kind in
            var pairs = [("kind", kind.rawValue)]
            if kind == .show { pairs.append(("by", "hand")) }
            if !query.title.isEmpty { pairs.append(("title", query.title)) }
            if let year = query.year { pairs.append(("year", String(year))) }
            return HitLink(
                href: "/requests/new?\(Form(pairs).encoded())", label: "Type a \(kind.word.lowercased()) in by hand")
        }
    }

    func nothing(_ found: FoundHits) -> EmptyState? {
        guard found.hits.isEmpty, !text.isEmpty else { return nil }
        // Who could not be asked may know it.
        guard found.notices.isEmpty else { return nil }
        return EmptyState(
            icon: "search", title: "Nothing is called so",
            text: "Try fewer words, or another spelling. What nobody knows can be typed in by hand.")
    }
}

extension Notice {
    /// Says what cannot be looked up, and why.
    fileprivate init(_ trouble: SourceTrouble, kind: Kind?) {
        let kinds = trouble.source.kinds.compactMap { Kind(rawValue: $0.rawValue) }
            .filter { kind == nil || $0 == kind }.map { $0.plural.lowercased() }.joined(separator: " and ")
        let loss =
            trouble.isBridged
            ? "What it said earlier is shown." : "\(kinds.prefix(1).uppercased())\(kinds.dropFirst()) may be missing."
        self.init(kind: "warning", text: "\(trouble.sentence) \(loss)")
    }
}

extension SourceLink {
    /// To a page of a source; nil where that is no place to send people to.
    init?(_ source: SourceID, page: String) {
        guard page.hasPrefix("https://") else { return nil }
        self.init(name: source.name, href: page, licence: source.licence, statement: source.statement)
    }
}
