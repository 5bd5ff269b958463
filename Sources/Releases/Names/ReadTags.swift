extension NameReader {
    /// Fills in what the tags say, those of words that count as tags here.
    func readTags(into release: inout ParsedRelease) {
        let isShouting = !bytes.contains { $0.isLower }
        // Weak words count behind the year, or behind the first strong tag.
        let weakFrom = min(firstTag, yearToken.map { max($0, title.upperBound) } ?? .max)
        var weakSource: Source?
        var weakResolution: Resolution?
        var facts = DiscFacts()
        for index in tokens.indices {
            let token = tokens[index]
            guard let tag = token.tag, !token.isTail, !title.contains(index) else { continue }
            let isSure = tag.strength == .strong || tag.strength == .capitals && !isShouting && isCapitals(index)
            let isBehind = index > weakFrom || index >= title.upperBound && isBeforeTag(index)
            let isPlain = index >= title.upperBound
            switch tag.meaning {
            case .resolution(let found):
                if tag.strength == .strong {
                    release.resolution = release.resolution ?? found
                    weakSource = weakSource ?? source(before: token)
                } else {
                    weakResolution = weakResolution ?? (isBehind || token.bracket >= 0 ? found : nil)
                }
            case .source(let found):
                if tag.strength == .strong {
                    // `WEB HDRip` is the latter, `HDTV` behind `DVDRip` the former.
                    release.source = release.source ?? found
                } else if isSure || isBehind || token.bracket >= 0 {
                    weakSource = weakSource ?? found
                }
            case .remux(let source):
                release.modifier = .remux
                release.source = release.source ?? source
            case .rawDisc(let source):
                facts.isWhole = true
                release.source = release.source ?? source
                if source == .bluray { release.modifier = release.modifier ?? .brdisk }
            case .rawStream: release.modifier = release.modifier ?? .rawhd
            case .codec(let found):
                facts.isEncoded = found == .h264 || found == .h265 || found == .xvid || found == .av1 || facts.isEncoded
                release.codec = release.codec.map { $0 == .xvid && found == .h264 ? $0 : $0 } ?? found
            case .discCodec(let found):
                facts.hasDiscCodec = true
                facts.discCodec = facts.discCodec ?? found
            case .proper where isSure || isBehind: release.isProper = true
            case .repack where isSure || isBehind:
                release.isRepack = true
                release.revision = max(release.revision, bytes[token.end - 1] == UInt8(ascii: "3") ? 4 : 2)
                if bytes[token.end - 1] == UInt8(ascii: "2") { release.revision = 3 }
            case .real where isCapitals(index) && isPlain && isBehind: release.real += 1
            case .complete where isPlain:
                facts.isComplete = true
                release.isCompleteSeries = release.isCompleteSeries || isSeriesComplete(index)
            case .extras where isPlain: facts.hasExtras = facts.hasExtras || !token.before.contains(.plus)
            case .edition(nil), .otherThings:
                // `S08.Special.The.Last.Watch`
                let isNext = numbering.map { $0.end < token.start && tokens[index - 1].end <= $0.end } == true
                if isNext, Self.specials.contains(token.word) { facts.hasExtras = true }
            case .sample where isPlain || index > 0: release.isSample = true
            default: break
            }
        }
        release.resolution = release.resolution ?? weakResolution
        release.source = release.source ?? weakSource
        release.codec = release.codec ?? facts.discCodec
        if release.isProper { release.revision = max(release.revision, 2) }
        facts.settle(&release)
    }

    private static let specials = Set(["special", "specials"].map { Word($0) })

    /// `BD1080p`: a source glued to the height.
    private func source(before token: Token) -> Source? {
        let (meaning, _, end) = NumberScanner(bytes: bytes).word(token.start)
        guard end < token.end, case .source(let found) = meaning else { return nil }
        return found
    }

    /// A tag right before another one that is sure.
    private func isBeforeTag(_ index: Int) -> Bool {
        var next = index + 1
        while next < tokens.count, next < index + 8 {
            if next == firstTag || next > firstTag { return true }
            guard tokens[next].tag != nil || tokens[next].isTail else { return false }
            next += 1
        }
        return next >= end && numbering != nil
    }

    /// `Complete Series`, where no season is named.
    private func isSeriesComplete(_ index: Int) -> Bool {
        guard numbering == nil || numbering?.seasons.isEmpty == true else { return false }
        return tokens[index].count > 8 || index + 1 < tokens.count && tokens[index + 1].isTail
            || tokens[index].word == Word("integrale") || tokens[index].word == Word("integral")
    }
}

/// What speaks for a whole disc, and for something else than the season itself.
private struct DiscFacts {
    var isWhole = false
    var isEncoded = false
    var hasDiscCodec = false
    var discCodec: Codec?
    var hasExtras = false
    var isComplete = false

    /// A disc's own streams without a remux and without an encoder's name are the disc.
    func settle(_ release: inout ParsedRelease) {
        if release.source == .bluray, hasDiscCodec, !isEncoded, release.modifier == nil { release.modifier = .brdisk }
        if release.modifier == nil, release.source == .tv, release.codec == .mpeg2 { release.modifier = .rawhd }
        release.isRawDisc = release.modifier == .brdisk || isWhole && !isEncoded && release.modifier != .remux
        if release.modifier == .brdisk, isEncoded, !isWhole { release.modifier = nil }
        if hasExtras, !isComplete, release.episodes.isEmpty, release.seasons.count == 1 {
            release.isExtra = true
            release.isFullSeason = false
        }
        if release.isSample { release.isExtra = true }
    }
}
