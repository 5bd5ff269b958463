/// A word of at most 16 bytes, ASCII letters in lower case, packed so that comparing two is comparing numbers.
struct Word: Hashable {
    private(set) var low: UInt64 = 0
    private(set) var high: UInt64 = 0
    /// Bytes; more than 16 is a word that no table holds.
    private(set) var count = 0

    init() {}

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { append(byte) }
    }

    init(_ text: String) { self.init(text.utf8) }

    var isEmpty: Bool { count == 0 }
    var fits: Bool { count <= 16 }

    mutating func append(_ byte: UInt8) {
        let byte = UInt64(byte.lowercased)
        if count < 8 {
            low |= byte << UInt64(count * 8)
        } else if count < 16 {
            high |= byte << UInt64((count - 8) * 8)
        }
        count += 1
    }

    /// This word with another behind it.
    func joined(_ other: Word) -> Word {
        guard fits, other.fits, count + other.count <= 16 else { return Word.overlong }
        var joined = self
        for index in 0..<other.count { joined.append(other[index]) }
        return joined
    }

    subscript(index: Int) -> UInt8 {
        index < 8
            ? UInt8(truncatingIfNeeded: low >> UInt64(index * 8))
            : UInt8(truncatingIfNeeded: high >> UInt64((index - 8) * 8))
    }

    /// The hash of the tag table: a few multiplications.
    var slot: Int {
        let mixed = (low ^ (high &* 0x9E37_79B9_7F4A_7C15)) &* 0xBF58_476D_1CE4_E5B9
        return Int(truncatingIfNeeded: mixed >> 40)
    }

    private static let overlong: Word = {
        var word = Word()
        word.count = 17
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
