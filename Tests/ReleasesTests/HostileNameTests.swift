import Testing

@testable import Releases

/// What an indexer may send instead of a name.
@Suite("Hostile names")
struct HostileNameTests {
    @Test(
        "Long and strange names are read in no time",
        arguments: [
            String(repeating: "1234567890", count: 400), String(repeating: "S01E01.", count: 580),
            String(repeating: "2019.", count: 800), String(repeating: "E01-", count: 1_000),
            String(repeating: "[", count: 4_000), String(repeating: "-", count: 4_000),
            String(repeating: "]", count: 4_000),
            String(repeating: "Season 1 2 3 ", count: 300), String(repeating: "a.", count: 2_000),
            String(repeating: "1x01x02", count: 500), String(repeating: "S01-S99 ", count: 500),
            String(repeating: "web dl ", count: 500), String(repeating: "\u{1F600}", count: 1_000),
            String(repeating: "complete ", count: 400), String(repeating: "e1 ", count: 1_000), "S01E00001-E99999",
            "S1E1-S1E4000", "1x1-999", "Season 1-99", "\u{0}", "", " ", "...", "[]", "()", "S", "E", "S01E", "s0e0",
            "x264-",
            "-x264", "2014", "(2014)", "v", "1x", "www.", "www.a - ", "[a", "a]", "Sn", "S99999999999999999999E1",
        ])
    func quick(_ name: String) {
        let elapsed = ContinuousClock().measure { _ = ParsedRelease(name).json }
        // Debug builds are some thirty times slower than the 5 ms that a release build is held to.
        #expect(elapsed < .milliseconds(150))
    }

    @Test("A range never makes more than its limit")
    func ranges() {
        #expect(ParsedRelease("Salt S01E00001-E99999").episodes.count <= 2_000)
        #expect(ParsedRelease("Salt Season 1-99").seasons.count <= 60)
    }

    @Test("Every prefix of a name can be read")
    func prefixes() {
        let name =
            "[Quay] Salt Road (2014) - S01E02-E03 + S2 [1080p WEB-DL H.264 DDP5.1] Temporada 3ª 1x02 v2 – “é” -QUAY.mkv"
        let bytes = Array(name.utf8)
        for length in bytes.indices {
            _ = ParsedRelease(String(decoding: bytes[..<length], as: UTF8.self))
            _ = ParsedRelease(String(decoding: bytes[length...], as: UTF8.self))
        }
    }

    /// The same numbers for the same seed, so that what fails once fails again.
    struct SeededGenerator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }

    @Test("Names cut, joined, doubled and spoilt are read all the same", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let corpus = (videoNames + gameNames).split(separator: "\n").map { Array($0.utf8) }
        let marks = Array("[]()._- /|+~,vxSE0123456789\u{0}\u{7F}\"é第".utf8)
        for _ in 0..<1_500 {
            var name = try #require(corpus.randomElement(using: &random))
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0...name.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: name.removeSubrange(at..<min(name.count, at + 3))
                case 1: name.insert(try #require(marks.randomElement(using: &random)), at: at)
                case 2: name.insert(contentsOf: name[..<at], at: at)
                case 3: name.insert(contentsOf: try #require(corpus.randomElement(using: &random)), at: at)
                default: if at < name.count { name[at] = UInt8.random(in: .min ... .max, using: &random) }
                }
                name = Array(name.prefix(4_096))
            }
            let text = String(decoding: name, as: UTF8.self)
            let release = ParsedRelease(text)
            #expect(release.episodes.count <= 2_000 && release.seasons.count <= 60, "\(text)")
            #expect(
                release.episodes == release.episodes.sorted() && release.seasons == release.seasons.sorted(), "\(text)")
            #expect(release.json.hasSuffix("}"))
        }
    }
}
