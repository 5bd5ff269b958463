/// One name in a path that came from outside: from a torrent, or made of a title.
enum PathComponent {
    /// Why the name must not become part of a path; nil if it may.
    static func problem(with name: some Collection<UInt8>) -> String? {
        if name.isEmpty { return "an empty name" }
        if name.count > 255 { return "a name of more than 255 bytes" }
        if name.elementsEqual([UInt8(ascii: ".")]) || name.elementsEqual([UInt8(ascii: "."), UInt8(ascii: ".")]) {
            return "a name that leads to another folder"
        }
        // A backslash separates on other systems, to which the folder may be shared.
        if name.contains(UInt8(ascii: "/")) || name.contains(UInt8(ascii: "\\")) { return "a name with a separator" }
        if name.contains(where: { $0 < 0x20 || $0 == 0x7f }) { return "a name with control characters" }
        return nil
    }

    /// The name as aria2 writes it to disk: what is not UTF-8 is percent-encoded as a whole.
    static func asOnDisk(_ name: some Collection<UInt8>) -> String {
        if let text = String(validating: name, as: UTF8.self) { return text }
        return PercentCoding.encode(name)
    }
}

/// Percent-encoding (RFC 3986 section 2.1).
enum PercentCoding {
    /// Everything but unreserved characters is encoded.
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    /// Bytes behind the text; a `%` without two digits stands for itself.
    static func decode(_ text: some StringProtocol, plusIsSpace: Bool = false) -> [UInt8] {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                decoded.append(high << 4 | low)
                index += 3
                continue
            }
            decoded.append(plusIsSpace && bytes[index] == UInt8(ascii: "+") ? UInt8(ascii: " ") : bytes[index])
            index += 1
        }
        return decoded
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }
}
