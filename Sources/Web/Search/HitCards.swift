import HTTP
import Lifecycle
import Metadata
import Orchestrator
import Storage

extension HitCard {
    /// A title that sources know. It leads to the form that asks for it, or to the request that is there.
    init(_ match: Match, known: KnownTitle?, query: TitleQuery) {
        let kind = match.kind.stored
        let form = match.form(season: query.season, episode: query.episode)
        let request = known.map { "/requests/\($0.request)" }
        // An episode is asked for in the form, whatever else of the show is there.
        let leadsToForm = request == nil || (kind == .show && query.season != nil)
        let more = HitLink(href: form, label: "Ask for more of it")
        self.init(
            href: leadsToForm ? form : request ?? form, title: match.name, year: match.year.map(String.init),
            kind: kind.word, poster: Poster(kind: kind, picture: match.pictured?.pictureSource?.key),
            line: match.details.isEmpty ? nil : match.details.prefix(4).joined(separator: ", "),
            summary: match.summary.map(Self.shortened), badge: known.map { StatusBadge($0.status) },
            people: known.flatMap { $0.people.isEmpty ? nil : "for \($0.people.joined(separator: ", "))" },
            other: request.flatMap { request in
                leadsToForm ? HitLink(href: request, label: "See the request") : kind == .show ? more : nil
            })
    }

    /// A request of the house.
    init(_ request: RequestSummary) {
        self.init(
            href: "/requests/\(request.id)", title: request.title, year: request.year.map(String.init),
            kind: request.kind.word, poster: Poster(kind: request.kind, picture: request.picture),
            badge: StatusBadge(request.status),
            people: request.people.isEmpty ? nil : "for \(request.people.joined(separator: ", "))")
    }

    private static func shortened(_ text: String) -> String {
        text.count > 160 ? "\(text.prefix(160).trimmed)…" : text
    }
}

extension AboutTitle {
    init(_ match: Match) {
        let sources = match.works.map(\.source.name)
        self.init(
            poster: Poster(kind: match.kind.stored, picture: match.pictured?.pictureSource?.key),
            line: (match.details + [match.runtime.map { Times.runtime($0, kind: match.kind.stored) }].compactMap(\.self)
                + [
                    "as \(sources.joined(separator: " and ")) \(sources.count > 1 ? "know" : "knows") it"
                ])
                .joined(separator: ", "),
            summary: match.summary, found: match.references)
    }
}

extension Work.Kind {
    /// The same, as it is stored.
    var stored: Kind {
        switch self {
        case .movie: .movie
        case .show: .show
        case .game: .game
        }
    }
}

extension Match {
    /// What a form says so that the title is found again.
    var references: [String] { works.map { "\($0.source.rawValue):\($0.id)" } }

    /// What the form begins with.
    var entries: [(String, String)] {
        [("title", name)] + (year.map { [("year", String($0))] } ?? [])
            + (seasons.map { [("seasons", $0)] } ?? []) + references.map { ("found", $0) }
    }

    /// How many episodes each season has, as the form of a show takes it: "1: 10, 2: 8".
    private var seasons: String? {
        works.lazy.compactMap(\.seasons).first?.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
            .joined(separator: ", ")
    }

    /// The address of the form that asks for it.
    func form(season: Int?, episode: Int?) -> String {
        guard let show = id(at: .tvmaze) else {
            let pairs = [("kind", kind.rawValue)] + references.map { ("found", $0) }
            return "/requests/new?\(Form(pairs).encoded())"
        }
        let address = "/requests/new/show/\(show)"
        guard let season else { return address }
        guard let episode else { return "\(address)?season=\(season)" }
        return "\(address)?episode=\(Lifecycle.EpisodeNumber(season: season, number: episode).code)"
    }

    /// What to look for among the household's titles: as a source's number, or as it would have been typed in.
    var sought: KnownTitles.Sought {
        KnownTitles.Sought(
            kind: kind.stored,
            identities: works.map { "\($0.source.rawValue):\($0.id)" } + [TitleIdentity.typed(name, year: year)],
            ids: ids)
    }
}
