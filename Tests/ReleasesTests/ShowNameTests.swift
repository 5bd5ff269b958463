import Testing

@testable import Releases

/// Names of shows, by the way in which they give season and episode. The titles are invented.
@Suite("Names of shows")
struct ShowNameTests {
    struct Sample: Sendable, CustomTestStringConvertible {
        let name: String
        let title: String
        let seasons: [Int]
        let episodes: [Int]
        var testDescription: String { name }

        init(_ name: String, _ title: String, _ seasons: [Int], _ episodes: [Int] = []) {
            self.name = name
            self.title = title
            self.seasons = seasons
            self.episodes = episodes
        }
    }

    private func check(_ sample: Sample) {
        let release = ParsedRelease(sample.name)
        #expect(release.kind == .tv)
        #expect(release.title == sample.title)
        #expect(release.seasons == sample.seasons)
        #expect(release.episodes == sample.episodes)
        #expect(release.isFullSeason == (sample.episodes.isEmpty && !sample.seasons.isEmpty))
    }

    @Test(
        "One episode",
        arguments: [
            Sample("Harbour.Lights.S03E07.720p.HDTV.x264-QUAY", "Harbour Lights", [3], [7]),
            Sample("harbour_lights.3x07.the_tide.720p_hdtv_x264-quay", "harbour lights", [3], [7]),
            Sample("Harbour Lights - 3x07 - The Tide", "Harbour Lights", [3], [7]),
            Sample("Harbour Lights S3 E7 1080p WEB-DL", "Harbour Lights", [3], [7]),
            Sample("Harbour.Lights.S03.07.mp4", "Harbour Lights", [3], [7]),
            Sample("Harbour Lights Season 3 Episode 7", "Harbour Lights", [3], [7]),
            Sample("Harbour.Lights.S2025E86.1080i.HDTV.H.264-QUAY", "Harbour Lights", [2025], [86]),
            Sample("Harbour.Lights.S01E1056.1080p.WEB.x264-QUAY", "Harbour Lights", [1], [1056]),
            Sample("Harbour.Lights.S0307.480p.WEB-DL", "Harbour Lights", [3], [7]),
            Sample("Harbour Lights SO3E07.avi", "Harbour Lights", [3], [7]),
            Sample("HarbourS03E07.720p.WEB.h264-QUAY", "Harbour", [3], [7]),
            Sample("[04x01] The Noose", "The Noose", [4], [1]),
            Sample("office_lights_03_19.avi", "office lights", [3], [19]),
            Sample("Harbour.Lights.307.HDTV.XviD-QUAY", "Harbour Lights", [3], [7]),
            Sample("Harbour Lights S00E04 Special.mkv", "Harbour Lights", [0], [4]),
        ])
    func oneEpisode(_ sample: Sample) { check(sample) }

    @Test(
        "Several episodes",
        arguments: [
            Sample("Harbour.Lights.S01E01E02.1080p.WEB.h264-QUAY", "Harbour Lights", [1], [1, 2]),
            Sample("Harbour Lights S01E01-E04 720p", "Harbour Lights", [1], [1, 2, 3, 4]),
            Sample("Harbour Lights S01E01-04 720p", "Harbour Lights", [1], [1, 2, 3, 4]),
            Sample("Harbour Lights S01E01-S01E03", "Harbour Lights", [1], [1, 2, 3]),
            Sample("Harbour Lights S07E25+E26 Finale.mp4", "Harbour Lights", [7], [25, 26]),
            Sample("Harbour Lights [7x23-24]", "Harbour Lights", [7], [23, 24]),
            Sample("Harbour Lights [06x01-08 of 16] (2019) WEB-DLRip", "Harbour Lights", [6], Array(1...8)),
            Sample("Harbour Lights (2021) Season 01 EP(01-08) 720p HDRip", "Harbour Lights", [1], Array(1...8)),
            Sample("Harbour Lights - S02 - E01 à E12 - [WEB-DL]", "Harbour Lights", [2], Array(1...12)),
            Sample("Harbour Lights S04E01 E02 E03 1080p WEBRip x265", "Harbour Lights", [4], [1, 2, 3]),
            Sample("Harbour Lights Season 5 Episodes 1-10", "Harbour Lights", [5], Array(1...10)),
            Sample("Harbour Lights [S02E10] [S02E11] 1080p WEB-DL", "Harbour Lights", [2], [10, 11]),
            Sample("Harbour Lights (S02E10)(S02E12) [720p]", "Harbour Lights", [2], [10, 12]),
            Sample("Harbour Lights [S02E10] [S03E11] 1080p", "Harbour Lights", [2], [10]),
            Sample("Harbour.Lights.S01E0001-E1122.1080p.WEB-DL", "Harbour Lights", [1], Array(1...1_122)),
            Sample("[Quay] Harbour Lights (001-1122) [1080p]", "Harbour Lights", [], Array(1...1_122)),
            Sample("Harbour Lights Episodes 1-1000", "Harbour Lights", [], Array(1...1_000)),
            Sample("Harbour Lights 001-1000 [720p]", "Harbour Lights", [], Array(1...1_000)),
            Sample("Harbour.Lights.01-26.720p.WEB-DL.x264-QUAY", "Harbour Lights", [], Array(1...26)),
            Sample("[Quay] Harbour Lights 01-12 (BD 1080p)", "Harbour Lights", [], Array(1...12)),
            Sample("Harbour Lights 001-220", "Harbour Lights", [], Array(1...220)),
        ])
    func severalEpisodes(_ sample: Sample) { check(sample) }

