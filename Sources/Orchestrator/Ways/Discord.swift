import FoundationEssentials
import Storage

/// A Discord webhook: one embed (discord.com/developers, "Execute Webhook"); nobody is pinged, whatever a title is called.
enum Discord {
    static func post(_ way: WaySettings, _ message: WayMessage) -> WayPost {
        var embed: [String: JSONValue] = [
            "title": .string(String(message.subject.prefix(256))), "description": .string(message.text),
            "color": .integer(message.isTrouble ? 0xc0392b : 0x2e86c1),
            "timestamp": .string(message.at.formatted(.iso8601)),
        ]
        if let link = message.link { embed["url"] = .string(link) }
        if let image = message.image { embed["thumbnail"] = .object(["url": .string(image)]) }
        return WayPost(
            url: way.address,
            body: .object([
                "username": .string("Usher"), "embeds": .array([.object(embed)]),
                "allowed_mentions": .object(["parse": .array([])]),
            ]))
    }
}
