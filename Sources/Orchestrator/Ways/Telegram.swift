import Storage

/// A Telegram bot writes into a chat (core.telegram.org/bots/api, `sendMessage`). In its HTML four characters are escaped.
enum Telegram {
    static func post(_ way: WaySettings, _ message: WayMessage) -> WayPost {
        let link = message.link.map { "\n<a href=\"\(escapedForHTML($0))\">\(escapedForHTML($0))</a>" } ?? ""
        return WayPost(
            url: "\(way.base)/bot\(way.secret ?? "")/sendMessage",
            body: .object([
                "chat_id": .string(way.target), "parse_mode": .string("HTML"),
                "text": .string(
                    "<b>\(escapedForHTML(message.subject))</b>\n\(escapedForHTML(String(message.text.prefix(2000))))\(link)"
                ),
            ]))
    }
}
