extension NameReader {
    /// Where a game's title ends: at its version, its update, its content, a bracket, the platform.
    func gameTitleEnd(from: Int, to: Int) -> Int? {
        guard isGame else { return nil }
        for index in (from + 1)..<max(from + 1, end) {
            let token = tokens[index]
            if token.before.contains(.open) || isVersion(at: index) || isDashGroup(index) { return index }
            if isMulti(index) || token.word == Self.incl || isRegion(index) || isSerial(token) { return index }
            guard let tag = token.tag else { continue }
            switch tag.meaning {
            case .platform, .gameGroup, .game, .gameEdition, .gameExtra, .repack, .proper, .downloadable: return index
            case .update, .version:
                // `Update Eight` is a title, `Update.v1.2` is not.
                if index + 1 < end, isVersion(at: index + 1) || startsWithDigit(index + 1) { return index }
                if index + 1 < end, case .version = tokens[index + 1].tag?.meaning { return index }
                if index + 1 < end, isDashGroup(index + 1) || tokens[index + 1].before.contains(.open) { return index }
            case .language where isCapitals(index): return index
            default: break
            }
        }
        return end
    }

    /// `EUR`, `USA` before a console.
    private func isRegion(_ index: Int) -> Bool {
        guard index + 1 < end, case .platform = tokens[index + 1].tag?.meaning else { return false }
        return Self.regions.contains(tokens[index].word)
    }

    private static let regions = Set(["eur", "usa", "jpn", "ntsc", "pal"].map { Word($0) })

    /// `CUSA12345`
    private func isSerial(_ token: Token) -> Bool {
        token.count == 9 && Word(bytes[token.start..<(token.start + 4)]) == Self.cusa && bytes[token.start + 4].isDigit
    }

    private static let cusa = Word("cusa")

    /// The group behind the last dash.
    private func isDashGroup(_ index: Int) -> Bool { index == end - 1 && tokens[index].before == .dash }

    /// `v1.2`, `v20240101`, `1.12.3` is read from its first number.
    private func isVersion(at index: Int) -> Bool {
        let token = tokens[index]
        guard token.count >= 2, bytes[token.start].lowercased == UInt8(ascii: "v") else { return false }
        return bytes[(token.start + 1)..<token.end].allSatisfy { $0.isDigit || $0.isLower }
            && bytes[token.start + 1].isDigit
    }

    private func startsWithDigit(_ index: Int) -> Bool { bytes[tokens[index].start].isDigit }

    /// `MULTi14`
    private func isMulti(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.count >= 6, token.count <= 7 else { return false }
        return Word(bytes[token.start..<(token.start + 5)]) == Self.multi && bytes[token.start + 5].isDigit
    }

    private static let multi = Word("multi")
    private static let incl = Word("incl")

    /// Whether the name is a game's: it says so, or it has a game's signs and none of a film's.
    var looksLikeGame: Bool {
        guard numbering == nil || numbering?.isGuess == true else { return false }
        var signs = 0
        for index in tokens.indices {
            if isMulti(index) { signs += 1 }
            if isVersion(at: index), index > first { signs += 1 }
            guard let tag = tokens[index].tag, !tokens[index].isTail else { continue }
            switch tag.meaning {
            case .resolution where tag.strength == .strong, .source where tag.strength == .strong, .codec, .discCodec,
                .remux, .rawDisc:
                return false
            case .audio where tag.strength == .strong: return false
            case .game: return true
            case .gameGroup: signs += index == end - 1 || index == end - 2 ? 2 : 0
            case .platform where tag.strength != .weak && index > first: signs += 1
            case .update where index + 1 < end && isVersion(at: index + 1): signs += 1
            case .version where index + 1 < end && startsWithDigit(index + 1): signs += 1
            case .downloadable where index > first, .gameEdition where index > first: signs += 1
            default: break
            }
        }
        return signs > 0
    }

    /// The kind, and what only games have.
    func settleKind(of release: inout ParsedRelease) {
        if numbering != nil || release.isCompleteSeries {
            let isGuessedGame = numbering?.isGuess == true && isGame
            if !isGuessedGame {
                release.kind = .tv
                return
            }
            release.seasons = []
            release.episodes = []
        }
        guard isGame else { return }
        release.kind = .game
        if isDashGroup(end - 1) {
            release.group = text(tokens[end - 1].start..<tokens[end - 1].end)
        } else {
            release.group = nil
        }
        release.year = yearToken.map { tokens[$0].bracket >= 0 } == true ? release.year : nil
        readGame(into: &release)
    }

    private func readGame(into release: inout ParsedRelease) {
        var isUpdate = false
        var isDownloadable = false
        var isExtra = false
        var isWhole = false
        for index in tokens.indices where !title.contains(index) && !tokens[index].isTail {
            let token = tokens[index]
            let isAdded =
                index > 0 && tokens[index - 1].word == Self.incl || token.before.contains(.plus) || token.bracket >= 0
            switch token.tag?.meaning {
            case .platform(let platform):
                if !release.platforms.contains(platform) { release.platforms.append(platform) }
            case .update where !isAdded: isUpdate = true
            case .downloadable where !isAdded && token.number == nil: isDownloadable = true
            case .gameExtra where !isAdded: isExtra = true
            case .gameEdition, .game, .repack: isWhole = true
            default: break
            }
        }
        release.content =
            if isWhole {
                .full
            } else if isUpdate {
                .update
            } else if isDownloadable {
                .dlc
            } else {
                isExtra ? .extra : .full
            }
    }
}