    @Test func theLastEpisodeIsNoGroup() {
        #expect(ParsedRelease("Harbour Lights 01-12").group == nil)
        #expect(ParsedRelease("Harbour Lights 001-220 720p-QUAY").group == "QUAY")
    }

    @Test(
        "Whole seasons",
        arguments: [
            Sample("Harbour.Lights.S01.Retail.720p.BluRay.x264-QUAY", "Harbour Lights", [1]),
            Sample("Harbour Lights Season 4 Complete 720p WEB-DL", "Harbour Lights", [4]),
            Sample("Harbour.Lights.COMPLETE.S02.DVDRip.XviD-QUAY", "Harbour Lights", [2]),
            Sample("Harbour Lights (Season 1) (1080p)(HEVC x265)", "Harbour Lights", [1]),
            Sample("Harbour Lights S05 Season 5 720p", "Harbour Lights", [5]),
            Sample("Harbour Lights: 2nd Season", "Harbour Lights", [2]),
        ])
    func season(_ sample: Sample) { check(sample) }

    @Test(
        "Several seasons",
        arguments: [
            Sample("Harbour.Lights.S01-S03.1080p.BluRay.x265", "Harbour Lights", [1, 2, 3]),
            Sample("Harbour Lights [S01-04] (2011-2014) WEB-DLRip", "Harbour Lights", [1, 2, 3, 4]),
            Sample("Harbour.Lights.S01.S02.S03.1080p.BluRay", "Harbour Lights", [1, 2, 3]),
            Sample("Harbour Lights S1 + S2 + Extras [BD 1080p]", "Harbour Lights", [1, 2]),
            Sample("Harbour Lights Season 1, 2, 3 & 4 + Extras DVDRip", "Harbour Lights", [1, 2, 3, 4]),
            Sample("Harbour Lights - Season 1 to 6 - 1080p", "Harbour Lights", Array(1...6)),
            Sample("Harbour Lights Seasons 1 and 2 - x264", "Harbour Lights", [1, 2]),
            Sample("Harbour Lights Season 1 2 3 + 4 Movies", "Harbour Lights", [1, 2, 3]),
            Sample("Harbour Lights Complete Seasons 1: 11", "Harbour Lights", Array(1...11)),
            Sample("Harbour Lights Season 01 - Season 07", "Harbour Lights", Array(1...7)),
        ])
    func seasons(_ sample: Sample) { check(sample) }

    @Test(
        "Other languages",
        arguments: [
            Sample("Luces del Puerto - Temporada 3 [HDTV][Cap.307][Castellano]", "Luces del Puerto", [3], [7]),
            Sample("Luci del Porto - Stagione 2 [COMPLETA] 720p H264 ITA", "Luci del Porto", [2]),
            Sample("Hafenlichter Staffel 4 German 720p WEB x264", "Hafenlichter", [4]),
            Sample("Farol 3ª Temporada Dublado", "Farol", [3]),
            Sample("Farol 1ª a 4ª Temporada Completa [720p]", "Farol", [1, 2, 3, 4]),
            Sample("Ogni.gavani.3.sezon.22.seria.iz.22.XviD", "Ogni gavani", [3], [22]),
            Sample("Liman.2.Sezon.7.Bölüm.1080p.WEB-DL", "Liman", [2], [7]),
            Sample(
                "Огни гавани / Harbour Lights / Сезон 4 / Серии 1-6 (6) [2017]", "Harbour Lights", [4], Array(1...6)),
            Sample("Огни гавани - Сезон 3, Эпизод 21 [1080p].mkv", "Огни гавани", [3], [21]),
        ])
    func languages(_ sample: Sample) { check(sample) }

