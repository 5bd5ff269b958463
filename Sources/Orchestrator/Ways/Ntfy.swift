import HTTPTypes
import Storage

/// ntfy: JSON to the server's root, the topic in it (docs.ntfy.sh/publish, "Publish as JSON"); an access token as bearer.
enum Ntfy {
    static func post(_ way: WaySettings, _ message: WayMessage) -> WayPost {
        var body: [String: JSONValue] = [
            "topic": .string(way.target), "title": .string(message.subject), "message": .string(message.text),
            "priority": .integer(message.isTrouble ? 4 : 3),
            "tags": .array([.string(message.isTrouble ? "warning" : "clapper")]),
        ]
        if let link = message.link { body["click"] = .string(link) }
        return WayPost(
            url: way.base + "/", fields: way.secret.map { [.authorization: "Bearer \($0)"] } ?? [:],
            body: .object(body))
    }
}
