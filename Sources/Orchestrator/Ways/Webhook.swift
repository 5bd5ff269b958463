import HTTPTypes
import Storage

/// Any address that takes JSON: the filled template, and what the way's secret says as `Authorization`.
enum Webhook {
    static func post(_ way: WaySettings, _ message: WayMessage) throws -> WayPost {
        let template = try WebhookTemplate(way.template ?? WebhookTemplate.standard)
        return WayPost(
            url: way.address, fields: way.secret.map { [.authorization: $0] } ?? [:],
            body: template.filled(with: message))
    }
}
