import HTTP
import Orchestrator
import Reactor
import Testing

@testable import Web

@Suite("The stream that keeps pages up to date")
struct LiveTests {
    /// Takes what is streamed; tells when some text has come.
    private final class Listener: BodyWriter {
        private let text = Locked("")
        private let pieces: AsyncStream<String>
        private let continuation: AsyncStream<String>.Continuation

        init() { (pieces, continuation) = AsyncStream.makeStream(of: String.self) }

        func end() { continuation.finish() }

        func write(_ bytes: [UInt8]) {
            continuation.yield(
                text.withLock { text in
                    text += String(decoding: bytes, as: UTF8.self)
                    return text
                })
        }

        func heard(_ wanted: String) async -> Bool {
            for await text in pieces where text.contains(wanted) { return true }
            return false
        }
    }

    @Test(.timeLimit(.minutes(1))) func aChangeIsTold() async throws {
        let house = try await House.inhabited()
        let request = try await house.movie()
        let other = try await house.movie("Another", year: 1999)
        let anna = try await house.browser(of: "Anna")
        let response = try await anna.response(to: "/live?requests=\(request)&downloads=1,x,2")
        guard case .stream(let body) = response.body else {
            Issue.record("no stream")
            return
        }
        let listener = Listener()
        let end = body(listener)
        #expect(await listener.heard("retry: 3000"))
        // aria2 is away, and the stream says so.
        #expect(await listener.heard("event: progress"))
        try await house.orchestrator.search(other, by: try await house.person("Olga"))
        try await house.orchestrator.search(request, by: try await house.person("Olga"))
        #expect(await listener.heard("event: changed"))
        end()
    }
}
