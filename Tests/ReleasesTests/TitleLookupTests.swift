import Releases
import Testing

@Suite("Looking titles up")
struct TitleLookupTests {
    /// Whatever the judge accepts for a title must be found by its keys.
    @Test(arguments: [
        ("The Office", 2005, "The.Office.US.S01E01.720p.WEB.x264-TEST"),
        ("Spider-Man", 2002, "Spiderman.2002.1080p.BluRay.x264-TEST"),
        ("Amélie", 2001, "Amelie.2001.1080p.BluRay.x264-TEST"),
        ("Tom & Jerry", 2021, "Tom.and.Jerry.2021.1080p.WEB.x264-TEST"),
        ("Rocky II", 1979, "Rocky.2.1979.1080p.BluRay.x264-TEST"),
    ])
    func shared(title: String, year: Int, name: String) {
        let keys = TitleLookup.keys(of: title, year: year)
        #expect(!keys.isDisjoint(with: TitleLookup.keys(of: ParsedRelease(name))))
        #expect(keys.allSatisfy { !$0.contains(" ") })
    }

    @Test func others() {
        let keys = TitleLookup.keys(of: "Rocky", year: 1976)
        #expect(keys.isDisjoint(with: TitleLookup.keys(of: ParsedRelease("Rocky.II.1979.1080p.BluRay.x264-TEST"))))
        #expect(TitleLookup.keys(of: ParsedRelease("")).isEmpty)
    }
}
