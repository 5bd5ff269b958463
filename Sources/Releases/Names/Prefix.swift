extension NameReader {
    /// Passes over what stands before a title: `[Group]`, `www.site.com - `, `[ www.site.com ] -`.
    mutating func skipPrefix() {
        var passed = 0
        while first < end, passed < 4 {
            passed += 1
            if tokens[first].before.contains(.open), let next = tokenBehindBracket(at: first) {
                // A bracket that holds the season or the title itself is no prefix.
                guard next < end, !holdsNumbering(first..<next), !holdsTitleAndYear(first..<next),
                    !isNumberInTitle(first)
                else { return }
                if isSite(first..<next) { forgetTags(first..<next) }
                first = next
            } else if let next = tokenBehindSite(at: first) {
                guard next < end else { return }
                first = next
            } else {
                return
            }
        }
    }

    /// `[720pMkv.com]` is a site, and no height.
    private mutating func forgetTags(_ range: Range<Int>) {
        for index in range { tokens[index].tag = nil }
    }

    func tokenBehindBracket(at index: Int) -> Int? {
        let bracket = tokens[index].bracket
        var next = index
        while next < tokens.count, tokens[next].bracket == bracket, bracket >= 0 { next += 1 }
        return next > index ? next : nil
    }

    private func holdsNumbering(_ range: Range<Int>) -> Bool {
        let scanner = NumberScanner(bytes: bytes)
        return range.contains { index in
            let start = tokens[index].start
            return scanner.seasonAndEpisode(at: start).map { !$0.episodes.isEmpty } == true
                || scanner.crossed(at: start) != nil
        } || range.count == 2 && scanner.pair(at: tokens[range.lowerBound].start) != nil
    }

    /// `(500) Days of Salt`
    func isNumberInTitle(_ index: Int) -> Bool {
        guard index + 1 < end, tokens[index].number != nil, tokens[index].count <= 3, index == 0 else { return false }
        return tokens[index].before.contains(.open) && tokens[index + 1].before.contains(.close)
            && tokens[index + 1].before.isSubset(of: [.close, .space, .dot]) && tokens[index + 1].tag == nil
    }

    /// `[Taxi 1998] [BDRemux]`: nothing but tags follows.
    private func holdsTitleAndYear(_ range: Range<Int>) -> Bool {
        guard range.count > 1, tokens[range.lowerBound].tag == nil else { return false }
        return (range.upperBound..<end).allSatisfy {
            tokens[$0].tag != nil || tokens[$0].isTail || tokens[$0].bracket >= 0
        }
    }

    /// Behind `www.site.com - ` or `Site.com - `.
    private func tokenBehindSite(at index: Int) -> Int? {
        let token = tokens[index]
        let isWeb = Self.web.contains(token.word)
        let isDomain =
            index + 1 < end && tokens[index + 1].before == .dot && Self.domains.contains(tokens[index + 1].word)
        guard isWeb || isDomain, token.bracket < 0 else { return nil }
        var next = index + 1
        while next < min(end, index + 6) {
            if tokens[next].before.contains(.dash), tokens[next].before.contains(.space) { return next }
            if tokens[next].before.contains(.open) || isWeb && tokens[next].before.contains(.close) { return next }
            next += 1
        }
        return nil
    }

    private static let web = Set(["www", "ww", "wwww", "http", "https"].map { Word($0) })
    private static let domains = Set(
        ["com", "org", "net", "to", "tv", "cc", "me", "info", "nu", "biz", "in", "is", "ws", "pw", "cz"].map {
            Word($0)
        })

    /// Whether a bracket's words name a site rather than a person.
    func isSite(_ range: Range<Int>) -> Bool {
        range.contains { index in
            Self.web.contains(tokens[index].word)
                || index > range.lowerBound && tokens[index].before == .dot && Self.domains.contains(tokens[index].word)
        }
    }
}
