import Glibc
import HTTP
import Reactor
import Testing

@testable import HTTPServer

/// Everything that a visitor should not do, in random mixtures and from many of them at once, beside others who mean well:
/// each of those is answered, and in the end memory and descriptors are where they were. For as many seconds as
/// `SIEGE_SECONDS` says, two without; in a process of its own, where both can be counted.
@Suite(.timeLimit(.minutes(60)), .serialized) struct SiegeTests {
    @Test func plain() async {
        tell(
            await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                try await Siege.stand(tls: nil)
            })
    }

    @Test func overTLS() async {
        tell(
            await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
                try await Siege.stand(tls: try await TestTLS())
            })
    }

    /// Its numbers, and what is wrong with them.
    private func tell(_ result: ExitTest.Result?) {
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let line =
            output.split(separator: "\n").first { $0.hasPrefix("Siege: ") } ?? "Siege: it did not come to its end"
        print(line)
        #expect(line.hasSuffix("; all is well"), "\(line)")
    }
}

private struct Siege: Sendable {
    let server: TestServer
    let tls: TestTLS?
    let loops: EventLoopGroup
    private let state = Locked(State())

    /// By so many KiB memory may differ between two moments of rest.
    private static let most = 8 << 10

    private struct State {
        var isOver = false
        var good = 0
        var bad = 0
        var failures: [String] = []
    }

    static func stand(tls: TestTLS?) async throws {
        var configuration = ServerConfiguration(tls: tls.map { [$0.files] } ?? [])
        configuration.maxConnectionsPerAddress = 1000  // all are from here
        configuration.timeouts.body = .seconds(1)
        configuration.timeouts.write = .seconds(1)
        configuration.timeouts.linger = .milliseconds(200)
        let seconds = getenv("SIEGE_SECONDS").flatMap { Double(String(cString: $0)) } ?? 2
        let loops = try EventLoopGroup(threads: 1)
        try await withServer(configuration, handler: answer) { server in
            // What is made once and kept is made now.
            let first = Siege(server: server, tls: tls, loops: loops)
            try await first.last(for: .seconds(max(2, seconds / 4)))
            let before = try await first.atRest()
            let second = Siege(server: server, tls: tls, loops: loops)
            try await second.last(for: .seconds(seconds))
            let after = try await second.atRest()
            // Some of it may have been needed for the first time, or lie between what is still used; what is lost is lost
            // each time.
            var (earlier, latest, rounds) = (before, after, 1)
            while latest.kibibytes > earlier.kibibytes + most, rounds < 5 {
                try await Siege(server: server, tls: tls, loops: loops).last(for: .seconds(seconds))
                (earlier, latest, rounds) = (latest, try await second.atRest(), rounds + 1)
            }
            let isLosing = latest.kibibytes > earlier.kibibytes + most
            let (good, bad, failures) = second.state.withLock { ($0.good, $0.bad, $0.failures) }
            var problems = failures.prefix(3).map { "a good request failed: \($0)" }
            if good == 0 { problems.append("nobody was served") }
            if after.descriptors > before.descriptors { problems.append("descriptors are lost") }
            // Sanitizers keep what was freed, to find who uses it still.
            let isSanitized = getenv("ASAN_OPTIONS") != nil || getenv("TSAN_OPTIONS") != nil
            if !isSanitized, isLosing { problems.append("memory is lost") }
            print(
                "Siege: \(bad) bad connections, \(good) good answers; before it \(before), after it \(after);",
                problems.isEmpty ? "all is well" : problems.joined(separator: ", "))
        }
        loops.stop()
    }

    @Sendable private static func answer(_ request: Request) async -> Response {
        switch request.path {
        case "/large": return .html([UInt8](repeating: 0x61, count: 4 << 20))
        case "/stream":
            return writtenByTask(heartbeat: .milliseconds(50)) { _ in try await Task.sleep(for: .seconds(3600)) }
        default: return await echo(request)
        }
    }

    private func last(for duration: Duration) async throws {
        await withTaskGroup { people in
            for number in 0..<8 { people.addTask { await beGood(number) } }
            for _ in 0..<100 { people.addTask { await beBad() } }
            try? await Task.sleep(for: duration)  // nobody cancels it
            state.withLock { $0.isOver = true }
        }
    }

