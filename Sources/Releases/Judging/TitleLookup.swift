/// Finds the titles that a release may be of among very many, before each is judged.
///
/// A name and a title can match only if they share a key, so titles are kept under their keys and found by those of the
/// name. ``Judge`` has the last word: keys know nothing of years and countries.
public enum TitleLookup {
    /// Raised when the same title gets other keys than before: what was kept under the old ones is then keyed again.
    public static let version = 4

    /// The keys under which a title is kept.
    public static func keys(of title: String, year: Int?) -> Set<String> {
        // Every spelling is also there without its gaps, so those alone say as much.
        Set(TitleKey.all(of: title, year: year).map(\.text).filter { !$0.contains(" ") })
    }

    /// The keys by which the titles of a release are found.
    public static func keys(of release: ParsedRelease) -> Set<String> {
        let titles = release.titles + [release.filmTitle].compactMap(\.self)
        var keys = titles.reduce(into: Set<String>()) { $0.formUnion(Self.keys(of: $1, year: release.year)) }
        // What looks like the year may belong to the title, and behind a game's title may be its year.
        if let year = release.year { keys.formUnion(Self.keys(of: "\(release.title) \(year)", year: nil)) }
        if release.kind == .game, let last = release.title.split(separator: " ").last.flatMap({ Int($0) }), last > 1900
        {
            keys.formUnion(Self.keys(of: release.title, year: last))
        }
        return keys
    }
}
