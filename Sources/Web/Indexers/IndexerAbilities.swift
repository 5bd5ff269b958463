import FoundationEssentials
import Storage
import Torznab

extension IndexerAbilities {
    /// What an indexer announced of itself; nil when it has not, or not in words of today.
    init?(_ indexer: Indexer) {
        guard let text = indexer.capabilities,
            // What an earlier version stored is asked for again with the next search.
            let abilities = try? JSONDecoder().decode(Capabilities.self, from: Data(text.utf8))
        else { return nil }
        let tops = abilities.categories.filter { $0.parent == nil }
        self.init(
            title: abilities.title ?? indexer.name,
            modes: Query.Mode.allCases.compactMap { mode in
                abilities.searching[mode].map {
                    IndexerMode(name: mode.label, parameters: $0.sorted().joined(separator: ", "))
                }
            },
            categories: tops.isEmpty
                ? "none announced"
                : tops.map { top in
                    let subs = abilities.categories.count { $0.parent == top.id }
                    return subs == 0 ? "\(top.name) \(top.id)" : "\(top.name) \(top.id) (+\(subs))"
                }.joined(separator: ", "),
            limit: "\(abilities.maxLimit) releases an answer")
    }
}

extension Query.Mode {
    fileprivate var label: String {
        switch self {
        case .search: "Anything"
        case .tv: "Shows"
        case .movie: "Movies"
        }
    }
}

extension IndexerAskRow {
    init(_ ask: IndexerAsk, times: Times) {
        let purpose =
            switch ask.purpose {
            case .capabilities: "What it can do"
            case .search: "Search"
            case .newest: "Newest releases"
            }
        self.init(
            when: times.relative(ask.at), moment: Times.iso(ask.at), purpose: purpose,
            outcome: ask.error ?? ask.items.map { Times.count($0, "release") }
                ?? (ask.milliseconds == nil ? "No answer" : "Answered"),
            isTrouble: ask.error != nil, took: ask.milliseconds.map { "\($0) ms" } ?? "")
    }
}
