/// Why a release is refused.
public struct Reason: Sendable, Hashable {
    /// A stable word for it.
    public let code: String
    /// For people, with the numbers in it.
    public let sentence: String
    /// It will be so tomorrow too; false for what may change, such as seeders.
    public let isPermanent: Bool

    /// A reason.
    public init(code: String, sentence: String, isPermanent: Bool) {
        self.code = code
        self.sentence = sentence
        self.isPermanent = isPermanent
    }
}

/// What the judge says of one offer.
public struct Verdict: Sendable, Equatable {
    /// Every reason against it; none when it is accepted.
    public let reasons: [Reason]
    /// What it brings, whether it is accepted or not.
    public let covers: Coverage
    /// The name gives the year that is wanted; one that gives none is accepted, and ranked behind.
    public let isYearConfirmed: Bool
    /// How many of the wanted episodes it brings; 1 for a movie or game that it brings.
    public let wantedItems: Int
    /// How many episodes it brings that are not wanted, as far as they are known.
    public let otherItems: Int
    /// How many of the preferred words its name holds.
    public let preferredWords: Int

    /// A verdict.
    public init(
        reasons: [Reason], covers: Coverage, isYearConfirmed: Bool = false, wantedItems: Int = 0, otherItems: Int = 0,
        preferredWords: Int = 0
    ) {
        self.reasons = reasons
        self.covers = covers
        self.isYearConfirmed = isYearConfirmed
        self.wantedItems = wantedItems
        self.otherItems = otherItems
        self.preferredWords = preferredWords
    }

    /// Nothing speaks against it.
    public var accepted: Bool { reasons.isEmpty }
}
