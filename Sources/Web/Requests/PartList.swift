import FoundationEssentials
import Lifecycle
import Storage

import enum Releases.Platform

/// The parts of a request: a show's seasons and episodes, or a game's platforms when each of them is wanted.
struct PartList {
    let view: RequestPageView

    /// The list; nil when there is but one part.
    var seasons: SeasonList? {
        switch view.summary.kind {
        case .movie: nil
        case .game: platforms
        case .show: shown
        }
    }

    private var platforms: SeasonList? {
        let items = view.details.items
        guard items.count > 1 else { return nil }
        let rows = items.map { item in
            let name = item.item.platform.flatMap { Platform(rawValue: $0)?.label } ?? "Any platform"
            return row(number: "", title: name, aired: "", item: item)
        }
        return SeasonList(seasons: [
            SeasonRow(label: "Platforms", summary: summary(of: items.map(\.item)), isOpen: true, episodes: rows)
        ])
    }

    private var shown: SeasonList? {
        var rows: [Int: [(number: Int, row: EpisodeRow)]] = [:]
        var items: [Int: [Item]] = [:]
        let byEpisode = Dictionary(
            view.details.items.compactMap { item in item.item.episode.map { ($0, item) } }
        ) { first, _ in first }
        var named: Set<EpisodeNumber> = []
        for episode in view.details.episodes {
            guard let at = episode.at, named.insert(at).inserted else { continue }
            let row = row(
                number: "E\(EpisodeNumber.padded(at.number))", title: episode.name.isEmpty ? at.code : episode.name,
                aired: aired(episode), item: byEpisode[at], upcoming: (episode.airsAt ?? .distantPast) > view.visit.now)
            rows[at.season, default: []].append((at.number, row))
        }
        for (at, item) in byEpisode {
            items[at.season, default: []].append(item.item)
            if named.contains(at) { continue }
            // Its source has withdrawn the episode; what was asked for stays.
            let row = row(
                number: "E\(EpisodeNumber.padded(at.number))", title: item.name ?? at.code, aired: "", item: item)
            rows[at.season, default: []].append((at.number, row))
        }
        guard !rows.isEmpty else { return nil }
        let statuses = Fold.seasons(view.details.items.map(\.item))
        // The season that decides the request's status is the one to look at.
        let deciding = statuses.filter { $0.value != .completed }.keys.max() ?? statuses.keys.max()
        let seasons = rows.keys.sorted(by: >).filter { isWanted($0, items) }
        return SeasonList(
            seasons: seasons.map { season in
                SeasonRow(
                    label: season == 0 ? "Specials" : "Season \(season)", summary: summary(of: items[season] ?? []),
                    badge: statuses[season].map { StatusBadge($0) }, isOpen: season == deciding,
                    episodes: (rows[season] ?? []).sorted { $0.number < $1.number }.map(\.row))
            })
    }

    /// Of a selection only the seasons of which something was ticked.
    private func isWanted(_ season: Int, _ items: [Int: [Item]]) -> Bool {
        items[season] != nil || (view.request.scope != .selection && season > 0)
    }

    private func summary(of items: [Item]) -> String {
        guard !items.isEmpty else { return "" }
        return "\(items.count { $0.status == .completed }) of \(items.count) here"
    }

    private func aired(_ episode: Episode) -> String {
        guard let at = episode.airsAt else { return "" }
        return at > view.visit.now ? "airs \(view.visit.times.day(at))" : view.visit.times.day(at)
    }

    private func row(
        number: String, title: String, aired: String, item: ItemDetails?, upcoming: Bool = false
    ) -> EpisodeRow {
        guard let item else {
            return EpisodeRow(
                number: number, title: title, aired: aired, none: upcoming ? "Not aired yet" : "Not asked for")
        }
        let open: Set<Lifecycle.Status> = [.pending, .found, .downloading, .failed]
        var cancel: ActionForm?
        if view.canAct, view.details.items.count > 1, open.contains(item.item.status) {
            cancel = ActionForm(
                action: "\(view.path)/items/\(item.item.id)/cancellation", label: "Cancel", csrf: view.visit.csrf,
                style: "quiet")
        }
        let isWorthSaying: Set<Lifecycle.Status> = [.failed, .cancelled, .expired]
        return EpisodeRow(
            number: number, title: title, aired: aired, badge: StatusBadge(item.item.status),
            sentence: isWorthSaying.contains(item.item.status) ? item.reason : nil, cancel: cancel)
    }
}
