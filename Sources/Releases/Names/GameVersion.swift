extension NameReader {
    /// `v1.2`, `v20240101`: a version's first word.
    func isVersion(at index: Int) -> Bool {
        guard index >= 0, index < tokens.count else { return false }
        let token = tokens[index]
        guard token.count >= 2, bytes[token.start].lowercased == UInt8(ascii: "v") else { return false }
        return bytes[token.start + 1].isDigit
            && bytes[(token.start + 1)..<token.end].allSatisfy { $0.isDigit || $0.isLower }
    }

    /// `1.12.3`, and `1.3` among words that no dots join.
    func isDottedVersion(at index: Int) -> Bool {
        guard tokens[index].number != nil, index + 1 < end, tokens[index + 1].number != nil else { return false }
        return tokens[index].before != .dot && tokens[index + 1].before == .dot || isLongVersion(at: index)
    }

    /// Three numbers or more, joined by dots.
    func isLongVersion(at index: Int) -> Bool {
        guard index + 2 < end, tokens[index].number != nil else { return false }
        return (1...2).allSatisfy { tokens[index + $0].number != nil && tokens[index + $0].before == .dot }
    }

    /// The version behind the title: `1.0.3`, `2026.01.20`, `18353366`.
    var gameVersion: String? {
        for index in title.upperBound..<max(title.upperBound, end) {
            let token = tokens[index]
            if isVersion(at: index) {
                let version = version(from: token.start + 1, at: index)
                // Nintendo counts from 0, which is none.
                if version != "0" { return version }
            } else if token.word == Self.v, index + 1 < end, bytes[tokens[index + 1].start].isDigit {
                return version(from: tokens[index + 1].start, at: index + 1)
            } else if isDottedVersion(at: index) {
                return version(from: token.start, at: index)
            } else if let tag = token.tag, tag.meaning == .version || tag.meaning == .update, index + 1 < end {
                let next = tokens[index + 1]
                let isBuild = bytes[next.start].lowercased == UInt8(ascii: "b") && next.count > 2
                let start = next.start + (isBuild ? 1 : 0)
                if bytes[start].isDigit, !next.before.contains(.plus) { return version(from: start, at: index + 1) }
            }
        }
        return nil
    }

    private static let v = Word("v")

    /// From a byte to the last number that a dot joins, or, behind a `v1` alone, a space or an underscore.
    private func version(from start: Int, at index: Int) -> String {
        var version = text(start..<tokens[index].end)
        var next = index + 1
        while next < end, next < index + 6, bytes[tokens[next].start].isDigit, tokens[next].tag == nil {
            let isDotted = tokens[next].before == .dot
            let isSpaced = tokens[next].before.isSubset(of: [.space, .underscore]) && tokens[next].number != nil
            guard isDotted || isSpaced && tokens[next].count <= 2 && !tellsContent(next + 1) else { break }
            version += "." + text(tokens[next].start..<tokens[next].end)
            next += 1
        }
        return version
    }

    /// The number before it counts what comes with the game.
    private func tellsContent(_ index: Int) -> Bool {
        guard index < end else { return false }
        return tokens[index].tag?.meaning == .downloadable
    }
}
