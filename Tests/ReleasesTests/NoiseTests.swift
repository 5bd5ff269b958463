import Testing

@testable import Releases

/// Names that nobody can have meant to be read, and names that only look like them.
@Suite("Noise")
struct NoiseTests {
    @Test(
        "Noise is refused",
        arguments: [
            "", "...", "password - a1b2c3.rar",
            // What robots post.
            "abc.xyz", "abc.par2", "123", "b00bs", "b00bs.r0x.4u", "QWDKFJVMZPT318", "kdosvgplwmqe204",
            "170424_26", "Salt.Road.2014.1080p.WEB.H264-QUAY.vol00.par2",
            // Hashes.
            "9f2c41d07be83a65c0d1", "f4a1c09b7e2d4c5a9f8e7d6c5b4a3928", "f4a1c09b7e2d4c5a9f8e7d6c5b4a3928ffab1234",
            "F4A1C09B7E2D4C5A", "f4a1c09b-7e2d-4c5a-9f8e-7d6c5b4a3928", "9f2c41d07be83a65c0d1.mkv",
            // Scrambled letters, and base64 plain, for addresses, and of a sentence.
            "2RwZ8kQ7vL1mXc9TbN4sYd6P", "76El6LcgLzqb426WoVFg1vVVVGx4uCYopQkfjmLe", "xkqzvbnmwrtpgh",
            "hT4kZq9vLw2X.rar", "q7mZ+4xVt/K0bWcR9sLd2g==", "nX3_vT8k-QbZ5wLr0cPjH2d", "dGhlIHNhbHQgcm9hZCAyMDE0",
        ])
    func refused(_ name: String) {
        let release = ParsedRelease(name)
        #expect(release.isNoise)
        #expect(release.title.isEmpty)
        #expect(
            judge(Offer(name: name), against: Wanted(kind: .movie, titles: ["Salt"])).reasons.map(\.code) == [
                "unreadable"
            ])
    }

    @Test(
        "What somebody may have written is read",
        arguments: [
            "Donaudampfschifffahrtsgesellschaft", "Salt.2014", "M3GAN", "M3GAN 2.0", "Se7en", "S1m0ne", "THX1138",
            "R2D2 C3PO", "2Fast2Furious", "Fahrenheit451", "Cyberpunk2077", "8Outof10Cats", "Left4Dead2", "0x10c",
            "NBA2K23.v1.02", "WWE2K22-CODEX", "MXGP2021-CPY", "DmC_PS3-DUPLEX", "1917", "11.22.63", "9-1-1", "007",
            "24.S01E02.mkv", "S01E02.mkv", "s01e01e02.s01e03", "1x02.mkv", "E5.mkv", "01.mkv", "SaltRoad2014HDTVx264",
            "TheSaltRoadS01E02.mkv", "Decade.Facade", "Rhythms", "Borschtsch",
        ])
    func read(_ name: String) { #expect(!ParsedRelease(name).isNoise) }

    @Test("No labelled name is refused, nor a title alone, nor its words without their spaces")
    func labelled() {
        let names = [videoNames, gameNames, oddNames].flatMap(CorpusTests.Labelled.all(in:)).map(\.name)
        let titles = [filmTitles, showTitles, gameTitles].flatMap(CorpusTests.titles).map {
            $0.split(separator: "@")[0].split(separator: " ")
        }
        let squashed = titles.map { $0.joined() }.filter { $0.contains { $0.isLetter } }
        let all = names + titles.map { $0.joined(separator: " ") } + squashed
        #expect(all.count > 1_000)
        #expect(all.filter { ParsedRelease($0).isNoise } == [])
    }

    /// Letters drawn by chance look like words now and then; then nothing tells them from a name.
    @Test(
        "Of names that are drawn by chance, those are refused that do not look like words",
        arguments: [
            ("0123456789abcdef", 20, 1), ("0123456789ABCDEF", 40, 1),
            ("abcdefghijklmnopqrstuvwxyz0123456789", 24, 0.98),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 24, 0.97),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 28, 0.95),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 12, 0.85),
            ("abcdefghijklmnopqrstuvwxyz", 16, 0.7),
        ])
    func drawn(alphabet: String, length: Int, least: Double) throws {
        var random = HostileNameTests.SeededGenerator(state: 7)
        let letters = Array(alphabet)
        let names = (0..<500).map { _ in
            String((0..<length).compactMap { _ in letters.randomElement(using: &random) })
        }
        let refused = names.count { ParsedRelease($0).isNoise }
        #expect(Double(refused) >= least * Double(names.count), "\(refused) of \(names.count)")
    }
}
