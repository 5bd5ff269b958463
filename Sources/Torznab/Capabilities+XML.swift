extension Capabilities {
    private static let elements: [(name: String, mode: Query.Mode)] = [
        ("search", .search), ("tv-search", .tv), ("movie-search", .movie),
    ]

    /// Reads a `<caps>` document. What is missing is taken as the specification's default.
    init(_ document: XMLElement) throws(TorznabError) {
        guard document.name == "caps" else { throw .malformed(reason: "it says nothing of what the indexer can do") }
        self.init(searching: [:])
        title = document.first("server").flatMap { $0.attributes["title"] ?? $0.attributes["strapline"] }
            .flatMap { String($0.trimmed.prefix(100)).nonEmpty }
        for (name, mode) in Self.elements {
            guard let element = document.first("searching")?.first(name), element.attributes["available"] == "yes"
            else { continue }
            let parameters = element.attributes["supportedParams"] ?? Self.usual(mode)
            searching[mode] = Set(parameters.lowercased().split { $0 == "," || $0 == " " }.map(String.init))
            if element.attributes["searchEngine"]?.lowercased() == "raw" { rawText.insert(mode) }
        }
        if searching.isEmpty { searching = Self.assumed.searching }
        categories = document.first("categories").map(Self.categories) ?? []
        let limit = document.first("limits")?.attributes["max"].flatMap { Int($0) }
        maxLimit = min(max(limit ?? 100, 1), 100)
    }

    /// From the time before `supportedParams`.
    private static func usual(_ mode: Query.Mode) -> String {
        switch mode {
        case .search, .movie: "q"
        case .tv: "q,season,ep"
        }
    }

    private static func categories(_ element: XMLElement) -> [Category] {
        var result: [Category] = []
        for category in element.children where category.name == "category" {
            guard let id = category.attributes["id"].flatMap({ Int($0) }) else { continue }
            result.append(Category(id: id, name: category.attributes["name"] ?? "\(id)"))
            for part in category.children where part.name == "subcat" {
                guard let partID = part.attributes["id"].flatMap({ Int($0) }) else { continue }
                result.append(Category(id: partID, name: part.attributes["name"] ?? "\(partID)", parent: id))
            }
        }
        return result
    }
}
