extension [UInt8] {
    /// Two lower-case hexadecimal digits a byte.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: count * 2) { text in
            for (index, byte) in self.enumerated() {
                text[index * 2] = digits[Int(byte >> 4)]
                text[index * 2 + 1] = digits[Int(byte & 15)]
            }
            return count * 2
        }
    }

    /// The bytes that these hexadecimal digits stand for; `nil` if they are something else.
    public init?(hex: String) {
        let digits = hex.utf8.map { Self.hexValue($0) }
        guard digits.count.isMultiple(of: 2) else { return nil }
        self = []
        reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            append(high << 4 | low)
        }
    }

    /// Base64 for addresses and file names, without padding (RFC 4648 §5).
    public var base64URL: String { base64(Base64Alphabet.url) }

    /// The bytes that this unpadded base64url stands for; `nil` if it is something else.
    public init?(base64URL: String) {
        self.init(base64: base64URL, Base64Alphabet.url)
    }

    private static func hexValue(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

/// The 64 digits, and the value of each.
struct Base64Alphabet {
    let digits: [UInt8]
    let values: [UInt8?]

    init(last two: String) {
        digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8) + Array(two.utf8)
        var values = [UInt8?](repeating: nil, count: 256)
        for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
        self.values = values
    }

    static let standard = Base64Alphabet(last: "+/")
    static let url = Base64Alphabet(last: "-_")
}

extension [UInt8] {
    /// Without padding.
    func base64(_ alphabet: Base64Alphabet) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var held = 0
        for byte in self {
            bits = bits << 8 | UInt32(byte)
            held += 8
            while held >= 6 {
                held -= 6
                text.append(alphabet.digits[Int(bits >> held & 63)])
            }
        }
        if held > 0 { text.append(alphabet.digits[Int(bits << (6 - held) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Unpadded and canonical: each value has one spelling only.
    init?(base64 text: String, _ alphabet: Base64Alphabet) {
        self = []
        reserveCapacity(text.utf8.count * 3 / 4)
        var bits: UInt32 = 0
        var held = 0
        for digit in text.utf8 {
            guard let value = alphabet.values[Int(digit)] else { return nil }
            bits = bits << 6 | UInt32(value)
            held += 6
            guard held >= 8 else { continue }
            held -= 8
            append(UInt8(truncatingIfNeeded: bits >> held))
        }
        guard held < 6, bits & (1 << held - 1) == 0 else { return nil }
    }
}
