/// A word of at most 24 bytes, ASCII letters in lower case, packed so that comparing two is comparing numbers.
struct Word: Hashable {
    private var low: UInt64 = 0
    private var middle: UInt64 = 0
    private var high: UInt64 = 0
    /// Bytes; more than ``longest`` is a word that no table holds.
    private(set) var count = 0

    static let longest = 24

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte) }
    }

    init(_ text: String) { self.init(text.utf8) }

    var isEmpty: Bool { count == 0 }
    var fits: Bool { count <= Self.longest }

    mutating func append(_ byte: UInt8) {
        let byte = UInt64(byte.lowercased) << UInt64(count % 8 * 8)
        switch count {
        case 0..<8: low |= byte
        case 8..<16: middle |= byte
        case 16..<24: high |= byte
        default: break
        }
        count += 1
    }

    /// This word with another behind it.
    func joined(_ other: Word) -> Word {
        guard fits, other.fits, count + other.count <= Self.longest else { return Word.overlong }
        var joined = self
        for index in 0..<other.count { joined.append(other[index]) }
        return joined
    }

    subscript(index: Int) -> UInt8 {
        let part = index < 8 ? low : index < 16 ? middle : high
        return UInt8(truncatingIfNeeded: part >> UInt64(index % 8 * 8))
    }

    /// The hash of the tag table: a few multiplications.
    var slot: Int {
        let rest = middle &* 0x9E37_79B9_7F4A_7C15 ^ high &* 0xC2B2_AE3D_27D4_EB4F
        return Int(truncatingIfNeeded: ((low ^ rest) &* 0xBF58_476D_1CE4_E5B9) >> 40)
    }

    private static let overlong: Word = {
        var word = Word()
        word.count = longest + 1
        return word
    }()
}

extension UInt8 {
    var isDigit: Bool { self &- 48 < 10 }
    var isLetter: Bool { (self | 0x20) &- 97 < 26 }
    var isUpper: Bool { self &- 65 < 26 }
    var isLower: Bool { self &- 97 < 26 }
    /// ASCII letters in lower case, everything else as it is.
    var lowercased: UInt8 { isUpper ? self | 0x20 : self }
    /// Part of a word: letters, digits, and everything beyond ASCII.
    var isAlphanumeric: Bool { isDigit || isLetter || self >= 0x80 }

}
