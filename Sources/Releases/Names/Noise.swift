/// Names that say nothing: hashes, scrambled letters, what robots post.
extension NameReader {
    /// Nobody can have meant it to be read. Each rule wants more than a rare title has: what could be one is read as one.
    var isNoise: Bool {
        guard let last = tokens.last else { return true }
        if tokens.contains(where: { $0.word == Self.password }) {
            let hasYear = tokens.contains { $0.number.map(Self.isYear) == true }
            if tokens.count <= 6 && !hasYear || tokens.contains(where: { $0.word == Self.yEnc }) { return true }
        }
        // An extension changes nothing, unless it is of a file that is there for others.
        let hasExtension = tokens.count > 1 && last.before == .dot
        if hasExtension, Self.helpers.contains(last.word) { return true }
        let isFile = hasExtension && (tokens.count == 2 && last.count <= 4 || last.isContainer)
        let words = isFile ? tokens.dropLast() : tokens[...]
        // Most names say more than that, and are not to be slower for it.
        guard words.count <= Self.mostWords else { return false }
        return isPost(words) || isDigest(words) || isCount(words) || isScrambled(words)
    }

    /// What robots post again and again: `abc.xyz`, `123`; eleven capitals or twelve small letters, and three figures.
    private func isPost(_ words: ArraySlice<Token>) -> Bool {
        guard words.count == 1, words[0].before.isEmpty else { return false }
        let letters = bytes[words[0].start..<words[0].end].dropLast(3)
        let hasFigures = bytes[letters.endIndex..<words[0].end].allSatisfy(\.isDigit)
        return Self.posts.contains(words[0].word)
            || hasFigures && letters.count == 11 && letters.allSatisfy(\.isUpper)
            || hasFigures && letters.count == 12 && letters.allSatisfy(\.isLower)
    }

    /// A number in base 16, as long as half an MD5 or longer; a UUID, with its dashes.
    private func isDigest(_ words: ArraySlice<Token>) -> Bool {
        guard words.allSatisfy({ $0.before.isSubset(of: .dash) }) else { return false }
        var digits = 0
        var figures = 0
        for word in words {
            for byte in bytes[word.start..<word.end] {
                guard byte.isDigit || (97...102).contains(byte.lowercased) else { return false }
                digits += 1
                figures += byte.isDigit ? 1 : 0
            }
        }
        return digits >= (words.count == 1 ? 16 : 32) && figures >= 2
    }

    /// `170424_26`: numbers alone, and longer ones than titles have.
    private func isCount(_ words: ArraySlice<Token>) -> Bool {
        words.allSatisfy { bytes[$0.start..<$0.end].allSatisfy(\.isDigit) } && words.contains { $0.count >= 6 }
    }

    /// Every word is scrambled: `kqwxzrtvbnpf382`, `b00bs.r0x.4u`; or it is base64.
    ///
    /// A short word may be a name all the same (`M3GAN`), so it takes either one of twelve letters and figures, or several
    /// words with figures in the place of letters.
    private func isScrambled(_ words: ArraySlice<Token>) -> Bool {
        if isBase64(words) { return true }
        var count = 0
        var scrambled = 0
        for word in words where word.number == nil || word.number.map(Self.isYear) == true {
            let places = oddPlaces(in: word)
            let isLong = word.count >= 12
            guard word.number == nil, places.odd * 10 > (word.count - 1) * 3, isLong || places.hasFigureForLetter,
                !isKnown(word)
            else { return false }
            scrambled += 1
            count += word.count
        }
        return count >= (scrambled == 1 ? 12 : 10) && glued() == nil
    }

    /// Twenty characters or more in which capitals, small letters and figures take turns, with no space or dot.
    private func isBase64(_ words: ArraySlice<Token>) -> Bool {
        guard let last = words.last, last.end - words[0].start >= 20,
            words.dropFirst().allSatisfy({ $0.before.isSubset(of: [.dash, .underscore, .plus, .slash]) })
        else { return false }
        let all = bytes[words[0].start..<last.end]
        guard all.contains(where: \.isUpper), all.contains(where: \.isLower), all.contains(where: \.isDigit) else {
            return false
        }
        var odd = 0
        var pairs = 0
        for word in words {
            odd += oddPlaces(in: word).odd
            pairs += word.count - 1
        }
        return odd * 10 > pairs * 3 && !words.contains(where: isKnown) && glued() == nil
    }

    /// Where a letter and a figure meet, or two letters that hardly ever stand side by side.
    private func oddPlaces(in word: Token) -> (odd: Int, hasFigureForLetter: Bool) {
        var odd = 0
        var hasFigureForLetter = false
        for at in word.start..<(word.end - 1) {
            let (a, b) = (bytes[at], bytes[at + 1])
            if a.isDigit != b.isDigit {
                odd += 1
                hasFigureForLetter = hasFigureForLetter || a.isDigit
            } else if a.isLetter, b.isLetter, !LetterPairs.isUsual(a, b) {
                odd += 1
            }
        }
        return (odd, hasFigureForLetter)
    }

    /// A tag, a season, an episode.
    private func isKnown(_ word: Token) -> Bool {
        let scanner = NumberScanner(bytes: bytes)
        return tagTable.find(word.word)?.tag != nil || scanner.seasonAndEpisode(at: word.start) != nil
            || scanner.crossed(at: word.start) != nil
    }

    private static let mostWords = 8
    private static let password = Word("password")
    private static let yEnc = Word("yenc")
    private static let posts = Set(["abc", "123", "b00bs"].map { Word($0) })
    /// Extensions of files that mend or check others.
    private static let helpers = Set(["par2", "sfv", "srr"].map { Word($0) })
}

extension Token {
    fileprivate var isContainer: Bool { tagTable.find(word)?.tag?.meaning == .container }
}

/// Which letters stand side by side in words.
enum LetterPairs {
    /// Behind each letter, those that follow it at least twice in 10,000 pairs of letters, over the 20,000 most frequent
    /// words of each of 27 languages in Latin script, accents left out. More than half of all pairs are rarer.
    private static let following = [
        "a abcdefghijklmnoprstuvwyz", "b abeilorsuy", "c acehiklnorstuyz", "d adeilnorstuvyz",
        "e abcdefghijklmnoprstuvwxyz", "f aefilortu", "g aeghiklnorstuy", "h aeilnortuvy",
        "i abcdefghijklmnoprstuvxyz", "j aeinosu", "k aehiklnorstuvy", "l abdefgijklmnostuvy", "m abeilmnopstuy",
        "n acdefghijklnostuvyz", "o abcdefghijklmnoprstuvwyz", "p aehiloprstu", "q u", "r abcdefghijklmnoprstuvyz",
        "s acehijklmnoprstuvyz", "t aehijklmnorstuvwy", "u abcdefghijklmnoprstuvyz", "v aeilnorsuy", "w aehinoy",
        "x ip", "y abcdeiklmnorstu", "z adeilmnotuvy",
    ]

    /// A bit for each letter that follows.
    private static let bits = following.map { line in
        line.utf8.dropFirst(2).reduce(UInt32(0)) { $0 | 1 << UInt32($1 - 97) }
    }

    static func isUsual(_ a: UInt8, _ b: UInt8) -> Bool {
        bits[Int(a.lowercased - 97)] & 1 << UInt32(b.lowercased - 97) != 0
    }
}
