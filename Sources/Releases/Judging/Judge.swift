/// Judges an offer by every rule.
public func judge(_ offer: Offer, against wanted: Wanted) -> Verdict {
    Verdict(reasons: [], covers: .nothing)
}

/// The order in which judged offers are shown, best first, as indices into them: accepted ones before refused ones.
public func rank(_ judged: [(Offer, Verdict)]) -> [Int] {
    Array(judged.indices)
}
