extension NameReader {
    /// The group: behind the last tag, or else in the bracket that opens the name.
    func readGroup(into release: inout ParsedRelease) {
        if let group = groupAtEnd() {
            release.group = group
        } else if let range = leadingBracket(), !isSite(range), !isTagRow(range.lowerBound, upTo: range.upperBound) {
            release.group = text(tokens[range.lowerBound].start..<tokens[range.upperBound - 1].end)
        }
    }

    private func leadingBracket() -> Range<Int>? {
        guard let opening = tokens.first, first > 0, opening.before.contains(.open), bytes.first == UInt8(ascii: "["),
            let behind = tokenBehindBracket(at: 0), behind <= first
        else { return nil }
        return 0..<behind
    }

    /// The words behind the last tag, brackets at the very end left out.
    private func groupAtEnd() -> String? {
        var last = end
        let lowest = max(title.upperBound, 1)
        // `[rarbg]`, `[TGx]`, `(by kimo)` at the end are where it was posted.
        while last > lowest, tokens[last - 1].bracket >= 0, closes(last) {
            let bracket = tokens[last - 1].bracket
            var open = last
            while open > 0, tokens[open - 1].bracket == bracket { open -= 1 }
            if hasTags(open..<last) { break }
            last = open
            // `(1080p x265 Group) [QxR]`: the group is inside the bracket before.
        }
        guard last > lowest else { return nil }
        var from = last
        while from > lowest, !isTagOrNumber(from - 1), tokens[from - 1].bracket == tokens[last - 1].bracket {
            from -= 1
        }
        guard from > lowest, from < last else { return nil }
        // A name with further words in it is no group: take what follows the first dash.
        let words = from..<last
        let isDotted = !words.dropFirst().contains { !tokens[$0].before.isSubset(of: [.dot, .dash, .underscore]) }
        if tokens[from].before.contains(.dash), isDotted {
            return cleaned(tokens[from].start..<tokens[last - 1].end)
        }
        if words.count == 1 { return cleaned(tokens[from].start..<tokens[from].end) }
        if tokens[from].before.contains(.dash), tokens[from + 1].before.contains(.dash) {
            return cleaned(tokens[from].start..<tokens[from].end)
        }
        if isDotted, words.count == 2 { return cleaned(tokens[from].start..<tokens[last - 1].end) }
        if let dashed = words.last(where: { tokens[$0].before == .dash }), dashed == last - 1 {
            return cleaned(tokens[dashed].start..<tokens[dashed].end)
        }
        return nil
    }

    private func closes(_ last: Int) -> Bool {
        let behind =
            last < tokens.count ? bytes[tokens[last - 1].end..<tokens[last].start] : bytes[tokens[last - 1].end...]
        return behind.contains(UInt8(ascii: "]")) || behind.contains(UInt8(ascii: ")"))
            || behind.contains(UInt8(ascii: "}")) || last == tokens.count
    }

    private func hasTags(_ range: Range<Int>) -> Bool {
        range.contains { tokens[$0].tag != nil && tokens[$0].tag?.strength != .weak }
    }

    private func isTagOrNumber(_ index: Int) -> Bool {
        let token = tokens[index]
        if token.isTail { return true }
        if let tag = token.tag {
            switch tag.meaning {
            // A group may be called so, at the end, behind a dash.
            case .gameGroup: return false
            case .of, .to, .and, .part, .episode: return false
            default: return true
            }
        }
        if numbering.map({ token.start < $0.end }) == true { return true }
        if let number = token.number { return number < 10_000 && token.before != .dash }
        // `900MB`, `1400Mb`, `1.1GB`, `192Kbps`
        return bytes[token.start].isDigit && isSize(token)
    }

    private func isSize(_ token: Token) -> Bool {
        var at = token.start
        while at < token.end, bytes[at].isDigit { at += 1 }
        let unit = Word(bytes[at..<token.end])
        return ["mb", "gb", "kbps", "mib", "gib", "ch", "fps"].contains { Word($0) == unit }
    }

    private func cleaned(_ range: Range<Int>) -> String? {
        let text = text(range)
        return text.utf8.count <= 40 ? text : nil
    }
}
