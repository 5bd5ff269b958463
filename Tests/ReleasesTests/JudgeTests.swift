import Testing

@testable import Releases

@Suite("Judging")
struct JudgeTests {
    private let movie = Wanted(kind: .movie, titles: ["Salt Road"], year: 2014, runtimeMinutes: 100)
    private let show = Wanted(
        kind: .tv, titles: ["Harbour Lights"], year: 2012,
        episodes: Set((1...10).map { EpisodeNumber(season: 2, episode: $0) }),
        knownEpisodes: [1: Set(1...10), 2: Set(1...10)], runtimeMinutes: 40)
    private let game = Wanted(kind: .game, titles: ["Salt Frontier"], platforms: [.windows])

    private func codes(_ offer: Offer, _ wanted: Wanted) -> [String] {
        judge(offer, against: wanted).reasons.map(\.code)
    }
    private func codes(_ name: String, _ wanted: Wanted) -> [String] { codes(Offer(name: name), wanted) }

    private func with<Value>(_ wanted: Wanted, _ path: WritableKeyPath<Wanted, Value>, _ value: Value) -> Wanted {
        var changed = wanted
        changed[keyPath: path] = value
        return changed
    }

    // MARK: Movies

    @Test("A movie with nothing against it")
    func movieAccepted() {
        let verdict = judge(
            Offer(name: "Salt.Road.2014.1080p.BluRay.x264-QUAY", size: 8_000_000_000, seeders: 12), against: movie)
        #expect(verdict.accepted)
        #expect(verdict.covers == .movie)
        #expect(verdict.isYearConfirmed)
        #expect(judge(Offer(name: "Salt.Road.1080p.BluRay.x264-QUAY"), against: movie).accepted)
        #expect(!judge(Offer(name: "Salt.Road.1080p.BluRay.x264-QUAY"), against: movie).isYearConfirmed)
    }

