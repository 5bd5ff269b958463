import Testing

@testable import Releases

/// Names of movies, and the tags that movies and shows share. The titles are invented.
@Suite("Names of movies")
struct MovieNameTests {
    @Test(
        "Title and year",
        arguments: [
            ("Salt.Road.2014.1080p.BluRay.x264-QUAY", "Salt Road", 2014),
            ("Salt Road (2014) 720p BrRip x264 - QUAY", "Salt Road", 2014),
            ("Salt Road [2014 - Albania] drama", "Salt Road", 2014),
            ("Salt Road (CamRip / 2014)", "Salt Road", 2014),
            ("Salt Road(2014) English HDRip", "Salt Road", 2014),
            ("Salt Road [1080p] MULTi 2014 BluRay x264-QUAY", "Salt Road", 2014),
            ("2031.A.Salt.Odyssey.1968.1080p.BluRay.x264-QUAY", "2031 A Salt Odyssey", 1968),
            ("Salt.Road.2049.2017.1080p.WEB-DL", "Salt Road 2049", 2017),
            ("The.Legend.of.1900.1998.1080p.BluRay", "The Legend of 1900", 1998),
            ("1958 2019 1080p BluRay x264-QUAY", "1958", 2019),
            ("Salt.Road.1982-1992.2017.DOCU.HDTV.x264-QUAY", "Salt Road 1982-1992", 2017),
            ("(2000) La strada del sale (DvdRip Ita).avi", "La strada del sale", 2000),
            ("Salt.German.2010.LD.DVDRip.XviD-QUAY", "Salt", 2010),
            ("The Salt Web 2024 UHD BluRay 2160p", "The Salt Web", 2024),
            ("Uncut.Salt.2019.1080p.NF.WEB-DL", "Uncut Salt", 2019),
            ("Proper.Salt.2019.PROPER.1080p.WEB-DL", "Proper Salt", 2019),
        ])
    func titleAndYear(name: String, title: String, year: Int) {
        let release = ParsedRelease(name)
        #expect(release.kind == .movie)
        #expect(release.title == title)
        #expect(release.year == year)
    }

    @Test("A title without a year ends at the first tag")
    func withoutYear() {
        #expect(ParsedRelease("Salt.Road.GERMAN.DL.AC3.Dubbed.1080p.BluRay.x264-QUAY").title == "Salt Road")
        #expect(ParsedRelease("2014.AC3.720p.BluRay.x264-QUAY").title == "2014")
        #expect(ParsedRelease("Salt Road.mkv").title == "Salt Road")
        #expect(ParsedRelease("Star.Salt.Episode.4.A.New.Road.1977.BDRip.x264-QUAY").kind == .movie)
    }

    @Test("Initials keep their dots, and names with spaces theirs")
    func dots() {
        #expect(ParsedRelease("S.A.L.T.2014.1080p.BluRay.x264-QUAY").title == "S.A.L.T.")
        #expect(ParsedRelease("Mr. Salt").title == "Mr. Salt")
    }

