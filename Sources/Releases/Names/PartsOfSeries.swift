/// Episodes that are numbered without a season: before their word, and in the parts of a mini-series.
extension NameReader {
    /// `145.Bölüm`, `12. Bölüm`, `3 серия`: in languages that number so.
    func episodeBeforeItsWord(at index: Int) -> Numbering? {
        guard let number = tokens[index].number, tokens[index].count <= 4, !Self.isYear(number), index + 1 < end,
            index + 2 >= end || tokens[index + 2].number == nil, tokens[index + 1].before.isSubset(of: .light)
        else { return nil }
        let isOne = Self.behindNumbers.contains(tokens[index + 1].word)
        guard isOne || Self.plurals.contains(tokens[index + 1].word) else { return nil }
        var found = Numbering(start: tokens[index].start, end: tokens[index + 1].end)
        if let all = range(endingAt: index) {
            (found.episodes, found.start) = (all, tokens[index - 1].start)
        } else if isOne {
            found.episodes = [number]
        } else {
            return nil
        }
        return found
    }

    private static let behindNumbers = Set(["bölüm", "bolum", "Bölüm", "серия", "Серия", "seria"].map { Word($0) })

    /// `Title.2019.Part.3`, and `Title.Part.Two.The.Storm` where no year is named: a film is in parts before its year, and
    /// has it; few have the part behind it (``ParsedRelease/filmTitle``).
    func partOfMiniSeries() -> Numbering? {
        ((first + 1)..<max(first + 1, end)).lazy.compactMap(partOfMiniSeries).first
    }

    private func partOfMiniSeries(at index: Int) -> Numbering? {
        let token = tokens[index]
        guard bytes[token.start].lowercased == UInt8(ascii: "p") else { return nil }
        let scanner = NumberScanner(bytes: bytes)
        let (_, word, wordEnd) = scanner.word(token.start)
        guard Self.parts.contains(word), wordEnd == token.end || bytes[wordEnd].isDigit else { return nil }
        let isGlued = wordEnd < token.end
        let last = isGlued ? index : index + 1
        guard last < firstTag, last + 1 < end else { return nil }
        let number = isGlued ? scanner.number(wordEnd, digits: 2)?.value : tokens[last].number
        guard let part = number ?? Self.counted[tokens[last].word], part < 100 else { return nil }
        var found = Numbering(episodes: [part], start: token.start, end: tokens[last].end)
        if index > first + 1, tokens[index - 1].count == 4, tokens[index - 1].number.map(Self.isYear) == true {
            found.isPartBehindYear = true
            return found
        }
        let isNamed = last + 1 < firstTag && tokens[last + 1].tag == nil && tokens[last + 1].bracket < 0
        let hasYear = tokens[first..<end].contains { $0.count == 4 && $0.number.map(Self.isYear) == true }
        return isNamed && firstTag < end && !hasYear ? found : nil
    }

    private static let parts = Set(["part", "pt"].map { Word($0) })
    private static let counted = [
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"],
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"],
    ].reduce(into: [Word: Int]()) { counted, words in
        for (index, word) in words.enumerated() { counted[Word(word)] = index + 1 }
    }
}
