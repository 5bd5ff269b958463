import FoundationEssentials
import HTTP
import Lifecycle
import Orchestrator
import Releases
import Storage

extension Wish {
    /// The wish that a form states; nil when something is wrong with it, which is then noted in `entries`.
    init?(_ kind: Kind, _ entries: inout Entries, times: Times) {
        let qualities = entries.choices("quality", "quality", of: Quality.self)
        let formats = entries.choices("format", "format", of: Format.self)
        switch kind {
        case .movie:
            let title = Self.title(&entries, times: times)
            if entries["year"].isEmpty { entries.refuse("year", "The year is missing.") }
            self.init(kind: kind, title: title, scope: .whole, qualities: qualities, formats: formats)
        case .game:
            let platforms = entries.choices("platform", "platform", of: Platform.self)
            let genres = entries.choices("genre", "genre", of: Genre.self)
            let each = entries["each"] == "yes"
            if each, platforms.isEmpty, entries.error("platform") == nil {
                entries.refuse("platform", "Tick the platforms on each of which it is wanted.")
            }
            self.init(
                kind: kind, title: Self.title(&entries, times: times), scope: .whole, platforms: platforms,
                eachPlatform: each, genres: genres)
        case .show where entries["tvmaze"].isEmpty:
            let seasons = Self.seasons(&entries)
            self.init(
                kind: kind, title: Self.title(&entries, times: times, seasons: seasons),
                scope: .selection(seasons: Set(seasons.keys), episodes: []), qualities: qualities, formats: formats)
        case .show:
            guard let id = Int(entries["tvmaze"]), id > 0 else {
                entries.refuse("seasons", "There is no such show.")
                return nil
            }
            self.init(
                kind: kind, title: .tvmaze(id: id), scope: Self.scope(&entries), qualities: qualities, formats: formats)
        }
        choosing = entries.choices("choosing", "way to choose", of: Choosing.self).first
        demands = entries.demands()
        note = entries["note"].isEmpty ? nil : entries.line("note", "The note", atMost: 300)
        guard entries.areValid else { return nil }
    }

    private static func title(_ entries: inout Entries, times: Times, seasons: [Int: Int] = [:]) -> TitleChoice {
        let name = entries.line("title", "The title", atMost: 300)
        let year = entries.number("year", "The year", in: 1870...(times.year + 10))
        let found = entries.form.all("found").compactMap(WorkReference.init)
        return found.isEmpty
            ? .hand(name: name, year: year, seasons: seasons) : .found(found, name: name, year: year, seasons: seasons)
    }

    private static func scope(_ entries: inout Entries) -> WishScope {
        switch entries["scope"] {
        case "ongoing": return .ongoing
        case "future": return .future
        case "selection": break
        default: entries.refuse("scope", "Choose how much of it you want.")
        }
        var seasons: Set<Int> = []
        for text in entries.all("season") {
            guard let season = Int(text), season >= 0 else {
                entries.refuse("seasons", "There is no season “\(text.prefix(20))”.")
                continue
            }
            seasons.insert(season)
        }
        var episodes: Set<Lifecycle.EpisodeNumber> = []
        for text in entries.all("episode") {
            guard let episode = Lifecycle.EpisodeNumber(formValue: text) else {
                entries.refuse("seasons", "There is no episode “\(text.prefix(20))”.")
                continue
            }
            // A season that is ticked has all of its episodes.
            if !seasons.contains(episode.season) { episodes.insert(episode) }
        }
        if seasons.isEmpty, episodes.isEmpty { entries.refuse("seasons", "Tick at least one season or episode.") }
        return .selection(seasons: seasons, episodes: episodes)
    }

    /// "10, 8, 8" or "3: 10, 4: 8": the number of episodes of each season.
    private static func seasons(_ entries: inout Entries) -> [Int: Int] {
        let text = entries["seasons"]
        guard !text.isEmpty else {
            entries.refuse("seasons", "Say how many episodes each season has.")
            return [:]
        }
        var seasons: [Int: Int] = [:]
        for (index, part) in text.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            let halves = part.split(separator: ":", omittingEmptySubsequences: false).map { Int($0.trimmed) }
            let season = halves.count == 2 ? halves[0] : index + 1
            guard halves.count <= 2, let season, let count = halves.last ?? nil, 1...200 ~= season, 1...2000 ~= count,
                seasons.updateValue(count, forKey: season) == nil
            else {
                entries.refuse("seasons", "“\(part.trimmed.prefix(40))” cannot be read: write 10, 8, 8 or 3: 10, 4: 8.")
                return [:]
            }
        }
        if seasons.values.reduce(0, +) > 5000 { entries.refuse("seasons", "That is more than 5000 episodes.") }
        return seasons
    }
}

extension Lifecycle.EpisodeNumber {
    /// "S01E02" as a form's tick says it.
    init?(formValue text: String) {
        let parts = text.dropFirst().split(separator: "E", omittingEmptySubsequences: false)
        guard text.first == "S", parts.count == 2, let season = Int(parts[0]), let number = Int(parts[1]), season >= 0,
            number >= 0
        else { return nil }
        self.init(season: season, number: number)
    }

    /// "S01E02", for people and forms.
    var code: String { "S\(Self.padded(season))E\(Self.padded(number))" }

    static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
