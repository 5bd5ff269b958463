/// Bare numbers where an episode stands. Believed only where nothing better was found.
extension NameReader {
    /// ` - 12 [720p]`, ` - 01 ~ 12 [`, `(001-220)`, ` 01-26 [`, ` - 6.01 - `, `_03_19.avi`, `.103.HDTV`.
    func guess() -> Numbering? {
        for index in first..<max(first, end) {
            let token = tokens[index]
            guard bytes[token.start].isDigit else { continue }
            if let found = seasonAndEpisode(at: index) ?? range(at: index) { return found }
            guard index > first, let number = bareEpisode(token), !Self.isYear(number) else { continue }
            if let found = setOff(number, at: index) ?? inBrackets(number, at: index) ?? compact(number, at: index) {
                return found
            }
        }
        return nil
    }

    /// ` - 6.01 - `, `_03_19.avi`, `[4-13]`: two numbers that stand as season and episode do.
    private func seasonAndEpisode(at index: Int) -> Numbering? {
        let token = tokens[index]
        guard let found = NumberScanner(bytes: bytes).pair(at: token.start), index < firstTag, index + 1 < end,
            tokens[index + 1].number != nil, index + 2 >= end || tokens[index + 2].number == nil,
            !isRange(index)
        else { return nil }
        let isLast = index + 2 >= end || index + 3 == end && tokens[index + 2].count == 1
        let isTwoAndTwo = token.count == 2 && tokens[index + 1].count == 2
        let isApart = index + 2 < end && !tokens[index + 2].before.isDisjoint(with: [.space, .close, .dash])
        let isBracketed =
            token.before.contains(.open) && (index + 2 >= end || tokens[index + 2].before.contains(.close))
        let isFirst = index == first && isApart && tokens[index + 1].before != .space
        let isBehindTitle = isLast && isTwoAndTwo && index > first && firstTag == .max
        // Fansubs write several episodes so: ` - 12-13 (`.
        let isOfFansub = first > 0 && isTwoAndTwo && tokens[index + 1].before == .dash
        let isInMiddle = isSetOff(token) && isApart && tokens[index + 1].count == 2 && !isOfFansub
        return isBehindTitle || isBracketed || isFirst || isInMiddle ? found : nil
    }

    /// `01-26`, `001-220`, `001-1122`: counted from the first, in figures of one width or more than that needs.
    private func isRange(_ index: Int) -> Bool {
        guard index + 1 < end, let from = tokens[index].number, let to = tokens[index + 1].number else { return false }
        let isWide = tokens[index + 1].count == 4 && tokens[index].count == 3 && !Self.isYear(to)
        return tokens[index + 1].before.contains(.dash) && tokens[index].count >= 2
            && (isWide || tokens[index].count == tokens[index + 1].count) && from == 1 && to > from
    }

    /// `(001-220)`, `[01-26]`; without brackets behind a title, `Title 01-26 [720p]`, `Title.001-1000.720p`.
    private func range(at index: Int) -> Numbering? {
        guard isRange(index), index > first, let to = tokens[index + 1].number,
            let all = NumberScanner.range(1, to)
        else { return nil }
        let isBracketed = tokens[index].before.contains(.open) && isClosed(index + 1)
        let behind = index + 2
        let isBehindTitle =
            tokens[index].before.isDisjoint(with: [.open, .dash]) && tokens[index - 1].number == nil
            && isPadded(tokens[index])
            && (behind >= end || behind == firstTag || tokens[behind].before.contains(.open))
        guard isBracketed || isBehindTitle else { return nil }
        return Numbering(episodes: all, start: tokens[index].start, end: tokens[index + 1].end, isGuess: true)
    }

    /// ` - 12 [`, ` - 01 ~ 12 (`, ` - 103, 104 - `.
    private func setOff(_ number: Int, at index: Int) -> Numbering? {
        let token = tokens[index]
        guard isSetOff(token), token.count >= 2, token.count <= 6, number < 2_000 else { return nil }
        var found = Numbering(episodes: [number], start: token.start, end: token.end, isGuess: true)
        var behind = index + 1
        if behind < end, let next = tokens[behind].number, next > number, tokens[behind].count >= token.count,
            !Self.isYear(next), tokens[behind].before.isSubset(of: [.space, .dash, .other])
        {
            let isDashed = tokens[behind].before.contains(.dash)
            if isDashed || next == number + 1, let more = NumberScanner.range(number, next) {
                found.episodes = more
                found.end = tokens[behind].end
                behind += 1
            }
        }
        let isBeforeTags =
            behind >= end || tokens[behind].before.contains(.open) || isVersion(behind)
            || found.episodes.count > 1 && tokens[behind].tag?.meaning == .complete
        return isBeforeTags || isSetOff(tokens[behind]) ? found : nil
    }

