import HTTP
import Reactor
import Testing

@testable import HTTPServer

/// What is answered without waiting for anybody, beside what is not: on one connection, and nobody can tell.
@Suite(.timeLimit(.minutes(10))) struct AtOnceTests {
    private static let big = Response.text(String(repeating: "big ", count: 500_000))

    /// More than a record of TLS.
    private static let page = Response.text(String(repeating: "page ", count: 4000) + "now /page")

    private static let hooks = ServerHooks(atOnce: { request in
        switch request.path {
        case "/now": .text("now \(request.target)")
        case "/page": page
        case "/big": big
        default: nil
        }
    })

    private static let later: Server.Handler = { request in
        switch request.path {
        case "/now": .text("now \(request.target)")  // the first of a connection
        case "/page": page
        case "/big": big
        default: .text("later \(request.target) \(String(decoding: request.body, as: UTF8.self))")
        }
    }

    private func get(_ target: String, _ fields: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test func inTurnWithOthers() async throws {
        try await withServer(hooks: Self.hooks, handler: Self.later) { server in
            let client = try await server.client()
            for number in 0..<20 {
                try await client.send(get("/now?\(number)"))
                #expect(try await client.receive(until: "now /now?\(number)").hasPrefix("HTTP/1.1 200 OK\r\n"))
                try await client.send("POST /x?\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab")
                #expect(try await client.receive(until: "later /x?\(number) ab").hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            #expect(try await client.exchange(get("/now", "Connection: close\r\n")).hasSuffix("now /now"))
            try await server.untilEmpty()
        }
    }

    /// The first request makes the connection one that waits for the next.
    @Test func inOnePacketAndSplitAnywhere() async throws {
        let text = get("/now?1") + get("/later") + get("/now?2") + get("/now?3", "Connection: close\r\n")
        try await withServer(hooks: Self.hooks, handler: Self.later) { server in
            for split in stride(from: 0, to: text.utf8.count, by: 5) {
                let client = try await server.client()
                try await client.send(get("/first"))
                _ = try await client.receive(until: "later /first ")
                try await client.send(Array(text.utf8.prefix(split)))
                try await client.send(Array(text.utf8.dropFirst(split)))
                let answers = try await client.receiveAll()
                #expect(answers.count(of: "HTTP/1.1 200 OK\r\n") == 4)
                for end in ["now /now?1HTTP", "later /later HTTP", "now /now?2HTTP"] { #expect(answers.contains(end)) }
                #expect(answers.hasSuffix("now /now?3"))
            }
        }
    }

    @Test func whatIsWrongIsRefused() async throws {
        try await withServer(hooks: Self.hooks, handler: Self.later) { server in
            for (text, status) in [
                ("GET /now HTTP/1.1\r\n\r\n", 400), ("GET /now HTTP/1.1\r\nHost: a\r\nX : y\r\n\r\n", 400),
                ("HEAD https://a/now HTTP/1.1\r\nHost: a\r\n\r\n", 421),
            ] {
                let client = try await server.client()
                try await client.send(get("/now"))
                _ = try await client.receive(until: "now /now")
                let answer = try await client.exchange(text)
                #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.contains("Connection: close\r\n"))
            }
        }
    }

    /// What the system does not take at once comes when there is room, and the connection goes on.
    @Test func aClientThatReadsLate() async throws {
        let tls = try await TestTLS()
        for configuration in [ServerConfiguration(), ServerConfiguration(tls: [tls.files])] {
            try await withServer(configuration, hooks: Self.hooks, handler: Self.later) { server in
                let client = try await server.client(tls: configuration.tls.isEmpty ? nil : tls)
                try await client.send(get("/now"))
                _ = try await client.receive(until: "now /now")
                for _ in 0..<3 { try await client.send(get("/big")) }
                try await client.send(get("/later", "Connection: close\r\n"))
                let bytes = try await client.receiveAllBytes()
                #expect(bytes.count > 6_000_000 && String(decoding: bytes.suffix(13), as: UTF8.self) == "later /later ")
            }
        }
    }

    /// The time between two requests begins anew with each, and still ends; also where the task has to finish an answer: TLS
    /// takes no more than one record at once. It is told from when a request was sent that was answered: on a busy machine
    /// the client may be kept from its next one for longer than that time.
    @Test(arguments: [false, true]) func idleFromTheLastAnswer(inPieces: Bool) async throws {
        let tls = inPieces ? try await TestTLS() : nil
        var configuration = ServerConfiguration(tls: tls.map { [$0.files] } ?? [])
        configuration.timeouts.idle = .seconds(1)
        configuration.maxRequestsPerConnection = .max
        let path = inPieces ? "/page" : "/now"
        try await withServer(configuration, hooks: Self.hooks, handler: Self.later) { server in
            let client = try await server.client(tls: tls)
            let began = ContinuousClock.now
            var answered = began
            do {
                while .now - began < .seconds(2) {
                    let sent = ContinuousClock.now
                    try await client.send(get(path))
                    _ = try await client.receive(until: "now \(path)")
                    answered = sent
                }
                #expect(try await client.receiveAll().isEmpty)
            } catch is ConnectionLost {
            } catch is SystemError {
            } catch is TLSError {}  // written to when it was closed already
            #expect(.now - answered >= .milliseconds(900))
            try await server.untilEmpty()
        }
    }

    /// TLS hands out whole records only. One whose beginning came alone is waited for as long as any request. A client that
    /// a busy machine keeps from sending for the whole idle time is none to tell it by: there is another try then.
    @Test func idleWithHalfARecord() async throws {
        let tls = try await TestTLS()
        let idle = Duration.seconds(3)
        var configuration = ServerConfiguration(tls: [tls.files])
        configuration.timeouts.idle = idle
        configuration.maxRequestsPerConnection = .max
        try await withServer(configuration, hooks: Self.hooks, handler: Self.later) { server in
            while true {
                var longest = Duration.zero
                let client = try await server.client(tls: tls)
                let began = ContinuousClock.now
                var last = began
                func note() { (longest, last) = (max(longest, .now - last), .now) }
                do {
                    while .now - began < idle + .milliseconds(300) {
                        try await client.send(get("/now"))
                        _ = try await client.receive(until: "now /now")
                        note()
                    }
                    let record = try await server.group.loops[0].run { try tls.record(of: get("/now?half")) }
                    try tls.sendAsItIs(record.prefix(20))
                    try await Task.sleep(for: .milliseconds(20))  // so that it comes alone
                    try tls.sendAsItIs(record.dropFirst(20))
                    note()
                    #expect(try await client.receive(until: "now /now?half").hasPrefix("HTTP/1.1 200 OK\r\n"))
                    return
                } catch {
                    note()
                    guard longest >= idle - .milliseconds(100) else { throw error }
                }
            }
        }
    }

    /// The connection ends when that comes, and not when it has been idle for long enough.
    @Test func whatIsNoRecordEndsIt() async throws {
        let tls = try await TestTLS()
        try await withServer(ServerConfiguration(tls: [tls.files]), hooks: Self.hooks, handler: Self.later) { server in
            let client = try await server.client(tls: tls)
            for _ in 0..<2 {
                try await client.send(get("/now"))
                _ = try await client.receive(until: "now /now")
            }
            try tls.sendAsItIs(Array("GET /now HTTP/1.1\r\n".utf8)[...])
            await #expect(throws: TLSError.self) { try await client.receiveAll() }
            await client.close()
            try await server.untilEmpty()
        }
    }

    /// Who comes takes the room of those who are idle, but not of one whose request has just been read.
    @Test func notIdleOnceItIsRead() async throws {
        var configuration = ServerConfiguration()
        configuration.maxConnections = 2
        // On one loop, and both at once: it accepts first, then reads, and only then makes room.
        try await withServer(configuration, threads: 1, hooks: Self.hooks, handler: Self.later) { server in
            let client = try await server.client()
            try await client.send(get("/now"))
            _ = try await client.receive(until: "now /now")
            let other = try await server.group.loops[0].run {
                let other = try await server.client()
                try await client.send(get("/later"))
                return other
            }
            #expect(try await client.receiveAll().hasSuffix("later /later "))
            await other.close()
            try await server.untilEmpty()
        }
    }

    /// Not while the server ends, and not beyond what a connection may ask: then the answer says that it is the last.
    @Test func theLastAnswerSaysSo() async throws {
        var configuration = ServerConfiguration()
        configuration.maxRequestsPerConnection = 3
        try await withServer(configuration, hooks: Self.hooks, handler: Self.later) { server in
            let client = try await server.client()
            for _ in 0..<2 {
                try await client.send(get("/now"))
                #expect(!(try await client.receive(until: "now /now")).contains("Connection: close"))
            }
            #expect(try await client.exchange(get("/now")).contains("Connection: close\r\n"))
            try await server.untilEmpty()
        }
    }
}