    private var isOver: Bool { state.withLock { $0.isOver } }

    // MARK: What is left of it

    private struct Remains: CustomStringConvertible {
        var descriptors, kibibytes: Int
        var description: String { "\(descriptors) descriptors and \(kibibytes) KiB" }
    }

    private func atRest() async throws -> Remains {
        try await server.untilEmpty()
        // Clients let go of their descriptors on their loop, a moment later.
        await loops.loops[0].run {}
        let descriptors = (0..<4096).count { fcntl($0, F_GETFD) >= 0 }
        giveMemoryBack()
        let statistics = open("/proc/self/statm", O_RDONLY)
        defer { Glibc.close(statistics) }
        var text = [UInt8](repeating: 0, count: 128)
        let count = read(statistics, &text, text.count)
        // What is resident without what is mapped of files: code that runs for the first time is no loss (proc(5)).
        let pages = String(decoding: text[..<max(0, count)], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
        return Remains(descriptors: descriptors, kibibytes: pages.count > 2 ? (pages[1] - pages[2]) * 4 : 0)
    }

    // MARK: Those who mean well

    private func beGood(_ number: Int) async {
        while !isOver {
            do {
                let client = try await client()
                for round in 0..<Int.random(in: 1...20) {
                    let text = "\(number)-\(round)"
                    if round % 2 == 0 {
                        try await client.send("GET /\(text) HTTP/1.1\r\nHost: a\r\n\r\n")
                        _ = try await client.receive(until: "GET /\(text) ")
                    } else {
                        try await client.send(
                            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
                        _ = try await client.receive(until: "POST /p \(text)")
                    }
                    state.withLock { $0.good += 1 }
                }
                await client.close()
            } catch {
                state.withLock { $0.failures.append("\(error)") }
            }
        }
    }

    private func client() async throws -> Client {
        try await Client(port: server.port, tls: tls, on: loops.loops[0])
    }

    // MARK: Those who do not

    private func beBad() async {
        while !isOver {
            let turn = state.withLock { state in
                state.bad += 1
                return state.bad
            }
            do {
                try await misbehave(turn)
            } catch {
                // The server does not have to like it.
            }
        }
    }

    private func misbehave(_ turn: Int) async throws {
        if tls != nil, turn % 5 == 0 { return try await misbehaveBeforeTLS() }
        let client = try await client()
        var random = SystemRandomNumberGenerator()
        let refusals = StrictTests.refusals
        let text = turn % 3 == 0 ? StrictTests.acceptances.randomElement()?.0 ?? "" : refusals[turn % refusals.count].0
        switch Int.random(in: 0..<10) {
        case 0: try await client.send((0..<Int.random(in: 1...4096)).map { _ in .random(in: 0...255, using: &random) })
        case 1: try await client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
        case 2: try await client.send("GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")
        case 3: try await client.send(String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 200))
        case 4: try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n" + text)
        case 5:
            let bytes = Array(text.utf8)
            let cut = Int.random(in: 0...bytes.count)
            try await client.send(Array(bytes[..<cut]))
            try await client.send(Array(bytes[cut...]))
        case 6:
            for byte in text.utf8.prefix(100) { try await client.send([byte]) }
        case 7: try await client.send(String(decoding: text.utf8.prefix(Int.random(in: 0..<80)), as: UTF8.self))
        default: try await client.send(text)
        }
        switch Int.random(in: 0..<5) {
        case 0: await client.abort()
        case 1: await client.close()
        case 2:
            await client.finish()
            await client.abort()
        case 3:
            await client.finish()
            _ = try await client.receiveAllBytes()
        default:
            // Neither reads nor goes, for a moment or until it is thrown out.
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...1500)))
        }
    }

    private func misbehaveBeforeTLS() async throws {
        let client = try await Client(port: server.port, on: loops.loops[0])
        switch Int.random(in: 0..<4) {
        case 0: try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        case 1: try await client.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00])
        case 2: try await client.send([22, 3, 1, 0, 200] + (0..<200).map { _ in UInt8.random(in: 0...255) })
        default: break
        }
        if Bool.random() { await client.abort() }
    }
}
