extension NameReader {
    /// Whether the name is a game's: it says so, or it has a game's signs and none of a film's.
    var looksLikeGame: Bool {
        guard numbering == nil || numbering?.isGuess == true else { return false }
        var signs = isInstaller ? 1 : 0
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
            case .platform where index > first && (tag.strength != .weak || isPlatformAlone(index)): signs += 1
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

    /// `setup_title_1.2.3.exe`
    var isInstaller: Bool { first > 0 && tokens[first - 1].word == Self.setup }

    /// Passes over the `setup` of an installer, and its `exe`.
    mutating func skipInstaller() {
        guard first + 1 < end, tokens[first].word == Self.setup, tokens[first + 1].before == .underscore else { return }
        first += 1
        if end - first > 1, tokens[end - 1].word == Self.exe { end -= 1 }
    }

    private static let setup = Word("setup")
    private static let exe = Word("exe")
}
