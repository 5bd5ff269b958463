extension NameReader {
    /// A hash, scrambled letters, or a name that only says that it has a password.
    var isNoise: Bool {
        guard let first = tokens.first else { return true }
        let hasPassword = tokens.contains { $0.word == Self.password }
        let hasYear = tokens.contains { $0.number.map(Self.isYear) == true }
        if hasPassword, tokens.count <= 6 && !hasYear || tokens.contains(where: { $0.word == Self.yEnc }) {
            return true
        }
        // An extension behind it changes nothing.
        let words = tokens.count - (tokens.count == 2 && tokens[1].before == .dot && tokens[1].count <= 4 ? 1 : 0)
        guard words == 1, first.count == bytesOfName else { return isShortPost }
        let word = bytes[first.start..<first.end]
        let isHex = word.allSatisfy { $0.isDigit || (97...102).contains($0.lowercased) }
        if isHex, first.count == 32 || first.count == 40 || first.count == 64 { return true }
        guard first.count >= 24, word.allSatisfy({ $0.isLetter || $0.isDigit }) else { return isShortPost }
        let digits = word.count { $0.isDigit }
        var turns = 0
        var last: UInt8 = 0
        for byte in word {
            if byte.isDigit != last.isDigit || byte.isUpper != last.isUpper { turns += 1 }
            last = byte
        }
        return digits >= 3 && turns > first.count / 4
    }

    private var bytesOfName: Int {
        guard let first = tokens.first else { return 0 }
        return tokens.count == 2 && tokens[1].before == .dot ? first.count : (tokens.last?.end ?? 0) - first.start
    }

    /// `abc.xyz`: the posts of robots.
    private var isShortPost: Bool {
        bytes.elementsEqual("abc.xyz".utf8) || bytes.elementsEqual("123".utf8)
    }

    private static let password = Word("password")
    private static let yEnc = Word("yenc")
}
