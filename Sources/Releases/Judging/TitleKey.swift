/// A title as it is compared: words without case, accents and marks; `&` is `and`, Roman numerals are Arabic.
struct TitleKey: Hashable, Sendable {
    /// The words, joined by single spaces.
    let text: String

    init(_ title: String) { text = Self.words(of: title).joined(separator: " ") }

    private init(text: String) { self.text = text }

    /// The keys under which a title may be written: itself, without a leading article, without a year or country behind
    /// it, and with `ae` for `ä`.
    static func all(of title: String, year: Int?) -> Set<TitleKey> {
        var keys: Set<TitleKey> = []
        insertAll(of: words(of: title), title, year: year, into: &keys)
        if title.utf8.contains(where: { $0 >= 0x80 }), title.unicodeScalars.contains(where: { umlauts[$0] != nil }) {
            insertAll(of: words(of: title, hasUmlauts: true), title, year: year, into: &keys)
        }
        return keys
    }

    private static func insertAll(of words: [String], _ title: String, year: Int?, into keys: inout Set<TitleKey>) {
        var forms = [words[...]]
        if words.count > 1, let last = words.last, last == year.map(String.init) || country(of: title) != nil {
            forms.append(words.dropLast())
        }
        for form in forms {
            if form.count > 1, let first = form.first, articles.contains(first) { forms.append(form.dropFirst()) }
        }
        for form in forms {
            keys.insert(TitleKey(text: form.joined(separator: " ")))
            // `S.H.I.E.L.D.`, `Spider-Man` and `Spiderman` differ in their gaps alone.
            if form.count > 1 { keys.insert(TitleKey(text: form.joined())) }
        }
    }

    private static let articles: Set<String> = ["the", "a", "an"]

    /// The country behind a show's title, in capitals: `The Office (US)`, but not `This Is Us`.
    static func country(of title: String) -> String? {
        // Most titles do not end so.
        guard let end = title.utf8.last, end.isUpper || end == UInt8(ascii: ")") else { return nil }
        let bare = title.last == ")" ? title.dropLast() : title[...]
        guard let last = bare.split(whereSeparator: { $0 == " " || $0 == "(" }).last, countries.contains(last),
            last.utf8.count < bare.utf8.count
        else { return nil }
        return String(last)
    }

    private static let countries: Set<Substring> = ["US", "UK", "AU", "NZ", "CA"]
    /// Words written in several ways: Roman numerals, small numbers, and short forms.
    private static let spellings: [String: String] = [
        "vol": "volume", "pt": "part", "i": "1",
        "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
        "xi": "11",
        "xii": "12", "xiii": "13", "xiv": "14", "xv": "15", "xvi": "16", "one": "1", "two": "2", "three": "3",
        "four": "4",
        "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
    ]

    private static func words(of title: String, hasUmlauts: Bool = false) -> [String] {
        var words: [String] = []
        var word = ""
        // Behind a title a plus is a mark: `Final Mix+`.
        var isJoined = false
        func close() {
            guard !word.isEmpty else { return }
            if isJoined { words.append("and") }
            words.append(word)
            (word, isJoined) = ("", false)
        }
        for scalar in title.unicodeScalars {
            if scalar.isASCII, UInt8(scalar.value).isDigit || UInt8(scalar.value).isLetter {
                word.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value).lowercased))
            } else if scalar == "&" || scalar == "+" {
                close()
                isJoined = true
            } else if scalar == "'" || scalar == "\u{2019}" || scalar == "\u{2018}" || scalar == "`" || isMark(scalar) {
                continue
            } else if scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
                word += folded(scalar, hasUmlauts)
            } else {
                close()
            }
        }
        close()
        // A numeral stands behind a title; in front `V` and `X` are names, and so is a letter among letters: `S.H.I.E.L.D.`.
        func isLetter(_ index: Int) -> Bool {
            words.indices.contains(index) && words[index].utf8.count == 1 && words[index].utf8.allSatisfy(\.isLetter)
        }
        return words.indices.map { index in
            guard index > 0, let spelling = spellings[words[index]] else { return words[index] }
            return isLetter(index) && (isLetter(index - 1) || isLetter(index + 1)) ? words[index] : spelling
        }
    }

    /// An accent that is a character of its own.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { (0x0300...0x036F).contains(scalar.value) }

    /// What a letter with an umlaut is written for as well.
    private static let umlauts: [Unicode.Scalar: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ø": "oe", "Ø": "oe", "å": "aa", "Å": "aa",
    ]

    private static func folded(_ scalar: Unicode.Scalar, _ hasUmlauts: Bool) -> String {
        if hasUmlauts, let written = umlauts[scalar] { return written }
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
    /// The keys of the titles as they are, whatever year stands behind them.
    private let full: Set<TitleKey>
    private let endsInNumber: Bool
    private let wantedYear: Int?

    init(_ wanted: Wanted) {
        wantedYear = wanted.year
        endsInNumber = wanted.titles.contains { $0.utf8.last?.isDigit == true }
        full = wanted.titles.reduce(into: []) { $0.formUnion(TitleKey.all(of: $1, year: nil)) }
        countries = Set(wanted.titles.compactMap(TitleKey.country))
        keys = wanted.titles.reduce(into: []) { $0.formUnion(TitleKey.all(of: $1, year: wanted.year)) }
    }

    /// Whether the name's title, or another that it gives, is one of the wish's.
    func matches(_ offer: Offer) -> Bool {
        let release = offer.parsed
        let country = release.country ?? TitleKey.country(of: release.title)
        if let country, !countries.isEmpty, !countries.contains(country) { return false }
        return !keys.isDisjoint(with: offer.titleKeys) || takesYear(of: release) || endsInYear(release)
    }

    /// Behind a game's title its year may stand without a sign that it is one.
    private func endsInYear(_ release: ParsedRelease) -> Bool {
        guard release.kind == .game, let wantedYear, release.title.hasSuffix(" \(wantedYear)") else { return false }
        return !keys.isDisjoint(with: TitleKey.all(of: release.title, year: wantedYear))
    }

    /// Whether the title goes on with what looks like the name's year: `Space: 1999`, `Blade Runner 2049`.
    func takesYear(of release: ParsedRelease) -> Bool {
        guard endsInNumber, let year = release.year else { return false }
        return !full.isDisjoint(with: TitleKey.all(of: "\(release.title) \(year)", year: nil))
    }
}

extension ParsedRelease {
    /// Every title that the name gives.
    var titles: [String] { ([title] + otherTitles).filter { !$0.isEmpty } }
}
