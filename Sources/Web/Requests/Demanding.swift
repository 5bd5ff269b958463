import HTTP
import HTTPServer
import HTTPTypes
import Orchestrator
import Releases
import Storage

extension Site {
    func demandsPage(_ visit: Visit, _ me: Me) async throws -> Response {
        try await demandsPage(visit, me, Entries())
    }

    func setDemands(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let demands = entries.demands()
        guard entries.areValid else {
            return try await demandsPage(visit, me, entries, status: .unprocessableContent)
        }
        let id = try visit.parameters.integer("id")
        try await orchestrator.set(demands, of: id, by: me.person)
        return visit.redirect(to: "/requests/\(id)", saying: .demandsSaved)
    }

    private func demandsPage(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let id = try visit.parameters.integer("id")
        let (request, settings) = try await read { connection in
            (try await Requests.find(id, on: connection), try await Settings.load(on: connection))
        }
        guard let request, me.maySee(request.title) else { throw NotFound() }
        return visit.page(
            DemandsPage(
                page: visit.frame("What is asked of releases of \(request.title.name)", for: me),
                request: "/requests/\(id)", demands: DemandFields(entries, request.demands, settings)), status: status)
    }
}

extension Demands {
    /// For people: what is asked, by what it is about.
    var facts: [Fact] {
        func quoted(_ words: [String]) -> String? { words.isEmpty ? nil : words.joined(separator: ", ") }
        let size: String? =
            switch (minimumMegabytes.map(DemandFields.gigabytes), maximumMegabytes.map(DemandFields.gigabytes)) {
            case (nil, nil): nil
            case (let least?, nil): "\(least) GB or more"
            case (nil, let most?): "\(most) GB or less"
            case (let least?, let most?): "\(least) to \(most) GB"
            }
        let failure: String? =
            switch afterFailure {
            case nil: nil
            case .best: "the next best is taken"
            case .ask: "somebody chooses another"
            }
        return [
            ("Must say", quoted(words.required)), ("Must not say", quoted(words.refused)),
            ("Better with", quoted(words.preferred)), ("Fewest seeders", minimumSeeders.map(String.init)),
            ("Size", size), ("Waits for a better one", choosingMinutes.map { Times.count($0, "minute") }),
            ("After a failure", failure),
        ].compactMap { name, value in value.map { Fact(name: name, value: $0) } }
    }
}
