/// What somebody typed into the search box, understood: "Dune 2021", "severance s02e03".
public struct TitleQuery: Sendable, Equatable {
    /// All of it but an episode.
    public let full: String
    /// What the title is called: without a year.
    public let title: String
    /// A year at its end. It may belong to the title all the same: "Blade Runner 2049".
    public let year: Int?
    /// A season, from `s02` or `s02e03`.
    public let season: Int?
    /// An episode of that season.
    public let episode: Int?

    /// Understands a text.
    ///
    /// - Parameter now: the year that it is: none that is far ahead is taken for one.
    public init(_ text: String, now: Int) {
        var words = text.prefix(200).split(whereSeparator: \.isWhitespace).map(String.init)
        var numbers: (season: Int, episode: Int?)?
        if let index = words.lastIndex(where: { Self.numbers($0) != nil }), words.count > 1 {
            numbers = Self.numbers(words.remove(at: index))
        }
        (season, episode) = (numbers?.season, numbers?.episode)
        full = words.joined(separator: " ")
        let last = words.last.map { $0.trimming("()[],") } ?? ""
        if words.count > 1, last.count == 4, let year = Int(last), 1870...(now + 10) ~= year {
            self.year = year
            words.removeLast()
        } else {
            year = nil
        }
        title = words.joined(separator: " ")
    }

    /// "s02e03", "s02", "2x03".
    private static func numbers(_ word: String) -> (season: Int, episode: Int?)? {
        let lower = word.lowercased()
        let hasMark = lower.hasPrefix("s")
        let parts = lower.dropFirst(hasMark ? 1 : 0).split(
            separator: hasMark ? "e" : "x", omittingEmptySubsequences: false)
        let numbers = parts.map { $0.allSatisfy { "0"..."9" ~= $0 } && $0.count <= 4 ? Int($0) : nil }
        guard let season = numbers.first ?? nil, numbers.count == 2 || hasMark && numbers.count == 1 else { return nil }
        guard numbers.count == 2 else { return (season, nil) }
        return numbers[1].map { (season, $0) }
    }
}

extension String {
    fileprivate func trimming(_ marks: String) -> String {
        var rest = self[...]
        while let first = rest.first, marks.contains(first) { rest.removeFirst() }
        while let last = rest.last, marks.contains(last) { rest.removeLast() }
        return String(rest)
    }
}
