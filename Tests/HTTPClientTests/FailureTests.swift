import HTTPClient
import HTTPTypes
import Reactor
import TestSupport
import Testing

@Suite("What can go wrong with an answer", .timeLimit(.minutes(10)))
struct FailureTests {
    private func failure(
        of answer: StandInServer.Answer, maxBodyBytes: Int = 1 << 20, total: Duration = .seconds(20)
    ) async throws -> HTTPClientError? {
        var result: HTTPClientError?
        try await withServer(answer: { _ in answer }) { client, server in
            result = await client.failure(of: server.request(maxBodyBytes: maxBodyBytes, total: total))
        }
        return result
    }

    @Test func announcedTooLarge() async throws {
        let answer = StandInServer.Answer.reply(status: 200, fields: [:], body: [UInt8](repeating: 1, count: 1001))
        #expect(try await failure(of: answer, maxBodyBytes: 1000) == .tooLarge(limit: 1000))
        #expect(try await failure(of: answer, maxBodyBytes: 1001) == nil)
    }

    @Test func endlessBody() async throws {
        let answer = StandInServer.Answer.endlessly(
            Array("HTTP/1.1 200 OK\r\n\r\n".utf8), then: [UInt8](repeating: 120, count: 4096))
        #expect(try await failure(of: answer, maxBodyBytes: 100_000) == .tooLarge(limit: 100_000))
    }

    @Test func compressedBodyThatGrows() async throws {
        #expect(try await failure(of: compressedZeros, maxBodyBytes: 65536) == .tooLarge(limit: 65536))
    }

    @Test func brokenCompression() async throws {
        let answer = StandInServer.Answer.text("not gzip at all", fields: ["Content-Encoding": "gzip"])
        #expect(try await failure(of: answer) == .protocolError(reason: "its compression is broken"))
    }

    @Test func endlessHeader() async throws {
        let answer = StandInServer.Answer.endlessly(
            Array("HTTP/1.1 200 OK\r\n".utf8), then: Array("X-More: \(String(repeating: "x", count: 500))\r\n".utf8))
        #expect(try await failure(of: answer) == .protocolError(reason: "its header is too long"))
    }

    @Test func neverAnswers() async throws {
        let limit = Duration.milliseconds(200)
        #expect(try await failure(of: .silence, total: limit) == .timedOut(after: limit))
    }

    @Test func answersTooSlowly() async throws {
        let limit = Duration.milliseconds(300)
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".utf8)
        let answer = StandInServer.Answer.slowly(bytes, pause: .milliseconds(50))
        #expect(try await failure(of: answer, total: limit) == .timedOut(after: limit))
    }

    @Test func endsTooSoon() async throws {
        let bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this".utf8)
        #expect(try await failure(of: .exactly(bytes)) == .protocolError(reason: "the connection broke off"))
        #expect(try await failure(of: .close) == .protocolError(reason: "the connection was closed without one"))
    }

    @Test func isNotHTTP() async throws {
        let answer = StandInServer.Answer.exactly(Array("220 mail.example ready\r\n".utf8))
        #expect(try await failure(of: answer) == .protocolError(reason: "it is not HTTP"))
    }

    @Test func doesNotSpeakTLS() async throws {
        try await withServer(answer: { _ in .text("") }) { client, server in
            var request = server.request()
            request.url = "https://\(server.address):\(server.port)/"
            guard case .tls = await client.failure(of: request) else {
                Issue.record("a plain server was taken for an encrypted one")
                return
            }
        }
    }

    @Test func nobodyListens() async throws {
        try await withServer(answer: { _ in .text("") }) { client, server in
            server.stop()
            #expect(
                await client.failure(of: server.request()) == .connectFailed(reason: "connection refused"))
        }
    }

    @Test func unknownName() async throws {
        try await withServer(answer: { _ in .text("") }) { client, _ in
            let request = ClientRequest(url: "http://nowhere.invalid/", addresses: .publicOnly)
            #expect(await client.failure(of: request) == .resolveFailed(host: "nowhere.invalid"))
        }
    }

    @Test(arguments: ["", "nonsense", "/path", "file:///etc/passwd", "ftp://a.example/", "gopher://a/", "http://"])
    func onlyWebAddresses(url: String) async throws {
        try await withServer(answer: { _ in .text("") }) { client, _ in
            #expect(await client.failure(of: ClientRequest(url: url, addresses: .publicOnly)) == .malformedURL)
        }
    }

    @Test func sentencesHoldNoSecrets() async throws {
        try await withServer(answer: { _ in .close }) { client, server in
            let error = await client.failure(of: server.request("/api?apikey=hunter2"))
            #expect(error != nil)
            #expect(error?.sentence.contains("hunter2") == false)
        }
    }
}
