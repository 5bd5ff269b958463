import Storage

extension Search {
    /// How far it is: "Being searched for now: 2 of 3 indexers have answered."
    var progress: String {
        let there = answers.count { $0.milliseconds != nil }
        return "Being searched for now: \(there) of \(Times.count(answers.count, "indexer")) "
            + (there == 1 ? "has answered." : "have answered.")
    }
}

extension AnswerRow {
    /// What came of asking one indexer, in a search that is over or not.
    init(_ answer: IndexerAnswer, isOver: Bool, times: Times) {
        let outcome: String
        var isError = answer.error != nil
        if let error = answer.error {
            outcome = answer.restsUntil.map { "\(error), until \(times.clock($0))" } ?? error
        } else if let milliseconds = answer.milliseconds {
            var counts = [Times.count(answer.count, "release")]
            if let fresh = answer.fresh { counts.append("\(fresh) new") }
            if let accepted = answer.accepted { counts.append("\(accepted) acceptable") }
            outcome = counts.joined(separator: ", ") + ", in " + Figures.duration(milliseconds: milliseconds)
        } else {
            outcome = isOver ? "had not answered" : "is being asked"
            isError = isOver
        }
        self.init(indexer: answer.indexer, outcome: outcome, isError: isError)
    }
}
