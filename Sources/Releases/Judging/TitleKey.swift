/// A title as it is compared: words without case, accents and marks; `&` is `and`, Roman numerals are Arabic.
struct TitleKey: Hashable, Sendable {
    /// The words, joined by single spaces.
    let text: String

    init(_ title: String) { self.init(words: Self.words(of: title)) }

    private init(words: [String]) { text = words.joined(separator: " ") }

    /// The keys under which a title may be written: itself, without a leading article, without a year or country behind it.
    static func all(of title: String, year: Int?) -> Set<TitleKey> {
        let words = Self.words(of: title)
        var keys: Set<TitleKey> = [TitleKey(words: words)]
        var shorter = words
        if shorter.count > 1, let last = shorter.last, last == year.map(String.init) || country(of: title) != nil {
            shorter.removeLast()
            keys.insert(TitleKey(words: shorter))
        }
        for key in keys {
            let words = key.text.split(separator: " ").map(String.init)
            if words.count > 1, articles.contains(words[0]) { keys.insert(TitleKey(words: Array(words.dropFirst()))) }
        }
        // `S.H.I.E.L.D.`, `Spider-Man` and `Spiderman` differ in their gaps alone.
        for key in keys { keys.insert(TitleKey(words: [key.text.split(separator: " ").joined()])) }
        return keys
    }

    private static let articles: Set<String> = ["the", "a", "an"]

    /// The country behind a show's title, in capitals: `The Office (US)`, but not `This Is Us`.
    static func country(of title: String) -> String? {
        let bare = title.last == ")" ? title.dropLast() : title[...]
        guard let last = bare.split(whereSeparator: { $0 == " " || $0 == "(" }).last, countries.contains(last),
            last.utf8.count < bare.utf8.count
        else { return nil }
        return String(last)
    }

    private static let countries: Set<Substring> = ["US", "UK", "AU", "NZ", "CA"]
    /// Words written in several ways: Roman numerals, and short forms.
    private static let spellings: [String: String] = [
        "vol": "volume", "pt": "part", "i": "1",
        "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
        "xi": "11",
        "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16",
    ]

    private static func words(of title: String) -> [String] {
        var words: [String] = []
        var word = ""
        func close() {
            // A numeral stands behind a title; in front `V` and `X` are names.
            if !word.isEmpty { words.append(words.isEmpty ? word : spellings[word] ?? word) }
            word = ""
        }
        for scalar in title.unicodeScalars {
            if scalar == "&" || scalar == "+" {
                close()
                words.append("and")
            } else if scalar == "'" || scalar == "\u{2019}" || scalar == "\u{2018}" || scalar == "`" || isMark(scalar) {
                continue
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word += scalar.isASCII ? scalar.properties.lowercaseMapping : folded(scalar)
            } else {
                close()
            }
        }
        close()
        return words
    }

    /// An accent that is a character of its own.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { (0x0300...0x036F).contains(scalar.value) }

    private static func folded(_ scalar: Unicode.Scalar) -> String {
        let lower = scalar.properties.lowercaseMapping
        guard let first = lower.unicodeScalars.first else { return lower }
        return latin[first] ?? lower
    }

    /// Latin letters with accents, and the letters they are written for.
    private static let latin: [Unicode.Scalar: String] = {
        var table: [Unicode.Scalar: String] = [
            "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
        ]
        let rows: [(String, String)] = [
            ("a", "àáâãäåāăą"), ("c", "çćĉċč"), ("d", "ď"), ("e", "èéêëēĕėęě"), ("g", "ĝğġģ"), ("h", "ĥħ"),
            ("i", "ìíîïĩīĭįı"), ("j", "ĵ"), ("k", "ķ"), ("l", "ĺļľ"), ("n", "ñńņňŋ"), ("o", "òóôõöōŏő"), ("r", "ŕŗř"),
            ("s", "śŝşšș"), ("t", "ţťŧț"), ("u", "ùúûüũūŭůűų"), ("w", "ŵ"), ("y", "ýÿŷ"), ("z", "źżž"),
        ]
        for (letter, accented) in rows {
            for scalar in accented.unicodeScalars { table[scalar] = letter }
        }
        return table
    }()
}

/// The titles of a wish, ready to be compared with many names.
struct TitleMatcher: Sendable {
    private let keys: Set<TitleKey>
    private let countries: Set<String>

    init(_ wanted: Wanted) {
        countries = Set(wanted.titles.compactMap(TitleKey.country))
        keys = wanted.titles.reduce(into: []) { $0.formUnion(TitleKey.all(of: $1, year: wanted.year)) }
    }

    /// Whether the name's title, or another that it gives, is one of the wish's.
    func matches(_ release: ParsedRelease) -> Bool {
        let country = release.country ?? TitleKey.country(of: release.title)
        if let country, !countries.isEmpty, !countries.contains(country) { return false }
        return ([release.title] + release.otherTitles).contains { title in
            !title.isEmpty && !keys.isDisjoint(with: TitleKey.all(of: title, year: release.year))
        }
    }
}
