extension NameReader {
    /// What is told besides the picture: languages, sound, edition, light, network.
    func readDetails(into release: inout ParsedRelease) {
        guard release.kind != .game else { return }
        let isShouting = !bytes.contains { $0.isLower }
        // Words that a title may hold as well count behind the year, the numbering, or the first sure tag.
        let from = min(firstTag, yearToken.map { max($0, title.upperBound) } ?? .max)
        for index in title.upperBound..<max(title.upperBound, tokens.count) {
            let token = tokens[index]
            guard let tag = token.tag, !token.isTail else { continue }
            let isSure = tag.strength == .strong || tag.strength == .capitals && !isShouting && isCapitals(index)
            // Between numbering and tags stands an episode's title.
            let isBeforeYear = yearToken.map { index < $0 } == true
            guard isSure || isBeforeYear || index > from || token.bracket >= 0 || isRowToTags(index) else { continue }
            switch tag.meaning {
            case .language(let found): add(found, to: &release.languages)
            case .subtitles(let found?): add(found, to: &release.languages)
            case .edition(let found?): release.edition = release.edition ?? found
            case .dynamicRange(let found): add(hasPlus(behind: index) ? .hdr10plus : found, to: &release.dynamicRange)
            case .audio(let found):
                if let found { add(withPlus(found, at: index), to: &release.audio) }
                release.channels = release.channels ?? channels(at: index)
            case .service(let found?) where token.bracket < 0 || isSure || isSource(index + 1):
                release.network = release.network ?? found
            default: break
            }
        }
        release.channels = release.channels ?? bareChannels(from: from)
        if numbering != nil { release.revision = max(release.revision, fansubRevision) }
    }

    /// `12v2`, `v3`: how fansubs count their revisions; 1 where the name does not.
    private var fansubRevision: Int {
        for token in tokens[first..<end] where token.count >= 2 {
            let digit = bytes[token.end - 1]
            guard bytes[token.end - 2].lowercased == UInt8(ascii: "v"), (50...57).contains(digit) else { continue }
            if token.count == 2 || bytes[token.end - 3].isDigit { return Int(digit - 48) }
        }
        return 1
    }

    private func add<Value: Equatable>(_ value: Value, to list: inout [Value]) {
        if !list.contains(value), list.count < 16 { list.append(value) }
    }

    private func isSource(_ index: Int) -> Bool {
        guard index < tokens.count, case .source = tokens[index].tag?.meaning else { return false }
        return true
    }

    /// Only tags, up to one that is sure.
    private func isRowToTags(_ index: Int) -> Bool {
        var next = index
        while next < tokens.count, next < index + 8 {
            if next >= firstTag { return true }
            guard tokens[next].tag != nil || tokens[next].isTail else { return false }
            next += 1
        }
        return next >= end
    }

    /// `HDR10+`
    private func hasPlus(behind index: Int) -> Bool {
        let end = tokens[index].end
        return tokens[index].word == Self.hdr10 && end < bytes.count && bytes[end] == UInt8(ascii: "+")
    }

    private static let hdr10 = Word("hdr10")

    /// `DD+5.1`
    private func withPlus(_ audio: Audio, at index: Int) -> Audio {
        let end = tokens[index].end
        guard audio == .dolbyDigital, end < bytes.count, bytes[end] == UInt8(ascii: "+") else { return audio }
        return .dolbyDigitalPlus
    }

    /// `DDP5.1`, `AAC2 0`, `DTS-HD MA 5.1`: the figures at a tag of sound.
    private func channels(at index: Int) -> String? {
        let last = bytes[tokens[index].end - 1]
        if last.isDigit, tokens[index].word != Self.ac3, let rest = figure(at: index + 1) {
            return figures(last - 48, rest)
        }
        var next = index + 1
        while next < tokens.count, tokens[next].isTail { next += 1 }
        guard let front = figure(at: next), let rest = figure(at: next + 1) else { return nil }
        return figures(UInt8(front), rest)
    }

    private static let ac3 = Word("ac3")

    private func bareChannels(from: Int) -> String? {
        guard from < tokens.count else { return nil }
        for index in from..<tokens.count {
            guard let front = figure(at: index), front > 0, let rest = figure(at: index + 1) else { continue }
            if tokens[index + 1].before == .dot, tokens[index].before != .dot { return figures(UInt8(front), rest) }
        }
        return nil
    }

    /// A single digit, alone but for `x2` behind it.
    private func figure(at index: Int) -> Int? {
        guard index < tokens.count, tokens[index].before.isSubset(of: [.dot, .space]), tokens[index].count == 1 else {
            return nil
        }
        return tokens[index].number
    }

    /// Channels there are: 1.0 to 9.2.
    private func figures(_ front: UInt8, _ rest: Int) -> String? {
        (1...9).contains(front) && rest <= 2 ? "\(front).\(rest)" : nil
    }
}
