import HTTP
import Reactor
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(10))) struct EventStreamTests {
    private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test func format() async throws {
        let handler: Server.Handler = { _ in
            writtenByTask { events in
                events.send(retry: .seconds(3))
                events.send(event: "a\nb", id: "7", data: "one\ntwo\r\nthree\r\u{2028}")
                events.send(data: "")
            }
        }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send(get)
            let text = try await client.receive(until: "0\r\n\r\n")
            #expect(text.contains("Content-Type: text/event-stream\r\nCache-Control: no-store\r\n"))
            #expect(text.contains("retry: 3000\n\n"))
            #expect(text.contains("event: a b\nid: 7\ndata: one\ndata: two\ndata: three\ndata: \u{2028}\n\n"))
            #expect(text.contains("data: \n\n"))
        }
    }

    @Test func heartbeats() async throws {
        let handler: Server.Handler = { _ in
            writtenByTask(heartbeat: .milliseconds(10)) { _ in try await Task.sleep(for: .seconds(3600)) }
        }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send(get)
            _ = try await client.receive(until: "3\r\n:\n\n\r\n3\r\n:\n\n\r\n")
        }
    }

    @Test(arguments: [false, true]) func goneClientIsNoticed(abruptly: Bool) async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let cancelled = Locked(false)
        let handler: Server.Handler = { _ in
            writtenByTask { _ in
                beginning.finish()
                do {
                    try await Task.sleep(for: .seconds(3600))
                } catch {
                    cancelled.withLock { $0 = true }
                    throw error
                }
            }
        }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send(get)
            for await _ in began {}
            if abruptly { await client.abort() } else { await client.close() }
            try await server.untilEmpty()
            try await poll { cancelled.withLock { $0 } }
        }
    }

    @Test func manySendersKeepTheirPiecesWhole() async throws {
        let handler: Server.Handler = { _ in
            Response(
                body: .stream { writer in
                    let writing = Task {
                        await withTaskGroup { tasks in
                            for letter in "abcdefgh".utf8 {
                                tasks.addTask {
                                    for _ in 0..<20 { writer.write([UInt8](repeating: letter, count: 5_000)) }
                                }
                            }
                        }
                        writer.end()
                    }
                    return { writing.cancel() }
                })
        }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send("GET / HTTP/1.0\r\n\r\n")
            let body = Array(try await client.receiveAllBytes().suffix(8 * 20 * 5_000))
            #expect(body.count == 8 * 20 * 5_000)
            for start in stride(from: 0, to: body.count, by: 5_000) {
                #expect(body[start..<(start + 5_000)] == [UInt8](repeating: body[start], count: 5_000)[...])
            }
        }
    }

    @Test func shutdownEndsStreamsAtOnce() async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let handler: Server.Handler = { _ in
            writtenByTask { _ in
                beginning.finish()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send(get)
            for await _ in began {}
            await server.server.shutdown(grace: .seconds(60))
            #expect(server.server.connectionCount == 0)
        }
    }
}
