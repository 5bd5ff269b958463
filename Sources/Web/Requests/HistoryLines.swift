import FoundationEssentials
import Lifecycle
import Storage

import enum Releases.Platform

/// The history of a request in words.
struct HistoryLines {
    let details: RequestDetails
    let times: Times

    /// What searches came to. The line of the search says it, so those of its events need not.
    private let searches: Set<String>

    init(details: RequestDetails, times: Times) {
        self.details = details
        self.times = times
        searches = Set(
            details.history.compactMap { row in
                if case .search(let sentence) = row.kind { sentence } else { nil }
            })
    }

    var history: History { History(entries: details.history.map(entry)) }

    private func entry(_ row: HistoryRow) -> HistoryEntry {
        let time = times.moment(row.at)
        let iso = Times.iso(row.at)
        switch row.kind {
        case .note(let sentence):
            return HistoryEntry(
                time: time, iso: iso, what: row.by.map { "\($0) \(sentence)" } ?? Self.capitalised(sentence))
        case .search(let sentence):
            return HistoryEntry(time: time, iso: iso, what: "Searched", by: row.by, why: sentence)
        case .event(let event, let status, let items):
            let subject = subject(items)
            return HistoryEntry(
                time: time, iso: iso, what: subject.isEmpty ? Self.words(event) : "\(Self.words(event)): \(subject)",
                by: row.by, why: searches.contains(row.reason ?? "") ? nil : row.reason, status: status.rawValue)
        }
    }

    static func words(_ event: Event) -> String {
        switch event {
        case .searchedFound: "Found"
        case .searchedNothing: "Nothing found"
        case .selected: "Release chosen"
        case .downloadCompleted: "Download complete"
        case .downloadFailed: "Download failed"
        case .downloadRemoved: "Download removed outside of Usher"
        case .cancelled: "Cancelled"
        case .expired: "Expired"
        case .requeued: "To be searched again"
        }
    }

    /// "S01E01–E10, S02E03": what of the request it was; empty when that is all of it.
    private func subject(_ ids: [Int64]) -> String {
        guard details.items.count > 1 else { return "" }
        let ids = Set(ids)
        let items = details.items.map(\.item).filter { ids.contains($0.id) }
        let platforms = items.compactMap(\.platform).map { Platform(rawValue: $0)?.label ?? $0 }
        return (Self.ranges(items.compactMap(\.episode).sorted()) + platforms).joined(separator: ", ")
    }

    private static func ranges(_ episodes: [EpisodeNumber]) -> [String] {
        var ranges: [(first: EpisodeNumber, last: EpisodeNumber)] = []
        for episode in episodes {
            if let last = ranges.last?.last, last.season == episode.season, last.number + 1 == episode.number {
                ranges[ranges.count - 1].last = episode
            } else {
                ranges.append((episode, episode))
            }
        }
        return ranges.map { range in
            range.first == range.last
                ? range.first.code : "\(range.first.code)–E\(EpisodeNumber.padded(range.last.number))"
        }
    }

    private static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
