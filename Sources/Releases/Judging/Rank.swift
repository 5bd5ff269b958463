/// The order in which judged offers are shown, best first, as indices into them: accepted ones before refused ones.
///
/// The first difference decides: fewer reasons against it, year confirmed, quality, revision, preferred words, remux
/// before encode, more of what is wanted, less that is not, the indexer's priority, seeders by powers of ten, size by
/// steps of 200 MB. The steps keep noise from deciding; what is equal in all keeps its order.
public func rank(_ judged: [(Offer, Verdict)]) -> [Int] {
    let scores = judged.map { Score($0.0, $0.1) }
    return judged.indices.sorted { a, b in
        scores[a].values == scores[b].values ? a < b : scores[b].values.lexicographicallyPrecedes(scores[a].values)
    }
}

/// Why the first stands before the second, as it follows "because"; nil where they are equal.
public func whyFirst(_ first: (Offer, Verdict), before second: (Offer, Verdict)) -> String? {
    let a = Score(first.0, first.1)
    let b = Score(second.0, second.1)
    return zip(Score.words, zip(a.values, b.values)).first { $1.0 != $1.1 }?.0
}

/// What ranking compares, most important first, greater is better.
private struct Score {
    let values: [Int]

    static let words = [
        "less speaks against it", "its name gives the year", "its quality is better", "it is a newer revision",
        "its name holds more of the preferred words", "its picture is untouched", "it brings more of what is wanted",
        "it brings less that is not wanted", "its indexer goes before", "it has more seeders", "it is bigger",
    ]

    init(_ offer: Offer, _ verdict: Verdict) {
        let release = offer.parsed
        values = [
            -verdict.reasons.count,
            verdict.isYearConfirmed ? 1 : 0,
            Quality.allCases.firstIndex { $0 == release.quality } ?? -1,
            release.revision + release.real,
            verdict.preferredWords,
            release.modifier == .remux ? 1 : 0,
            verdict.wantedItems,
            -verdict.otherItems,
            -offer.indexerPriority,
            // Unknown is between none and a few.
            offer.seeders.map(Self.powerOfTen) ?? 0,
            Int((offer.size ?? 0) / 200_000_000),
        ]
    }

    /// -1 for none, 0 for 1 to 3, 1 for 4 to 31, 2 up to 316: `log10`, rounded.
    private static func powerOfTen(_ seeders: Int) -> Int {
        var bucket = -1
        var bound = 1.0
        while Double(seeders) >= bound, bucket < 9 {
            bucket += 1
            bound = bucket == 0 ? 3.163 : bound * 10
        }
        return bucket
    }
}
