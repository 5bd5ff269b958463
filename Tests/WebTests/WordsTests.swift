import FoundationEssentials
import Lifecycle
import Testing

@testable import Web

@Suite("Words")
struct WordsTests {
    private let now = Date(timeIntervalSince1970: 1_795_400_430)

    @Test func moments() {
        #expect(Times.iso(Date(timeIntervalSince1970: 0)) == "1970-01-01T00:00:00Z")
        #expect(Times.iso(Date(timeIntervalSince1970: 951_782_400)) == "2000-02-29T00:00:00Z")
        #expect(Times.iso(Date(timeIntervalSince1970: -1)) == "1969-12-31T23:59:59Z")
        #expect(Times.moment(Date(timeIntervalSince1970: 4_102_444_799)) == "31 December 2099, 23:59 UTC")
    }

    @Test(
        arguments: [
            (0.0, "just now"), (30, "in a moment"), (-59, "just now"), (60, "in 1 minute"), (-61, "1 minute ago"),
            (899, "in 15 minutes"), (3599, "in 1 hour"), (7190, "in 2 hours"), (86_399, "in 1 day"),
            (2_591_999, "in 30 days"), (-259_200, "3 days ago"),
        ] as [(Double, String)])
    func howFarAway(seconds: Double, words: String) {
        #expect(Times.relative(now.addingTimeInterval(seconds), to: now) == words)
    }

    @Test(
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (4_200_000_000, "4.2 GB"),
            (14_200_000_000, "14 GB"), (999_999_999, "1.0 GB"), (-5, "0 bytes"),
        ] as [(Int64, String)])
    func sizes(bytes: Int64, words: String) {
        #expect(Figures.bytes(bytes) == words)
    }

    @Test func episodesInForms() {
        for wrong in ["", "S", "SE", "S1", "E1", "S1E", "SxE1", "S1E1E2", "S-1E1"] {
            #expect(EpisodeNumber(formValue: wrong) == nil, "\(wrong)")
        }
        #expect(EpisodeNumber(formValue: "S01E02")?.code == "S01E02")
        #expect(EpisodeNumber(formValue: "S2024E130")?.code == "S2024E130")
    }
}