    /// `[Group] Title [12][1080p]`, `[Group] Title 05 [720p].mkv`: the way of fansubs.
    private func inBrackets(_ number: Int, at index: Int) -> Numbering? {
        let token = tokens[index]
        guard first > 0, tokens[0].before == .open, (2...4).contains(token.count), !Self.isHeight(number),
            isClosed(index) || index + 1 < end && tokens[index + 1].before.contains(.open)
        else { return nil }
        let isAlone = token.before.contains(.open) && isClosed(index)
        let isLast = token.bracket < 0 && token.before == .space && (end < tokens.count || isPadded(token))
        return isAlone || isLast
            ? Numbering(episodes: [number], start: token.start, end: token.end, isGuess: true) : nil
    }

    /// `Title.103.HDTV`, `Title.1013.720p.HDTV`: season and episode in one, never a height or a codec.
    private func compact(_ number: Int, at index: Int) -> Numbering? {
        let token = tokens[index]
        guard index + 1 == firstTag, token.bracket < 0, token.count == 3 || token.count == 4, number % 100 > 0,
            number >= 101, isTelevision(firstTag) || token.count == 4 && !isOfFilm,
            !Self.isHeight(number)
        else { return nil }
        return Numbering(
            seasons: [number / 100], episodes: [number % 100], start: token.start, end: token.end, isGuess: true)
    }

    /// `004 - The Noose.avi`, `02 The Noose.mp4`: a file of a pack, numbered in front.
    func fileNumber() -> Numbering? {
        guard first == 0, end > 1, end < tokens.count, let number = tokens[0].number, isPadded(tokens[0]),
            tokens[0].count <= 3, tokens[1].before.isSubset(of: [.space, .dash])
        else { return nil }
        return Numbering(episodes: [number], start: tokens[0].start, end: tokens[0].end, isGuess: true)
    }

    /// `12`, `12v2`, `107a`: an episode, its version or its half.
    private func bareEpisode(_ token: Token) -> Int? {
        if let number = token.number { return number }
        var at = token.start
        var value = 0
        while at < token.end, bytes[at].isDigit, at - token.start < 4 {
            value = value * 10 + Int(bytes[at] - 48)
            at += 1
        }
        let rest = bytes[at..<token.end]
        let isHalf = rest.count == 1 && (97...98).contains(rest[at]) && at - token.start >= 2
        let isVersioned = rest.count == 2 && rest[at].lowercased == UInt8(ascii: "v") && rest[at + 1].isDigit
        return isHalf || isVersioned && at - token.start >= 2 ? value : nil
    }

    private func isSetOff(_ token: Token) -> Bool {
        token.before.contains(.dash) && !token.before.isDisjoint(with: [.space, .underscore])
    }

    private func isPadded(_ token: Token) -> Bool { bytes[token.start] == UInt8(ascii: "0") && token.count >= 2 }

    private func isClosed(_ index: Int) -> Bool {
        index + 1 >= tokens.count ? tokens[index].bracket >= 0 : tokens[index + 1].before.contains(.close)
    }

    /// `END`, `v2` behind an episode's number.
    private func isVersion(_ index: Int) -> Bool {
        index >= end || tokens[index].word == Self.last || tokens[index].tag?.meaning == .other
    }

    /// Broadcast, or its picture's height and then broadcast.
    private func isTelevision(_ index: Int) -> Bool {
        (index..<max(index, min(end, index + 3))).contains {
            if case .source(.tv) = tokens[$0].tag?.meaning { return true }
            return false
        }
    }

    /// A source of films, a year, or somebody in brackets before the title: then a number before the tags belongs to the
    /// title, or counts from the first episode.
    private var isOfFilm: Bool {
        first > 0
            || tokens[first..<end].contains {
                if case .source = $0.tag?.meaning { return true }
                return $0.count == 4 && $0.number.map(Self.isYear) == true
            }
    }

    private static func isHeight(_ number: Int) -> Bool {
        [240, 264, 265, 360, 480, 540, 576, 720, 1080, 2160].contains(number)
    }
}
