/// One offer before the judge: each property is one rule, nil where it has nothing against the offer.
struct Case {
    let offer: Offer
    let release: ParsedRelease
    let covers: Coverage
    let judge: Judge

    private var wanted: Wanted { judge.wanted }

    func never(_ code: String, _ sentence: String) -> Reason {
        Reason(code: code, sentence: sentence, isPermanent: true)
    }

    private func later(_ code: String, _ sentence: String) -> Reason {
        Reason(code: code, sentence: sentence, isPermanent: false)
    }

    // MARK: Is it the title

    var kind: Reason? {
        let isFitting =
            switch wanted.kind {
            case .movie: release.kind == .movie
            case .tv: release.kind == .tv
            case .game: release.couldBeGame
            }
        guard isFitting, !isOtherCategory else {
            return never("wrong-kind", "This is not a \(wanted.kind.label).")
        }
        return nil
    }

    /// The indexer's own categories speak against it; where they are of several kinds or none, they are not asked.
    private var isOtherCategory: Bool {
        let kinds = Set(offer.categories.filter { $0 < 100_000 }.map { $0 / 1_000 }).subtracting([8, 0])
        guard !kinds.isEmpty else { return false }
        switch wanted.kind {
        case .movie: return kinds.isDisjoint(with: [2, 5])
        case .tv: return kinds.isDisjoint(with: [2, 5])
        case .game: return kinds.isDisjoint(with: [1, 4])
        }
    }

    var title: Reason? {
        guard !judge.titles.matches(offer) else { return nil }
        let named = release.title.isEmpty ? "no title" : "“\(release.title)”"
        return never("wrong-title", "The name says \(named), not “\(wanted.titles.first ?? "")”.")
    }

    /// The indexer knows it as another title. Where the name gives the right year, the name is believed.
    var outsideID: Reason? {
        guard !isYearConfirmed else { return nil }
        let names = wanted.kind == .tv ? ["tvmaze", "tvdb"] : ["imdb"]
        for name in names {
            guard let ours = wanted.outsideIDs[name], let theirs = offer.outsideIDs[name], ours != theirs else {
                continue
            }
            return never("other-title", "The indexer says that it is another title: \(theirs) at \(name), not \(ours).")
        }
        return nil
    }

    /// The year in the name is the one that is wanted.
    var isYearConfirmed: Bool { release.year.map { wanted.year != nil && isWanted(year: $0) } ?? false }

    private func isWanted(year: Int) -> Bool {
        year == wanted.year || wanted.kind == .movie && year == wanted.otherYear
    }

    /// Of movies the year must agree; of shows, where the name gives it with the title; of games, where it stands apart
    /// and is far off. None given is accepted.
    var year: Reason? {
        guard let expected = wanted.year, let named = release.year, !isWanted(year: named) else { return nil }
        switch wanted.kind {
        case .movie: break
        case .tv: if !release.isYearOfTitle { return nil }
        // Games come again on other shops and platforms in the years after.
        case .game: if abs(named - expected) <= 2 { return nil }
        }
        // `Space: 1999`, `Blade Runner 2049`: what looks like the year belongs to the title.
        if judge.titles.takesYear(of: release) { return nil }
        return never("wrong-year", "The name says \(named), not \(expected).")
    }

    // MARK: Is it what is missing

    var wantedItems: Int {
        switch covers {
        case .nothing: 0
        case .movie, .game: 1
        case .seasons: wanted.episodes.count { covers.covers($0) }
        case .episodes(let episodes): episodes.count { wanted.episodes.contains($0) }
        }
    }

    /// What it holds besides, where it is known.
    var otherItems: Int {
        switch covers {
        case .nothing, .movie, .game: 0
        case .episodes(let episodes): episodes.count - wantedItems
        case .seasons(let seasons):
            max(0, seasons.reduce(0) { $0 + (wanted.knownEpisodes[$1]?.count ?? 0) } - wantedItems)
        }
    }

