/// The character classes of RFC 9110 and RFC 3986.
extension UInt8 {
    static let cr = UInt8(ascii: "\r")
    static let lf = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")

    var isBlank: Bool { self == .space || self == .tab }

    /// Never inside a line (RFC 9112 §2.2, RFC 9110 §5.5).
    var isControl: Bool { (self < 0x20 && self != .tab) || self == 0x7f }

    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }

    var hexValue: UInt8? {
        if isDigit { return self - UInt8(ascii: "0") }
        let letter = self | 0x20
        return UInt8(ascii: "a")...UInt8(ascii: "f") ~= letter ? letter - UInt8(ascii: "a") + 10 : nil
    }

    /// RFC 3986 §2.3.
    var isUnreserved: Bool { isLetter || isDigit || CharacterSet.unreserved[self] }

    /// RFC 9110 §5.6.2.
    var isToken: Bool { isLetter || isDigit || CharacterSet.token[self] }

    /// What a target may hold. A little more than RFC 3986 grants: browsers send `[ ] | { } \ ^` and the backtick as
    /// they are in a query, and brackets and bars in a path.
    var isTarget: Bool { 0x21...0x7e ~= self && !CharacterSet.notInTarget[self] }
    var isPath: Bool { isTarget && !CharacterSet.notInPath[self] }

    /// RFC 6265 §4.1.1, cookie-octet.
    var isCookie: Bool { 0x21...0x7e ~= self && !CharacterSet.notInCookie[self] }
}

/// A set of ASCII characters, two words large.
private struct CharacterSet {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: StaticString) {
        characters.withUTF8Buffer { bytes in
            for byte in bytes {
                if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
            }
        }
    }

    subscript(_ byte: UInt8) -> Bool {
        byte < 64 ? low >> UInt64(byte) & 1 == 1 : byte < 128 && high >> UInt64(byte - 64) & 1 == 1
    }

    static let unreserved = CharacterSet("-._~")
    static let token = CharacterSet("!#$%&'*+-.^_`|~")
    static let notInTarget = CharacterSet("\"#<>")
    static let notInPath = CharacterSet("?\\^`{}")
    static let notInCookie = CharacterSet("\",;\\")
}
