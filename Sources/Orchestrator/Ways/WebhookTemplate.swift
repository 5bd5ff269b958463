import FoundationEssentials

/// The JSON that a webhook is sent, with Overseerr's names in double braces, so that what takes Overseerr's webhooks takes
/// ours. `{{link}}` is our own: where it is seen.
///
/// Names are replaced in every string of the JSON as it was read, never in its text: a title with quotes stays a title. A
/// member called `{{media}}` or `{{request}}` becomes that object, or null where there is none, as `{{issue}}` and
/// `{{comment}}` always do; `{{extra}}` becomes an empty list.
public struct WebhookTemplate: Sendable {
    private let json: JSONValue

    /// It is no JSON.
    public struct Malformed: Error {}

    /// Reads a template.
    public init(_ text: String) throws(Malformed) {
        do { json = try JSONValue(text.utf8) } catch { throw Malformed() }
    }

    /// Overseerr's own.
    public static let standard = """
        {
            "notification_type": "{{notification_type}}",
            "event": "{{event}}",
            "subject": "{{subject}}",
            "message": "{{message}}",
            "image": "{{image}}",
            "{{media}}": {
                "media_type": "{{media_type}}",
                "tmdbId": "{{media_tmdbid}}",
                "tvdbId": "{{media_tvdbid}}",
                "status": "{{media_status}}",
                "status4k": "{{media_status4k}}"
            },
            "{{request}}": {
                "request_id": "{{request_id}}",
                "requestedBy_email": "{{requestedBy_email}}",
                "requestedBy_username": "{{requestedBy_username}}",
                "requestedBy_avatar": "{{requestedBy_avatar}}"
            },
            "{{issue}}": {},
            "{{comment}}": {},
            "{{extra}}": []
        }
        """

    func filled(with message: WayMessage) -> JSONValue {
        var names = [
            "notification_type": message.type, "event": message.event, "subject": message.subject,
            "message": message.text, "image": message.image ?? "",
            "link": message.link ?? "",
        ]
        names.merge(message.facts) { mine, _ in mine }
        return Self.fill(json, names, isTest: message.facts.isEmpty)
    }

    private static func fill(_ value: JSONValue, _ names: [String: String], isTest: Bool) -> JSONValue {
        switch value {
        case .null, .bool, .integer, .number: value
        case .string(let text): .string(replace(text, names))
        case .array(let values): .array(values.map { fill($0, names, isTest: isTest) })
        case .object(let members):
            .object(
                members.reduce(into: [:]) { result, member in
                    switch member.key {
                    case "{{media}}", "{{request}}":
                        result[bare(member.key)] = isTest ? .null : fill(member.value, names, isTest: isTest)
                    case "{{issue}}", "{{comment}}": result[bare(member.key)] = .null
                    case "{{extra}}": result["extra"] = .array([])
                    default: result[member.key] = fill(member.value, names, isTest: isTest)
                    }
                })
        }
    }

    private static func bare(_ key: String) -> String { String(key.dropFirst(2).dropLast(2)) }

    private static let families = [
        "requestedBy_", "reportedBy_", "commentedBy_", "notifyuser_", "issue_", "comment_", "media_", "request_",
    ]

    /// Once from left to right, so that braces in what was put in stay what they are. Names of Overseerr's that mean
    /// nothing here are empty; others are left alone.
    private static func replace(_ text: String, _ names: [String: String]) -> String {
        var result = ""
        var rest = Substring(text)
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            let name = String(rest[open.upperBound..<close.lowerBound])
            let isEmpty = families.contains { name.hasPrefix($0) }
            result += rest[..<open.lowerBound]
            result += names[name] ?? (isEmpty ? "" : String(rest[open.lowerBound..<close.upperBound]))
            rest = rest[close.upperBound...]
        }
        return result + rest
    }
}
