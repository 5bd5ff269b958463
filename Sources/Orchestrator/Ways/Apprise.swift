import Storage

/// An Apprise API server, which passes it on to what is configured there under a key (caronc/apprise-api,
/// `POST /notify/{key}`).
enum Apprise {
    static func post(_ way: WaySettings, _ message: WayMessage) -> WayPost {
        WayPost(
            url: "\(way.base)/notify/\(way.target)",
            body: .object([
                "title": .string(message.subject), "body": .string(message.textAndLink), "format": .string("text"),
                "type": .string(message.isTrouble ? "warning" : "info"),
            ]))
    }
}
