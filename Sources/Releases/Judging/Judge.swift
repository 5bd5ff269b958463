/// Judges an offer by every rule, not until the first that fails: who reads the verdict sees all that speaks against it.
public func judge(_ offer: Offer, against wanted: Wanted) -> Verdict {
    Judge(wanted).verdict(on: offer)
}

/// Judges the many offers of one search; what they are compared with is prepared once.
public struct Judge: Sendable {
    let wanted: Wanted
    let titles: TitleMatcher
    /// What the request wants of a name, and the house.
    private let words: [Phrases]

    /// A judge for this wish.
    public init(_ wanted: Wanted) {
        self.wanted = wanted
        titles = TitleMatcher(wanted)
        let own = Phrases(wanted.words, whose: "this request")
        let house = Phrases(wanted.houseWords, whose: "the house")
        words = [own, house.yielding(to: own)].filter { !$0.isEmpty }
    }

    /// Whether a release's name gives a title of the wish, whatever else may speak against it.
    public func isTitle(ofReleaseNamed name: String) -> Bool { titles.matches(read(Offer(name: name))) }

    /// As the name is read by whoever wants such a title.
    private func read(_ offer: Offer) -> Offer { wanted.kind == .movie ? offer.asFilm : offer }

    /// What speaks against the offer, and what it brings.
    public func verdict(on offer: Offer) -> Verdict {
        let offer = read(offer)
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
            offered.wantedSize, offered.seeders, offered.blocked, offered.downloading,
        ].compactMap { $0 }
        let name = words.isEmpty ? nil : Phrase.Name(offer.name)
        let said = name.map { name in words.flatMap { [$0.missing(in: name), $0.refused(in: name)] } } ?? []
        return Verdict(
            reasons: reasons + said.compactMap(\.self), covers: covers, isYearConfirmed: offered.isYearConfirmed,
            wantedItems: offered.wantedItems, otherItems: offered.otherItems,
            preferredWords: name.map { name in
                words.reduce(0) { $0 + $1.preferred(in: name, of: release) }
            } ?? 0)
    }
}
