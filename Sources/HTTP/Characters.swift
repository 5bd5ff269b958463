/// The character classes of RFC 9110 and RFC 3986.
extension UInt8 {
    static let cr = UInt8(ascii: "\r")
    static let lf = UInt8(ascii: "\n")
    static let space = UInt8(ascii: " ")
    static let tab = UInt8(ascii: "\t")

    var isBlank: Bool { self == .space || self == .tab }

    /// Never inside a line (RFC 9112 §2.2, RFC 9110 §5.5).
    var isControl: Bool { self < 0x20 ? self != .tab : self == 0x7f }

    var isDigit: Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= self }

    var isLetter: Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= self | 0x20 }

    var hexValue: UInt8? {
        if isDigit { return self - UInt8(ascii: "0") }
        let letter = self | 0x20
        return UInt8(ascii: "a")...UInt8(ascii: "f") ~= letter ? letter - UInt8(ascii: "a") + 10 : nil
    }

    /// RFC 3986 §2.3.
    var isUnreserved: Bool { isLetter || isDigit || isOne(of: "-._~") }

    /// RFC 9110 §5.6.2.
    var isToken: Bool { isLetter || isDigit || isOne(of: "!#$%&'*+-.^_`|~") }

    /// What a target may hold. A little more than RFC 3986 grants: browsers send `[ ] | { } \ ^` and the backtick as
    /// they are in a query, and brackets and bars in a path.
    var isTarget: Bool { 0x21...0x7e ~= self && !isOne(of: "\"#<>") }
    var isPath: Bool { isLetter || isDigit || (isTarget && !isOne(of: "?\\^`{}")) }

    /// RFC 6265 §4.1.1, cookie-octet.
    var isCookie: Bool { 0x21...0x7e ~= self && !isOne(of: "\",;\\") }

    /// A few comparisons in a row, and no table that has to be made first.
    @inline(__always) private func isOne(of characters: StaticString) -> Bool {
        let bytes = UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount)
        return bytes.contains(self)
    }
}
