/// Judges an offer by every rule, not until the first that fails: who reads the verdict sees all that speaks against it.
public func judge(_ offer: Offer, against wanted: Wanted) -> Verdict {
    Judge(wanted).verdict(on: offer)
}

/// Judges the many offers of one search; what they are compared with is prepared once.
public struct Judge: Sendable {
    let wanted: Wanted
    let titles: TitleMatcher
    let required: [Phrase]
    let refused: [Phrase]
    private let preferred: [Phrase]

    /// A judge for this wish.
    public init(_ wanted: Wanted) {
        self.wanted = wanted
        titles = TitleMatcher(wanted)
        required = wanted.requiredWords.compactMap(Phrase.init)
        refused = wanted.refusedWords.compactMap(Phrase.init)
        preferred = wanted.preferredWords.compactMap(Phrase.init)
    }

    /// What speaks against the offer, and what it brings.
    public func verdict(on offer: Offer) -> Verdict {
        let release = offer.parsed
        guard !release.isNoise else {
            return Verdict(
                reasons: [
                    Reason(code: "unreadable", sentence: "The name says nothing about what it is.", isPermanent: true)
                ],
                covers: .nothing)
        }
        let covers = Coverage(release, wanted: wanted)
        let offered = Case(offer: offer, release: release, covers: covers, judge: self)
        let reasons = [
            offered.kind, offered.title, offered.outsideID, offered.year, offered.items, offered.stillAiring,
            offered.platform, offered.genre, offered.content, offered.quality, offered.codec, offered.sourceFormat,
            offered.preRelease, offered.rawDisc, offered.sample, offered.program, offered.password, offered.size,
            offered.seeders, offered.requiredWords, offered.refusedWords, offered.blocked, offered.downloading,
        ].compactMap { $0 }
        return Verdict(
            reasons: reasons, covers: covers, isYearConfirmed: offered.isYearConfirmed,
            wantedItems: offered.wantedItems, otherItems: offered.otherItems,
            preferredWords: preferred.isEmpty ? 0 : offered.count(preferred))
    }
}
