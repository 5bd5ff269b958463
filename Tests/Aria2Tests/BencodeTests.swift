import Testing

@testable import Aria2

@Suite struct BencodeTests {
    @Test func readsEveryKind() throws {
        let value = try BencodeParser.parse(Array("d1:ai-42e1:bl4:spam0:e1:cd1:xi0eee".utf8))
        #expect(value["a"]?.integer == -42)
        #expect(value["b"]?.list?.map { $0.bytes.map(Array.init) } == [Array("spam".utf8), []])
        #expect(value["c"]?["x"]?.integer == 0)
        #expect(value.field("c")?.span == 25..<33)
        #expect(value["d"] == nil)
    }

    @Test(arguments: [
        "", "i", "ie", "i-e", "i-0e", "i00e", "i01e", "i+1e", "i 1e", "i1", "i9223372036854775808e", "i1.5e",
        "99999999999999999999:", "9223372036854775807:a", "5:abcd", "01:a", "-1:a", "1", "1a:", ":", "l", "li1e", "d",
        "d1:a", "d1:ae", "di1ei2ee", "d1:ai1e1:ai2ee", "x", "e", "\0", "l1:ax",
    ])
    func refuses(_ text: String) {
        #expect(throws: BencodeParser.Malformed.self) { try BencodeParser.parse(Array(text.utf8)) }
    }

    @Test func refusesDepthWithoutUsingTheStack() {
        #expect(throws: BencodeParser.Malformed(reason: "it is nested too deeply", offset: 32)) {
            try BencodeParser.parse([UInt8](repeating: UInt8(ascii: "l"), count: 1 << 20))
        }
    }

    @Test func refusesTooManyValues() {
        let many =
            Array("l".utf8) + [UInt8](repeating: 0, count: 0)
            + Array(String(repeating: "0:", count: BencodeParser.maxValues + 1).utf8)
        #expect(throws: BencodeParser.Malformed.self) { try BencodeParser.parse(many) }
    }

    @Test func everyTruncationIsRefused() throws {
        let whole = Array("d1:ai-42e1:bl4:spam0:e1:cd1:xi0eee".utf8)
        for end in whole.indices {
            #expect(throws: BencodeParser.Malformed.self) { try BencodeParser.parse(Array(whole[..<end])) }
        }
    }
}
