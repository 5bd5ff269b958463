import Cryptography
import FoundationEssentials
public import HTTPClient
import Postgres
public import Storage

/// Sends mail by the house's server.
struct Mailer: Sendable {
    let client: MailClient
    let settings: MailSettings
    /// Where the house is reached.
    let house: String?

    /// A notice.
    func send(_ message: WayMessage, to address: String) async throws -> WayAnswer {
        try await send(
            id: message.id, at: message.at, subject: "\(message.subject): \(message.text)".firstCharacters(150),
            [message.subject, message.text], link: message.link, to: address)
    }

    /// The code that shows whose a mailbox is.
    func send(code: String, to address: String) async throws -> WayAnswer {
        try await send(
            id: "code.\(randomBytes(12).hex)", at: Date(), subject: "Your code for Usher: \(code)",
            [
                "Somebody wants notices of Usher to be sent here. If it is you, type this code there:", code,
                "Otherwise do nothing, and nothing more is sent.",
            ], link: nil, to: address)
    }

    private func send(
        id: String, at date: Date, subject: String, _ paragraphs: [String], link: String?, to address: String
    ) async throws -> WayAnswer {
        guard let to = MailAddress(address), let from = MailAddress(settings.sender) else {
            return WayAnswer(isGood: false, sentence: "That is no address that mail can be sent to.", isFinal: true)
        }
        let message = MailMessage(
            from: from, sender: settings.senderName, to: to, id: id, date: date, subject: subject,
            paragraphs: paragraphs, link: link, settings: house.map { "\($0)/account/notices" })
        do {
            let reply = try await client.send(message.encoded(), from: from, to: to, over: MailServer(settings))
            return WayAnswer(reply, hiding: settings.password)
        } catch .cancelled {
            throw HTTPClientError.cancelled
        } catch .addressRefused where settings.security == .none {
            return WayAnswer(
                isGood: false, sentence: "Mail goes without encryption only to a server on this machine.", isFinal: true
            )
        } catch {
            return WayAnswer(isGood: false, sentence: error.sentence, isFinal: false)
        }
    }
}

extension WayAnswer {
    /// 4yz is "not now", 5yz "never" (RFC 5321 §4.2.1).
    fileprivate init(_ reply: MailReply, hiding secret: String?) {
        isGood = (200..<300).contains(reply.code)
        isFinal = reply.code >= 500
        var words = reply.text
        if let secret, secret.count > 3 { words = words.replacing(secret, with: "…") }
        let start = words.oneLine.firstCharacters(200)
        sentence = start.isEmpty ? "It answered \(reply.code)." : "It answered \(reply.code): \(start)"
    }
}

extension MailServer {
    /// As the house has it.
    public init(_ settings: MailSettings) {
        let security: Security =
            switch settings.security {
            case .tls: .tls
            case .startTLS: .startTLS
            case .none: .none
            }
        self.init(
            host: settings.host, port: settings.port, security: security, user: settings.user,
            password: settings.password, certificate: settings.certificate)
    }
}

/// What came of sending somebody a code.
public enum CodeOutcome: Sendable {
    /// The server took the message, or said why not.
    case answered(WayAnswer)
    /// They have had as many as they may for now.
    case tooMany
    /// The house has no mail server.
    case noServer
}

extension Orchestrator {
    /// Sends a code to a mailbox that somebody says is theirs.
    public func sendCode(to address: String, of user: Int64) async throws -> CodeOutcome {
        let number = randomBytes(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) } % 100_000_000
        let code = String(String(100_000_000 + number).dropFirst())
        let (settings, house, isCounted) = try await pool.transaction { connection in
            (
                try await MailSettings.load(on: connection), try await Settings.load(on: connection).publicAddress,
                try await MailCodes.add(
                    digest: Digest.sha256(Array(code.utf8)), to: address, of: user, on: connection)
            )
        }
        guard let settings else { return .noServer }
        guard isCounted else { return .tooMany }
        return .answered(
            try await Mailer(client: MailClient(), settings: settings, house: house).send(code: code, to: address))
    }

    /// Whether this is the code that was sent to the mailbox of one of somebody's ways, which is then used.
    public func confirm(_ way: Int64, code: String, of user: Int64) async throws -> Bool {
        let digits = code.filter(\.isASCII).filter(\.isNumber)
        return try await pool.transaction { connection in
            try await MailCodes.confirm(way, digest: Digest.sha256(Array(digits.utf8)), of: user, on: connection)
        }
    }

    /// Sends a test by a server, without keeping anything; answers what it said.
    public func test(_ settings: MailSettings, to address: String) async throws -> WayAnswer {
        let house = try await pool.withConnection { try await Settings.load(on: $0).publicAddress }
        return try await Mailer(client: MailClient(), settings: settings, house: house)
            .send(.test(at: Date(), in: house), to: address)
    }
}
