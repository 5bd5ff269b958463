import FoundationEssentials
import HTTP
import HTTPServer
import HTTPTypes
import Lifecycle
import Metadata
import Orchestrator
import Storage

extension Site {
    func showPickPage(_ visit: Visit, _ me: Me) async throws -> Response {
        guard let id = Int(exactly: try visit.parameters.integer("tvmaze")) else { throw NotFound() }
        return try await showPick(
            visit, me, id, Entries(visit.request.query), key: FormKey.make(), notice: quotaNotice(me, .show))
    }

    func showPick(
        _ visit: Visit, _ me: Me, _ id: Int, _ entries: Entries, key: String, notice: Notice?,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let show: Show
        do {
            show = try await orchestrator.show(tvmaze: id)
        } catch CommandError.away(let sentence) {
            return searchAway(visit, me, sentence)
        }
        try await refuse(Match(show), to: me)
        let tastes = try await tastes(entries, .show)
        return visit.page(
            ShowPickPage(
                page: visit.frame(show.name, for: me), key: key, tvmaze: String(id), notice: notice,
                asked: try await asked(.show, entries, me, tvmaze: id),
                poster: Poster(kind: .show, picture: Match(show).pictured?.pictureSource?.key), lead: show.line,
                summary: show.summary, scope: .scope(entries, isOver: show.status == .ended),
                picker: SeasonPicker(show, entries, times: visit.times), qualities: tastes.qualities,
                formats: tastes.formats, choosing: tastes.choosing,
                note: .note(entries), demands: tastes.demands,
                estimate: try await estimate(.show, entries, tvmaze: id, in: tastes.ticked),
                source: SourceLink(.tvmaze, page: show.url)),
            status: status)
    }
}

extension Show {
    /// "since 2019, Apple TV+, 50 minutes an episode, ended".
    fileprivate var line: String {
        let state: String? =
            switch status {
            case .running: "running"
            case .ended: "ended"
            case .undecided: nil
            case .inDevelopment: "in development"
            }
        let length = runtime.flatMap { $0 > 0 ? Times.runtime($0, kind: .show) : nil }
        return [year.map { "since \($0)" }, network, length, state].compactMap(\.self).joined(separator: ", ")
    }
}

extension ChoiceGroup {
    fileprivate static func scope(_ entries: Entries, isOver: Bool) -> ChoiceGroup {
        let chosen = entries["scope"].isEmpty ? "selection" : entries["scope"]
        return ChoiceGroup(
            name: "scope", legend: "How much of it?",
            options: [
                Option("selection", "What I tick below", [chosen], hint: "Seasons and single episodes"),
                Option(
                    "ongoing", "All seasons, ongoing", [chosen],
                    hint: isOver ? "Everything there is" : "Everything, and each new episode when it airs"),
                Option("future", "From now on", [chosen], hint: "Each episode that airs from today"),
            ], type: "radio", error: entries.error("scope"))
    }
}

extension SeasonPicker {
    fileprivate init(_ show: Show, _ entries: Entries, times: Times) {
        let numbered = (show.episodes ?? []).filter { $0.number != nil }
        let seasons = Dictionary(grouping: numbered, by: \.season).sorted { $0.key < $1.key }
        let tickedSeasons = entries.all("season")
        let tickedEpisodes = entries.all("episode")
        self.init(
            seasons: seasons.map { season, episodes in
                let choices = episodes.map { EpisodeChoice($0, ticked: tickedEpisodes, times: times) }
                let aired = choices.count(where: \.isAired)
                let isTicked = tickedSeasons.contains(String(season))
                let since = episodes.compactMap(\.airs).min().map { ", from \(times.day($0))" } ?? ""
                return SeasonChoice(
                    value: String(season), label: season == 0 ? "Specials" : "Season \(season)",
                    summary: (aired == choices.count
                        ? Times.count(choices.count, "episode")
                        : "\(aired) of \(Times.count(choices.count, "episode")) aired") + since,
                    isSelected: isTicked, isOpen: !isTicked && choices.contains(where: \.isSelected), episodes: choices)
            }, error: entries.error("seasons"))
    }
}

extension EpisodeChoice {
    fileprivate init(_ episode: Metadata.Episode, ticked: Set<String>, times: Times) {
        let code = Lifecycle.EpisodeNumber(season: episode.season, number: episode.number ?? 0).code
        let isAired = episode.airs.map { $0 <= times.now } ?? false
        let date = episode.airs.map(times.day) ?? "no date yet"
        self.init(
            value: code, number: "E\(Lifecycle.EpisodeNumber.padded(episode.number ?? 0))", title: episode.name,
            aired: isAired ? date : "airs \(date)", isSelected: ticked.contains(code), isAired: isAired)
    }
}
