import FoundationEssentials
import HTTP
import HTTPServer
import Orchestrator
import Storage

extension Site {
    private static let searchesPerPage = 20

    /// The searches of a request, for whoever wonders why it is not there yet.
    func searchesPage(_ visit: Visit, _ me: Me) async throws -> Response {
        let id = try visit.parameters.integer("id")
        let before = visit.request.query["before"].flatMap { Int64($0) }
        let found = try await read { connection in
            (
                request: try await Requests.find(id, on: connection),
                searches: try await Searches.list(
                    of: id, before: before ?? .max, limit: Self.searchesPerPage + 1, on: connection)
            )
        }
        guard let request = found.request, me.maySee(request.title) else { throw NotFound() }
        let shown = found.searches.prefix(Self.searchesPerPage)
        let path = "/requests/\(id)"
        return visit.page(
            SearchesPage(
                page: visit.frame(
                    "Searches", for: me, live: LiveAddress.path(downloads: [], request: id),
                    refreshSeconds: shown.contains(where: \.isRunning) ? 5 : 60),
                of: request.title.year.map { "\(request.title.name) (\($0))" } ?? request.title.name, href: path,
                nothing: shown.isEmpty
                    ? EmptyState(
                        icon: "search", title: "Not searched for yet", text: "Each search for it is listed here.",
                        href: path, label: "Back to it") : nil,
                searches: shown.map { SearchCard($0, visit) },
                older: found.searches.count > shown.count
                    ? shown.last.map { "\(path)/searches?before=\($0.id)" } : nil,
                newest: before == nil ? nil : "\(path)/searches"))
    }
}

extension SearchCard {
    fileprivate init(_ search: Search, _ visit: Visit) {
        let fresh = search.answers.compactMap(\.fresh)
        let took = search.finishedAt.map { Int(($0.timeIntervalSince(search.startedAt) * 1000).rounded()) }
        let seen = Times.count(search.seen, "release")
        let new = fresh.isEmpty ? "" : ", \(fresh.reduce(0, +)) new"
        self.init(
            time: visit.times.moment(search.startedAt), iso: Times.iso(search.startedAt), by: search.askedBy,
            took: took.map { Figures.duration(milliseconds: $0) },
            sentence: search.isRunning ? search.progress : search.sentence.asSentence,
            counts: search.seen > 0 ? "\(seen)\(new), \(search.accepted) acceptable." : nil,
            asked: search.answers.map { answer in
                AskedIndexer(
                    answer: AnswerRow(answer, isOver: !search.isRunning, times: visit.times),
                    questions: (answer.questions ?? []).map { question in
                        let outcome = question.count.map { Times.count($0, "release") } ?? "no answer"
                        return AskedQuestion(
                            text: question.text,
                            outcome: "\(outcome), \(Figures.duration(milliseconds: question.milliseconds))")
                    })
            })
    }
}
