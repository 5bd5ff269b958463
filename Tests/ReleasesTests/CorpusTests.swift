import Testing

@testable import Releases

/// Names by class, each with what it says.
@Suite("Names by class")
struct CorpusTests {
    /// A name, and fields of ``ParsedRelease/json`` with the values that they have to have.
    struct Labelled: Sendable, CustomTestStringConvertible {
        let name: String
        let fields: [(key: String, value: String)]
        var testDescription: String { name }

        static func all(in corpus: String) -> [Labelled] {
            let lines = corpus.split(separator: "\n").filter { !$0.hasPrefix("#") }
            return stride(from: 0, to: lines.count - 1, by: 2).map { at in
                let fields = lines[at + 1].split(separator: ";").map { field in
                    let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                    return (String(parts[0].drop { $0 == " " }), String(parts[1]))
                }
                return Labelled(name: String(lines[at]), fields: fields)
            }
        }
    }

    @Test("Films and shows", arguments: Labelled.all(in: videoNames))
    func videos(_ labelled: Labelled) { check(labelled) }

    @Test("Games", arguments: Labelled.all(in: gameNames))
    func games(_ labelled: Labelled) { check(labelled) }

    @Test("Names that go about it in ways of their own", arguments: Labelled.all(in: oddNames))
    func odd(_ labelled: Labelled) { check(labelled) }

