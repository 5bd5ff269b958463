import Foundation
import FuzzTargets
import Testing

@Suite("Readers of what comes from outside")
struct CorpusTests {
    private static let corpora = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fuzzer/Corpora")

    /// What was found by fuzzing once, and what fuzzing begins with; each cut off everywhere, and with each byte changed.
    @Test(arguments: FuzzTarget.all.map(\.name))
    func readsItsCorpus(_ name: String) throws {
        let target = try #require(FuzzTarget.named(name))
        let folder = Self.corpora.appendingPathComponent(name)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(!files.isEmpty)
        for file in files {
            let input = [UInt8](try Data(contentsOf: file))
            target.read(input)
            for position in input.indices.prefix(1500) {
                target.read(Array(input[..<position]))
                for byte: UInt8 in [0x00, 0x0a, 0x22, 0x25, 0x39, 0x3c, 0xff] where input[position] != byte {
                    var changed = input
                    changed[position] = byte
                    target.read(changed)
                }
            }
        }
    }

    @Test func everyFolderHasItsTarget() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpora.path)
        #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
    }
}
