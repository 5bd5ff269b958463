import FoundationEssentials
import HTTP
import HTTPClient

/// A message as mail carries it (RFC 5322): the same in plain text and in HTML (RFC 2046 §5.1.4).
///
/// Whatever is put into it stays where it is put: a title with a line break in it makes no header field.
struct MailMessage {
    var from: MailAddress
    /// The name beside it.
    var sender: String
    var to: MailAddress
    /// What tells it from all others of this house; the same each time it is sent.
    var id: String
    var date: Date
    var subject: String
    /// The paragraphs; the last may be a link.
    var paragraphs: [String]
    var link: String?
    /// Where somebody says what they want to be sent.
    var settings: String?

    func encoded() -> [UInt8] {
        let boundary = "=_usher_\(id)"  // "=_" is in no base64
        let seconds = Int(date.timeIntervalSince1970.rounded(.down))
        var fields = [
            ("From", "\(Self.phrase(sender, after: 6)) <\(from.text)>"), ("To", "<\(to.text)>"),
            ("Subject", Self.phrase(subject, after: 9)),
            ("Date", HTTPDate.format(secondsSince1970: seconds).replacing("GMT", with: "+0000")),
            ("Message-ID", "<\(id)@\(from.domain)>"), ("MIME-Version", "1.0"),
            ("Content-Type", "multipart/alternative; boundary=\"\(boundary)\""),
            // No "I am on holiday" is wanted in reply (RFC 3834 §5).
            ("Auto-Submitted", "auto-generated"),
        ]
        if let settings { fields.append(("List-Unsubscribe", "<\(settings)>")) }
        var lines = fields.map { "\($0): \($1)" }
        for (type, text) in [("plain", plain), ("html", html)] {
            lines += [
                "", "--\(boundary)", "Content-Type: text/\(type); charset=utf-8", "Content-Transfer-Encoding: base64",
                "",
            ]
            lines += Self.base64Lines(text)
        }
        lines += ["", "--\(boundary)--", ""]
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private var plain: String {
        var parts = paragraphs
        if let link { parts.append(link) }
        if let settings { parts.append("-- \r\nWhat you are told is up to you: \(settings)") }
        return parts.joined(separator: "\r\n\r\n") + "\r\n"
    }

    private var html: String {
        var parts = paragraphs.map { "<p>\(escapedForHTML($0))</p>" }
        if let link { parts.append("<p><a href=\"\(escapedForHTML(link))\">Open it in Usher</a></p>") }
        if let settings {
            parts.append(
                "<p><small><a href=\"\(escapedForHTML(settings))\">What you are told is up to you.</a></small></p>")
        }
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<title>\(escapedForHTML(subject))</title></head>\n<body>\n\(parts.joined(separator: "\n"))\n</body></html>\n"
    }

    // MARK: Encoding

    /// Text in a header field: as it is where that is safe, else as encoded words (RFC 2047), folded into short lines.
    ///
    /// - Parameter used: how long the line is before it.
    static func phrase(_ text: String, after used: Int) -> String {
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isLine ? $0 : " " }))
        let isPlain = line.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || scalar == " ")
        }
        if isPlain, used + line.utf8.count <= 76 { return line }
        // Each word holds whole characters, and is at most 75 long (§2 and §5): 45 bytes make 60 digits.
        var words: [[UInt8]] = [[]]
        for scalar in line.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let room = words.count == 1 ? 30 : 45
            if words[words.count - 1].count + bytes.count > room { words.append([]) }
            words[words.count - 1] += bytes
        }
        return words.map { "=?UTF-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    /// In lines of 76 (RFC 2045 §6.8).
    private static func base64Lines(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 57).map { start in
            Data(bytes[start..<min(start + 57, bytes.count)]).base64EncodedString()
        }
    }
}

extension Unicode.Scalar.Properties {
    /// Whether it can stand in a line, and neither ends nor turns it.
    fileprivate var isLine: Bool {
        !isBidiControl && ![.control, .lineSeparator, .paragraphSeparator].contains(generalCategory)
    }
}

/// As HTML shows it as it is, also in an attribute.
func escapedForHTML(_ text: String) -> String {
    text.reduce(into: "") { result, character in
        switch character {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        default: result.append(character)
        }
    }
}
