import FoundationEssentials
public import HTTPClient

/// Asks Torznab indexers (Jackett, Prowlarr, or a tracker's own).
public struct TorznabClient: Sendable {
    /// Of an answer.
    private static let maxAnswerBytes = 4 << 20
    /// Of a `.torrent`.
    private static let maxTorrentBytes = 10 << 20
    private static let maxRedirects = 5

    private let http: HTTPClient
    private let timeout: Duration

    /// A client over this HTTP client. Sites behind an indexer may be slow: a minute for each answer, if not said
    /// otherwise.
    public init(http: HTTPClient, timeout: Duration = .seconds(60)) {
        self.http = http
        self.timeout = timeout
    }

    /// What the indexer can be asked (`t=caps`).
    public func capabilities(_ endpoint: Endpoint) async throws(TorznabError) -> Capabilities {
        let answer = try await ask(endpoint, [("t", "caps")])
        return try await Self.offTheLoop { () throws(TorznabError) in
            try Capabilities(answer.document())
        }
    }

    /// One page of results. Sends only what the indexer says it understands.
    public func search(
        _ endpoint: Endpoint, _ query: Query, capabilities: Capabilities
    ) async throws(TorznabError) -> [Item] {
        let answer = try await ask(endpoint, query.parameters(for: capabilities))
        return try await Self.offTheLoop { () throws(TorznabError) in
            try Feed(endpoint: endpoint, now: Date()).items(answer.document())
        }
    }

    /// Follows a download link to the magnet link or the `.torrent` behind it, and through at most five redirects. The
    /// indexer's own host and port may be private; everything else is public, or is refused.
    public func resolve(_ endpoint: Endpoint, item link: String) async throws(TorznabError) -> Resolved {
        var next = link
        for _ in 0...Self.maxRedirects {
            if let magnet = next.asMagnet { return .magnet(magnet) }
            let response = try await fetch(next, maxBytes: Self.maxTorrentBytes, .publicOr(endpoint.origin))
            guard (300..<400).contains(response.status), let location = response.location else {
                return try Self.torrent(Answer(response: response, endpoint: endpoint))
            }
            guard let target = location.asMagnet ?? WebURL(next)?.resolving(location)?.text else {
                throw .deadLink(reason: "it leads to something that is neither a torrent nor a magnet link")
            }
            next = target
        }
        throw .deadLink(reason: "it leads from one address to the next without end")
    }

    private static func torrent(_ answer: Answer) throws(TorznabError) -> Resolved {
        let body = answer.response.body
        switch answer.response.status {
        case 200: break
        case 404, 410: throw .deadLink(reason: "the torrent is not there any more")
        default: throw answer.failure
        }
        if body.first == UInt8(ascii: "d") { return .torrent(body) }
        let text = String(decoding: body.prefix(16384), as: UTF8.self).trimmed
        if let magnet = text.asMagnet, !magnet.contains(where: \.isWhitespace) { return .magnet(magnet) }
        if let error = answer.refusal { throw error }
        throw .deadLink(reason: answer.isPage ? "it leads to a web page" : "what came is no torrent")
    }

    private func ask(_ endpoint: Endpoint, _ parameters: [(String, String)]) async throws(TorznabError) -> Answer {
        let response = try await fetch(
            endpoint.request(parameters), maxBytes: Self.maxAnswerBytes, .exactly(endpoint.origin))
        return Answer(response: response, endpoint: endpoint)
    }

    private func fetch(
        _ url: String, maxBytes: Int, _ addresses: AddressPolicy
    ) async throws(TorznabError) -> ClientResponse {
        do {
            return try await http.send(
                ClientRequest(url: url, totalTimeout: timeout, maxBodyBytes: maxBytes, addresses: addresses))
        } catch .tooLarge {
            throw .tooLarge
        } catch {
            throw .http(error)
        }
    }

    /// Reads megabytes elsewhere than on the thread of an event loop.
    private static func offTheLoop<Value: Sendable>(
        _ read: @Sendable () throws(TorznabError) -> Value
    ) async throws(TorznabError) -> Value {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            Result { () throws(TorznabError) in try read() }
        }.get()
    }
}