    private func check(_ labelled: Labelled) {
        let release = ParsedRelease(labelled.name)
        for (key, value) in labelled.fields { #expect(Self.field(key, of: release) == value, "\(key)") }
    }

    private static func field(_ key: String, of release: ParsedRelease) -> String? {
        switch key {
        case "kind": release.kind.rawValue
        case "title": release.title
        case "year": release.year.map(String.init) ?? ""
        case "seasons": list(release.seasons)
        case "episodes": list(release.episodes)
        case "full_season": "\(release.isFullSeason)"
        case "resolution": release.resolution?.rawValue
        case "source": release.source?.rawValue
        case "modifier": release.modifier?.rawValue
        case "codec": release.codec?.rawValue
        case "hdr": list(release.dynamicRange.map(\.rawValue))
        case "audio": list(release.audio.map(\.rawValue))
        case "channels": release.channels
        case "languages": list(release.languages.map(\.rawValue))
        case "edition": release.edition?.rawValue
        case "network": release.network?.rawValue
        case "group": release.group
        case "proper": "\(release.isProper)"
        case "repack": "\(release.isRepack)"
        case "real": "\(release.real > 0)"
        case "revision": "\(release.revision)"
        case "platform": (release.platforms.first ?? .windows).rawValue
        case "content": release.content?.rawValue
        case "version": release.version
        default: nil
        }
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        values.map(\.description).joined(separator: ",")
    }

    // MARK: Titles in every dress

    static func titles(_ corpus: String) -> [String] {
        corpus.split(separator: "\n").joined(separator: " | ").split(separator: "|").map {
            $0.split(separator: " ").joined(separator: " ")
        }
    }

    private static func dotted(_ title: String) -> String { title.split(separator: " ").joined(separator: ".") }

    private static func plain(_ title: String) -> String {
        title.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private static let films: [(title: String, year: Int)] = titles(filmTitles).compactMap { film in
        let parts = film.split(separator: "@")
        return Int(parts[1]).map { (String(parts[0].dropLast()), $0) }
    }

    @Test("A title is read as it is, however the name is written")
    func everyDress() {
        for (title, year) in Self.films {
            let dots = Self.dotted(title)
            for name in [
                "\(dots).\(year).1080p.BluRay.x264-QUAY", "\(title) (\(year)) [1080p] [WEBRip] [QUAY]",
                "\(dots).\(year).720p.WEB-DL.DDP5.1.H.264-QUAY", "\(title) \(year) MULTi 2160p HDR WEB x265",
                "\(dots.lowercased()).\(year).dvdrip.xvid-quay",
            ] {
                let release = ParsedRelease(name)
                #expect(Self.plain(release.title) == Self.plain(title), "\(name)")
                #expect(release.year == year && release.kind == .movie, "\(name)")
            }
        }
        for title in Self.titles(showTitles) {
            let dots = Self.dotted(title)
            for name in [
                "\(dots).S02E05.1080p.WEB.H264-QUAY", "\(dots).S03.1080p.AMZN.WEB-DL.DDP5.1.H.264-QUAY",
                "\(title) S01E01E02 720p HDTV x264-QUAY", "\(title) - 2x07 - The Name.mkv",
                "\(dots.lowercased()).s02e05.the.long.way.720p.hdtv.x264-quay",
            ] {
                let release = ParsedRelease(name)
                #expect(Self.plain(release.title) == Self.plain(title) && release.kind == .tv, "\(name)")
            }
        }
        for title in Self.titles(gameTitles) {
            let dots = Self.dotted(title)
            for name in [
                "\(dots)-RUNE", "\(dots).v1.2.3-TENOKE", "\(title) (v1.0.4 + 3 DLCs, MULTi12) [FitGirl Repack]",
                "\(title.split(separator: " ").joined(separator: "_"))_NSW-VENOM", "\(dots).PS4-DUPLEX",
                "\(dots).Update.v1.0.5-RUNE", "\(dots).Deluxe.Edition-PLAZA", "\(title) v1.5.2 [GOG]",
            ] {
                let release = ParsedRelease(name)
                #expect(Self.plain(release.title) == Self.plain(title) && release.kind == .game, "\(name)")
            }
        }
    }

    // MARK: Each name for its own title and for no other

    @Test("No film is taken for another")
    func filmsApart() {
        let offers = Self.films.map { Offer(name: "\(Self.dotted($0.title)).\($0.year).1080p.BluRay.x264-QUAY") }
        for (index, film) in Self.films.enumerated() {
            let judge = Judge(Wanted(kind: .movie, titles: [film.title], year: film.year))
            let accepted = offers.indices.filter { judge.verdict(on: offers[$0]).accepted }
            #expect(accepted == [index], "\(film.title) (\(film.year)): \(accepted.map { offers[$0].name })")
        }
    }

    @Test("No show is taken for another")
    func showsApart() {
        let titles = Self.titles(showTitles)
        let offers = titles.map { Offer(name: "\(Self.dotted($0)).S01E02.1080p.WEB.H264-QUAY") }
        for (index, title) in titles.enumerated() {
            let judge = Judge(
                Wanted(kind: .tv, titles: [title], episodes: [EpisodeNumber(season: 1, episode: 2)]))
            let accepted = offers.indices.filter { judge.verdict(on: offers[$0]).accepted }
            #expect(accepted.contains(index), "\(title)")
            // Without a year nothing tells `The Extras` from `Extras`.
            let others = accepted.filter { Self.bare(titles[$0]) != Self.bare(title) }
            #expect(others.isEmpty, "\(title): \(others.map { titles[$0] })")
        }
    }

    @Test("No game is taken for another")
    func gamesApart() {
        let titles = Self.titles(gameTitles)
        let offers = titles.map { Offer(name: "\(Self.dotted($0)).v1.0.2-RUNE") }
        for (index, title) in titles.enumerated() {
            let judge = Judge(Wanted(kind: .game, titles: [title], platforms: [.windows]))
            let accepted = offers.indices.filter { judge.verdict(on: offers[$0]).accepted }
            #expect(accepted == [index], "\(title): \(accepted.map { titles[$0] })")
        }
    }

    @Test("Every name is of its own title, and of no other")
    func confusion() {
        /// What is said against a title by its name or its year.
        func isOf(_ title: String, _ year: Int?, _ offer: Offer, _ kind: ReleaseKind) -> Bool {
            let codes = Judge(Wanted(kind: kind, titles: [title], year: year)).verdict(on: offer).reasons.map(\.code)
            return !codes.contains("wrong-title") && !codes.contains("wrong-year")
        }
        let others = Self.films.map(\.title) + Self.titles(showTitles) + Self.titles(gameTitles)
        for labelled in [videoNames, gameNames, oddNames].flatMap(Labelled.all(in:)) {
            let fields = Dictionary(labelled.fields, uniquingKeysWith: { first, _ in first })
            guard let title = fields["title"], let kind = fields["kind"].flatMap(ReleaseKind.init(rawValue:)),
                !title.isEmpty
            else { continue }
            let offer = Offer(name: labelled.name)
            #expect(isOf(title, fields["year"].flatMap { Int($0) }, offer, kind), "\(labelled.name) is not of \(title)")
            let taken = others.filter { Self.bare($0) != Self.bare(title) && isOf($0, nil, offer, kind) }
            #expect(taken.isEmpty, "\(labelled.name) is taken for \(taken)")
        }
    }

    private static func bare(_ title: String) -> String {
        plain(title.hasPrefix("The ") ? String(title.dropFirst(4)) : title)
    }
}
