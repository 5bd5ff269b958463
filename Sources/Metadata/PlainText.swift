import HTTPClient

/// What is left of a little HTML: its words, with a line for each paragraph.
struct PlainText {
    let text: String

    /// Nil if there are no words.
    init?(html: String) {
        var bytes: [UInt8] = []
        var rest = Array(html.utf8)[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            // An angle bracket that never closes was none.
            guard let end = rest[start...].firstIndex(of: UInt8(ascii: ">")) else { break }
            bytes += rest[..<start]
            let tag = String(decoding: rest[start...end].prefix(4), as: UTF8.self).lowercased()
            if tag.hasPrefix("</p") || tag.hasPrefix("<br") { bytes.append(UInt8(ascii: "\n")) }
            rest = rest[(end + 1)...]
        }
        bytes += rest
        let lines = CharacterReferences.decode(bytes).split(whereSeparator: \.isNewline)
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        text = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        if text.isEmpty { return nil }
    }
}
