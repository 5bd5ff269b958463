import HTTPClient
import HTTPTypes
import Reactor
import TestSupport
import Testing

@testable import Torznab

@Suite("An indexer on the network", .timeLimit(.minutes(10)))
struct IndexerTests {
    private static let magnet = "magnet:?xt=urn:btih:" + String(repeating: "ab", count: 20) + "&dn=T"
    private static let torrent = Array("d4:infod4:name1:xee".utf8)

    private func withClient(
        timeout: Duration = .seconds(20), _ body: (TorznabClient) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        try await body(TorznabClient(http: HTTPClient(group: group, userAgent: "usher-tests"), timeout: timeout))
    }

    private func withIndexer(
        _ releases: [StandInIndexer.Release] = [], timeout: Duration = .seconds(20),
        _ body: (TorznabClient, Endpoint, StandInIndexer) async throws -> Void
    ) async throws {
        let indexer = try StandInIndexer(releases: releases)
        defer { indexer.stop() }
        try await withClient(timeout: timeout) { client in
            try await body(client, Endpoint(url: indexer.url, apiKey: indexer.apiKey), indexer)
        }
    }

    private func failure(_ body: () async throws(TorznabError) -> Void) async -> TorznabError? {
        do throws(TorznabError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test func asksFindsAndResolves() async throws {
        let releases = [
            StandInIndexer.Release(
                title: "Harbour.Lights.S02E02.1080p.WEB-DL.x264-GRP", delivery: .torrent(Self.torrent),
                categories: [5040]),
            StandInIndexer.Release(
                title: "Harbour.Lights.S02E03.1080p.WEB-DL.x264-GRP", delivery: .magnet(Self.magnet),
                categories: [5040]),
            StandInIndexer.Release(
                title: "Tin.Planet.2019.1080p.BluRay", delivery: .redirect(to: Self.magnet, status: 301),
                categories: [2040]),
        ]
        try await withIndexer(releases) { client, endpoint, _ in
            let capabilities = try await client.capabilities(endpoint)
            #expect(capabilities.title == "Stand-in")
            let show = Query(mode: .tv, text: "Harbour Lights", season: 2, episode: 2, categories: [5000])
            let items = try await client.search(endpoint, show, capabilities: capabilities)
            #expect(items.map(\.title) == ["Harbour.Lights.S02E02.1080p.WEB-DL.x264-GRP"])
            let link = try #require(items.first?.link)
            #expect(try await client.resolve(endpoint, item: link) == .torrent(Self.torrent))

            let movie = Query(mode: .movie, text: "Tin Planet", year: 2019)
            let found = try await client.search(endpoint, movie, capabilities: capabilities)
            #expect(found.count == 1)
            #expect(try await client.resolve(endpoint, item: #require(found.first?.link)) == .magnet(Self.magnet))
            #expect(try await client.resolve(endpoint, item: Self.magnet) == .magnet(Self.magnet))
        }
    }

    @Test func wrongKey() async throws {
        try await withIndexer { client, endpoint, _ in
            let wrong = try Endpoint(url: endpoint.url, apiKey: "hunter2")
            let error = await failure { () throws(TorznabError) in _ = try await client.capabilities(wrong) }
            #expect(error == .wrongKey)
        }
    }

    @Test(arguments: [
        (StandInIndexer.Mode.page, TorznabError.notXML(hint: "an HTML page")),
        (.busy(retryAfter: 90), .rateLimited(retryAfter: .seconds(90))),
        (.status(200), .notXML(hint: "nothing")), (.status(401), .wrongKey), (.status(403), .wrongKey),
        (.status(404), .status(404)), (.status(302), .status(302)), (.status(503), .status(503)),
        (.error(code: 203, description: "no"), .answered(code: 203, description: "no")),
        (.error(code: 500, description: "limit"), .rateLimited(retryAfter: nil)),
        (.error(code: 102, description: "?"), .wrongKey),
        (.closing, .http(.protocolError(reason: "the connection was closed without one"))),
        (.truncated, .malformed(reason: "it ends in the middle")),
    ])
    func misbehaves(mode: StandInIndexer.Mode, expected: TorznabError) async throws {
        try await withIndexer { client, endpoint, indexer in
            indexer.behave(mode)
            let error = await failure { () throws(TorznabError) in _ = try await client.capabilities(endpoint) }
            #expect(error == expected)
            let query = Query(mode: .search, text: "x")
            let again = await failure { () throws(TorznabError) in
                _ = try await client.search(endpoint, query, capabilities: .assumed)
            }
            #expect(again == expected)
        }
    }

    /// Prowlarr puts its errors under statuses of their own, Jackett its exceptions under 400.
    @Test(arguments: [
        (400, 900, TorznabError.answered(code: 900, description: "words")), (401, 100, .wrongKey),
        (410, 410, .answered(code: 410, description: "words")), (429, 429, .rateLimited(retryAfter: .seconds(60))),
        (403, 910, .answered(code: 910, description: "words")),
    ])
    func errorsUnderOtherStatuses(status: Int, code: Int, expected: TorznabError) throws {
        let body = "<?xml version=\"1.0\"?><error code=\"\(code)\" description=\"words\"/>"
        let response = ClientResponse(status: status, fields: [.retryAfter: "60"], body: Array(body.utf8))
        let answer = Answer(response: response, endpoint: try Endpoint(url: "http://a.example"))
        #expect(throws: expected) { try answer.document() }
    }

    @Test func neverAnswersOrIsGone() async throws {
        try await withIndexer(timeout: .milliseconds(200)) { client, endpoint, indexer in
            indexer.behave(.silence)
            let silent = await failure { () throws(TorznabError) in _ = try await client.capabilities(endpoint) }
            #expect(silent == .http(.timedOut(after: .milliseconds(200))))
            indexer.stop()
            let gone = await failure { () throws(TorznabError) in _ = try await client.capabilities(endpoint) }
            #expect(gone == .http(.connectFailed(reason: "connection refused")))
        }
    }

    @Test func sentencesHoldNeitherKeysNorStackTraces() async throws {
        try await withIndexer { client, endpoint, indexer in
            let trace = "Failed for http://site.example/?passkey=secret9 and household-key\n  at Jackett.Run()"
            indexer.behave(.error(code: 900, description: trace))
            let error = await failure { () throws(TorznabError) in _ = try await client.capabilities(endpoint) }
            let sentence = try #require(error?.sentence)
            #expect(sentence.contains("Failed for"))
            for secret in ["secret9", "household-key", "Jackett.Run"] { #expect(!sentence.contains(secret)) }
        }
    }

    // MARK: Download links

    private func resolve(
        _ link: String = "/dl", answer: @escaping @Sendable (StandInRequest) -> StandInServer.Answer
    ) async throws -> Result<Resolved, TorznabError> {
        let server = try StandInServer(handler: answer)
        defer { server.stop() }
        var result: Result<Resolved, TorznabError>?
        try await withClient { client in
            let endpoint = try Endpoint(url: server.url, apiKey: "k")
            do throws(TorznabError) {
                result = .success(try await client.resolve(endpoint, item: server.url + link))
            } catch {
                result = .failure(error)
            }
        }
        return try #require(result)
    }

    @Test(arguments: [301, 302, 303, 307])
    func redirectToAMagnet(status: Int) async throws {
        let magnet = Self.magnet
        #expect(try await resolve { _ in .redirect(to: magnet, status: status) } == .success(.magnet(magnet)))
    }

    @Test func redirectsByHand() async throws {
        let torrent = Self.torrent
        let hops = { (count: Int) in
            try await resolve("/\(count)") { request in
                let left = Int(request.path.dropFirst()) ?? 0
                return left == 0 ? .reply(status: 200, fields: [:], body: torrent) : .redirect(to: "\(left - 1)")
            }
        }
        #expect(try await hops(5) == .success(.torrent(torrent)))
        guard case .failure(.deadLink) = try await hops(6) else {
            Issue.record("a sixth redirect was followed")
            return
        }
    }

    @Test func magnetAsText() async throws {
        let magnet = Self.magnet
        #expect(try await resolve { _ in .text(magnet + "\n") } == .success(.magnet(magnet)))
    }

    @Test func redirectIntoTheHouseIsRefused() async throws {
        let canary = try StandInServer { _ in .text("secret") }
        defer { canary.stop() }
        for target in [canary.url, "http://localhost:\(canary.port)/", "http://[::ffff:127.0.0.1]:\(canary.port)/"] {
            guard case .failure(.http(.addressRefused)) = try await resolve(answer: { _ in .redirect(to: target) })
            else {
                Issue.record("\(target) was not refused")
                continue
            }
        }
        guard case .failure(.deadLink) = try await resolve(answer: { _ in .redirect(to: "file:///etc/passwd") }) else {
            Issue.record("a file was not refused")
            return
        }
        #expect(canary.connections == 0)
    }

    @Test func linksThatAreDead() async throws {
        let gone = TorznabError.deadLink(reason: "the torrent is not there any more")
        #expect(try await resolve { _ in .text("", status: 404) } == .failure(gone))
        #expect(try await resolve { _ in .text("", status: 410) } == .failure(gone))
        #expect(try await resolve { _ in .text("<html>") } == .failure(.deadLink(reason: "it leads to a web page")))
        #expect(try await resolve { _ in .text("") } == .failure(.deadLink(reason: "what came is no torrent")))
        #expect(
            try await resolve { _ in .text("<error code='501' description='x'/>") }
                == .failure(.rateLimited(retryAfter: nil)))
        let large = StandInServer.Answer.endlessly(
            Array("HTTP/1.1 200 OK\r\n\r\nd".utf8), then: [UInt8](repeating: 48, count: 65536))
        #expect(try await resolve { _ in large } == .failure(.tooLarge))
    }
}
