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

    func setOtherNames(_ visit: Visit, _ me: Me) async throws -> Response {
        var entries = try visit.entries()
        let names = entries.otherNames()
        guard entries.areValid else {
            return try await demandsPage(visit, me, entries, status: .unprocessableContent)
        }
        let id = try visit.parameters.integer("id")
        try await orchestrator.set(otherNames: names, of: id, by: me.person)
        return visit.redirect(to: "/requests/\(id)", saying: .namesSaved)
    }

    private func demandsPage(
        _ visit: Visit, _ me: Me, _ entries: Entries, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let id = try visit.parameters.integer("id")
        let (request, settings) = try await read { connection in
            (try await Requests.find(id, on: connection), try await Settings.load(on: connection))
        }
        guard let request, me.maySee(request.title) else { throw NotFound() }
        let (names, added) = try await read { connection in
            (
                try await TitleNames.list(of: request.title.id, on: connection),
                try await TitleNames.added(to: request.title.id, on: connection)
            )
        }
        let known = names.filter { !added.contains($0) }
        return visit.page(
            DemandsPage(
                page: visit.frame("What is asked of releases of \(request.title.name)", for: me),
                request: "/requests/\(id)", demands: DemandFields(entries, request.demands, settings),
                names: Field(
                    name: "names", label: "Also called",
                    value: entries.form["names"] ?? added.joined(separator: "; "),
                    hint: "Other names that releases of it may go by, separated by semicolons: in another country, for "
                        + "instance. It is searched for by them too when its own name brings nothing.",
                    error: entries.error("names")),
                known: known.isEmpty ? nil : known.joined(separator: "; ")), status: status)
    }
}

extension Entries {
    /// Names of a title, separated by semicolons, each once.
    fileprivate mutating func otherNames() -> [String] {
        var names: [String] = []
        for name in self["names"].split(separator: ";").map(\.trimmed) where !name.isEmpty && !names.contains(name) {
            names.append(name)
        }
        if let odd = names.first(where: { !TitleNames.isUsable($0) || !$0.isShowable }) {
            refuse("names", "“\(odd.prefix(40))” is no name that a title could have.")
        }
        if names.count > TitleNames.limit { refuse("names", "These are too many: at most \(TitleNames.limit).") }
        return names
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
