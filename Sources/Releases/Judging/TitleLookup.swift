/// Finds the titles that a release may be of among very many, before each is judged.
///
/// A name and a title can match only if they share a key, so titles are kept under their keys and found by those of the
/// name. ``Judge`` has the last word: keys know nothing of years and countries.
public enum TitleLookup {
    /// Raised when the same title gets other keys than before: what was kept under the old ones is then keyed again.
    public static let version = 1

    /// The keys under which a title is kept.
    public static func keys(of title: String, year: Int?) -> Set<String> {
        // Every spelling is also there without its gaps, so those alone say as much.
        Set(TitleKey.all(of: title, year: year).map(\.text).filter { !$0.contains(" ") })
    }

    /// The keys by which the titles of a release are found.
    public static func keys(of release: ParsedRelease) -> Set<String> {
        ([release.title] + release.otherTitles).reduce(into: []) { keys, title in
            if !title.isEmpty { keys.formUnion(Self.keys(of: title, year: release.year)) }
        }
    }
}
