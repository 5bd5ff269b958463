import HTTP
import HTTPTypes
import Orchestrator
import Postgres
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

        var all: String { text.withLock { $0 } }

        func heard(_ wanted: String) async -> Bool {
            for await text in pieces where text.contains(wanted) { return true }
            return false
        }
    }

    @Test(.timeLimit(.minutes(10))) func aChangeIsTold() async throws {
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

    /// A stream that broke off goes on after what its page has heard: what the database knows to have changed since is
    /// told, whichever process it happened in, and nothing else.
    @Test(.timeLimit(.minutes(10))) func whatWasMissedIsTold() async throws {
        let house = try await House.inhabited()
        let (missed, other) = (try await house.movie(), try await house.movie("Another", year: 1999))
        let anna = try await house.browser(of: "Anna")
        let target = "/live?requests=\(missed),\(other)"
        let first = Listener()
        let end = try #require(try await anna.stream(to: target, first))
        // A page that is new looks for itself.
        #expect(await first.heard("event: ready\nid: "))
        #expect(first.all.hasSuffix("\ndata: \n\n"))
        try await house.orchestrator.search(other, by: try await house.person("Olga"))
        #expect(await first.heard("event: changed\nid: "))
        let last = try #require(first.all.split(separator: "id: ").last?.prefix { $0 != "\n" })
        end()
        // Long enough ago not to be told again.
        let before = Int64(last).map { $0 - 60_000 } ?? 0
        try await house.pool.execute(
            "UPDATE requests SET changed_at = now() - interval '5 minutes', search_lease = NULL")
        try await house.pool.execute("UPDATE request_log SET at = now() - interval '5 minutes'")
        try await house.pool.execute("DELETE FROM notices")
        try await house.pool.execute("UPDATE requests SET changed_at = clock_timestamp() WHERE id = \(missed)")
        let second = Listener()
        let over = try #require(try await anna.stream(to: target, second, after: "\(before)"))
        #expect(await second.heard("data: caught up\n\n"))
        #expect(second.all.contains("event: changed\ndata: \(missed)\n\n"))
        #expect(!second.all.contains("data: \(other)\n\n"))
        over()
        // The whole house is not written down with its times, and what is no id is none.
        for (target, id) in [("/live", "\(before)"), (target, "x"), (target, "99999999999999999")] {
            let page = Listener()
            let end = try #require(try await anna.stream(to: target, page, after: id))
            #expect(await page.heard("event: ready\n"))
            #expect(page.all.hasSuffix("\ndata: \n\n"), "\(target), \(id)")
            end()
        }
    }
}

extension Browser {
    /// Begins to listen; what comes back ends it.
    fileprivate func stream(
        to target: String, _ writer: any BodyWriter, after id: String? = nil
    ) async throws -> (@Sendable () -> Void)? {
        let fields: HTTPFields = id.map { [HTTPField.Name("Last-Event-ID")!: $0] } ?? [:]
        guard case .stream(let body) = try await response(to: target, fields: fields).body else { return nil }
        return body(writer)
    }
}
