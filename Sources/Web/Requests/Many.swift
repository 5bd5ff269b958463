import HTTP
import Lifecycle
import Orchestrator
import Storage

/// Several requests that were ticked, and what is to be done to them.
struct Many: Sendable {
    var command: ManyCommand
    var requests: [Int64]
}

extension Entries {
    /// What a form says that has a box for each request and a button for each command; `nil` when it is incomplete, and
    /// why is noted.
    mutating func many() throws -> Many? {
        let command: ManyCommand
        switch self["action"] {
        case "search": command = .search
        case "cancel": command = .cancel
        case "keep": command = .keep
        case "join": command = .join
        case "best": command = .choosing(.best)
        case "ask": command = .choosing(.ask)
        case "approve": command = .approve
        case "decline": command = .decline(line("reason", "The reason", atMost: 300))
        default: throw PageError.badRequest("There is no such action.")
        }
        let requests = all("request").compactMap { Int64($0) }
        if requests.isEmpty { refuse("request", "Tick at least one request.") }
        return areValid ? Many(command: command, requests: requests) : nil
    }
}

extension Site {
    /// Does it, and says what came of each.
    func carryOut(_ many: Many, by me: Me) async throws -> Notice {
        let answers = try await orchestrator.carryOut(many.command, on: many.requests, by: me.person)
        let refused = answers.compactMap { if case .refused = $0.answer { $0.request } else { nil } }
        let names = try await read { try await Titles.names(ofRequests: refused, on: $0) }
        return Notice(many.command, answers, names: names)
    }
}

extension Notice {
    /// "5 cancelled. 1 refused: “Dune”: It is complete already."
    init(
        _ command: ManyCommand, _ answers: [(request: Int64, answer: ManyAnswer)], names: [Int64: String]
    ) {
        let done = answers.count { $0.answer == .done }
        let left = answers.count { $0.answer == .left }
        var refused: [(sentence: String, names: [String])] = []
        for case (let request, .refused(let sentence)) in answers {
            let name = names[request].map { "“\($0)”" } ?? "Request \(request)"
            if let index = refused.firstIndex(where: { $0.sentence == sentence }) {
                refused[index].names.append(name)
            } else {
                refused.append((sentence, [name]))
            }
        }
        var sentences: [String] = []
        if done > 0 { sentences.append("\(done) \(command.past).") }
        if left > 0 { sentences.append("\(left) left: others want \(left == 1 ? "it" : "them") still.") }
        if !refused.isEmpty {
            sentences.append("\(answers.count - done - left) refused:")
            sentences += refused.map { "\($0.names.joined(separator: ", ")): \($0.sentence)" }
        }
        let kind = refused.isEmpty ? "success" : done + left == 0 ? "error" : "warning"
        self.init(kind: kind, text: Self.fitting(sentences.joined(separator: " ")))
    }

    /// As much of it as a cookie holds: the numbers stand at its beginning.
    private static func fitting(_ text: String) -> String {
        guard text.utf8.count > Said.limit else { return text }
        var text = text
        while text.utf8.count > Said.limit - 3 { text.removeLast() }
        return text + "…"
    }
}

extension ManyCommand {
    /// What was done to each for which it was not refused.
    fileprivate var past: String {
        switch self {
        case .search: "searched for now"
        case .cancel: "cancelled"
        case .keep: "kept for another period"
        case .join: "joined"
        case .choosing(.best): "to be taken by themselves, the best release of each"
        case .choosing(.ask): "to be chosen by somebody"
        case .approve: "approved"
        case .decline: "declined"
        }
    }
}
