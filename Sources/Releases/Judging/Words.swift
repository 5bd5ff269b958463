// Words that the house or a request wants or refuses in a release's name.

/// A word or a few, as they are looked for in a name: whole, whatever stands between them.
public struct Phrase: Sendable, Equatable {
    /// As it was written.
    let text: String
    private let key: String
    /// The format that it names, and names alone; a release may say it with another word (`HEVC` for `x265`).
    let format: Format?

    /// Nil where no letter and no figure is in it: no name holds such a word.
    public init?(_ text: String) {
        let words = TitleKey(text).text
        guard !words.isEmpty else { return nil }
        self.text = text
        key = " \(words) "
        format = Format(named: words)
    }

    /// Whether it stands in the name.
    func stands(in name: Name) -> Bool { name.text.contains(key) }

    /// Whether each name that holds the other holds this one too.
    func stands(in other: Phrase) -> Bool { other.key.contains(key) }

    /// A name in which phrases are looked for.
    struct Name {
        fileprivate let text: String

        init(_ name: String) { text = " \(TitleKey(name).text) " }
    }
}

/// What somebody wants of the words in a release's name.
public struct NameWords: Sendable, Equatable {
    /// Each of them has to stand in it.
    public var required: [String]
    /// None of them may.
    public var refused: [String]
    /// More of them go before fewer.
    public var preferred: [String]

    /// Wants these.
    public init(required: [String] = [], refused: [String] = [], preferred: [String] = []) {
        self.required = required
        self.refused = refused
        self.preferred = preferred
    }

    /// A word that is refused, and the wanted one that holds it: no name does right by both.
    public var contradiction: (refused: String, wanted: String)? {
        for refused in refused.compactMap(Phrase.init) {
            let wanted = (required + preferred).compactMap(Phrase.init).first(where: refused.stands(in:))
            if let wanted { return (refused.text, wanted.text) }
        }
        return nil
    }
}

/// ``NameWords`` as a judge holds them.
struct Phrases: Sendable {
    /// Whose wish it is, as a reason says it.
    let whose: String
    private(set) var required: [Phrase]
    private(set) var refused: [Phrase]
    private(set) var preferred: [Phrase]

    init(_ words: NameWords, whose: String) {
        self.whose = whose
        required = words.required.compactMap(Phrase.init)
        refused = words.refused.compactMap(Phrase.init)
        preferred = words.preferred.compactMap(Phrase.init)
    }

    /// Without what contradicts the other's, which go before.
    func yielding(to other: Phrases) -> Phrases {
        func isRefused(_ phrase: Phrase) -> Bool { other.refused.contains { $0.stands(in: phrase) } }
        var rest = self
        rest.required.removeAll(where: isRefused)
        rest.preferred.removeAll(where: isRefused)
        rest.refused.removeAll { phrase in (other.required + other.preferred).contains(where: phrase.stands(in:)) }
        return rest
    }

    /// What the name lacks.
    func missing(in name: Phrase.Name) -> Reason? {
        reason("word-missing", required.filter { !$0.stands(in: name) }) {
            "The name does not say \($0), which \(whose) wants."
        }
    }

    /// What it should not say.
    func refused(in name: Phrase.Name) -> Reason? {
        reason("word-refused", refused.filter { $0.stands(in: name) }) {
            "The name says \($0), which \(whose) does not want."
        }
    }

    private func reason(_ code: String, _ phrases: [Phrase], _ sentence: (String) -> String) -> Reason? {
        guard !phrases.isEmpty else { return nil }
        let quoted = phrases.map { "“\($0.text)”" }.joined(separator: ", ")
        return Reason(code: code, sentence: sentence(quoted), isPermanent: true)
    }

    /// How many of those that make it better it has: as a word of its name, or as the format that is meant.
    func preferred(in name: Phrase.Name, of release: ParsedRelease) -> Int {
        preferred.count { phrase in
            phrase.stands(in: name) || phrase.format.map { release.formats(in: $0.group).contains($0) } == true
        }
    }

    var isEmpty: Bool { required.isEmpty && refused.isEmpty && preferred.isEmpty }
}

extension Format {
    /// The format that a few words are, with spaces between them: `web dl`.
    fileprivate init?(named words: String) {
        var release = ParsedRelease("")
        switch tagTable.find(Word(words.utf8.filter { $0 != UInt8(ascii: " ") }))?.tag?.meaning {
        case .codec(let codec), .discCodec(let codec): release.codec = codec
        case .source(let source): release.source = source
        case .remux: release.modifier = .remux
        default: return nil
        }
        guard let format = Group.allCases.lazy.compactMap({ release.formats(in: $0).first }).first else { return nil }
        self = format
    }
}
