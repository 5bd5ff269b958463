/// Seasons and episodes without their letters or words.
extension NumberScanner {
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
