/// The names of torrents, as feeds write them.
enum Infohash {
    /// 40 hex digits in lower case, from the same in any case or from 32 digits of base 32; nil for anything else.
    static func normal(_ text: some StringProtocol) -> String? {
        let digits = text.lowercased()
        switch digits.utf8.count {
        case 40: return digits.allSatisfy { $0.isASCII && $0.isHexDigit } ? digits : nil
        case 32: return hex(base32: digits)
        default: return nil
        }
    }

    /// The one in a magnet link.
    static func of(magnet: String) -> String? {
        let magnet = magnet.lowercased()
        guard let start = magnet.firstRange(of: "urn:btih:") else { return nil }
        return normal(magnet[start.upperBound...].prefix { $0 != "&" })
    }

    /// RFC 4648 §6.
    private static func hex(base32 digits: String) -> String? {
        var result = ""
        var bits = 0
        var count = 0
        for digit in digits.utf8 {
            let value: Int
            switch digit {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(digit - UInt8(ascii: "a"))
            case UInt8(ascii: "2")...UInt8(ascii: "7"): value = Int(digit - UInt8(ascii: "2")) + 26
            default: return nil
            }
            bits = bits << 5 | value
            count += 5
            while count >= 4 {
                count -= 4
                result += String(bits >> count & 15, radix: 16)
                bits &= 1 << count - 1
            }
        }
        return result
    }
}

extension String {
    /// This link, if it is a magnet link, with its scheme in lower case.
    var asMagnet: String? {
        prefix(7).lowercased() == "magnet:" ? "magnet:" + dropFirst(7) : nil
    }
}
