import Cryptography
import FoundationEssentials
import HTTP
import HTTPServer
import HTTPTypes
import Storage

extension Site {
    /// Makes somebody's addresses. They stand on the page that answers and nowhere else: only a hash is kept.
    func makeFeeds(_ visit: Visit, _ me: Me) async throws -> Response {
        let token = Tokens.make()
        try await write { try await Feeds.save(tokenHash: Tokens.hash(token), of: me.id, on: $0) }
        return try await accountPage(visit, me, feeds: token)
    }

    func revokeFeeds(_ visit: Visit, _ me: Me) async throws -> Response {
        try await write { try await Feeds.remove(of: me.id, on: $0) }
        return visit.redirect(to: "/account", saying: .feedsRevoked)
    }

    func calendarFeed(_ request: HTTP.Request) async throws -> Response {
        let reader = try await reader(request)
        let days = Times(now: .now, TimeFormat()).calendar
        let rows = try await read {
            try await CalendarRows.list(
                from: days.adding(-60, .day, to: .now), to: days.adding(1, .year, to: .now),
                under: reader.user.ageLimit, limit: 1000, on: $0)
        }
        return answer(CalendarFeed(reader, rows).text, type: "text/calendar; charset=utf-8", to: request)
    }

    func noticeFeed(_ request: HTTP.Request) async throws -> Response {
        let reader = try await reader(request)
        let notices = try await read {
            try await Notices.list(of: reader.user.id, under: reader.user.ageLimit, limit: 50, on: $0)
        }
        return answer(NoticeFeed(reader, notices).text, type: "application/atom+xml; charset=utf-8", to: request)
    }

    /// The addresses that are made of a secret.
    func feedAddresses(_ token: String, _ request: HTTP.Request) async throws -> [String] {
        let house = try await address(request)
        return ["calendar.ics", "notices.atom"].map { "\(house)/feeds/\($0)?token=\(token)" }
    }

    private func reader(_ request: HTTP.Request) async throws -> FeedReader {
        let token = request.query["token"] ?? ""
        let hash = Tokens.hash(token)
        guard !token.isEmpty, let user = try await write({ try await Feeds.use(tokenHash: hash, on: $0) }) else {
            throw NotFound()
        }
        return FeedReader(user: user, house: try await address(request), secret: hash)
    }

    /// Where the house is reached, as an administrator has said, or as whoever asks has reached it.
    private func address(_ request: HTTP.Request) async throws -> String {
        if let known = try await read({ try await Settings.load(on: $0) }).publicAddress { return known }
        return "\(request.isSecure ? "https" : "http")://\(request.authority ?? "localhost")\(basePath)"
    }

    private func answer(_ text: String, type: String, to request: HTTP.Request) -> Response {
        let bytes = Array(text.utf8)
        let tag = "\"\(Array(Digest.sha256(bytes).prefix(16)).hex)\""
        let fields: HTTPFields = [.contentType: type, .eTag: tag, .cacheControl: "private, no-cache"]
        return request.has(tag: tag)
            ? Response(status: .notModified, fields: fields) : Response(fields: fields, body: .bytes(bytes))
    }
}

/// Whose feed is read.
struct FeedReader {
    let user: User
    /// Where the house is reached, without a slash at its end.
    let house: String
    /// What makes ids of this house's things that nobody else has.
    let secret: [UInt8]

    func link(request: Int64) -> String { "\(house)/requests/\(request)" }

    /// The same for the same thing as long as the address is the same (RFC 9562 §5.8, version 8).
    func uuid(of thing: String) -> String {
        var bytes = Array(Digest.hmacSHA256(key: secret, message: Array(thing.utf8)).prefix(16))
        bytes[6] = bytes[6] & 0x0f | 0x80
        bytes[8] = bytes[8] & 0x3f | 0x80
        var rest = bytes.hex[...]
        return [8, 4, 4, 4, 12].map { length in
            defer { rest = rest.dropFirst(length) }
            return rest.prefix(length)
        }.joined(separator: "-")
    }
}

extension FeedSection {
    init(_ feed: Feed?, addresses: [String], _ visit: Visit) {
        let replaces = feed != nil
        self.init(
            isThere: replaces, since: feed.map { visit.times.relative($0.createdAt) } ?? "",
            used: feed?.usedAt.map { "last read \(visit.times.relative($0))" } ?? "not read yet", addresses: addresses,
            make: ActionForm(
                action: "/account/feeds", label: replaces ? "Make other addresses" : "Make addresses",
                csrf: visit.csrf, confirm: replaces ? "The addresses that you have end with that." : nil),
            revoke: ActionForm(
                action: "/account/feeds/revocation", label: "Revoke them", csrf: visit.csrf,
                confirm: "Whatever reads them finds nothing there any more."))
    }
}
