import Glibc
import HTTP
import Reactor
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(10)), .serialized) struct LoadTests {
    private let lastGet = "GET /z HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    @Test func garbage() async throws {
        try await withServer { server in
            var random = SystemRandomNumberGenerator()
            for round in 0..<40 {
                let client = try await server.client()
                var bytes = (0..<256).map { _ in UInt8.random(in: 0...255, using: &random) }
                if round % 2 == 0 {
                    bytes = Array("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + bytes
                }
                do {
                    try await client.send(bytes)
                    await client.finish()
                    #expect(try await !client.receiveAll().contains(" 200 "))
                } catch is SystemError {
                    // The server may have closed while bytes were on their way.
                }
            }
            #expect(try await server.client().exchange(lastGet).hasSuffix("GET /z "))
            try await server.untilEmpty()
        }
    }

    @Test func parallelClients() async throws {
        try await withServer { server in
            try await withThrowingTaskGroup { tasks in
                for number in 0..<50 {
                    tasks.addTask {
                        let client = try await server.client()
                        for round in 0..<10 {
                            try await client.send("GET /\(number)-\(round) HTTP/1.1\r\nHost: a\r\n\r\n")
                            _ = try await client.receive(until: "GET /\(number)-\(round) ")
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try await server.untilEmpty()
        }
    }

    @Test func fullServerMakesRoom() async throws {
        var configuration = ServerConfiguration()
        configuration.maxConnections = 3
        try await withServer(configuration) { server in
            var clients: [Client] = []
            for _ in 0..<10 {
                let client = try await server.client()
                try await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try await client.receive(until: "GET /a ")
                #expect(server.server.connectionCount <= 3)
                clients.append(client)
            }
        }
    }

    @Test func shutdownLetsRequestsFinish() async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let (release, releasing) = AsyncStream.makeStream(of: Void.self)
        let handler: Server.Handler = { request in
            beginning.finish()
            for await _ in release {}
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let idle = try await server.client()
            let busy = try await server.client()
            try await busy.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            for await _ in began {}
            async let shutdown: Void = server.server.shutdown(grace: .seconds(30))
            #expect(try await idle.receiveAll() == "")
            releasing.finish()
            let answer = try await busy.receiveAll()
            #expect(answer.contains("Connection: close\r\n") && answer.hasSuffix("GET /a "))
            await busy.close()
            await shutdown
            #expect(server.server.connectionCount == 0)
            await #expect(throws: SystemError.self) { try await server.client() }
        }
    }

    @Test func shutdownCutsOffWhatDoesNotEnd() async throws {
        let (began, beginning) = AsyncStream.makeStream(of: Void.self)
        let handler: Server.Handler = { request in
            beginning.finish()
            // Ends when it is cancelled.
            try? await Task.sleep(for: .seconds(3600))
            return await echo(request)
        }
        try await withServer(handler: handler) { server in
            let client = try await server.client()
            try await client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n")
            for await _ in began {}
            await server.server.shutdown(grace: .milliseconds(20))
            #expect(server.server.connectionCount == 0)
        }
    }

    /// One server takes over from the other under load, on a socket that both were handed: nobody notices, neither those
    /// who stay connected nor those who come anew.
    @Test func nothingIsLostInARestart() async throws {
        let socket = try #require(try SocketAddress.resolve("127.0.0.1:0").first).listen().take()
        defer { Glibc.close(socket) }
        func handedOver() throws -> ServerConfiguration {
            var configuration = ServerConfiguration()
            configuration.sockets = [try systemCall("dup") { dup(socket) }]
            return configuration
        }
        let answered = Locked<[String: Int]>([:])
        let isOver = Locked(false)
        func load(on port: Int, _ loop: EventLoop) async throws {
            while !isOver.withLock({ $0 }) {
                let client = try await Client(port: port, on: loop)
                for _ in 0..<20 {
                    try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    let answer = try await client.receive(until: " served")
                    let name = answer.hasSuffix("first served") ? "first served" : "second served"
                    answered.withLock { $0[name, default: 0] += 1 }
                    if answer.contains("Connection: close") { break }
                }
            }
        }
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        try await withServer(try handedOver(), handler: { _ in .text("first served") }) { first in
            try await withThrowingTaskGroup { tasks in
                let port = first.port
                for _ in 0..<16 { tasks.addTask { try await load(on: port, group.loops[0]) } }
                try await poll { answered.withLock { $0["first served", default: 0] > 100 } }
                try await withServer(try handedOver(), handler: { _ in .text("second served") }) { second in
                    await first.server.shutdown(grace: .seconds(30))
                    #expect(first.server.connectionCount == 0)
                    let before = answered.withLock { $0["second served", default: 0] }
                    try await poll { answered.withLock { $0["second served", default: 0] > before + 100 } }
                    isOver.withLock { $0 = true }
                    try await tasks.waitForAll()
                }
            }
        }
    }
}