    /// A season that is called whole before all of it is out.
    var stillAiring: Reason? {
        guard case .seasons(let seasons) = covers,
            let season = seasons.sorted().first(where: { wanted.airedSoFar[$0] != nil }),
            let aired = wanted.airedSoFar[season]
        else { return nil }
        let known = wanted.knownEpisodes[season]?.count ?? aired
        return later(
            "still-airing",
            "Season \(season) is still airing: \(aired) of its \(known) episodes are out, so this cannot be all.")
    }

    var items: Reason? {
        guard wanted.kind == .tv, release.kind == .tv else { return nil }
        if release.isPartialSeason {
            return never("partial-season", "It holds only a part of season \(release.seasons.listed).")
        }
        if release.isExtra, !release.isSample { return never("extras", "It holds extras, not the episodes.") }
        guard wantedItems == 0 else { return nil }
        switch covers {
        case .seasons(let seasons):
            return never("season-not-wanted", "It holds season \(seasons.sorted().listed), which is not wanted.")
        case .episodes(let episodes):
            let known = Set(wanted.episodes.map(\.season))
            if known.isDisjoint(with: episodes.map(\.season)) {
                let seasons = Set(episodes.map(\.season)).sorted()
                return never("season-not-wanted", "It is of season \(seasons.listed), which is not wanted.")
            }
            return never(
                "episode-not-wanted", "It holds \(episodes.map(\.label).joined(separator: ", ")), not what is wanted.")
        case .nothing, .movie, .game:
            return never("no-episode", "The name does not say which episodes of the wanted ones it holds.")
        }
    }

    // MARK: Games

    var platform: Reason? {
        guard wanted.kind == .game, !wanted.platforms.isEmpty, release.couldBeGame else { return nil }
        let named = release.platforms.isEmpty ? [.windows] : release.platforms
        guard wanted.platforms.isDisjoint(with: named) else { return nil }
        let labels = Platform.allCases.filter(wanted.platforms.contains).map(\.label).joined(separator: " or ")
        return never("wrong-platform", "It is for \(named.map(\.label).joined(separator: ", ")), not for \(labels).")
    }

    /// Judged only where the name says it.
    var genre: Reason? {
        guard wanted.kind == .game, !wanted.genres.isEmpty, !release.genres.isEmpty else { return nil }
        guard wanted.genres.isDisjoint(with: release.genres) else { return nil }
        let labels = Genre.allCases.filter(wanted.genres.contains).map(\.label).joined(separator: " or ")
        return never(
            "wrong-genre", "It is \(release.genres.map(\.label).joined(separator: ", ")); wanted is \(labels).")
    }

    var content: Reason? {
        guard wanted.kind == .game, let content = release.content else { return nil }
        switch content {
        case .full: return nil
        case .update: return never("only-update", "It is an update, not the game.")
        case .dlc: return never("only-dlc", "It is additional content, not the game.")
        case .extra: return never("only-extra", "It belongs to the game, and is not the game.")
        }
    }

    // MARK: Quality and format

    var quality: Reason? {
        guard wanted.kind != .game, !wanted.qualities.isEmpty else { return nil }
        let list = Quality.allCases.filter(wanted.qualities.contains).map(\.rawValue).joined(separator: " or ")
        guard let quality = release.quality else {
            return never("quality-unknown", "The name does not say its quality; wanted is \(list).")
        }
        guard !wanted.qualities.contains(quality) else { return nil }
        return never("wrong-quality", "It is \(release.resolution?.rawValue ?? quality.rawValue); wanted is \(list).")
    }

    var codec: Reason? { format(in: .codec, code: "wrong-codec") }
    var sourceFormat: Reason? { format(in: .source, code: "wrong-source") }

    /// A group in which something is ticked wants one of it; what the name does not say is not assumed.
    private func format(in group: Format.Group, code: String) -> Reason? {
        let ticked = Format.allCases.filter { $0.group == group && wanted.formats.contains($0) }
        guard wanted.kind != .game, !ticked.isEmpty else { return nil }
        let formats = release.formats(in: group)
        guard formats.isDisjoint(with: ticked) else { return nil }
        let list = ticked.map(\.label).joined(separator: " or ")
        guard let named = release.formatName(in: group) else {
            let word = group == .codec ? "how it is encoded" : "where it is from"
            return never(code, "The name does not say \(word); wanted is \(list).")
        }
        return never(code, "It is \(named); wanted is \(list).")
    }

