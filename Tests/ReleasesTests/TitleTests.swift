import Testing

@testable import Releases

@Suite("Titles compared")
struct TitleTests {
    @Test(
        "The same title, written otherwise",
        arguments: [
            ("The Salt Road", "Salt.Road.2014.1080p"), ("Salt Road", "The.Salt.Road.2014.1080p"),
            ("Salt & Sand", "Salt.and.Sand.2014.1080p"), ("Señor Salt’s Día", "Senor.Salts.Dia.2014.1080p"),
            ("Salt Road III", "Salt.Road.3.2014.1080p"), ("Salt Road: Part 2", "Salt.Road.Part.II.2014.1080p"),
            ("S.A.L.T.", "SALT.2014.1080p"), ("Salt S.I.X.V.", "Salt.SIXV.2014.1080p"),
            ("Salt-Man", "Saltman 2014 1080p"),
            ("Salt Road, Vol. 2", "Salt Road Volume 2 2014"),
            ("Die Schlümpfe", "Die.Schluempfe.2014.German.1080p"), ("Die Schlümpfe", "Die.Schlumpfe.2014.1080p"),
            ("Salt Road: Part One", "Salt.Road.Part.1.2014.1080p"), ("Salt's Twelve", "Salts.12.2014.1080p"),
            ("Salt Road (or Via Salis)", "Salt.Road.(or.Via.Salis).2014.1080p"),
            ("Łódź Salt", "Lodz.Salt.2014.1080p"), ("Salt Mix+", "Salt.Mix.2014.1080p"),
            ("& Salt", "And.Salt.2014.1080p"), ("Salt Road", "Via Salis AKA Salt Road 2014 1080p"),
        ])
    func same(title: String, name: String) {
        #expect(judge(Offer(name: name), against: Wanted(kind: .movie, titles: [title], year: 2014)).accepted)
    }

    @Test("Any of the title's names will do")
    func alternatives() {
        let wanted = Wanted(kind: .movie, titles: ["Salt Road", "Via Salis"], year: 2014)
        #expect(judge(Offer(name: "Via.Salis.2014.1080p.WEB-DL"), against: wanted).accepted)
    }

    @Test("Countries tell namesakes apart")
    func countries() {
        let american = Wanted(
            kind: .tv, titles: ["The Harbour (US)"], episodes: [EpisodeNumber(season: 1, episode: 1)])
        #expect(judge(Offer(name: "The.Harbour.US.S01E01.720p"), against: american).accepted)
        #expect(judge(Offer(name: "The.Harbour.S01E01.720p"), against: american).accepted)
        #expect(!judge(Offer(name: "The.Harbour.UK.S01E01.720p"), against: american).accepted)
    }

    /// Titles that are easily taken for each other: sequels, prefixes, remakes, spin-offs.
    private static let movies: [(title: String, year: Int, name: String)] = [
        ("Salt Road", 1988, "Salt.Road.1988.1080p.BluRay.x264-QUAY"),
        ("Salt Road", 2014, "Salt.Road.2014.1080p.BluRay.x264-QUAY"),
        ("Salt Road 2", 2016, "Salt.Road.2.2016.1080p.BluRay.x264-QUAY"),
        ("Salt Road III", 2018, "Salt Road III (2018) 1080p WEB-DL"),
        ("Salt Road 4: The Return", 2020, "Salt.Road.IV.The.Return.2020.1080p.WEB-DL"),
        ("Salt", 2014, "Salt.2014.720p.WEB.h264-QUAY"),
        ("Salt Road Home", 2014, "Salt.Road.Home.2014.720p.WEB.h264-QUAY"),
        ("Return to Salt Road", 2014, "Return.to.Salt.Road.2014.720p.WEB.h264-QUAY"),
        ("2031", 2009, "2031.2009.1080p.BluRay.x264-QUAY"), ("Salt 2031", 2017, "Salt.2031.2017.1080p.BluRay-QUAY"),
        ("The Salt Web", 2024, "The Salt Web 2024 UHD BluRay 2160p"),
        ("The Good Danish", 2006, "The Good Danish (2006) 720p"),
    ]

    @Test("Each name is accepted for its own title and for no other")
    func confusion() {
        for offered in Self.movies {
            for wanted in Self.movies {
                let verdict = judge(
                    Offer(name: offered.name), against: Wanted(kind: .movie, titles: [wanted.title], year: wanted.year))
                let isOwn = offered.name == wanted.name
                #expect(verdict.accepted == isOwn, "\(offered.name) for \(wanted.title) (\(wanted.year))")
            }
        }
    }
}
