import HTTPTypes
import Storage

/// Gotify: a message of an application, whose token is the key (gotify.net, API, `POST /message`).
enum Gotify {
    static func post(_ way: WaySettings, _ message: WayMessage) -> WayPost {
        var fields: HTTPFields = [:]
        if let name = HTTPField.Name("X-Gotify-Key") { fields[name] = way.secret }
        var body: [String: JSONValue] = [
            "title": .string(message.subject), "message": .string(message.text),
            "priority": .integer(message.isTrouble ? 7 : 5),
        ]
        if let link = message.link {
            body["extras"] = .object(["client::notification": .object(["click": .object(["url": .string(link)])])])
        }
        return WayPost(url: way.base + "/message", fields: fields, body: .object(body))
    }
}
