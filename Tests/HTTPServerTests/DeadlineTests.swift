import Glibc
import HTTP
import Reactor
import Testing

@testable import HTTPServer

/// Each deadline is short here, and the close is the signal.
@Suite(.timeLimit(.minutes(10))) struct DeadlineTests {
    private func configuration(_ change: (inout ServerConfiguration.Timeouts) -> Void) -> ServerConfiguration {
        var configuration = ServerConfiguration()
        change(&configuration.timeouts)
        return configuration
    }

    /// Sends a byte again and again, until the server has enough of it.
    private func drip(_ client: Client, _ byte: String) async {
        while !Task.isCancelled {
            do {
                try await client.send(byte)
                try await Task.sleep(for: .milliseconds(5))
            } catch {
                return
            }
        }
    }

    private func answerToDrip(_ server: TestServer, after start: String, _ byte: String) async throws -> String {
        let client = try await server.client()
        try await client.send(start)
        let dripping = Task { await drip(client, byte) }
        defer { dripping.cancel() }
        return try await client.receiveAll()
    }

    @Test func slowHead() async throws {
        try await withServer(configuration { $0.head = .seconds(3) }) { server in
            let answer = try await answerToDrip(server, after: "GET / HTTP/1.1\r\nX: ", "y")
            #expect(answer.hasPrefix("HTTP/1.1 408 ") && answer.contains("Connection: close"))
            try await server.untilEmpty()
        }
    }

    @Test func slowBody() async throws {
        try await withServer(configuration { $0.body = .milliseconds(150) }) { server in
            let start = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\n"
            #expect(try await answerToDrip(server, after: start, "y").hasPrefix("HTTP/1.1 408 "))
            try await server.untilEmpty()
        }
    }

    @Test func idle() async throws {
        try await withServer(configuration { $0.idle = .milliseconds(50) }) { server in
            let client = try await server.client()
            try await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.receiveAll().hasSuffix("GET /a "))
            try await server.untilEmpty()
        }
    }

    @Test func silentFromTheStart() async throws {
        try await withServer(configuration { $0.head = .milliseconds(50) }) { server in
            #expect(try await server.client().receiveAll() == "")
            try await server.untilEmpty()
        }
    }

    @Test func slowReaderOfAPage() async throws {
        let page = [UInt8](repeating: 0x61, count: 20 << 20)
        let configuration = configuration { $0.write = .milliseconds(150) }
        let asked = Locked(false)
        let handler: Server.Handler = { _ in
            asked.withLock { $0 = true }
            return .html(page)
        }
        try await withServer(configuration, handler: handler) { server in
            let client = try await server.client()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await poll { asked.withLock { $0 } }
            try await server.untilEmpty()
        }
    }

    @Test func slowReaderOfAStream() async throws {
        let configuration = configuration { $0.write = .milliseconds(150) }
        let ended = Locked(false)
        let handler: Server.Handler = { _ in
            writtenByTask { events in
                defer { ended.withLock { $0 = true } }
                // Less than what would end the stream for its size before the time is over.
                while true {
                    events.send(data: String(repeating: "x", count: 20_000))
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        }
        try await withServer(configuration, handler: handler) { server in
            let client = try await server.client()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await poll { ended.withLock { $0 } }
            try await server.untilEmpty()
        }
    }

    @Test func neverEndingUploadAfterARefusal() async throws {
        try await withServer(configuration { $0.linger = .milliseconds(100) }) { server in
            let client = try await server.client()
            try await client.send("GET / HTTP/1.1\r\nHost: a b\r\n\r\n")
            let dripping = Task { await drip(client, "y") }
            try await server.untilEmpty()
            dripping.cancel()
        }
    }
}