    @Test("Every rule is judged, not until the first that fails")
    func everyRule() {
        var wanted = movie
        wanted.qualities = [.p1080]
        wanted.formats = [.x265, .webdl]
        wanted.minimumSeeders = 3
        wanted.blockedInfohashes = ["ab"]
        let verdict = judge(
            Offer(name: "Salt.Way.2011.720p.HDTS.x264-QUAY", size: 1_000_000, seeders: 1, infohash: "ab"),
            against: wanted)
        #expect(
            verdict.reasons.map(\.code) == [
                "wrong-title", "wrong-year", "wrong-quality", "wrong-codec", "wrong-source", "pre-release", "too-small",
                "few-seeders", "blocked",
            ])
        #expect(verdict.reasons.filter { !$0.isPermanent }.map(\.code) == ["few-seeders"])
        #expect(verdict.reasons.contains { $0.sentence == "Not enough seeders: 1; 3 or more are wanted." })
    }

    @Test("Kind, by name and by category")
    func kind() {
        #expect(codes("Salt.Road.S01E01.1080p.WEB.h264-QUAY", movie).contains("wrong-kind"))
        #expect(codes("Harbour.Lights.2012.1080p.BluRay.x264", show).contains("wrong-kind"))
        #expect(codes("Salt.Frontier.2014.1080p.BluRay.x264", game).contains("wrong-kind"))
        #expect(codes(Offer(name: "Salt Road 2014", categories: [4050]), movie) == ["wrong-kind"])
        #expect(codes(Offer(name: "Salt Road 2014", categories: [2000, 2040, 100_123]), movie) == [])
        #expect(codes(Offer(name: "Salt Road 2014", categories: [8000]), movie) == [])
    }

    @Test("Quality: what the name does not say is not assumed")
    func quality() {
        let wanted = with(movie, \.qualities, [.p720, .p1080])
        #expect(codes("Salt.Road.2014.720p.BluRay.x264", wanted) == [])
        #expect(codes("Salt.Road.2014.2160p.WEB-DL.x265", wanted) == ["wrong-quality"])
        #expect(codes("Salt.Road.2014.BluRay.x264", wanted) == ["quality-unknown"])
        #expect(codes("Salt.Road.2014.DVDRip.XviD", wanted) == ["wrong-quality"])
        #expect(codes("Salt.Road.2014.DVDRip.XviD", with(movie, \.qualities, [.p480])) == [])
    }

    @Test("Formats: codecs and sources each in their own group")
    func formats() {
        #expect(codes("Salt.Road.2014.1080p.WEB-DL", with(movie, \.formats, [.webdl])) == [])
        #expect(codes("Salt.Road.2014.1080p.WEB-DL", with(movie, \.formats, [.webdl, .x265])) == ["wrong-codec"])
        #expect(codes("Salt.Road.2014.1080p.HEVC", with(movie, \.formats, [.x265])) == [])
        #expect(codes("Salt.Road.2014.1080p.WEBRip.x264", with(movie, \.formats, [.bluray, .dvd])) == ["wrong-source"])
        #expect(codes("Salt.Road.2014.1080p.BluRay.REMUX.AVC", with(movie, \.formats, [.bluray])) == ["wrong-source"])
        #expect(codes("Salt.Road.2014.1080p.BluRay.REMUX.AVC", with(movie, \.formats, [.remux])) == [])
    }

    @Test("Discs, samples, recordings")
    func unwatchable() {
        #expect(codes("Salt.Road.2014.COMPLETE.BLURAY-QUAY", movie) == ["raw-disc"])
        #expect(codes("Salt.Road.2014.SAMPLE.1080p.BluRay.x264-QUAY", movie) == ["sample"])
        #expect(codes("Salt.Road.2014.HDCAM.x264-QUAY", movie) == ["pre-release"])
    }

    @Test("Size by the minute, over all that a release holds")
    func size() {
        func sized(_ name: String, _ gigabytes: Double, _ wanted: Wanted) -> [String] {
            codes(Offer(name: name, size: Int64(gigabytes * 1e9)), wanted)
        }
        #expect(sized("Salt.Road.2014.1080p.BluRay.x264", 0.05, movie) == ["too-small"])
        #expect(sized("Salt.Road.2014.1080p.BluRay.x264", 90, movie) == ["too-big"])
        #expect(sized("Salt.Road.2014.2160p.BluRay.REMUX.HEVC", 80, movie) == [])
        #expect(sized("Harbour.Lights.S02.1080p.WEB-DL.x264", 30, show) == [])
        #expect(sized("Harbour.Lights.S02E01.1080p.WEB-DL.x264", 30, show) == ["too-big"])
        #expect(sized("Salt.Road.2014.1080p.BluRay.x264", 90, with(movie, \.runtimeMinutes, nil)) == [])
        #expect(codes(Offer(name: "Salt.Road.2014.1080p.BluRay.x264", size: nil), movie) == [])
    }

    @Test("Seeders: unknown is not none")
    func seeders() {
        #expect(codes(Offer(name: "Salt Road 2014 1080p", seeders: 0), movie) == ["few-seeders"])
        #expect(codes(Offer(name: "Salt Road 2014 1080p", seeders: nil), movie) == [])
    }

    @Test("A movie also goes by the year in which it was first shown anywhere")
    func secondYear() {
        let wanted = with(movie, \.otherYear, 2013)
        #expect(codes("Salt.Road.2014.1080p.BluRay.x264", wanted) == [])
        #expect(codes("Salt.Road.2013.1080p.BluRay.x264", wanted) == [])
        #expect(judge(Offer(name: "Salt.Road.2013.1080p.BluRay.x264"), against: wanted).isYearConfirmed)
        #expect(codes("Salt.Road.2012.1080p.BluRay.x264", wanted) == ["wrong-year"])
        #expect(codes("Harbour.Lights.2013.S02E03.1080p.WEB", with(show, \.otherYear, 2013)) == ["wrong-year"])
    }

    // MARK: Shows

    @Test(
        "What a release covers",
        arguments: [
            ("Harbour.Lights.S02.1080p.WEB-DL.x264", Coverage.seasons([2])),
            ("Harbour.Lights.S01-S02.1080p.WEB-DL.x264", .seasons([1, 2])),
            ("Harbour Lights - The Complete Series 1080p", .seasons([1, 2])),
            ("Harbour.Lights.S02E03.1080p.WEB-DL.x264", .episodes([EpisodeNumber(season: 2, episode: 3)])),
            (
                "Harbour.Lights.S02E03E04.1080p.WEB-DL.x264",
                .episodes([EpisodeNumber(season: 2, episode: 3), EpisodeNumber(season: 2, episode: 4)])
            ),
            ("Harbour.Lights.S02.Part.1.1080p.WEB-DL.x264", .nothing),
            ("Harbour.Lights.S02.EXTRAS.1080p.BluRay.x264", .nothing),
            ("Harbour.Lights.S02E01.SAMPLE.1080p.WEB.x264", .nothing),
            ("Harbour.Lights.2012.1080p.BluRay.x264", .nothing),
        ])
    func coverage(name: String, covers: Coverage) {
        #expect(judge(Offer(name: name), against: show).covers == covers)
    }

    @Test("Episodes that are wanted, and those that are not")
    func items() {
        #expect(codes("Harbour.Lights.S02E03.1080p.WEB-DL.x264", show) == [])
        #expect(judge(Offer(name: "Harbour.Lights.S02.1080p.WEB-DL"), against: show).wantedItems == 10)
        #expect(codes("Harbour.Lights.S01.1080p.WEB-DL.x264", show) == ["season-not-wanted"])
        #expect(codes("Harbour.Lights.S01E03.1080p.WEB-DL.x264", show) == ["season-not-wanted"])
        #expect(codes("Harbour.Lights.S02E11.1080p.WEB-DL.x264", show) == ["episode-not-wanted"])
        #expect(codes("Harbour.Lights.S02.Part.1.1080p.WEB-DL.x264", show) == ["partial-season"])
        #expect(codes("Harbour.Lights.S02.EXTRAS.1080p.BluRay.x264", show) == ["extras"])
        #expect(codes("Harbour.Lights.E33.1080p.WEB-DL.x264", show) == ["no-episode"])
    }

    @Test("An episode without a season, where the show has but one")
    func onlySeason() {
        var short = show
        short.episodes = [EpisodeNumber(season: 1, episode: 3)]
        short.knownEpisodes = [1: Set(1...4)]
        #expect(codes("Harbour.Lights.3of4.1080p.HDTV.x264", short) == [])
    }

    @Test("Days are looked up among the air dates")
    func days() throws {
        let day = try #require(Day(year: 2024, month: 11, day: 3))
        var daily = show
        daily.airDates = [day: [EpisodeNumber(season: 2, episode: 5)]]
        let verdict = judge(Offer(name: "Harbour.Lights.2024.11.03.720p.HDTV.x264"), against: daily)
        #expect(verdict.accepted)
        #expect(verdict.covers == .episodes([EpisodeNumber(season: 2, episode: 5)]))
    }

    @Test("The year of a show: with the title it must agree, behind the season it may differ")
    func showYear() {
        #expect(codes("Harbour.Lights.2012.S02E03.1080p.WEB", show) == [])
        #expect(codes("Harbour.Lights.1988.S02E03.1080p.WEB", show) == ["wrong-year"])
        #expect(codes("Harbour Lights S02 (2013) 1080p WEB", show) == [])
    }

    // MARK: Games

    @Test("Games: platform and content")
    func games() {
        #expect(codes("Salt.Frontier-RUNE", game) == [])
        #expect(judge(Offer(name: "Salt.Frontier-RUNE"), against: game).covers == .game(.windows))
        #expect(codes("Salt_Frontier_NSW-VENOM", game) == ["wrong-platform"])
        #expect(codes("Salt.Frontier.Update.v1.2-RUNE", game) == ["only-update"])
        #expect(codes("Salt.Frontier.DLC-RUNE", game) == ["only-dlc"])
        #expect(codes("Salt.Frontier.Crackfix-RUNE", game) == ["only-extra"])
        #expect(codes("Salt.Frontier.2-RUNE", game) == ["wrong-title"])
        #expect(judge(Offer(name: "Salt.Frontier.DLC-RUNE"), against: game).covers == .nothing)
        #expect(
            judge(Offer(name: "Salt_Frontier_NSW-VENOM"), against: with(game, \.platforms, [])).covers == .game(.switch)
        )
    }

    @Test("A game's year, where it stands apart and is far off; its genre, where the name says it; its edition")
    func gameFacts() {
        var wanted = with(game, \.year, 2005)
        #expect(codes("Salt Frontier (2005) PC | RePack by Quay", wanted) == [])
        #expect(codes("Salt Frontier (2006) PC | RePack by Quay", wanted) == [])
        #expect(codes("Salt Frontier (2023) PC | RePack by Quay", wanted) == ["wrong-year"])
        #expect(codes("Salt.Frontier.2005-RUNE", wanted) == [])
        wanted.genres = [.puzzle]
        #expect(codes("[DL] Salt Frontier [P] [RUS + ENG] (2005, RPG) [Portable]", wanted) == ["wrong-genre"])
        #expect(codes("[DL] Salt Frontier [P] [RUS + ENG] (2005, Puzzle) [Portable]", wanted) == [])
        let remade = Wanted(kind: .game, titles: ["Salt Frontier: Definitive Edition"], platforms: [.windows])
        #expect(codes("Salt.Frontier.Definitive.Edition-RUNE", remade) == [])
        #expect(codes("Salt.Frontier-RUNE", remade) == ["wrong-title"])
        #expect(codes("Salt.Frontier.Definitive.Edition-RUNE", game) == [])
    }

    // MARK: Words, ids, and what is under way

    @Test("Words that are required, refused and preferred stand whole, whatever is between them")
    func words() {
        var wanted = with(movie, \.words, NameWords(refused: ["korsub", "dubbed audio"]))
        #expect(codes("Salt.Road.2014.1080p.WEB.KORSUB", wanted) == ["word-refused"])
        #expect(codes("Salt.Road.2014.1080p.WEB.Dubbed-Audio", wanted) == ["word-refused"])
        #expect(codes("Salt.Road.2014.1080p.WEB.KORSUBS", wanted) == [])
        wanted = with(movie, \.houseWords, NameWords(required: ["french", "…"]))
        #expect(codes("Salt.Road.2014.FRENCH.1080p.WEB", wanted) == [])
        #expect(codes("Salt.Road.2014.1080p.WEB", wanted) == ["word-missing"])
        wanted = with(movie, \.words, NameWords(preferred: ["QUAY", "atmos"]))
        #expect(judge(Offer(name: "Salt.Road.2014.1080p.Atmos-QUAY"), against: wanted).preferredWords == 2)
    }

    @Test("A preferred format counts however the name writes it, and once")
    func preferredFormats() {
        func preferred(_ words: [String], _ name: String) -> Int {
            judge(Offer(name: name), against: with(movie, \.words, NameWords(preferred: words))).preferredWords
        }
        for name in ["H.265-QUAY", "HEVC-QUAY", "x265-QUAY"] {
            #expect(preferred(["x265"], "Salt.Road.2014.1080p.WEB.\(name)") == 1, "\(name)")
        }
        #expect(preferred(["x265"], "Salt.Road.2014.1080p.WEB.x264-QUAY") == 0)
        #expect(preferred(["hevc", "blu-ray"], "Salt.Road.2014.1080p.BDRip.x265-QUAY") == 2)
        #expect(preferred(["BluRay", "remux"], "Salt.Road.2014.1080p.BluRay.REMUX.AVC-QUAY") == 2)
        // A word with others around it is meant as it stands.
        #expect(preferred(["1080p x265"], "Salt.Road.2014.720p.WEB.HEVC-QUAY") == 0)
    }

    @Test("Who wants a word is said, and what the request wants goes before what the house wants")
    func whoseWords() {
        var wanted = with(movie, \.houseWords, NameWords(required: ["french"], refused: ["x265", "hdr"]))
        wanted.words = NameWords(required: ["x265"], refused: ["truefrench", "french dub"])
        let verdict = judge(Offer(name: "Salt.Road.2014.1080p.HDR.WEB"), against: wanted)
        #expect(
            verdict.reasons.map(\.sentence) == [
                "The name does not say “x265”, which this request wants.",
                "The name does not say “french”, which the house wants.",
                "The name says “hdr”, which the house does not want.",
            ])
        #expect(codes("Salt.Road.2014.FRENCH.1080p.WEB.x265", wanted) == [])
        wanted.words = NameWords(refused: ["French"])
        #expect(codes("Salt.Road.2014.1080p.WEB", wanted) == [])
        #expect(NameWords(required: ["German Dub"], refused: ["german"]).contradiction?.wanted == "German Dub")
        #expect(NameWords(refused: ["german dub"], preferred: ["german"]).contradiction == nil)
    }

    @Test("The request's own seeders and sizes, of each episode of a pack")
    func ownLimits() {
        var wanted = movie
        wanted.ownMinimumSeeders = 50
        var offer = Offer(name: "Salt Road 2014 1080p", size: 9_000_000_000, seeders: 20)
        offer.minimumSeeders = 5
        #expect(
            judge(offer, against: wanted).reasons.map(\.sentence) == [
                "Not enough seeders: 20; 50 or more are wanted by this request."
            ])
        wanted.ownMinimumSeeders = nil
        wanted.largestSize = 8_000_000_000
        #expect(
            judge(offer, against: wanted).reasons.map(\.sentence) == [
                "9.0 GB is more than the 8.0 GB that this request allows."
            ])
        wanted.houseLargestSize = 10_000_000_000
        #expect(codes(offer, with(wanted, \.largestSize, 9_500_000_000)) == [])
        wanted.largestSize = nil
        wanted.houseLargestSize = 7_000_000_000
        #expect(
            judge(offer, against: wanted).reasons.map(\.sentence) == [
                "9.0 GB is more than the 7.0 GB that the house allows."
            ])
        var show = Wanted(kind: .tv, titles: ["Salt Road"], episodes: [EpisodeNumber(season: 1, episode: 1)])
        show.knownEpisodes = [1: Set(1...10)]
        show.smallestSize = 1_000_000_000
        #expect(codes(Offer(name: "Salt Road S01 1080p", size: 12_000_000_000), show) == [])
        #expect(codes(Offer(name: "Salt Road S01 1080p", size: 9_000_000_000), show) == ["smaller-than-wanted"])
        #expect(codes(Offer(name: "Salt Road S01E01 1080p", size: 999_000_000), show) == ["smaller-than-wanted"])
        #expect(codes(Offer(name: "Salt Road S01E01 1080p"), show) == [])
    }

    @Test("An id from the feed is believed only where the name does not say better")
    func ids() {
        let wanted = with(movie, \.outsideIDs, ["imdb": "tt0001"])
        func offer(_ name: String, _ id: String) -> Offer {
            var offer = Offer(name: name)
            offer.outsideIDs = ["imdb": id]
            return offer
        }
        #expect(codes(offer("Salt.Road.1080p.WEB", "tt0001"), wanted) == [])
        #expect(codes(offer("Salt.Road.1080p.WEB", "tt0002"), wanted) == ["other-title"])
        #expect(codes(offer("Salt.Road.2014.1080p.WEB", "tt0002"), wanted) == [])
        #expect(codes(offer("Pepper.Road.1080p.WEB", "tt0001"), wanted) == ["wrong-title"])
    }

    @Test("A season that is still airing is not whole yet, and a torrent on its way is not fetched twice")
    func forNow() {
        let airing = with(show, \.airedSoFar, [2: 4])
        let verdict = judge(Offer(name: "Harbour.Lights.S02.1080p.WEB-DL"), against: airing)
        #expect(
            verdict.reasons == [
                Reason(
                    code: "still-airing",
                    sentence: "Season 2 is still airing: 4 of its 10 episodes are out, so this cannot be all.",
                    isPermanent: false)
            ])
        #expect(codes("Harbour.Lights.S02E03.1080p.WEB-DL", airing) == [])
        let busy = with(movie, \.downloadingInfohashes, ["ab"])
        let reasons = judge(Offer(name: "Salt Road 2014 1080p", infohash: "ab"), against: busy).reasons
        #expect(reasons.map(\.code) == ["already-downloading"])
        #expect(reasons.allSatisfy { !$0.isPermanent })
    }

    @Test("An indexer's own minimum of seeders goes before the house's")
    func indexersMinimum() {
        var offer = Offer(name: "Salt Road 2014 1080p", seeders: 3)
        #expect(codes(offer, movie) == [])
        offer.minimumSeeders = 5
        #expect(
            judge(offer, against: movie).reasons.map(\.sentence) == [
                "Not enough seeders: 3; 5 or more are wanted from this indexer."
            ])
    }

    @Test("Programs and passwords do not belong to films")
    func harmful() {
        #expect(codes("Salt.Road.2014.1080p.WEB.x264-QUAY.exe", movie) == ["program"])
        #expect(codes("Salt.Road.2014.1080p.WEB.x264-QUAY.password.in.comments.see.nfo", movie) == ["password"])
        #expect(codes("Password.2014.1080p.WEB", with(movie, \.titles, ["Password"])) == [])
        #expect(codes("Salt.Frontier.v1.0-RUNE.exe", game).contains("program") == false)
    }

    @Test("A part behind the year is a film's where such a film is wanted, and an episode's where a show is")
    func partBehindYear() {
        let name = "Salt.Road.2014.Part.2.1080p.BluRay.x264-QUAY"
        for title in ["Salt Road Part 2", "Salt Road: Part II", "Salt Road - Part Two"] {
            let verdict = judge(Offer(name: name), against: with(movie, \.titles, [title]))
            #expect(verdict.accepted && verdict.covers == .movie && verdict.isYearConfirmed, "\(title)")
        }
        #expect(codes(name, movie) == ["wrong-title"])
        #expect(codes(name, with(with(movie, \.titles, ["Salt Road Part 2"]), \.year, 2016)) == ["wrong-year"])
        #expect(TitleLookup.keys(of: ParsedRelease(name)).contains("saltroadpart2"))
        let series = Wanted(
            kind: .tv, titles: ["Salt Road"], year: 2014, episodes: [EpisodeNumber(season: 1, episode: 2)],
            knownEpisodes: [1: Set(1...4)])
        #expect(codes(name, series) == [])
        #expect(judge(Offer(name: name), against: series).covers == .episodes([EpisodeNumber(season: 1, episode: 2)]))
    }

    @Test("A number behind the title may be its year or a part of it")
    func yearsInTitles() {
        let space = Wanted(
            kind: .tv, titles: ["Harbour: 1999"], year: 1975, episodes: [EpisodeNumber(season: 1, episode: 2)])
        #expect(codes("Harbour.1999.S01E02.720p.BluRay", space) == [])
        #expect(codes("Harbour.S01E02.720p.BluRay", space) == ["wrong-title"])
        #expect(codes("Salt.Road.2049.2017.1080p.WEB", movie).contains("wrong-title"))
        let future = Wanted(kind: .movie, titles: ["Salt Road 2049"], year: 2017)
        #expect(codes("Salt.Road.2049.1080p.WEB", future) == [])
        #expect(codes("Salt.Road.2049.1080p.WEB", movie) == ["wrong-title"])
    }
}
