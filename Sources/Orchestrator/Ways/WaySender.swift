import FoundationEssentials
import HTTPClient
import HTTPTypes
import Postgres
public import Storage

/// What is posted where.
struct WayPost {
    var url: String
    var fields: HTTPFields = [:]
    var body: JSONValue
}

/// What came of sending something over a way.
public struct WayAnswer: Sendable {
    /// Whether it was taken.
    public var isGood: Bool
    /// What the other end answered, in a sentence without secrets.
    public var sentence: String
    /// Whether trying again as it is would be in vain.
    var isFinal: Bool
    /// For how long the other end asks to be left alone.
    var retryAfter: Duration?
}

/// Sends notices over ways.
struct WaySender: Sendable {
    let http: HTTPClient
    let pool: PostgresPool

    func send(_ message: WayMessage, over way: WaySettings, mayBePrivate: Bool) async throws -> WayAnswer {
        guard let post = try way.post(message) else { return try await mail(message, to: way.address) }
        guard let url = WebURL(post.url) else {
            return WayAnswer(isGood: false, sentence: HTTPClientError.malformedURL.sentence, isFinal: true)
        }
        var fields = post.fields
        fields[.contentType] = "application/json"
        do {
            let response = try await http.send(
                ClientRequest(
                    url: post.url, method: .post, fields: fields, body: try post.body.encoded(),
                    maxBodyBytes: 64 << 10, addresses: mayBePrivate ? .publicOr(url.origin) : .publicOnly))
            return WayAnswer(response, hiding: [way.secret, way.address].compactMap(\.self))
        } catch let error as HTTPClientError {
            switch error {
            case .cancelled: throw error
            case .addressRefused:
                return WayAnswer(
                    isGood: false,
                    sentence: "That address is in this house's network, where only an administrator's notices may go.",
                    isFinal: true)
            case .malformedURL: return WayAnswer(isGood: false, sentence: error.sentence, isFinal: true)
            default: return WayAnswer(isGood: false, sentence: error.sentence, isFinal: false)
            }
        }
    }
}

extension WaySender {
    private func mail(_ message: WayMessage, to address: String) async throws -> WayAnswer {
        let (settings, house) = try await pool.withConnection {
            (try await MailSettings.load(on: $0), try await Settings.load(on: $0).publicAddress)
        }
        guard let settings else {
            return WayAnswer(
                isGood: false, sentence: "This house has no mail server; an administrator can say which.", isFinal: true
            )
        }
        return try await Mailer(client: MailClient(), settings: settings, house: house).send(message, to: address)
    }
}

extension WayAnswer {
    init(_ response: ClientResponse, hiding secrets: [String]) {
        let status = response.status
        isGood = (200..<300).contains(status)
        isFinal = !isGood && status < 500 && ![408, 425, 429].contains(status)
        var words = String(decoding: response.body.prefix(2000), as: UTF8.self)
        for secret in secrets where secret.count > 3 { words = words.replacing(secret, with: "…") }
        let start = words.oneLine.firstCharacters(200)
        sentence = start.isEmpty ? "It answered \(status)." : "It answered \(status): \(start)"
        retryAfter = isGood ? nil : response.retryAfter ?? Self.retryAfter(in: response.body)
    }

    /// Discord and Telegram also say it in the body: `retry_after`, in seconds.
    private static func retryAfter(in body: [UInt8]) -> Duration? {
        // Whatever is no JSON says nothing of the kind.
        guard let json = try? JSONValue(body) else { return nil }
        switch json["retry_after"] ?? json["parameters"]?["retry_after"] {
        case .integer(let seconds): return .seconds(min(max(0, seconds), 86400))
        case .number(let seconds): return .seconds(min(max(0, seconds), 86400))
        default: return nil
        }
    }
}

extension String {
    /// Without line breaks and control characters.
    var oneLine: String {
        split { character in
            character.isWhitespace || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        }.joined(separator: " ")
    }

    /// So many at most, with a sign for what is missing.
    func firstCharacters(_ limit: Int) -> String { count > limit ? "\(prefix(limit))…" : self }
}

extension WaySettings {
    /// The address without a slash at its end.
    var base: String {
        var base = Substring(address)
        while base.hasSuffix("/") { base.removeLast() }
        return String(base)
    }

    /// Nil for what goes by mail.
    fileprivate func post(_ message: WayMessage) throws -> WayPost? {
        switch kind {
        case .webhook: try Webhook.post(self, message)
        case .ntfy: Ntfy.post(self, message)
        case .discord: Discord.post(self, message)
        case .gotify: Gotify.post(self, message)
        case .telegram: Telegram.post(self, message)
        case .apprise: Apprise.post(self, message)
        case .email: nil
        }
    }
}

extension Orchestrator {
    /// Sends a test over a way, without keeping anything; answers what the other end said.
    ///
    /// - Parameter mayBePrivate: whether it may lead into this house's network.
    /// - Throws: ``WebhookTemplate/Malformed``, or when cancelled.
    public func test(_ way: WaySettings, mayBePrivate: Bool) async throws -> WayAnswer {
        let house = try await pool.withConnection { try await Settings.load(on: $0).publicAddress }
        return try await WaySender(http: parts.http, pool: pool)
            .send(.test(at: Date(), in: house), over: way, mayBePrivate: mayBePrivate)
    }
}
