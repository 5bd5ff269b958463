extension NameReader {
    /// Where a game's title ends: at its version, its update, its content, a bracket, the platform.
    func gameTitleEnd(from: Int, to: Int) -> Int? {
        guard isGame else { return nil }
        for index in (from + 1)..<max(from + 1, end) {
            if tokens[index].before.contains(.open) || isDashGroup(index) || isAdded(index) { return index }
            // `The Expansion` is a title, `The` is none.
            if index == from + 1, tokens[from].word == Self.the { continue }
            if endsGameTitle(index) { return index }
        }
        return end
    }

    /// Behind a plus that adds something to the game: `+ 4 DLCs`, `+ Update`, but not `Mario + Rabbids`.
    private func isAdded(_ index: Int) -> Bool {
        guard bytes[tokens[index - 1].end..<tokens[index].start].contains(UInt8(ascii: "+")) else { return false }
        return (index..<min(end, index + 4)).contains { index in
            switch tokens[index].tag?.meaning {
            case .update, .downloadable, .gameExtra, .gameEdition, .version, .extras, .language: true
            default: false
            }
        }
    }

    /// A word behind a game's title that tells of the release.
    private func endsGameTitle(_ index: Int) -> Bool {
        let token = tokens[index]
        if isVersion(at: index) || isDottedVersion(at: index) || isMulti(index) || isSerial(token) { return true }
        if isRegion(index) || Self.including.contains(token.word) || token.word == Self.plus && hasNumber(index + 1) {
            return true
        }
        // `2025.MULTI`: what would be part of the title elsewhere.
        if token.number.map(Self.isYear) == true, index + 1 < end, tokens[index + 1].word == Self.multi { return true }
        if Self.unfinished.contains(token.word) { return isVersion(at: index + 1) }
        if edition(at: index) != nil { return true }
        guard let tag = token.tag else { return false }
        switch tag.meaning {
        case .gameEdition where token.word == Self.deluxe && isForNintendo: return false
        // `Karts_Wii_PAL_WII`: of two the first belongs to the title.
        case .platform where tokens[(index + 1)..<end].contains { $0.word == token.word }: return false
        case .platform: return tag.strength == .strong || isPlatformAlone(index)
        case .gameGroup: return index == end - 1 && isGameGroup(index)
        case .game, .gameEdition, .gameExtra, .repack, .proper, .downloadable, .notice: return true
        case .edition(.directors): return true
        // `Update Eight` is a title, `Update.v1.2` is not.
        case .update, .version: return tellsVersion(index)
        case .language: return isCapitals(index)
        default: return false
        }
    }

    /// A word for a version, with one behind it.
    func tellsVersion(_ index: Int) -> Bool {
        guard index + 1 < end else { return false }
        if case .version = tokens[index + 1].tag?.meaning { return true }
        let next = tokens[index + 1]
        let isBuild =
            next.count > 2 && bytes[next.start].lowercased == UInt8(ascii: "b") && bytes[next.start + 1].isDigit
        return isVersion(at: index + 1) || bytes[next.start].isDigit || isBuild || isDashGroup(index + 1)
            || next.before.contains(.open) || next.before.contains(.plus)
    }

    private func hasNumber(_ index: Int) -> Bool { index < end && tokens[index].number != nil }

    /// `EUR`, `PAL`, `JB` before a console.
    private func isRegion(_ index: Int) -> Bool {
        guard Self.regions.contains(tokens[index].word) else { return false }
        var next = index + 1
        while next < end, Self.regions.contains(tokens[next].word) || isMulti(next) { next += 1 }
        guard next < end, case .platform = tokens[next].tag?.meaning else { return false }
        return true
    }

    private static let regions = Set(
        ["eur", "usa", "jpn", "ntsc", "pal", "jb", "psn", "rf", "jtag", "rgh"].map { Word($0) })
    static let including = Set(["incl", "inclusive", "including", "inc"].map { Word($0) })
    private static let unfinished = Set(["alpha", "beta"].map { Word($0) })
    private static let plus = Word("plus")
    private static let multi = Word("multi")

    /// `CUSA12345`, `PPSA01234`, `BLES01234`: what Sony numbers its games by.
    private func isSerial(_ token: Token) -> Bool {
        token.count == 9
            && (token.start..<token.end).allSatisfy { $0 < token.start + 4 ? bytes[$0].isUpper : bytes[$0].isDigit }
    }

    /// The group behind the last dash.
    func isDashGroup(_ index: Int) -> Bool { index == end - 1 && index > first && tokens[index].before == .dash }

    /// `MULTi14`
    func isMulti(_ index: Int) -> Bool {
        let token = tokens[index]
        guard token.count >= 6, token.count <= 7, bytes[token.start + 5].isDigit else { return false }
        return Word(bytes[token.start..<(token.start + 5)]) == Self.multi
    }

    /// The kind, and what only games have.
    func settleKind(of release: inout ParsedRelease) {
        if numbering != nil || release.isCompleteSeries {
            if !isGame {
                release.kind = .tv
                return
            }
            release.seasons = []
            release.episodes = []
        }
        guard isGame else { return }
        release.kind = .game
        release.group = gameGroup
        release.year = yearToken.map { tokens[$0].bracket >= 0 } == true ? release.year : nil
        release.version = gameVersion
        release.isRepack = release.isRepack && release.group.map { !Self.repackers.contains(Word($0)) } ?? true
        readContent(into: &release)
        // Who asks for an edition by its name finds it by that.
        if let full = editionEnd { release.otherTitles.append(titleText(title.lowerBound..<full)) }
    }

    private var gameGroup: String? {
        if isDashGroup(end - 1) { return text(tokens[end - 1].start..<tokens[end - 1].end) }
        return tokens.last { Self.repackers.contains($0.word) }.map { text($0.start..<$0.end) }
    }

    private static let repackers = Set(
        ["fitgirl", "dodi", "elamigos", "gog", "xatab", "chovka", "decepticon", "jc141", "kaos"].map { Word($0) })

    /// Behind the edition that follows the title.
    private var editionEnd: Int? {
        guard !title.isEmpty, title.upperBound < end, tokens[title.upperBound].before.isSubset(of: .light) else {
            return nil
        }
        return edition(at: title.upperBound)
    }

    /// Behind the edition that begins here: `Digital Premium Edition`, `The Complete Edition`, `GOTY`; nil where none does.
    private func edition(at start: Int) -> Int? {
        var index = start
        if tokens[index].word == Self.the { index += 1 }
        let words = index
        while index < end, index < words + 4, Self.editions.contains(tokens[index].word) || isOrdinal(tokens[index]) {
            index += 1
        }
        if index == words, index < end, Self.loneEditions.contains(tokens[index].word) { index += 1 }
        if index < end, index > words, tokens[index].word == Self.edition { return index + 1 }
        guard words == start, let tag = tokens[start].tag else { return nil }
        switch tag.meaning {
        // Nintendo calls games themselves so: `Mario Kart 8 Deluxe`.
        case .gameEdition where tokens[start].word == Self.deluxe && isForNintendo: return nil
        case .gameEdition, .edition(.directors): break
        default: return nil
        }
        index = start + 1
        while index < end, tokens[index].isTail || tokens[index].word == Self.edition { index += 1 }
        return index
    }

    private var isForNintendo: Bool {
        tokens.contains {
            guard case .platform(let platform) = $0.tag?.meaning else { return false }
            return [.switch, .switch2, .wiiu, .threeDS].contains(platform)
        }
    }

    /// `20th`
    private func isOrdinal(_ token: Token) -> Bool {
        token.count > 2 && bytes[token.start].isDigit
            && Self.ordinals.contains(Word(bytes[token.start..<token.end].drop { $0.isDigit }))
    }

    static let ordinals = Set(["st", "nd", "rd", "th"].map { Word($0) })
    private static let the = Word("the")
    private static let deluxe = Word("deluxe")
    private static let edition = Word("edition")
    /// Words that stand before `Edition`, several of them too.
    private static let editions = Set(
        [
            "digital", "deluxe", "super", "ultimate", "premium", "gold", "golden", "complete", "definitive", "enhanced",
            "legendary", "platinum", "standard", "special", "collectors", "collector's", "anniversary", "limited",
            "launch", "extended", "goty",
        ].map { Word($0) })
    /// Words that are one right before `Edition`, and belong to a title elsewhere: `Persona 5 Royal`.
    private static let loneEditions = Set(
        ["royal", "vr", "steam", "founders", "legacy", "supporter", "classic", "silver", "final"].map { Word($0) })

    private func readContent(into release: inout ParsedRelease) {
        var isUpdate = false
        var isDownloadable = false
        var isExtra = false
        var isWhole = false
        for index in tokens.indices where !title.contains(index) && !tokens[index].isTail {
            let token = tokens[index]
            if let content = nintendoContent(token) { (release.content, isWhole) = (content, content == .full) }
            let isAdded = token.bracket >= 0 || isAddition(index)
            switch token.tag?.meaning {
            case .platform(let platform):
                if !release.platforms.contains(platform) { release.platforms.append(platform) }
            case .genre(let genre) where token.bracket >= 0:
                if !release.genres.contains(genre) { release.genres.append(genre) }
            case .update where !isAdded: isUpdate = true
            case .downloadable where !isAdded: isDownloadable = true
            case .gameExtra where !isAdded: isExtra = true
            case .game, .repack: isWhole = true
            default: break
            }
        }
        guard release.content == nil else { return }
        release.content =
            if isExtra {
                .extra
            } else if isWhole {
                .full
            } else if isUpdate {
                .update
            } else {
                isDownloadable && editionEnd == nil ? .dlc : .full
            }
    }

    /// `+ 4 DLCs`, `incl.All.DLC`: it comes with the rest.
    private func isAddition(_ index: Int) -> Bool {
        (max(0, index - 2)...index).contains {
            tokens[$0].before.contains(.plus) || $0 < index && Self.including.contains(tokens[$0].word)
        }
    }

    /// Nintendo's numbers say what they are of: 16 hex digits that end in `000` for a game, in `800` for its update.
    private func nintendoContent(_ token: Token) -> GameContent? {
        guard token.count == 16, bytes[token.start] == UInt8(ascii: "0"), bytes[token.start + 1] == UInt8(ascii: "1"),
            bytes[token.start..<token.end].allSatisfy({ $0.isDigit || (97...102).contains($0.lowercased) })
        else { return nil }
        let last = bytes[(token.end - 3)..<token.end]
        if last.elementsEqual("000".utf8) { return .full }
        return last.elementsEqual("800".utf8) ? .update : .dlc
    }
}
