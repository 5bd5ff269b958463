extension NameReader {
    /// Season and episode: the plain forms first, then days, then numbers that could be episodes.
    mutating func findNumbering(into release: inout ParsedRelease) {
        numbering = plainNumbering() ?? glued()
        if numbering == nil, let (day, start, end) = day() ?? writtenDay() {
            release.dailyDate = day
            numbering = Numbering(start: start, end: end)
        }
        if numbering == nil { numbering = wordNumbering() ?? partOfMiniSeries() ?? guess() ?? fileNumber() }
        guard let numbering else { return }
        release.seasons = numbering.seasons
        release.episodes = numbering.episodes
        release.isPartialSeason = numbering.isPartial && numbering.episodes.isEmpty
        release.isFullSeason =
            !numbering.seasons.isEmpty && numbering.episodes.isEmpty && !numbering.isPartial
    }

    /// `S01E02`, `1x02`, and seasons by word, whichever comes first; an episode found further on is joined to it.
    private func plainNumbering() -> Numbering? {
        let scanner = NumberScanner(bytes: bytes)
        for index in first..<max(first, end) {
            let token = tokens[index]
            let byte = bytes[token.start].lowercased
            var found: Numbering?
            if byte == UInt8(ascii: "s") || byte == UInt8(ascii: "t") {
                found = scanner.seasonAndEpisode(at: token.start)
                let isGroup = index > firstTag && token.before == .dash
                if let seasons = found?.seasons, found?.episodes.isEmpty == true {
                    // Behind the tags somebody's name may look like a season: `x265.S97`.
                    let isName = index > firstTag && seasons[0] > Self.mostSeasons
                    if isGroup || isName || byte == UInt8(ascii: "t") { found = nil }
                }
            } else if byte.isDigit, index < firstTag || token.bracket >= 0 {
                found = scanner.crossed(at: token.start)
                if isChannels(index) { found = nil }
            }
            if found == nil, token.tag?.meaning == .season, !isTitle(index) { found = season(at: index) }
            if found == nil, token.tag == nil { found = scanner.gluedSeasonWord(token.start..<token.end) }
            guard let found else { continue }
            if found.episodes.isEmpty, found.seasons.count == 1 { return withEpisode(found) }
            return found
        }
        return nil
    }

    /// A season's word that is all there is of a title: `Temp.S01E02`.
    private func isTitle(_ index: Int) -> Bool {
        guard index == first else { return false }
        let scanner = NumberScanner(bytes: bytes)
        return tokens[(index + 1)..<min(end, index + 3)].contains {
            scanner.seasonAndEpisode(at: $0.start) != nil || scanner.crossed(at: $0.start) != nil
        }
    }

    /// `DDP5.1x2`, `AC3 5.1x2` are sound.
    private func isChannels(_ index: Int) -> Bool {
        guard index > first, tokens[index].before == .dot, tokens[index].count == 3 else { return false }
        if case .audio = tokens[index - 1].tag?.meaning { return true }
        return tokens[index - 1].count == 1 && tokens[index - 1].number != nil
    }

    /// A season that names no episode: one may stand further on (`[Cap.103]`, `S01 Season 1 Episode 2`), in words.
    private func withEpisode(_ season: Numbering) -> Numbering {
        let scanner = NumberScanner(bytes: bytes)
        for index in first..<max(first, end) where tokens[index].start >= season.end {
            let token = tokens[index]
            var found = season
            if token.tag?.meaning == .episode, !token.isTail {
                guard let episode = scanner.afterEpisodeWord(at: token.start, wordEnd: token.end) else { continue }
                // Spanish names write the season into the number of the chapter.
                let isChapter = bytes[token.start].lowercased == UInt8(ascii: "c") && token.count <= 4
                found.episodes = episode.episodes.map { isChapter && $0 / 100 == season.seasons[0] ? $0 % 100 : $0 }
            } else if token.number != nil, token.count <= 3, index + 1 < end, tokens[index + 1].tag?.meaning == .episode
            {
                // `7.Bölüm`, `22.seria`, `09-я серия`; a plural counts them all.
                if let all = range(endingAt: index), tokens[index - 1].start >= season.end {
                    // `1-8 серии из 10`
                    found.episodes = all
                } else if Self.plurals.contains(tokens[index + 1].word) {
                    return season
                } else {
                    found.episodes = [token.number ?? 0]
                }
            } else if bytes[token.start].isDigit, let of = scanner.ofMany(at: token.start) {
                found.episodes = of.episodes
            } else if token.tag?.meaning == .part, season.isByWord(in: bytes, word: Self.series), index + 1 < end,
                let number = tokens[index + 1].number
            {
                found.episodes = [number]
            } else if token.before.contains(.dash), token.before.contains(.space), let number = token.number,
                token.count == 2 || token.count == 3,
                index + 1 >= end || tokens[index + 1].before.contains(.open) || tokens[index + 1].word == Self.last
            {
                found.episodes = [number]
            } else {
                if firstTag < index - 12 { break }
                continue
            }
            found.isPartial = false
            return found
        }
        return season
    }

    /// No show has come further, but by the year.
    private static let mostSeasons = 60
    static let plurals = Set(["серии", "Серии", "serii", "episodes"].map { Word($0) })
    private static let series = Word("series")
    static let last = Word("end")

    /// Around a season word: `Season 1`, `3rd Season`, `2.sezon.12.serija`, `1ª a 8ª Temporada`.
    private func season(at index: Int) -> Numbering? {
        let scanner = NumberScanner(bytes: bytes)
        let token = tokens[index]
        let before = index > 0 ? ordinal(at: index - 1) : nil
        let isEnglish = Self.english.contains(token.word)
        let following = index + 1 < end ? tokens[index + 1].number : nil
        let episodeWord = range(endingAt: index + 2) == nil ? index + 2 : index + 3
        let followsEpisode = episodeWord < end && tokens[episodeWord].tag?.meaning == .episode
        if let before, before.isOrdinal || (!isEnglish && (following == nil || followsEpisode)) {
            var found = Numbering(seasons: [before.value], start: tokens[index - before.words].start, end: token.end)
            if index - before.words - 2 >= first, tokens[index - before.words - 1].tag?.meaning == .to,
                let from = ordinal(at: index - before.words - 2), from.value < before.value
            {
                found.seasons = Array(from.value...before.value)
                found.start = tokens[index - before.words - 2].start
            }
            if !followsEpisode, let (episodes, end) = scanner.seriesEpisodes(after: token.end, season: before.value) {
                (found.episodes, found.end) = (episodes, end)
            }
            return found
        }
        guard var found = scanner.afterSeasonWord(at: token.end) else { return nil }
        found.start = token.start
        // What British television calls a part of a series is an episode, which ``withEpisode(_:)`` finds.
        if token.word == Self.series, found.isPartial, following != nil {
            (found.isPartial, found.end) = (false, tokens[index + 1].end)
        }
        // `Complete Season 1`, `All Seasons (1-8)`, `S01 Season 1` begin a word earlier.
        while index > first, found.start == token.start, tokens[index - 1].tag?.meaning == .complete {
            found.start = tokens[index - 1].start
        }
        return found
    }

    /// Words behind which the number stands, never before them.
    private static let english = Set(["season", "seasons", "series", "saison", "staffel"].map { Word($0) })

    /// `1-8`, where it ends here.
    func range(endingAt index: Int) -> [Int]? {
        guard index > first, index < end, let to = tokens[index].number, let from = tokens[index - 1].number,
            tokens[index].before.contains(.dash)
        else { return nil }
        return NumberScanner.range(from, to)
    }

    /// `3rd`, `1ª`, `10 th`, `5-й`, or a bare number.
    private func ordinal(at index: Int) -> (value: Int, isOrdinal: Bool, words: Int)? {
        let token = tokens[index]
        if let number = token.number { return number > 0 && token.count <= 2 ? (number, false, 1) : nil }
        if index > 0, let number = tokens[index - 1].number, tokens[index - 1].count <= 2, token.count <= 4,
            Self.ordinalEnds.contains(token.word)
        {
            return (number, true, 2)
        }
        var at = token.start
        var value = 0
        while at < token.end, bytes[at].isDigit, at - token.start < 2 {
            value = value * 10 + Int(bytes[at] - 48)
            at += 1
        }
        guard at > token.start, value > 0, Self.ordinalEnds.contains(Word(bytes[at..<token.end])) else { return nil }
        return (value, true, 1)
    }

    private static let ordinalEnds = Set(
        ["st", "nd", "rd", "th", "ª", "º", "°", "a", "Âª", "Âº", "й", "я", "e"].map { Word($0) })

    /// `DieS01E06`, `Castle1x01`: the number glued to the title.
    func glued() -> Numbering? {
        let scanner = NumberScanner(bytes: bytes)
        for index in first..<max(first, end) where tokens[index].count >= 6 {
            let token = tokens[index]
            for at in (token.start + 2)..<(token.end - 3) {
                if bytes[at].lowercased == UInt8(ascii: "s"), bytes[at + 1].isDigit, bytes[at - 1].isLetter,
                    let found = scanner.seasonAndEpisode(at: at), found.end > at + 3,
                    !found.episodes.isEmpty || bytes[at] == UInt8(ascii: "S")
                {
                    return found
                }
                if bytes[at].isDigit, bytes[at - 1].isLetter, bytes[at - 1].lowercased != 0x78,
                    let found = scanner.crossed(at: at)
                {
                    return found
                }
            }
        }
        return nil
    }

    /// Episodes without a season: `E07`, `Ep 10-12`, `Episode 4`, `2of6`.
    private func wordNumbering() -> Numbering? {
        let scanner = NumberScanner(bytes: bytes)
        for index in first..<max(first, end) {
            let token = tokens[index]
            let byte = bytes[token.start].lowercased
            if byte.isDigit, var found = scanner.ofMany(at: token.start) {
                if index > first + 1, tokens[index - 1].tag?.meaning == .part { found.start = tokens[index - 1].start }
                return found
            }
            guard index > first || end - first <= 2 else { continue }
            if let found = episodeBeforeItsWord(at: index) { return found }
            // A film may be an episode as well: then its name goes on, with its year.
            let isLong = token.count > 3 && token.number == nil && token.tag?.meaning == .episode
            if isLong, token.bracket < 0, hasYearBehind(index) { continue }
            guard byte == UInt8(ascii: "e") || token.tag?.meaning == .episode else { continue }
            if var found = scanner.afterEpisodeWord(at: token.start, wordEnd: token.end) {
                // `[Cap.204]`: Spanish names write the season into the number of the chapter.
                if token.bracket >= 0, token.word == Self.chapter, let number = found.episodes.first,
                    number > 100, found.episodes.allSatisfy({ $0 / 100 == number / 100 && $0 % 100 > 0 })
                {
                    (found.seasons, found.episodes) = ([number / 100], found.episodes.map { $0 % 100 })
                }
                return found
            }
        }
        return nil
    }

    private static let chapter = Word("cap")

    private func hasYearBehind(_ index: Int) -> Bool {
        ((index + 1)..<max(index + 1, end)).contains {
            tokens[$0].number.map(Self.isYear) == true && tokens[$0].count == 4
        }
    }

    static func isYear(_ number: Int) -> Bool { (1900...2035).contains(number) }
}

extension Numbering {
    func isByWord(in bytes: [UInt8], word: Word) -> Bool {
        start + word.count <= bytes.count && Word(bytes[start..<(start + word.count)]) == word
    }
}
