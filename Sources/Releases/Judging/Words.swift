// Words that the administrator or the request wants or refuses.

/// A word or a few, as they are looked for in a name: whole, whatever stands between them.
struct Phrase: Sendable {
    /// As it was written.
    let text: String
    private let key: String

    /// Nil where no letter and no figure is in it.
    init?(_ text: String) {
        let words = TitleKey(text).text
        guard !words.isEmpty else { return nil }
        self.text = text
        key = " \(words) "
    }

    /// Whether it stands in the name.
    func stands(in name: Name) -> Bool { name.text.contains(key) }

    /// A name in which phrases are looked for.
    struct Name {
        fileprivate let text: String

        init(_ name: String) { text = " \(TitleKey(name).text) " }
    }
}

extension Case {
    /// How many of these stand in the name.
    func count(_ phrases: [Phrase]) -> Int {
        let name = Phrase.Name(offer.name)
        return phrases.count { $0.stands(in: name) }
    }

    var requiredWords: Reason? {
        guard !judge.required.isEmpty else { return nil }
        let name = Phrase.Name(offer.name)
        let missing = judge.required.filter { !$0.stands(in: name) }
        guard !missing.isEmpty else { return nil }
        return never("word-missing", "The name does not say \(Self.quoted(missing)).")
    }

    var refusedWords: Reason? {
        guard !judge.refused.isEmpty else { return nil }
        let name = Phrase.Name(offer.name)
        let found = judge.refused.filter { $0.stands(in: name) }
        guard !found.isEmpty else { return nil }
        return never("word-refused", "The name says \(Self.quoted(found)), which is not wanted.")
    }

    private static func quoted(_ phrases: [Phrase]) -> String {
        phrases.map { "“\($0.text)”" }.joined(separator: ", ")
    }
}