    var preRelease: Reason? {
        guard wanted.kind != .game, let source = release.source, source.isPreRelease else { return nil }
        return never("pre-release", "It is a \(source.label), taken before it could be had.")
    }

    var rawDisc: Reason? {
        guard wanted.kind != .game, release.isRawDisc else { return nil }
        return never(
            "raw-disc", "It is a whole \(release.source == .dvd ? "DVD" : "Blu-ray"), menus and all, not a video file.")
    }

    var sample: Reason? {
        guard release.isSample else { return nil }
        return never("sample", "It is a sample.")
    }

    // MARK: The torrent

    var seeders: Reason? {
        let least = wanted.ownMinimumSeeders ?? offer.minimumSeeders ?? wanted.minimumSeeders
        guard let seeders = offer.seeders, seeders < least else { return nil }
        let whose =
            wanted.ownMinimumSeeders != nil
            ? " by this request" : offer.minimumSeeders != nil ? " from this indexer" : ""
        return later("few-seeders", "Not enough seeders: \(seeders); \(least) or more are wanted\(whose).")
    }

    var blocked: Reason? {
        guard offer.hasFailed || offer.infohash.map(wanted.blockedInfohashes.contains) ?? false else { return nil }
        return never("blocked", "It failed for this request before.")
    }

    var downloading: Reason? {
        guard let infohash = offer.infohash, wanted.downloadingInfohashes.contains(infohash) else { return nil }
        return later("already-downloading", "It is being downloaded already.")
    }

    /// Films do not come as programs.
    var program: Reason? {
        guard wanted.kind != .game, let ending = release.programEnding else { return nil }
        return never("program", "It is a program (\(ending)), not a video.")
    }

    var password: Reason? {
        guard release.hasPassword else { return nil }
        return never("password", "The name speaks of a password.")
    }

    /// Bytes a minute, between what nobody could watch and what nobody would fetch.
    var size: Reason? {
        guard wanted.kind != .game, let size = offer.size, size > 0, let minutes else { return nil }
        let bounds = release.sizePerMinute
        let low = Int64(minutes) * bounds.low * 1_000_000
        let high = Int64(minutes) * bounds.high * 1_000_000
        if size < low {
            return never(
                "too-small", "\(size.sized) is too small for \(minutes) minutes; at least \(low.sized) is expected.")
        }
        guard size > high else { return nil }
        return never("too-big", "\(size.sized) is too big for \(minutes) minutes; at most \(high.sized) is expected.")
    }

    /// The size that the request, or else the house, allows to a movie, a game or one episode; what is not known is not held
    /// against it.
    var wantedSize: Reason? {
        guard let size = offer.size, size > 0, let pieces, pieces > 0 else { return nil }
        let each = size / Int64(pieces)
        let subject = pieces == 1 ? size.sized : "\(size.sized) for \(pieces) episodes, \(each.sized) each,"
        func whose(_ own: Int64?) -> String { own == nil ? "the house" : "this request" }
        if let smallest = wanted.smallestSize ?? wanted.houseSmallestSize, each < smallest {
            return never(
                "smaller-than-wanted",
                "\(subject) is less than the \(smallest.sized) that \(whose(wanted.smallestSize)) wants.")
        }
        guard let largest = wanted.largestSize ?? wanted.houseLargestSize, each > largest else { return nil }
        return never(
            "bigger-than-wanted",
            "\(subject) is more than the \(largest.sized) that \(whose(wanted.largestSize)) allows.")
    }

    /// Minutes of all that it holds; nil where that is not known.
    private var minutes: Int? {
        guard let runtime = wanted.runtimeMinutes, runtime > 0, let pieces else { return nil }
        return runtime * pieces
    }

    /// How many movies, games or episodes it holds; nil where that is not known.
    private var pieces: Int? {
        switch covers {
        case .nothing: return nil
        case .movie, .game: return 1
        case .episodes(let episodes): return episodes.count
        case .seasons(let seasons):
            let counts = seasons.map { wanted.knownEpisodes[$0]?.count ?? 0 }
            return counts.contains(0) ? nil : counts.reduce(0, +)
        }
    }
}
