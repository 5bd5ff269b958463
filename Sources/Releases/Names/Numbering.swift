/// Seasons and episodes as a name gives them, and where it does.
struct Numbering: Equatable {
    var seasons: [Int] = []
    var episodes: [Int] = []
    /// `S02 Part 1`.
    var isPartial = false
    /// The bytes it takes.
    var start = 0
    var end = 0
    /// Numbers alone, such as ` - 12 [`: believed only where nothing better is found.
    var isGuess = false
}

/// Reads seasons and episodes from bytes, always forward, and never far: a range names at most `longest` numbers.
struct NumberScanner {
    let bytes: [UInt8]
    private static let longest = 400
    private static let mostSeasons = 60

    private func byte(_ at: Int) -> UInt8 { at < bytes.count && at >= 0 ? bytes[at] : 0 }

    private func isWordEnd(_ at: Int) -> Bool { !byte(at).isAlphanumeric }

    /// A number of at most `digits` digits that no digit follows.
    private func number(_ at: Int, digits: Int) -> (value: Int, end: Int)? {
        var value = 0
        var end = at
        while byte(end).isDigit, end - at <= digits {
            value = value * 10 + Int(byte(end) - 48)
            end += 1
        }
        return end > at && end - at <= digits ? (value, end) : nil
    }

    private func skip(_ at: Int, _ skipped: String.UTF8View, most: Int = 4) -> Int {
        var end = at
        while end - at < most, end < bytes.count, skipped.contains(bytes[end]) { end += 1 }
        return end
    }

    /// The letters from here on, as a word of the table.
    private func word(_ at: Int) -> (meaning: Meaning?, word: Word, end: Int) {
        var word = Word()
        var end = at
        while end < bytes.count, bytes[end].isLetter || bytes[end] >= 0x80, word.count <= 16 {
            word.append(bytes[end])
            end += 1
        }
        return (tagTable.find(word)?.tag?.meaning, word, end)
    }

    private static func range(_ from: Int, _ to: Int) -> [Int]? {
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
        guard letter == UInt8(ascii: "s"), isWordEnd(at) || byte(at) >= 0x80 else { return nil }
        let width = at - start - 1
        if let (episode, end) = bareEpisode(after: at, padded: width > 1) {
            found.episodes = episode
            found.end = end
            return found
        }
        (found.seasons, found.end) = moreSeasons([season], at: at, wordForm: false)
        if found.seasons.count > 1 { return found }
        (found.isPartial, found.end) = part(after: at)
        return found
    }

    /// `E02`, `x02`, ` Ep.2`, `E02-E05`, `E02E03`, behind a season.
    private func episodes(after at: Int, season: Int) -> ([Int], Int)? {
        var here = skip(at, " ._-[]():,/".utf8)
        if here == at, byte(here).lowercased == UInt8(ascii: "x") { here += 1 }
        guard let first = episodeNumber(at: here, needsWord: here == at || byte(here - 1).lowercased != 0x78) else {
            return nil
        }
        return moreEpisodes(first.value, at: first.end, season: season, spaced: first.isPlural)
    }

    /// A number, usually with `E`, `Ep` or another word of the table before it.
    private func episodeNumber(at: Int, needsWord: Bool) -> (value: Int, end: Int, isPlural: Bool)? {
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
        // `e01a`, `E01v2`, or a word's end.
        guard isNumberEnd(read.end) else { return nil }
        return (read.value, read.end, isPlural)
    }

