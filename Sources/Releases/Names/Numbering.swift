/// Seasons and episodes as a name gives them, and where it does.
struct Numbering: Equatable {
    var seasons: [Int] = []
    var episodes: [Int] = []
    /// `S02 Part 1`.
    var isPartial = false
    /// `2013 Part 2`: of a mini-series, or the rest of a film's title.
    var isPartBehindYear = false
    /// The bytes it takes.
    var start = 0
    var end = 0
    /// Numbers alone, such as ` - 12 [`: believed only where nothing better is found.
    var isGuess = false
}

/// Reads seasons and episodes from bytes, always forward, and never far: a range names at most `longest` numbers.
struct NumberScanner {
    let bytes: [UInt8]
    static let longest = 2_000

    func byte(_ at: Int) -> UInt8 { at < bytes.count && at >= 0 ? bytes[at] : 0 }

    func isWordEnd(_ at: Int) -> Bool { !byte(at).isAlphanumeric }

    /// A number of at most `digits` digits that no digit follows.
    func number(_ at: Int, digits: Int) -> (value: Int, end: Int)? {
        var value = 0
        var end = at
        while byte(end).isDigit, end - at <= digits {
            value = value * 10 + Int(byte(end) - 48)
            end += 1
        }
        return end > at && end - at <= digits ? (value, end) : nil
    }

    func skip(_ at: Int, _ skipped: String.UTF8View, most: Int = 4) -> Int {
        var end = at
        while end - at < most, end < bytes.count, skipped.contains(bytes[end]) { end += 1 }
        return end
    }

    /// The letters from here on, as a word of the table.
    func word(_ at: Int) -> (meaning: Meaning?, word: Word, end: Int) {
        var word = Word()
        var end = at
        while end < bytes.count, bytes[end].isLetter || bytes[end] >= 0x80, word.count <= 16 {
            word.append(bytes[end])
            end += 1
        }
        return (tagTable.find(word)?.tag?.meaning, word, end)
    }

    static func range(_ from: Int, _ to: Int) -> [Int]? {
        to > from && to - from < longest ? Array(from...to) : nil
    }

    // MARK: S01E02

    /// `S01E02`, `S01`, `S01-S03`, `S1 + S2`, `T02E22`, `S0615` at this byte.
    func seasonAndEpisode(at start: Int) -> Numbering? {
        let letter = byte(start).lowercased
        guard letter == UInt8(ascii: "s") || letter == UInt8(ascii: "t") else { return nil }
        var at = start + 1
        // The letter O for a zero.
        var season: Int
        if byte(at).lowercased == UInt8(ascii: "o"), byte(at + 1).isDigit, let digit = number(at + 1, digits: 1) {
            (season, at) = digit
        } else if let read = number(at, digits: 4) {
            let width = read.end - at
            (season, at) = read
            if width == 4, !(1900...2099).contains(season) {
                guard isWordEnd(at), letter == UInt8(ascii: "s"), season % 100 > 0 else { return nil }
                return Numbering(seasons: [season / 100], episodes: [season % 100], start: start, end: at)
            }
            if width == 3, season >= 100 { return nil }
        } else {
            return nil
        }
        var found = Numbering(seasons: [season], start: start, end: at)
        if let (episodes, end) = episodes(after: at, season: season) {
            found.episodes = episodes
            found.end = end
            return found
        }
        guard letter == UInt8(ascii: "s") else { return nil }
        if let end = disc(after: at) {
            (found.isPartial, found.end) = (true, end)
            return found
        }
        // `S04P03`
        if byte(at).lowercased == UInt8(ascii: "p"), let read = number(at + 1, digits: 2), isWordEnd(read.end) {
            (found.isPartial, found.end) = (true, read.end)
            return found
        }
        guard isWordEnd(at) || byte(at) >= 0x80 else { return nil }
        let width = at - start - 1
        if let (episode, end) = bareEpisode(after: at, padded: width > 1) {
            found.episodes = episode
            found.end = end
            return found
        }
        (found.seasons, found.end) = moreSeasons([season], at: at, wordForm: false)
        if found.seasons.count > 1 { return found }
        (found.isPartial, found.end) = part(after: at)
        // `S06 Part 3 E11-E15`
        if found.isPartial, let (episodes, end) = episodes(after: found.end, season: season) {
            (found.episodes, found.end, found.isPartial) = (episodes, end, false)
        }
        return found
    }