    @Test(
        "Numbers and years that are titles",
        arguments: [
            Sample("1947.S02E01.1080p.WEB.H264-QUAY", "1947", [2], [1]),
            Sample("48 - S01E04 - x264", "48", [1], [4]),
            Sample("Harbour.401.S02E10.480p.x264-QUAY", "Harbour 401", [2], [10]),
            Sample("Area.51.S01.720p.WEB-DL", "Area 51", [1]),
        ])
    func numericTitles(_ sample: Sample) { check(sample) }

    @Test("An episode without a season")
    func withoutSeason() {
        #expect(ParsedRelease("[Subs] Harbour Knights - 12 [720p].mkv").episodes == [12])
        #expect(ParsedRelease("[Subs] Harbour Knights - 12v2 [720p].mkv").title == "Harbour Knights")
        #expect(ParsedRelease("Harbour.Knights.E146.HDTV.XviD-QUAY").episodes == [146])
        #expect(ParsedRelease("Harbour Knights 2of4 The Storm").episodes == [2])
        #expect(ParsedRelease("Harbour Knights S2 - 11 (720p)-Subs").seasons == [2])
    }

    @Test("Days")
    func days() {
        let release = ParsedRelease("The.Late.Tide.2024.11.03.720p.HDTV.x264-QUAY")
        #expect(release.dailyDate == Day(year: 2024, month: 11, day: 3))
        #expect(release.title == "The Late Tide")
        #expect(release.kind == .tv)
        #expect(release.year == nil)
        for name in [
            "The Late Tide 30th Dec 2024 1080p WEBRip", "The.Late.Tide.30.December.2024.720p.HDTV.x264-QUAY",
            "The Late Tide - December 30th, 2024 [720p]", "The Late Tide 30-Dec-2024 HDTV",
        ] {
            let release = ParsedRelease(name)
            #expect(release.dailyDate == Day(year: 2024, month: 12, day: 30), "\(name)")
            #expect(release.title == "The Late Tide" && release.kind == .tv && release.year == nil, "\(name)")
        }
        for film in ["22.July.2018.1080p.WEB-DL", "Tide.July.22.2018.1080p.BluRay", "Ides of March 2011 1080p"] {
            #expect(ParsedRelease(film).dailyDate == nil && ParsedRelease(film).kind == .movie, "\(film)")
        }
    }

    @Test("Part of a season, and extras, are no season")
    func noSeason() {
        for name in [
            "Harbour.Lights.S02.Part.1.1080p.WEB-DL", "Harbour.Lights.S02.Vol.1.1080p", "Harbour Lights S02 P1",
        ] {
            let release = ParsedRelease(name)
            #expect(release.isPartialSeason, "\(name)")
            #expect(!release.isFullSeason, "\(name)")
            #expect(release.seasons == [2])
        }
        for name in ["Harbour.Lights.S02.EXTRAS.720p.BluRay.x264-QUAY", "Harbour.Lights.S02.SUBPACK.720p.BluRay-QUAY"] {
            let release = ParsedRelease(name)
            #expect(release.isExtra, "\(name)")
            #expect(!release.isFullSeason, "\(name)")
        }
        #expect(ParsedRelease("Harbour.Lights.S02E01.SAMPLE.720p.HDTV.x264-QUAY").isSample)
    }

    @Test("A complete series says no season")
    func completeSeries() {
        let release = ParsedRelease("Harbour Lights - The Complete Series 1080p")
        #expect(release.isCompleteSeries)
        #expect(release.kind == .tv)
        #expect(release.title == "Harbour Lights")
    }

    @Test("The year and the country of a show")
    func namesakes() {
        #expect(ParsedRelease("Harbour.2014.S06E13.1080p.WEB").year == 2014)
        #expect(ParsedRelease("Harbour (2020) S01 (1080p Webrip x265)").year == 2020)
        #expect(ParsedRelease("Harbour.S01E05.1883.720p.WEB").year == nil)
        let release = ParsedRelease("The.Harbour.UK.S01.1080p.BluRay")
        #expect(release.title == "The Harbour")
        #expect(release.country == "UK")
        #expect(ParsedRelease("Near.To.Us.S01E01.720p.HDTV").title == "Near To Us")
    }
}
