/// What stands between two words.
struct Gap: OptionSet {
    let rawValue: UInt16
    static let space = Gap(rawValue: 1)
    static let dot = Gap(rawValue: 2)
    static let underscore = Gap(rawValue: 4)
    static let dash = Gap(rawValue: 8)
    static let open = Gap(rawValue: 16)
    static let close = Gap(rawValue: 32)
    static let plus = Gap(rawValue: 64)
    static let slash = Gap(rawValue: 128)
    static let other = Gap(rawValue: 256)

    /// Words with no more than this between them may be one tag: `WEB-DL`, `H.264`, `Blu Ray`.
    static let light: Gap = [.space, .dot, .underscore, .dash]

    init(rawValue: UInt16) { self.rawValue = rawValue }

    init(_ byte: UInt8) {
        self =
            switch byte {
            case 0x20, 0x09: .space
            case 0x2E: .dot
            case 0x5F: .underscore
            case 0x2D, 0x7E: .dash
            case 0x28, 0x5B, 0x7B: .open
            case 0x29, 0x5D, 0x7D: .close
            case 0x2B, 0x26: .plus
            case 0x2F, 0x5C, 0x7C: .slash
            default: .other
            }
    }
}

/// One word of a name: bytes `start..<end`, and what stands before it.
struct Token {
    var start: Int
    var end: Int
    var before: Gap
    /// Where the outermost bracket around it opens; -1 outside of brackets.
    var bracket: Int
    var word: Word
    /// Its value, if it is digits alone and at most six.
    var number: Int?
    /// What the table says of it.
    var tag: Tag?
    /// It belongs to the tag of a word before it.
    var isTail = false

    var count: Int { end - start }
}

extension Token {
    /// Splits a name into words. Linear: each byte is looked at once.
    static func tokens(of bytes: [UInt8]) -> [Token] {
        var tokens: [Token] = []
        tokens.reserveCapacity(24)
        var gap: Gap = []
        var depth = 0
        var bracket = -1
        var at = 0
        while at < bytes.count {
            let (separator, width) = separator(in: bytes, at: at)
            if let separator {
                gap.insert(separator)
                if separator == .open {
                    if depth == 0 { bracket = at }
                    depth += 1
                } else if separator == .close {
                    depth = max(0, depth - 1)
                    if depth == 0 { bracket = -1 }
                }
                at += width
                continue
            }
            var word = Word()
            var number = 0
            let start = at
            var isNumber = true
            while at < bytes.count, Self.separator(in: bytes, at: at).0 == nil {
                let byte = bytes[at]
                word.append(byte)
                if byte.isDigit, at - start < 6 { number = number * 10 + Int(byte - 48) } else { isNumber = false }
                at += 1
            }
            tokens.append(
                Token(
                    start: start, end: at, before: gap, bracket: bracket, word: word, number: isNumber ? number : nil))
            gap = []
        }
        return tokens
    }

    /// The separator at a place, and its width in bytes; nil inside a word.
    private static func separator(in bytes: [UInt8], at: Int) -> (Gap?, Int) {
        let byte = bytes[at]
        if byte.isAlphanumeric, byte != 0xE2, byte != 0xC2, byte != 0xE3 { return (nil, 1) }
        switch byte {
        // An apostrophe, and what titles end with, belong to the word.
        case 0x27, 0x21, 0x3F, 0x23, 0x40, 0x25, 0x24: return (nil, 1)
        case 0xE2:
            // U+2010 to U+2015 are dashes, U+2018 and U+2019 apostrophes inside words.
            if at + 2 < bytes.count, bytes[at + 1] == 0x80, (0x90...0x95).contains(bytes[at + 2]) { return (.dash, 3) }
            return (nil, 1)
        case 0xC2:
            // The space that does not break.
            if at + 1 < bytes.count, bytes[at + 1] == 0xA0 { return (.space, 2) }
            return (nil, 1)
        case 0xE3:
            // Chinese and Japanese brackets.
            guard at + 2 < bytes.count, bytes[at + 1] == 0x80 else { return (nil, 1) }
            if bytes[at + 2] == 0x90 || bytes[at + 2] == 0x8C { return (.open, 3) }
            if bytes[at + 2] == 0x91 || bytes[at + 2] == 0x8D { return (.close, 3) }
            return (nil, 1)
        default: return (Gap(byte), 1)
        }
    }
}
