extension NameReader {
    /// The last year before the tags, a year in brackets before any other; never one that is all there is of a title.
    mutating func findYear(into release: inout ParsedRelease) {
        let numberingStart = numbering?.start ?? Int.max
        var bare: Int?
        var bracketed: Int?
        var behind: Int?
        for index in first..<max(first, end) {
            let token = tokens[index]
            guard token.count == 4, let number = token.number, Self.isYear(number),
                token.bracket >= 0 || !isInNumbering(token)
            else {
                continue
            }
            if index > 0, tokens[index - 1].count == 4, let from = tokens[index - 1].number, Self.isYear(from),
                token.before == .dash || token.before == [.dash, .space], from < number
            {
                // A range is the year in which it began, unless a year of its own follows.
                if index - 1 == bare || index - 1 == bracketed || index - 1 == behind { continue }
            }
            if token.start < numberingStart || release.isFullSeason || token.bracket >= 0 {
                if token.bracket >= 0, index <= firstTag || bracketed == nil {
                    bracketed = index
                } else if index < firstTag {
                    bare = index
                } else if behind == nil {
                    behind = index
                }
            }
        }
        yearToken = bracketed ?? bare ?? behind
        // `(2000) Title`: passed over with what stands before the title.
        if yearToken == nil, first > 0, let number = tokens[0].number, Self.isYear(number), tokens[0].count == 4 {
            yearToken = 0
        }
        if let bracketed, let bare, bracketed > firstTag, bare < firstTag, bare > first { yearToken = bare }
        // A year that opens the name is the title, unless more of a title follows it.
        if yearToken == first, tokens[first].bracket < 0 {
            let next = first + 1
            let isAlone = next >= min(end, firstTag) || numbering.map { tokens[next].start >= $0.start } == true
            if isAlone || isTagged(next) { yearToken = nil }
        }
        // `Season 1 (1988 - 89)` says when it ran, not when the show began.
        if let found = yearToken, found + 1 < end, tokens[found + 1].before.contains(.dash),
            tokens[found + 1].bracket == tokens[found].bracket, tokens[found + 1].before.contains(.space),
            tokens[found + 1].count == 2, tokens[found + 1].number != nil
        {
            yearToken = nil
        }
        release.year = yearToken.flatMap { tokens[$0].number }
        release.isYearOfTitle = yearToken.map { tokens[$0].start < numberingStart } == true
    }

    private func isInNumbering(_ token: Token) -> Bool {
        guard let numbering else { return false }
        return token.start >= numbering.start && token.end <= numbering.end
    }

    private func isTagged(_ index: Int) -> Bool { index < end && tokens[index].tag != nil }

    /// From the first word to the nearest of year, season and first tag, without tags that stand right before those.
    mutating func findTitle(into release: inout ParsedRelease) {
        var from = first
        var to = min(end, firstTag)
        if let numbering, let index = tokens[first..<end].firstIndex(where: { $0.end > numbering.start }) {
            if index > first || tokens[index].start < numbering.start {
                to = min(to, tokens[index].start < numbering.start ? index + 1 : index)
            } else if let behind = tokens[first..<end].firstIndex(where: { $0.start >= numbering.end }) {
                // `[04x01] The Noose`: the title stands behind.
                from = behind
                to = max(to, behind)
            }
        }
        let hasYearFirst = yearToken == first && first < end
        if hasYearFirst {
            from = first + 1
        } else if let yearToken, yearToken > from {
            to = min(to, yearToken)
        }
        let gameEnd = gameTitleEnd(from: from, to: max(from, to))
        to = gameEnd ?? to
        if gameEnd == nil {
            let bare = withoutTags(from: from, to: to)
            // A film may well be called so.
            if bare < to, tokens[bare].word == Self.threeD { release.otherTitles.append(titleText(from..<(bare + 1))) }
            to = bare
        }
        to = bracketEnd(from: from, to: max(from, to), into: &release)
        if to <= from { to = min(end, from + 1) }
        to = withoutCountry(from: from, to: to, into: &release)
        title = from..<max(from, to)
        guard !title.isEmpty else { return }
        release.title = titleText(title)
        if hasYearFirst, tokens[first].bracket < 0 { release.otherTitles.append(titleText(first..<to)) }
        splitTitle(of: &release)
        if let numbering, numbering.isPartBehindYear {
            let part = tokens.indices.filter { tokens[$0].start >= numbering.start && tokens[$0].end <= numbering.end }
            release.filmTitle = release.title + " " + titleText(part[0]..<(part[part.count - 1] + 1))
        }
    }