    /// `E02`, `x02`, ` Ep.2`, `E02-E05`, `E02E03`, behind a season.
    func episodes(after at: Int, season: Int) -> ([Int], Int)? {
        var here = skip(at, " ._-[]():,/".utf8)
        if here == at, byte(here).lowercased == UInt8(ascii: "x") { here += 1 }
        guard let first = episodeNumber(at: here, needsWord: here == at || byte(here - 1).lowercased != 0x78) else {
            return nil
        }
        return moreEpisodes(first.value, at: first.end, season: season, spaced: first.isPlural)
    }

    /// A number, usually with `E`, `Ep` or another word of the table before it.
    func episodeNumber(at: Int, needsWord: Bool) -> (value: Int, end: Int, isPlural: Bool)? {
        let (meaning, word, wordEnd) = word(at)
        var here = at
        var isPlural = false
        if meaning == .episode {
            here = skip(wordEnd, " .:#(№-".utf8)
            isPlural = word.count > 3 || wordEnd < here && byte(here - 1) == UInt8(ascii: "(")
            if wordEnd == here, byte(here).lowercased == UInt8(ascii: "o"), byte(here + 1).isDigit { here += 1 }
        } else if needsWord || !word.isEmpty {
            return nil
        }
        guard let read = number(here, digits: 5) else { return nil }
        // `U.N.C.L.E. 2015` ends in a year.
        if here > wordEnd, read.end - here == 4, (1900...2099).contains(read.value) { return nil }
        // `e01a`, `E01v2`, or a word's end.
        guard isNumberEnd(read.end) else { return nil }
        return (read.value, read.end, isPlural)
    }