    @Test("Other titles")
    func otherTitles() {
        #expect(ParsedRelease("Salt Road AKA Via Salis 2014 1080p").otherTitles == ["Via Salis"])
        #expect(ParsedRelease("Via Salis / Salt Road (2014) BDRip").otherTitles == ["Salt Road"])
        #expect(
            ParsedRelease("Salt Road (Via Salis) (2014) BDRip").otherTitles == ["Via Salis", "Salt Road Via Salis"])
    }

    @Test("Sites and groups before the title are passed over")
    func prefixes() {
        for name in [
            "[ www.saltsite.com ] -Salt.Road.2014.720p.HDTV.X264-QUAY", "www.SaltSite.art - Salt Road (2014) 720p",
            "{WWW.SALT.TV} Salt Road (2014) 1080p", "SaltSite.com - Salt Road 2014 720p BluRay",
            "[DVDRip-ITA]Salt Road (2014) [CR-Bt]", "[Quay] Salt Road (2014) [1080p]",
        ] {
            #expect(ParsedRelease(name).title == "Salt Road", "\(name)")
        }
    }

    @Test(
        "Resolution",
        arguments: [
            ("Salt 2014 1080p WEB-DL", Resolution.p1080), ("Salt 2014 720P HDTV", .p720),
            ("Salt 2014 1080i HDTV", .i1080),
            ("Salt 2014 BD720p x264", .p720), ("Salt (2014) 1920x960 x265", .p1080), ("Salt (2014) 1280 x 720", .p720),
            ("Salt 2014 4Kto1080p 1080p WEB", .p1080), ("Salt 2014 UHD BluRay 1080p x265", .p1080),
            ("Salt 2014 4K HDR BluRay x265", .p2160), ("Salt 2014 576p DVDRip", .p576),
            ("Salt (2014) [720] x264", .p720),
            ("Salt 2014 10800p BRRip", .p1080),
        ])
    func resolution(name: String, resolution: Resolution) { #expect(ParsedRelease(name).resolution == resolution) }

    @Test(
        "Source",
        arguments: [
            ("Salt 2014 BDRip x264", Source.bluray), ("Salt 2014 Blu-Ray x264", .bluray),
            ("Salt 2014 MBluRay x264", .bluray),
            ("Salt 2014 HDDVD x264", .bluray), ("Salt.2014.WEB.x264-QUAY", .webdl), ("Salt 2014 WEB DL H264", .webdl),
            ("Salt 2014 AmazonHD x264", .webdl), ("Salt.2014.WEBMux.x264", .webrip), ("Salt 2014 WEB-DLRip", .webrip),
            ("Salt 2014 HDRip XviD", .hdrip), ("Salt 2014 WEB HDRip x264", .hdrip), ("Salt.S01E01.PDTV.x264", .tv),
            ("Salt 2014 DVDRip XviD", .dvd), ("Salt 2014 2DVD9", .dvd), ("Salt 2014 HQCAM x264", .cam),
            ("Salt 2014 HDTS 600MB", .telesync), ("Salt.2014.TS.XviD", .telesync), ("Salt 2014 HDTC x264", .telecine),
            ("Salt 2014 DVDScr XviD", .screener), ("Salt 2014 WORKPRINT XviD", .workprint),
        ])
    func source(name: String, source: Source) { #expect(ParsedRelease(name).source == source) }

    @Test("Modifier and codec")
    func modifier() {
        #expect(ParsedRelease("Salt.2014.1080p.BluRay.REMUX.AVC.DTS-HD.MA.5.1-QUAY").modifier == .remux)
        #expect(ParsedRelease("Salt 2014 BDRemux 1080p").source == .bluray)
        #expect(ParsedRelease("Salt.2014.COMPLETE.BLURAY-QUAY").modifier == .brdisk)
        #expect(ParsedRelease("Salt.2014.1080p.BluRay.AVC.DTS-HD.MA.5.1-QUAY").isRawDisc)
        #expect(ParsedRelease("Salt.2014.PAL.DVDR-QUAY").isRawDisc)
        #expect(!ParsedRelease("Salt.2014.1080p.BluRay.x264.DTS-QUAY").isRawDisc)
        #expect(ParsedRelease("Salt.2014.1080p.BluRay.H.265-QUAY").codec == .h265)
        #expect(ParsedRelease("Salt.2014.1080p.WEB-DL.HEVC.10bit").codec == .h265)
        #expect(ParsedRelease("Salt.2014.1080p.WEB-DL.AV1.Opus-QUAY").codec == .av1)
        #expect(ParsedRelease("Salt.2014.DVDRip.XViD-QUAY").codec == .xvid)
        #expect(ParsedRelease("Salt.2014.BDRip.X 264-QUAY").codec == .h264)
    }

    @Test(
        "Group",
        arguments: [
            ("Salt.2014.1080p.BluRay.x264-QUAY", "QUAY"), ("Salt.2014.1080p.BluRay.x264-QUAY[rarbg]", "QUAY"),
            ("Salt.S01E01.720p.WEB.x264-QUAY.mkv", "QUAY"), ("Salt 2014 720p BluRay HEVC H265 BONE", "BONE"),
            ("Salt (2014) (1080p BluRay x265 10bit AAC 5.1 Quay) [QxR]", "Quay"),
            ("[Quay-Subs] Salt - 12 [720p].mkv", "Quay-Subs"), ("Salt.S01.DVDRip.OGG.x264-Salt-Quay", "Salt-Quay"),
        ])
    func group(name: String, group: String) { #expect(ParsedRelease(name).group == group) }

    @Test("Revisions")
    func revisions() {
        #expect(ParsedRelease("Salt.S01E01.PROPER.720p.HDTV.x264-QUAY").revision == 2)
        #expect(ParsedRelease("Salt.S01E01.REPACK2.720p.HDTV.x264-QUAY").revision == 3)
        #expect(ParsedRelease("Salt.S01E01.RERIP.720p.HDTV.x264-QUAY").isRepack)
        #expect(ParsedRelease("Salt.2014.REAL.REAL.PROPER.720p.HDTV.x264-QUAY").real == 2)
        #expect(ParsedRelease("Real.Salt.2014.720p.HDTV.x264-QUAY").real == 0)
    }

    @Test("The line of JSON")
    func json() {
        #expect(
            ParsedRelease("Salt \"Road\" (2014) 720p BrRip x264 - QUAY").json
                == #"{"release": "Salt \"Road\" (2014) 720p BrRip x264 - QUAY", "kind": "movie", "#
                + #""title": "Salt \"Road", "year": 2014, "seasons": [], "episodes": [], "resolution": "720p", "#
                + #""source": "bluray", "codec": "h264", "hdr": [], "audio": [], "languages": [], "group": "QUAY", "#
                + #""proper": false, "repack": false, "real": false, "revision": 1}"#
        )
    }
}
