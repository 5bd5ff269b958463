import FoundationEssentials
import Lifecycle
import Postgres
import Releases
import Storage
import Torznab

/// What is asked of the indexers for a request, and by what their answers are judged.
struct SearchPlan: Sendable {
    /// How many things one indexer is asked for in one search at the most.
    static let queryLimit = 16
    /// After so many questions nothing is asked for by another name.
    static let questionLimit = 16
    /// By how many other names of its title a thing is asked for at the most.
    static let otherNameLimit = 3

    let request: Request
    /// The items that were there when it was made.
    let items: Set<Int64>
    let queries: [Query]
    /// Other names of the title, in the order in which what was not found is asked for by them.
    let otherNames: [String]
    let wanted: Wanted
    /// Releases that failed before anybody knew their torrents.
    let blockedOffers: Set<OfferID>

    /// - Parameters:
    ///   - items: all items of the request.
    ///   - episodes: all episodes of the show, for the size of its seasons.
    ///   - otherNames: of the title.
    ///   - outsideIDs: the title's ids elsewhere.
    init(
        request: Request, items: [Lifecycle.Item], episodes: [Storage.Episode], otherNames: [String],
        outsideIDs: [String: String],
        blocked: Set<String>, blockedOffers: Set<OfferID>, downloading: Set<String>, settings: Settings, now: Date
    ) {
        self.request = request
        self.blockedOffers = blockedOffers
        self.items = Set(items.map(\.id))
        let open = items.filter { $0.status != .completed && $0.status != .cancelled }
        // Of what somebody typed in nobody knows a date; what a source lists without one has not aired.
        let hasDates = request.title.tvmaze != nil
        let aired = Set(episodes.filter { $0.airsAt.map { $0 <= now } ?? !hasDates }.compactMap(\.at))
        let wantedEpisodes = open.compactMap(\.episode).filter { aired.contains($0) || episodes.isEmpty }
        var wanted = Wanted(
            kind: ReleaseKind(request.title.kind), titles: [request.title.name] + otherNames, year: request.title.year,
            qualities: request.qualities, formats: request.formats, platforms: request.platforms,
            genres: request.genres, minimumSeeders: settings.minimumSeeders, blockedInfohashes: blocked)
        wanted.episodes = Set(wantedEpisodes.map { .init(season: $0.season, episode: $0.number) })
        for episode in episodes.compactMap(\.at) {
            wanted.knownEpisodes[episode.season, default: []].insert(episode.number)
        }
        wanted.airDates = Self.days(of: episodes)
        // A season of which something is to come is not whole, whatever a release calls itself.
        for (season, numbers) in wanted.knownEpisodes {
            let out = aired.count { $0.season == season }
            if out < numbers.count { wanted.airedSoFar[season] = out }
        }
        wanted.otherYear = request.title.releasedAt.flatMap { Int($0.formatted(Date.ISO8601FormatStyle().year())) }
        wanted.houseWords = settings.words
        wanted.words = request.demands.words
        wanted.ownMinimumSeeders = request.demands.minimumSeeders
        let house = settings.size(for: request.title.kind)
        wanted.smallestSize = request.demands.minimumMegabytes.map(Self.bytes)
        wanted.largestSize = request.demands.maximumMegabytes.map(Self.bytes)
        wanted.houseSmallestSize = house.least.map(Self.bytes)
        wanted.houseLargestSize = house.most.map(Self.bytes)
        wanted.runtimeMinutes = request.title.runtime
        wanted.downloadingInfohashes = downloading
        wanted.outsideIDs = outsideIDs
        wanted.outsideIDs["tvmaze"] = request.title.tvmaze.map(String.init)
        self.wanted = wanted
        queries = Self.queries(
            for: request.title, episodes: wantedEpisodes, running: Set(wanted.airedSoFar.keys),
            days: Self.isDaily(wanted.airDates) ? wanted.airDates : [:], ids: outsideIDs)
        self.otherNames = Self.asked(otherNames)
    }

    private static func bytes(megabytes: Int) -> Int64 { Int64(megabytes) * 1_000_000 }

    /// The plan for a request as it is now.
    static func load(for id: Int64, on connection: PostgresConnection) async throws -> SearchPlan {
        guard let request = try await Requests.find(id, on: connection) else { throw CommandError.notFound }
        let items = try await Items.list(of: id, on: connection)
        let waiting = items.filter { [.pending, .found, .failed].contains($0.status) }
        var downloading: Set<String> = []
        for (infohash, release) in try await Downloads.onTheirWay(of: id, on: connection) {
            // A pack that is fetched in part can be chosen for more of it.
            let coverage = try await ReleaseRows.find(release, of: id, on: connection)?.coverage
            if !waiting.contains(where: { coverage?.holds($0) ?? false }) { downloading.insert(infohash) }
        }
        return SearchPlan(
            request: request, items: items,
            episodes: try await Episodes.list(of: request.title.id, on: connection),
            otherNames: try await TitleNames.list(of: request.title.id, on: connection),
            outsideIDs: try await Titles.outsideIDs(of: request.title.id, on: connection),
            blocked: try await ReleaseRows.blocked(for: id, on: connection),
            blockedOffers: try await ReleaseRows.blockedOffers(for: id, on: connection),
            downloading: downloading,
            settings: try await Settings.load(on: connection), now: try await DatabaseClock.now(on: connection))
    }