    /// Behind a number: no further letter, but for a half (`01a`), a version (`01v2`), or the next `E`.
    func isNumberEnd(_ at: Int) -> Bool {
        let next = byte(at).lowercased
        if !next.isLetter { return true }
        if next == UInt8(ascii: "v"), byte(at + 1).isDigit { return true }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "x") || next == UInt8(ascii: "s") {
            return byte(at + 1).isDigit || byte(at + 1).lowercased == UInt8(ascii: "p")
        }
        // `S03E02Le malheur`: the episode's name begins right there.
        if byte(at).isUpper, byte(at + 1).isLower { return true }
        return next <= UInt8(ascii: "c") && isWordEnd(at + 1)
    }

    /// Further episodes: each is read as the end of a range, so that `E01E03` has three.
    func moreEpisodes(_ first: Int, at start: Int, season: Int, spaced: Bool) -> ([Int], Int) {
        var episodes = [first]
        var at = start
        // `E01-3` is no range, `E1-3` is one.
        var width = 0
        while byte(start - 1 - width).isDigit { width += 1 }
        while episodes.count < Self.longest {
            let last = episodes[episodes.count - 1]
            if byte(at).lowercased <= UInt8(ascii: "c"), byte(at).isLetter { at += 1 }
            var here = skip(at, " ".utf8, most: 2)
            let hadSpace = here > at
            var isApart = false
            var joiner = byte(here)
            if "-~+&,_./".utf8.contains(joiner) {
                here = skip(here, "-~+&,_./ ".utf8, most: 3)
            } else if byte(here) == 0xE2, byte(here + 1) == 0x80 {
                joiner = UInt8(ascii: "-")
                here = skip(here + 3, " ".utf8, most: 2)
            } else if let next = inNextBrackets(here, season: season) {
                here = next
                isApart = true
            } else {
                let (meaning, _, end) = word(here)
                if meaning == .to || meaning == .and, hadSpace {
                    here = skip(end, " ".utf8, most: 2)
                    joiner = UInt8(ascii: "-")
                } else {
                    joiner = 0
                }
            }
            // A repeated season: `S01E01-S01E03`.
            if byte(here).lowercased == UInt8(ascii: "s"), let again = number(here + 1, digits: 2),
                again.value == season
            {
                here = again.end
            }
            var next: (value: Int, end: Int)?
            if byte(here).lowercased == UInt8(ascii: "e") || here == at && byte(here).lowercased == UInt8(ascii: "x") {
                if let read = episodeNumber(at: byte(here).lowercased == 0x78 ? here + 1 : here, needsWord: false) {
                    next = (read.value, read.end)
                }
            } else if joiner == UInt8(ascii: "-") || joiner == UInt8(ascii: "~") || (spaced && joiner != 0) {
                let tight = byte(here - 1) == joiner && !hadSpace
                if let read = number(here, digits: 5), isWordEnd(read.end), tight || spaced,
                    read.end - here >= min(2, width), !(read.end - here == 4 && read.value >= 1900 && read.value < 2100)
                {
                    next = read
                }
            }
            // `S05E53 - Ep.129` counts on from the first season.
            if let next, hadSpace, season >= 0, next.value > last + 50 { break }
            guard let next, next.value > last else { break }
            let isNext = isApart || next.value == last + 1
            guard let more = isNext ? [next.value] : Self.range(last + 1, next.value) else { break }
            episodes += more
            at = next.end
        }
        return (Array(episodes.prefix(Self.longest)), at)
    }

    /// The `S` of `[S02E10] [S02E11]`, from the end of the first bracket.
    private func inNextBrackets(_ at: Int, season: Int) -> Int? {
        guard byte(at) == UInt8(ascii: "]") || byte(at) == UInt8(ascii: ")") else { return nil }
        let next = skip(at + 1, " ._-".utf8, most: 2)
        guard byte(next) == UInt8(ascii: "[") || byte(next) == UInt8(ascii: "("), byte(next + 1).lowercased == 0x73,
            let again = number(next + 2, digits: 2), again.value == season, byte(again.end).lowercased == 0x65
        else { return nil }
        return next + 1
    }

    /// A number without a word behind a season: `S02 03`, `S01.07`, `S2 - 11`, `S2-07`.
    private func bareEpisode(after at: Int, padded: Bool) -> ([Int], Int)? {
        let gap = skip(at, " ._-".utf8, most: 3)
        guard gap > at, let read = number(gap, digits: 4), isNumberEnd(read.end), byte(read.end).lowercased != 0x73
        else { return nil }
        let digits = read.end - gap
        let between = bytes[at..<gap]
        let isDashed = between.contains(UInt8(ascii: "-"))
        if !isDashed {
            guard gap - at == 1, digits == 2 else { return nil }
            // `S01 10.Bit`, `S02.51.Audio`: a number that a dot and a digit follow is no episode.
            if byte(read.end) == UInt8(ascii: "."), byte(read.end + 1).isDigit, isWordEnd(read.end + 2) { return nil }
        } else if between.first == UInt8(ascii: " ") || between.first == UInt8(ascii: "_") {
            guard (2...4).contains(digits), !(1900...2099).contains(read.value) else { return nil }
        } else {
            guard !padded, digits == 2, gap - at == 1 else { return nil }
        }
        return ([read.value], read.end)
    }

    /// `S01D02`, `S01.DISC.2`: one of a season's discs.
    func disc(after at: Int) -> Int? {
        let gap = skip(at, " ._-".utf8, most: 1)
        guard byte(gap).lowercased == UInt8(ascii: "d") else { return nil }
        var here = gap + 1
        if byte(here).lowercased == UInt8(ascii: "i") {
            let isWord = zip(here..., "is".utf8).allSatisfy { byte($0).lowercased == $1 }
            guard isWord, [UInt8(ascii: "c"), UInt8(ascii: "k")].contains(byte(here + 2).lowercased) else { return nil }
            here = skip(here + 3, " ._-".utf8, most: 1)
        }
        guard let read = number(here, digits: 2), isWordEnd(read.end) else { return nil }
        return read.end
    }

    /// `Part 1`, `Vol.2`, `P1` right behind a season.
    func part(after at: Int) -> (Bool, Int) {
        let here = skip(at, " ._-([".utf8)
        guard here > at else { return (false, at) }
        let (meaning, _, end) = word(here)
        guard meaning == .part, let read = number(skip(end, " .".utf8, most: 2), digits: 2), isWordEnd(read.end) else {
            return (false, at)
        }
        return (true, read.end)
    }
}
