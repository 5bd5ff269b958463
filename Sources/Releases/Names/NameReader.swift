/// Reads one name. The order of its steps:
///
/// 1. words (``Token``), each with what the table says of it (``TagIndex``);
/// 2. what stands before the title: sites, a group in brackets;
/// 3. season and episode, the year, and the first word that is surely no title: the nearest of them ends the title;
/// 4. from there on, words that may also be words of a title count as tags;
/// 5. the group, from the end.
struct NameReader {
    let bytes: [UInt8]
    var tokens: [Token]
    /// The first word of the title.
    var first = 0
    /// Behind the last word, a file's extension left out.
    var end: Int
    var numbering: Numbering?
    /// The first word that is surely a tag, not a title's.
    var firstTag = Int.max
    /// The word that is the year.
    var yearToken: Int?
    /// It has a game's signs, and none of a film's.
    var isGame = false
    /// The words of the title.
    var title = 0..<0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        tokens = Token.tokens(of: bytes)
        end = tokens.count
    }

    mutating func read(into release: inout ParsedRelease) {
        if isNoise {
            release.isNoise = true
            return
        }
        markTags()
        dropExtension()
        skipPrefix()
        skipInstaller()
        findFirstTag()
        findNumbering(into: &release)
        isGame = looksLikeGame
        findYear(into: &release)
        findTitle(into: &release)
        readTags(into: &release)
        readDetails(into: &release)
        readGroup(into: &release)
        settleKind(of: &release)
    }

    // MARK: Tags

    /// Looks every word up, the longest phrase first.
    private mutating func markTags() {
        var index = 0
        while index < tokens.count {
            let span = markTag(at: index)
            for tail in (index + 1)..<max(index + 1, index + span) { tokens[tail].isTail = true }
            index += max(1, span)
        }
    }

    /// How many words the tag at this place takes; 0 for none.
    private mutating func markTag(at index: Int) -> Int {
        let found = tagTable.find(tokens[index].word)
        if found?.isHead == true {
            for pieces in [4, 3, 2] where index + pieces <= tokens.count {
                var word = tokens[index].word
                var isJoined = true
                for next in (index + 1)..<(index + pieces) {
                    isJoined = isJoined && tokens[next].before.isSubset(of: .light)
                    word = word.joined(tokens[next].word)
                }
                if isJoined, let tag = tagTable.find(word, pieces: pieces)?.tag {
                    tokens[index].tag = tag
                    return pieces
                }
            }
        }
        if let tag = found?.tag {
            tokens[index].tag = tag
            return 1
        }
        if let resolution = resolution(at: index) {
            tokens[index].tag = Tag(strength: .strong, meaning: .resolution(resolution))
            return 1
        }
        if let height = bareHeight(tokens[index].number) {
            tokens[index].tag = Tag(strength: .weak, meaning: .resolution(height))
            return 1
        }
        if let tag = tagBeforeDigits(at: index) {
            tokens[index].tag = tag
            return 1
        }
        return 0
    }

    /// `AAC2`, `DDP5`, `FLACx2`, `HEVC10bit`: a sound or a codec with figures behind it.
    private func tagBeforeDigits(at index: Int) -> Tag? {
        let token = tokens[index]
        guard token.count >= 4, bytes[token.start].isLetter else { return nil }
        var word = Word()
        var at = token.start
        while at < token.end, bytes[at].isLetter {
            // `FLACx2`
            if bytes[at].lowercased == 0x78, at + 1 < token.end, bytes[at + 1].isDigit, word.count > 2 { break }
            word.append(bytes[at])
            at += 1
        }
        guard at < token.end, word.count >= 3, let tag = tagTable.find(word)?.tag, tag.strength == .strong else {
            return nil
        }
        switch tag.meaning {
        case .audio, .codec: return tag
        default: return nil
        }
    }

    private mutating func dropExtension() {
        defer { dropPosted() }
        guard let last = tokens.last, tokens.count > 1, last.tag?.meaning == .container else { return }
        if last.before.isSubset(of: [.dot, .space, .close]) { end -= 1 }
        // `.mkv (1.4 GB)` and `.avi.torrent` end there too.
        if end > 1, tokens[end - 1].tag?.meaning == .container, tokens[end - 1].before == .dot { end -= 1 }
    }

    /// `-Obfuscated` and its like, which posters hang on behind the group.
    private mutating func dropPosted() {
        while end > 2, tokens[end - 1].before == .dash, tokens[end - 1].tag?.meaning == .posted { end -= 1 }
    }

    /// The first word, behind the title's first, that is a tag wherever it stands.
    private mutating func findFirstTag() {
        let isShouting = !bytes.contains { $0.isLower }
        for index in first..<max(first, end) where !tokens[index].isTail {
            guard let tag = tokens[index].tag else { continue }
            let isSure =
                switch tag.strength {
                case .strong: true
                case .capitals: !isShouting && isCapitals(index)
                case .weak: false
                }
            if isSure, index > first || tokens[index].bracket >= 0 && index == first {
                firstTag = index
                return
            }
        }
    }

    func isCapitals(_ index: Int) -> Bool {
        let token = tokens[index]
        return !bytes[token.start..<token.end].contains { $0.isLower }
    }

    /// Whether the words from `from` are tags in an unbroken row up to `to`.
    func isTagRow(_ from: Int, upTo to: Int) -> Bool {
        (from..<to).allSatisfy { tokens[$0].tag != nil || tokens[$0].isTail || tokens[$0].number != nil }
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