    /// Tags that stand in a row before what ends the title: `German.DL` before `AC3`, `EXTENDED` before a year.
    private func withoutTags(from: Int, to: Int) -> Int {
        var to = to
        let isYear = to == yearToken
        while to - 1 > from {
            var head = to - 1
            while head > from, tokens[head].isTail { head -= 1 }
            let token = tokens[head]
            guard let tag = token.tag, head > from else { break }
            let isKind: Bool =
                switch tag.meaning {
                case .language, .edition, .complete, .subtitles, .audio, .picture, .source, .service, .proper, .repack:
                    true
                case .resolution, .other, .extras, .genre: true
                default: false
                }
            guard isKind else { break }
            if isYear {
                // `Madame Web 2024` keeps its word, `EXTENDED 2022` and `German.2010` do not.
                guard tokens[to].bracket < 0, isSetBeforeYear(head, from: from) else { break }
            } else if to >= end {
                // Nothing follows that would make a tag of it.
                guard tag.meaning == .complete else { break }
            } else if numbering?.start == tokens[to].start {
                guard tag.meaning == .complete else { break }
            }
            to = head
        }
        // `Title - The Complete Series`
        if to < end, tokens[to].tag?.meaning == .complete, to - 1 > from, tokens[to - 1].word == Self.the { to -= 1 }
        return to
    }

    /// Whether a tag before the year is none of the title's words.
    private func isSetBeforeYear(_ index: Int, from: Int) -> Bool {
        let token = tokens[index]
        switch token.tag?.meaning {
        case .language, .edition:
            // `Directors.Cut.2007` is what it says; a film may be called `The Final Cut`.
            let isPhrase = index + 1 < end && tokens[index + 1].isTail
            if isPhrase, tokens[index - 1].word != Self.the { return true }
            return isCapitals(index) && token.count > 3 && hasLower(from..<index) || token.word == Self.german
        case .picture: return token.word == Self.threeD
        default: return false
        }
    }

    private static let threeD = Word("3d")
    private static let german = Word("german")
    private static let the = Word("the")
    private static let us = Word("us")
    private static let uk = Word("uk")
    private static let aka = Word("aka")

    private func hasLower(_ range: Range<Int>) -> Bool {
        range.contains { index in bytes[tokens[index].start..<tokens[index].end].contains { $0.isLower } }
    }

    /// A bracket behind the first words closes the title; what it holds may be another title.
    private mutating func bracketEnd(from: Int, to: Int, into release: inout ParsedRelease) -> Int {
        var index = from
        // The title itself may stand in brackets.
        if from < to, tokens[from].bracket >= 0, !isNumberInTitle(from) {
            let bracket = tokens[from].bracket
            while index < to, tokens[index].bracket == bracket { index += 1 }
            return index
        }
        index = from + 1
        while index < to {
            if tokens[index].before.contains(.open) {
                let bracket = tokens[index].bracket
                var behind = index
                while behind < to, tokens[behind].bracket == bracket { behind += 1 }
                // `You Can (Not) Redo` goes on behind the bracket.
                let goesOn =
                    behind < to && tokens[behind].before.isDisjoint(with: [.open, .dash]) && behind - index == 1
                if !goesOn {
                    if tokens[index].tag == nil {
                        // Another title, or the rest of this one.
                        release.otherTitles += [
                            titleText(index..<behind), titleText(from..<index) + " " + titleText(index..<behind),
                        ]
                    }
                    return index
                }
                index = behind
            } else {
                index += 1
            }
        }
        return to
    }

