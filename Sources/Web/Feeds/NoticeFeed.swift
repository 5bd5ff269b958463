import Orchestrator
import Storage

/// What somebody was told, as feed readers read it (RFC 4287).
struct NoticeFeed {
    let text: String

    init(_ reader: FeedReader, _ notices: [Told]) {
        // Of one who was told nothing yet, when their account was made.
        let updated = notices.first?.at ?? reader.user.createdAt
        text =
            """
            <?xml version="1.0" encoding="utf-8"?>
            <feed xmlns="http://www.w3.org/2005/Atom">
            <id>urn:uuid:\(reader.uuid(of: "notices"))</id>
            <title>Usher</title>
            <subtitle>What \(Self.escaped(reader.user.name)) is told</subtitle>
            <author><name>Usher</name></author>
            <updated>\(Times.iso(updated))</updated>
            <link rel="alternate" type="text/html" href="\(Self.escaped(reader.house))/notices"/>

            """ + notices.map { Self.entry($0, reader) }.joined() + "</feed>\n"
    }

    private static func entry(_ notice: Told, _ reader: FeedReader) -> String {
        let title = notice.year.map { "\(notice.title) (\($0))" } ?? notice.title
        let at = Times.iso(notice.at)
        return """
            <entry>
            <id>urn:uuid:\(reader.uuid(of: "notice \(notice.id)"))</id>
            <title>\(escaped(title)): \(escaped(notice.words))</title>
            <published>\(at)</published>
            <updated>\(at)</updated>
            <link rel="alternate" type="text/html" href="\(escaped(reader.link(request: notice.request)))"/>
            <content type="text">\(escaped(notice.words))</content>
            <category term="\(notice.kind.rawValue)"/>
            </entry>

            """
    }

    /// Without what XML has no way to write (XML 1.0 §2.2).
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t", "\n", "\r": escaped += " "
            case "\u{0}"..."\u{1f}", "\u{fffe}", "\u{ffff}": break
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