    /// Behind a number: no further letter, but for a half (`01a`), a version (`01v2`), or the next `E`.
    private func isNumberEnd(_ at: Int) -> Bool {
        let next = byte(at).lowercased
        if !next.isLetter { return true }
        if next == UInt8(ascii: "v"), byte(at + 1).isDigit { return true }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "x") || next == UInt8(ascii: "s") {
            return byte(at + 1).isDigit || byte(at + 1).lowercased == UInt8(ascii: "p")
        }
        return next <= UInt8(ascii: "c") && isWordEnd(at + 1)
    }

    /// Further episodes: each is read as the end of a range, so that `E01E03` has three.
    private func moreEpisodes(_ first: Int, at start: Int, season: Int, spaced: Bool) -> ([Int], Int) {
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
            var joiner = byte(here)
            if "-~+&,_./".utf8.contains(joiner) {
                here = skip(here, "-~+&,_./ ".utf8, most: 3)
            } else if byte(here) == 0xE2, byte(here + 1) == 0x80 {
                joiner = UInt8(ascii: "-")
                here = skip(here + 3, " ".utf8, most: 2)
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
            guard let next, let more = Self.range(last + 1, next.value) ?? (next.value == last + 1 ? [next.value] : nil)
            else { break }
            episodes += more
            at = next.end
        }
        return (Array(episodes.prefix(Self.longest)), at)
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

    /// `Part 1`, `Vol.2`, `P1` right behind a season.
    private func part(after at: Int) -> (Bool, Int) {
        let here = skip(at, " ._-([".utf8)
        guard here > at else { return (false, at) }
        let (meaning, _, end) = word(here)
        guard meaning == .part, let read = number(skip(end, " .".utf8, most: 2), digits: 2), isWordEnd(read.end) else {
            return (false, at)
        }
        return (true, read.end)
    }

    /// Further seasons behind the first: ranges by `-`, `to` and `:`, lists by everything else.
    private func moreSeasons(_ first: [Int], at start: Int, wordForm: Bool) -> ([Int], Int) {
        var seasons = first
        var at = start
        var bareJoins = 0
        while seasons.count < Self.mostSeasons {
            let last = seasons[seasons.count - 1]
            var here = skip(at, " ._-~+&,:/".utf8, most: 5)
            guard here > at else { break }
            let joiner = bytes[at..<here]
            var isRange = joiner.contains {
                $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: ":")
            }
            let isList = joiner.contains { "+&,/".utf8.contains($0) }
            let (meaning, _, wordEnd) = word(here)
            var hasWord = false
            if meaning == .to || meaning == .and {
                isRange = isRange || meaning == .to
                hasWord = true
                here = skip(wordEnd, " ._".utf8, most: 2)
            }
            var hasLetter = false
            let (again, _, againEnd) = word(here)
            if again == .season {
                here = skip(againEnd, " ._".utf8, most: 2)
                hasLetter = true
            }
            if byte(here).lowercased == UInt8(ascii: "s"), byte(here + 1).isDigit {
                here += 1
                hasLetter = true
            }
            guard let read = number(here, digits: hasLetter || wordForm || isRange ? 2 : 0), isWordEnd(read.end),
                read.value > last, read.value <= Self.mostSeasons
            else { break }
            // `S01-02` is a range; `Season 1 2 3` a list only where each follows the other; `+ 4 Movies` is neither.
            if !hasLetter, !isRange, !isList, !hasWord, read.value != last + 1 { break }
            if !hasLetter, !isRange, namesOtherThings(read.end) { break }
            if !isRange, !isList, !hasWord { bareJoins += 1 }
            seasons += isRange ? Array((last + 1)...read.value) : [read.value]
            at = read.end
        }
        // `S01 S04` alone names the ends of a range.
        if !wordForm, seasons.count == 2, bareJoins == 1 { seasons = Array(seasons[0]...seasons[1]) }
        return (seasons, at)
    }

    private func namesOtherThings(_ at: Int) -> Bool {
        let meaning = word(skip(at, " .".utf8, most: 2)).meaning
        return meaning == .extras || meaning == .otherThings || meaning == .episode
    }

    // MARK: 1x02

    /// `1x02`, `06x01-08`, `1x01x02`, `01xE04` at this byte.
    func crossed(at start: Int) -> Numbering? {
        guard let season = number(start, digits: 2), let cross = crossEnd(season.end) else { return nil }
        var here = cross
        if byte(here).lowercased == UInt8(ascii: "e") { here += 1 }
        guard let episode = number(here, digits: 3), isNumberEnd(episode.end) || isDigitsThenHeight(episode.end) else {
            return nil
        }
        guard episode.end - here >= 2 || season.end - start == 1 else { return nil }
        var found = Numbering(seasons: [season.value], episodes: [episode.value], start: start, end: episode.end)
        var episodes = moreEpisodes(episode.value, at: episode.end, season: season.value, spaced: false)
        // `1x01-1x03`, `1x01 1x02`.
        while episodes.0.count < Self.longest {
            let next = skip(episodes.1, " -._&+,".utf8)
            guard let again = number(next, digits: 2), again.value == season.value, let cross = crossEnd(again.end),
                let read = number(cross, digits: 3), isNumberEnd(read.end),
                let more = Self.range(episodes.0[episodes.0.count - 1] + 1, read.value + 1)
            else { break }
            episodes.0 += more.dropLast()
            episodes.1 = read.end
        }
        (found.episodes, found.end) = episodes
        return found
    }

    private func isDigitsThenHeight(_ at: Int) -> Bool {
        byte(at).lowercased == UInt8(ascii: "m") && byte(at + 1).isDigit
    }

    /// Behind an `x`, Latin or Cyrillic.
    private func crossEnd(_ at: Int) -> Int? {
        if byte(at).lowercased == UInt8(ascii: "x") { return at + 1 }
        // `01E06`
        if byte(at).lowercased == UInt8(ascii: "e"), byte(at - 2).isDigit, byte(at + 1).isDigit { return at + 1 }
        return byte(at) == 0xD1 && byte(at + 1) == 0x85 ? at + 2 : nil
    }

    // MARK: Season 1

    /// `Sezon01`, `SezonSO3`, `Sn4`: a season word and its number in one.
    func gluedSeasonWord(_ range: Range<Int>) -> Numbering? {
        guard byte(range.upperBound - 1).isDigit, byte(range.lowerBound).isLetter else { return nil }
        var end = word(range.lowerBound).end
        if end > range.lowerBound + 3, byte(end - 1).lowercased == 0x6F, byte(end - 2).lowercased == 0x73 { end -= 2 }
        guard end - range.lowerBound >= 2,
            tagTable.find(Word(bytes[range.lowerBound..<end]))?.tag?.meaning == .season,
            var found = afterSeasonWord(at: end)
        else { return nil }
        found.start = range.lowerBound
        return found
    }

    /// What follows a season word that ends at this byte: `1`, `1-4`, `1, 2 & 3`, `S01-S07`, `3 Episode 4`, `4.16`.
    func afterSeasonWord(at end: Int) -> Numbering? {
        var here = skip(end, " .:#№_-([".utf8)
        if byte(here) == 0xE2 || byte(here) == 0xC2 { here = skip(here + (byte(here) == 0xE2 ? 3 : 2), " ".utf8) }
        if byte(here).lowercased == UInt8(ascii: "s"), byte(here + 1).isDigit || byte(here + 1).lowercased == 0x6F {
            return seasonAndEpisode(at: here)
        }
        guard let first = number(here, digits: 2), isWordEnd(first.end) || byte(first.end) >= 0x80 else { return nil }
        var found = Numbering(seasons: [first.value], start: end, end: first.end)
        if let (episodes, end) = seriesEpisodes(after: first.end, season: first.value) {
            found.episodes = episodes
            found.end = end
            return found
        }
        (found.seasons, found.end) = moreSeasons([first.value], at: first.end, wordForm: true)
        if found.seasons.count == 1 {
            (found.isPartial, found.end) = part(after: first.end)
            return found
        }
        if let (episodes, end) = episodes(after: found.end, season: first.value), found.seasons.count == 1 {
            (found.episodes, found.end) = (episodes, end)
        }
        return found
    }

    /// Episodes behind `Season 3`: by word, or `4.16`, ` 11 01`, ` - 11 [`.
    func seriesEpisodes(after at: Int, season: Int) -> ([Int], Int)? {
        if let found = episodes(after: skipQuiet(at), season: season) { return found }
        let gap = skip(at, " .-".utf8, most: 3)
        guard gap > at, let read = number(gap, digits: 4), isNumberEnd(read.end) else { return nil }
        let digits = read.end - gap
        let isDashed = bytes[at..<gap].contains(UInt8(ascii: "-"))
        if !isDashed {
            guard digits == 2, gap - at == 1 else { return nil }
            let isPadded = byte(gap) == UInt8(ascii: "0")
            guard byte(at) == UInt8(ascii: ".") || isPadded else { return nil }
            return ([read.value], read.end)
        }
        guard byte(at) == UInt8(ascii: " "), digits >= 2 else { return nil }
        let next = skip(read.end, " ".utf8, most: 2)
        guard next >= bytes.count || "[(".utf8.contains(byte(next)) || word(next).meaning == .container else {
            return nil
        }
        return ([read.value], read.end)
    }

    /// Behind ` / `, which Russian names put between season and episode.
    private func skipQuiet(_ at: Int) -> Int {
        let here = skip(at, " ,./)\u{2013}".utf8, most: 4)
        return word(here).meaning == .episode ? here : at
    }

    // MARK: Without a season

    /// `E07`, `Ep 10-12`, `Episode 4`, `Cap.103` where an episode word stands.
    func afterEpisodeWord(at start: Int, wordEnd: Int) -> Numbering? {
        guard let first = episodeNumber(at: start, needsWord: true) else { return nil }
        if first.end < bytes.count, byte(first.end) == UInt8(ascii: "."), byte(first.end + 1).isDigit,
            let second = number(first.end + 1, digits: 2), second.end - first.end == 3, isWordEnd(second.end),
            first.value < 60
        {
            // `Episode 1.22`.
            return Numbering(seasons: [first.value], episodes: [second.value], start: start, end: second.end)
        }
        let (episodes, end) = moreEpisodes(first.value, at: first.end, season: -1, spaced: true)
        return Numbering(episodes: episodes, start: start, end: end)
    }

    /// `2of6`, `3iz6`, `26 of 26` at this byte.
    func ofMany(at start: Int) -> Numbering? {
        guard let first = number(start, digits: 3) else { return nil }
        let here = skip(first.end, " ._".utf8, most: 1)
        let (meaning, _, end) = word(here)
        guard meaning == .of else { return nil }
        guard let many = number(skip(end, " ._".utf8, most: 1), digits: 3), isWordEnd(many.end),
            many.value >= first.value
        else { return nil }
        let all = first.value == many.value && here > first.end && first.value > 1
        return Numbering(episodes: all ? Array(1...first.value) : [first.value], start: start, end: many.end)
    }

    /// `6.01`, `5.134`, `4-13`, `03_19` at this byte: two numbers and nothing else in their place.
    func pair(at start: Int) -> Numbering? {
        guard let season = number(start, digits: 2), "._-".utf8.contains(byte(season.end)),
            let episode = number(season.end + 1, digits: 3), isWordEnd(episode.end), season.value > 0
        else { return nil }
        return Numbering(
            seasons: [season.value], episodes: [episode.value], start: start, end: episode.end, isGuess: true)
    }
}