    /// `The.Office.US.S01`: the country is not part of the title, `This.is.Us` is.
    private func withoutCountry(from: Int, to: Int, into release: inout ParsedRelease) -> Int {
        guard numbering != nil, to - 1 > from, isCapitals(to - 1), hasLower(from..<(to - 1)) else { return to }
        let word = tokens[to - 1].word
        guard word == Self.us || word == Self.uk else { return to }
        release.country = word == Self.us ? "US" : "UK"
        return to - 1
    }

    /// `A AKA B`, `A / B`, `A | B`: the first is the title.
    private func splitTitle(of release: inout ParsedRelease) {
        var start = title.lowerBound
        var parts: [Range<Int>] = []
        for index in title.dropFirst() {
            if tokens[index].word == Self.aka, index > start {
                parts.append(start..<index)
                start = index + 1
            } else if tokens[index].before.contains(.slash), tokens[index].before.contains(.space), index > start {
                parts.append(start..<index)
                start = index
            }
        }
        guard let first = parts.first, start < title.upperBound else { return }
        parts.append(start..<title.upperBound)
        // Of a title in another script and its Latin form, the latter is what is searched for.
        let main = parts.first { isLatin($0) } ?? first
        release.title = titleText(main)
        for part in parts where part != main { release.otherTitles.append(titleText(part)) }
    }

    private func isLatin(_ range: Range<Int>) -> Bool {
        bytes[tokens[range.lowerBound].start..<tokens[range.upperBound - 1].end].contains { $0.isLetter }
    }

    /// The words as people write them: spaces for dots and underscores, `S.H.I.E.L.D.` as it is.
    func titleText(_ range: Range<Int>) -> String {
        guard !range.isEmpty else { return "" }
        let hasSpaces = range.dropFirst().contains { tokens[$0].before.contains(.space) }
        var text: [UInt8] = []
        text.reserveCapacity(64)
        for index in range {
            let token = tokens[index]
            if index > range.lowerBound {
                let gap = bytes[tokens[index - 1].end..<token.start]
                let isInitials =
                    token.count == 1 && tokens[index - 1].count == 1 && bytes[token.start].isLetter
                    && bytes[tokens[index - 1].start].isLetter
                if token.before == .dot, isInitials {
                    text.append(UInt8(ascii: "."))
                } else if token.before == .underscore || token.before == .dot && !hasSpaces {
                    text.append(UInt8(ascii: " "))
                } else {
                    append(gap, hasSpaces: hasSpaces, to: &text)
                }
            }
            // In `S01E01` glued to a title, the title ends inside the word.
            let cut =
                numbering.map { $0.start > token.start && $0.start < token.end ? $0.start : token.end } ?? token.end
            text += bytes[token.start..<cut]
        }
        let last = tokens[range.upperBound - 1]
        let isInitial =
            last.count == 1 && range.count > 1 && last.before == .dot && tokens[range.upperBound - 2].count == 1
        if isInitial, last.end < bytes.count, bytes[last.end] == UInt8(ascii: "."), bytes[last.start].isLetter {
            text.append(UInt8(ascii: "."))
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What stands between two words: its marks are kept, its dots become spaces, spaces are single.
    private func append(_ gap: ArraySlice<UInt8>, hasSpaces: Bool, to text: inout [UInt8]) {
        for byte in gap {
            let isSpace =
                byte == UInt8(ascii: " ") || byte == UInt8(ascii: "_") || !hasSpaces && byte == UInt8(ascii: ".")
            if isSpace {
                if text.last != UInt8(ascii: " ") { text.append(UInt8(ascii: " ")) }
            } else {
                text.append(byte)
            }
        }
    }
}
