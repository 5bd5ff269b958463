import HTTPClient
import HTTPTypes
import Reactor
import TestSupport
import Testing

@Suite("Requests and answers", .timeLimit(.minutes(10)))
struct ExchangeTests {
    @Test func statusFieldsAndBodyArrive() async throws {
        try await withServer(answer: { _ in .text("good day", status: 418, fields: ["X-Odd": " a, b "]) }) {
            client, server in
            let answer = try await client.send(server.request("/one?two=3"))
            #expect(answer.status == 418)
            #expect(String(decoding: answer.body, as: UTF8.self) == "good day")
            #expect(answer.fields[HTTPField.Name("X-Odd")!] == "a, b")
            let request = try #require(server.requests.first)
            #expect(request.method == "GET")
            #expect(request.target == "/one?two=3")
            #expect(request.fields["user-agent"] == "usher-tests")
            #expect(request.fields["host"] == "127.0.0.1:\(server.port)")
        }
    }

    @Test func bodyIsSentAtOnce() async throws {
        try await withServer(answer: { .reply(status: 200, fields: [:], body: $0.body) }) { client, server in
            var request = server.request()
            request.method = .post
            request.fields = [.contentType: "application/json"]
            request.body = Array("{}".utf8) + [UInt8](repeating: 32, count: 200_000)
            let answer = try await client.send(request)
            #expect(answer.body == request.body)
            let seen = try #require(server.requests.first)
            #expect(seen.method == "POST")
            #expect(seen.fields["content-type"] == "application/json")
            #expect(seen.fields["expect"] == nil)
        }
    }

    @Test func emptyBodyAndHead() async throws {
        try await withServer(answer: { _ in .text("body") }) { client, server in
            var request = server.request()
            request.method = .put
            request.body = []
            #expect(try await client.send(request).status == 200)
            request.method = .head
            request.body = nil
            let answer = try await client.send(request)
            #expect(answer.body.isEmpty)
            #expect(answer.fields[.contentLength] == "4")
            #expect(server.requests.map(\.method) == ["PUT", "HEAD"])
            #expect(server.requests[0].fields["content-length"] == "0")
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectsAreNotFollowed(status: Int) async throws {
        try await withServer(answer: { _ in .redirect(to: "/elsewhere", status: status) }) { client, server in
            let answer = try await client.send(server.request())
            #expect(answer.status == status)
            #expect(answer.location == "/elsewhere")
            #expect(server.requests.count == 1)
        }
    }

    @Test func interimAnswersAreNotTheAnswer() async throws {
        let bytes = "HTTP/1.1 103 Early Hints\r\nLink: early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        try await withServer(answer: { _ in .exactly(Array(bytes.utf8)) }) { client, server in
            let answer = try await client.send(server.request())
            #expect(answer.status == 200)
            #expect(answer.fields[HTTPField.Name("Link")!] == nil)
            #expect(answer.body == Array("hi".utf8))
        }
    }

    @Test func connectionsAreUsedAgain() async throws {
        try await withServer(answer: { .text($0.target) }) { client, server in
            for number in 1...3 {
                let answer = try await client.send(server.request("/\(number)"))
                #expect(answer.body == Array("/\(number)".utf8))
            }
            #expect(server.connections == 1)
        }
    }

    @Test func manyAtOnceOverSeveralLoops() async throws {
        try await withServer(loops: 2, answer: { .text($0.target) }) { client, server in
            let right = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        try await client.send(server.request("/\(number)")).body == Array("/\(number)".utf8)
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right == 100)
        }
    }

    @Test func compressedBodiesAreDecoded() async throws {
        try await withServer(answer: { _ in compressedZeros }) { client, server in
            let answer = try await client.send(server.request())
            #expect(answer.body == [UInt8](repeating: 0, count: zerosInside))
        }
    }

    @Test func cancelledTaskEndsTheTransfer() async throws {
        try await withServer(answer: { _ in .silence }) { client, server in
            let task = Task { await client.failure(of: server.request()) }
            await server.requests(atLeast: 1)
            task.cancel()
            #expect(await task.value == .cancelled)
            await server.allConnectionsClosed()
        }
    }

    @Test func connectionsEndWithTheClient() async throws {
        let group = try EventLoopGroup(threads: 2)
        let server = try StandInServer { _ in .text("") }
        defer { server.stop() }
        var client: HTTPClient? = HTTPClient(group: group, userAgent: "usher-tests")
        #expect(try await client?.send(server.request()).status == 200)
        client = nil
        await server.allConnectionsClosed()
        group.stop()
    }

    @Test func cancelledBeforeItBegins() async throws {
        try await withServer(answer: { _ in .silence }) { client, server in
            let task = Task {
                await withUnsafeContinuation { continuation in
                    withUnsafeCurrentTask { $0?.cancel() }
                    continuation.resume()
                }
                return await client.failure(of: server.request())
            }
            #expect(await task.value == .cancelled)
            #expect(server.requests.isEmpty)
        }
    }
}
