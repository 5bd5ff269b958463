/// `Season 1`, `Seasons 1-4`, `Saison 2 Episode 3`.
extension NumberScanner {
    private static let mostSeasons = 60

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
        if found.seasons.count == 1, let end = disc(after: first.end) {
            (found.isPartial, found.end) = (true, end)
            return found
        }
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
        // ` - 01 ~ 21 [`
        let (episodes, end) = moreEpisodes(read.value, at: read.end, season: season, spaced: true)
        let next = skip(end, " ".utf8, most: 2)
        guard next >= bytes.count || "[(".utf8.contains(byte(next)) || word(next).meaning == .container else {
            return nil
        }
        return (episodes, end)
    }

    /// Behind ` / `, which Russian names put between season and episode.
    private func skipQuiet(_ at: Int) -> Int {
        let here = skip(at, " ,./)\u{2013}".utf8, most: 4)
        return word(here).meaning == .episode ? here : at
    }

    /// Further seasons behind the first: ranges by `-`, `to` and `:`, lists by everything else.
    func moreSeasons(_ first: [Int], at start: Int, wordForm: Bool) -> ([Int], Int) {
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
}
