import Storage

extension Allowance {
    /// What is left of this kind, and whether it has to be approved: for those whom something limits.
    func sentence(for kind: Kind) -> String? {
        var sentences: [String] = []
        if let week = weekly[kind], let limit = week.limit, let left = week.left {
            sentences.append("\(left) of \(Times.count(limit, kind.word.lowercased())) left this week.")
        }
        if let left = bytes.left {
            sentences.append("\(Figures.bytes(Int64(left))) left to download this week.")
        }
        if let left = open.left {
            sentences.append("You can have \(Times.count(left, "more open request")).")
        }
        if approvedKinds.contains(kind) {
            sentences.append("It waits until somebody approves it.")
        }
        return sentences.isEmpty ? nil : sentences.joined(separator: " ")
    }
}
