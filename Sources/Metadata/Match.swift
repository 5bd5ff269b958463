/// One work, as all sources that know it describe it.
public struct Match: Sendable, Hashable {
    /// At least one; the first is the one that was found first.
    public private(set) var works: [Work]

    /// A show as TVmaze alone knows it.
    public init(_ show: Show) { works = [Work(show)] }

    private init(works: [Work]) { self.works = works }

    /// What it is.
    public var kind: Work.Kind { works[0].kind }
    /// Its title.
    public var name: String { works[0].name }
    /// What else it is called, by any of them; nil: none says.
    public var otherNames: [String]? {
        let all = works.flatMap { [$0.name] + ($0.otherNames ?? []) }
        var seen: Set<String> = [name]
        let others = all.filter { seen.insert($0).inserted }
        return others.isEmpty && works.allSatisfy { $0.otherNames == nil } ? nil : others
    }
    /// When it came out, or a show began.
    public var year: Int? { works.lazy.compactMap(\.year).first }
    /// The first day on which it came or comes out anywhere ("2026-05-12"); nil: no source knows it.
    public var released: String? { works.compactMap(\.released).min() }
    /// Its ids by source.
    public var ids: [String: String] { works.reduce(into: [:]) { $0.merge($1.ids) { first, _ in first } } }
    /// What it is about; rather a text than a line that only tells it from its namesakes.
    public var summary: String? { works.compactMap(\.summary).max { $0.count < $1.count } }
    /// Words like a broadcaster or platforms.
    public var details: [String] { works.lazy.map(\.details).max { $0.count < $1.count } ?? [] }
    /// Minutes of the movie, or of an episode; nil: no source says it.
    public var runtime: Int? { works.lazy.compactMap(\.runtime).first { $0 > 0 } }
    /// The age in years that it is for, by the strictest rating that a source names; nil: none names one.
    public var age: Int? { works.compactMap(\.age).max() }
    /// A work that has a picture.
    public var pictured: Work? { works.first { $0.picture != nil } }

    /// Its id at a source, if that is among those who found it.
    public func id(at source: SourceID) -> String? { works.first { $0.source == source }?.id }

    /// Puts together what is one work: of one kind, with an outside id in common. Never by title and year alone, which
    /// remakes share too. In the order in which each was first found.
    public static func merging(_ works: [Work]) -> [Match] {
        var matches: [Match] = []
        for work in works {
            let same = matches.indices.filter { index in
                matches[index].works.contains { $0.isSame(as: work) }
            }
            guard let first = same.first else {
                matches.append(Match(works: [work]))
                continue
            }
            matches[first].works.append(work)
            // What one had in common with each of two makes those two one.
            for other in same.dropFirst().reversed() { matches[first].works += matches.remove(at: other).works }
        }
        return matches
    }

    /// Those that were meant first: what is called exactly so, then what begins so, then what has all the words, else as
    /// the sources ranked them.
    public static func ranked(_ matches: [Match], for text: String) -> [Match] {
        let sought = words(text)
        func distance(_ match: Match) -> Int {
            let name = words(match.name)
            if name == sought || name.dropFirst() == sought[...] && name.first == "the" { return 0 }
            if name.starts(with: sought) { return 1 }
            return Set(name).isSuperset(of: sought) ? 2 : 3
        }
        return matches.enumerated().map { (distance($1), $0, $1) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}

extension Work {
    fileprivate func isSame(as other: Work) -> Bool {
        kind == other.kind && ids.contains { other.ids[$0.key] == $0.value }
    }
}
