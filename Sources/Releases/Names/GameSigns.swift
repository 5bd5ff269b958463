extension NameReader {
    /// Whether the name is a game's: it says so, or it has a game's signs and none of a film's.
    var looksLikeGame: Bool {
        // Games come in episodes as well.
        let isEpisode = numbering?.seasons.isEmpty == true && isGameGroup(end - 1)
        guard numbering == nil || numbering?.isGuess == true || isEpisode else { return false }
        var signs = isInstaller || isNamedByScene ? 1 : 0
        for index in tokens.indices {
            if isMulti(index) { signs += 1 }
            if index > first, isVersion(at: index) || isLongVersion(at: index) { signs += 1 }
            guard let tag = tokens[index].tag, !tokens[index].isTail else { continue }
            switch tag.meaning {
            case .resolution where tag.strength == .strong, .source where tag.strength == .strong, .codec, .discCodec,
                .remux, .rawDisc:
                return false
            case .audio where tag.strength == .strong: return false
            case .container where !Self.archives.contains(tokens[index].word): return false
            case .game where tag.strength == .strong: return true
            case .game where tokens[index].bracket >= 0: signs += 1
            case .gameGroup where isGameGroup(index): signs += 1
            case .platform where index != first && (tag.strength != .weak || isPlatformAlone(index)): signs += 1
            case .update where index + 1 < end && isVersion(at: index + 1): signs += 1
            case .version where index > first && tellsVersion(index): signs += 1
            case .downloadable where index > first, .gameEdition where index > first: signs += 1
            case .gameExtra where index > first && isDashGroup(index + 1): signs += 1
            default: break
            }
        }
        return signs > 0
    }

    /// What a film's file does not end in.
    private static let archives = Set(["iso", "rar", "torrent", "nzb"].map { Word($0) })

    /// `Title.Words-GROUP` and nothing else: films and shows say at least in which quality they are.
    private var isNamedByScene: Bool {
        guard end - first > 2, numbering == nil, tokens[end - 1].before == .dash else { return false }
        let group = bytes[tokens[end - 1].start..<tokens[end - 1].end]
        // `The.Amazing.Spider-Man` ends in a word.
        guard group.count > 2, group.contains(where: \.isDigit) || group.dropFirst().contains(where: \.isUpper) else {
            return false
        }
        let joiner = tokens[first + 1].before
        guard joiner == .dot || joiner == .underscore else { return false }
        return ((first + 1)..<(end - 1)).allSatisfy { index in
            guard tokens[index].before == joiner || tokens[index].before == .dash else { return false }
            if tokens[index].count == 4, tokens[index].number.map(Self.isYear) == true { return false }
            switch tokens[index].tag?.meaning {
            case .resolution, .source, .picture, .audio, .container, .dynamicRange: return false
            default: return true
            }
        }
    }

    /// A group that makes games, where a group stands.
    func isGameGroup(_ index: Int) -> Bool {
        guard index > first, case .gameGroup = tokens[index].tag?.meaning else { return false }
        return isDashGroup(index) || tokens[index].bracket >= 0 && index >= end - 2
    }

    /// A platform's common name where it is one: before the group, alone in brackets, behind the year.
    func isPlatformAlone(_ index: Int) -> Bool {
        if isDashGroup(index + 1) { return true }
        if isVersion(at: index + 1) || isVersion(at: index - 1) || index + 1 < end && isStrongGame(index + 1) {
            return true
        }
        let token = tokens[index]
        if token.bracket >= 0 {
            let isLast = index + 1 >= tokens.count || tokens[index + 1].bracket != token.bracket
            return token.before.contains(.open) && isLast
        }
        return index > first && tokens[index - 1].bracket >= 0 && tokens[index - 1].number.map(Self.isYear) == true
    }

    private func isStrongGame(_ index: Int) -> Bool {
        switch tokens[index].tag?.meaning {
        case .game, .platform: tokens[index].tag?.strength == .strong
        default: false
        }
    }

    /// `setup_title_1.2.3.exe`, `gog_title_1.2.3.sh`
    var isInstaller: Bool { first > 0 && Self.setups.contains(tokens[first - 1].word) }

    /// Passes over the `setup` of an installer, and its `exe`.
    mutating func skipInstaller() {
        guard first + 1 < end, Self.setups.contains(tokens[first].word), tokens[first + 1].before == .underscore else {
            return
        }
        first += 1
        if end - first > 1, Self.programs.contains(tokens[end - 1].word) { end -= 1 }
    }

    private static let setups = Set(["setup", "gog"].map { Word($0) })
    private static let programs = Set(["exe", "sh", "pkg"].map { Word($0) })
}