    /// The same thing by another name.
    func query(_ query: Query, by name: String) -> Query {
        var other = query
        other.text = Self.text(name, for: request.title)
        (other.imdb, other.tvdb, other.tvmaze) = (nil, nil, nil)
        return other
    }

    /// What a title is asked for by: of a movie, its year with it.
    private static func text(_ name: String, for title: Title) -> String {
        [name, title.kind == .movie ? title.year.map(String.init) : nil].compactMap(\.self).joined(separator: " ")
    }

    /// The other names that are worth a question: names of releases are written in Latin letters almost everywhere.
    private static func asked(_ names: [String]) -> [String] {
        func isLatin(_ name: String) -> Bool { name.unicodeScalars.allSatisfy { $0.value < 0x250 } }
        return Array((names.filter(isLatin) + names.filter { !isLatin($0) }).prefix(otherNameLimit))
    }

    /// The days on which episodes were shown, but for those on which half a season came at once.
    private static func days(of episodes: [Storage.Episode]) -> [Day: [Releases.EpisodeNumber]] {
        var days: [Day: [Releases.EpisodeNumber]] = [:]
        for episode in episodes {
            guard let at = episode.at, at.season > 0, let day = episode.airdate.flatMap({ Day($0) }) else { continue }
            days[day, default: []].append(.init(season: at.season, episode: at.number))
        }
        return days.filter { $0.value.count <= 2 }
    }

    /// Whether releases of a show are named by its days: it is shown more than once a week, again and again.
    private static func isDaily(_ days: [Day: [Releases.EpisodeNumber]]) -> Bool {
        let latest = days.keys.sorted().suffix(20).map(\.number)
        guard latest.count >= 10, let first = latest.first, let last = latest.last else { return false }
        return (last - first) / (latest.count - 1) <= 4
    }

    /// - Parameters:
    ///   - running: seasons of which something is to come.
    ///   - days: of a show that is known by them.
    private static func queries(
        for title: Title, episodes: [Lifecycle.EpisodeNumber], running: Set<Int>,
        days: [Day: [Releases.EpisodeNumber]], ids: [String: String]
    ) -> [Query] {
        var base = Query(mode: .search)
        base.text = text(title.name, for: title)
        base.categories = title.kind.categories
        switch title.kind {
        case .movie:
            base.mode = .movie
            base.imdb = ids["imdb"]
            return [base]
        case .game: return [base]
        case .show:
            base.mode = .tv
            (base.tvmaze, base.tvdb, base.imdb) = (title.tvmaze, ids["tvdb"].flatMap { Int($0) }, ids["imdb"])
            func query(_ season: Int, _ episode: Int?) -> Query {
                var query = base
                (query.season, query.episode) = (season, episode)
                return query
            }
            let dayOf = days.reduce(into: [Releases.EpisodeNumber: Day]()) { dayOf, shown in
                for episode in shown.value { dayOf[episode] = shown.key }
            }
            var seasons: [Int: [Int]] = [:]
            for episode in episodes { seasons[episode.season, default: []].append(episode.number) }
            var queries: [Query] = []
            for (season, numbers) in seasons.sorted(by: { $0.key > $1.key }) {
                // A question for the season finds packs, and on most indexers single episodes as well. Of a season that
                // is over there is often nothing but the pack, also for the one episode that is missing.
                if numbers.count > 1 || !running.contains(season) { queries.append(query(season, nil)) }
                if numbers.count <= 3 {
                    for number in numbers.sorted() {
                        if let day = dayOf[.init(season: season, episode: number)] {
                            var dated = base
                            dated.day = day.text
                            queries.append(dated)
                        }
                        queries.append(query(season, number))
                    }
                } else if !days.isEmpty, !queries.contains(base) {
                    // Too many days to ask for each.
                    queries.append(base)
                }
            }
            return Array(queries.prefix(queryLimit))
        }
    }

    /// Whether there is anything to ask for now: of a show that has not aired yet, there is not.
    var isEmpty: Bool { queries.isEmpty }
}

extension ReleaseKind {
    init(_ kind: Kind) {
        self =
            switch kind {
            case .movie: .movie
            case .show: .tv
            case .game: .game
            }
    }
}
