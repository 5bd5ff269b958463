import Foundation
import HTTPClient
import Reactor
import TestSupport
import Testing

@testable import Metadata

@Suite("TVmaze", .timeLimit(.minutes(10)))
struct TVmazeTests {
    private static let harbour = StandInTVmaze.Show(
        id: 880_001, name: "Harbour Lights",
        summary: "<p><b>Harbour Lights</b> is a show with <i>HTML</i> &amp; an entity.</p><p>A &lt; B.</p>",
        episodes: [
            .init(id: 3, name: "Flood", season: 2, number: 1, airs: Date(timeIntervalSince1970: 1_795_060_800)),
            .init(id: 1, name: "Fog Signal", season: 1, number: 1, airs: Date(timeIntervalSince1970: 1_759_453_200)),
            .init(id: 9, name: "Behind the Fog", season: 1, number: nil, airs: nil),
            .init(id: 2, name: "Low Water", season: 1, number: 2, airs: Date(timeIntervalSince1970: 1_760_058_000)),
        ])

    private func withTVmaze(_ body: (TVmaze, StandInTVmaze) async throws -> Void) async throws {
        let group = try EventLoopGroup(threads: 1)
        defer { group.stop() }
        let source = try StandInTVmaze(shows: [Self.harbour])
        defer { source.stop() }
        let http = HTTPClient(group: group, userAgent: "usher-tests")
        try await body(TVmaze(http: http, baseURL: source.url + "/", retryPause: .milliseconds(1)), source)
    }

    private func failure(_ body: () async throws(MetadataError) -> Void) async -> MetadataError? {
        do throws(MetadataError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test func search() async throws {
        try await withTVmaze { tvmaze, source in
            let found = try await tvmaze.search("harbour li")
            let show = try #require(found.first)
            #expect(show.id == 880_001)
            #expect((show.name, show.year, show.status) == ("Harbour Lights", 2025, .running))
            #expect(show.network == "Test Network")
            #expect(show.runtime == 52)
            #expect((show.imdb, show.tvdb) == ("tt8800010", 880_101))
            #expect(show.summary == "Harbour Lights is a show with HTML & an entity.\nA < B.")
            #expect(show.episodes == nil)
            #expect(try await tvmaze.search("nothing like it").isEmpty)
            #expect(source.requests.first?.target == "/search/shows?q=harbour%20li")
        }
    }

    @Test func showWithEpisodesInOrder() async throws {
        try await withTVmaze { tvmaze, _ in
            let show = try await tvmaze.show(880_001)
            let episodes = try #require(show.episodes)
            #expect(episodes.map(\.id) == [1, 2, 9, 3])
            #expect(episodes[0].airs == Date(timeIntervalSince1970: 1_759_453_200))
            #expect(episodes[0].airdate == "2025-10-03")
            #expect(episodes[2].isSpecial)
            #expect(episodes[2].airs == nil)
            #expect(episodes[2].airdate == nil)
        }
    }

    @Test func otherNames() async throws {
        try await withTVmaze { tvmaze, source in
            #expect(try await tvmaze.show(880_001).otherNames == [])
            source.change(880_001) { $0.otherNames = ["Germany": "Hafenlichter", "France": "Les Lumières du port"] }
            let show = try await tvmaze.show(880_001)
            #expect(show.otherNames == ["Les Lumières du port", "Hafenlichter"])
        }
    }

    @Test func newEpisodeShowsUp() async throws {
        try await withTVmaze { tvmaze, source in
            let before = try await tvmaze.updates(since: .day)
            source.change(880_001) {
                $0.episodes.append(.init(id: 4, name: "Dead Reckoning", season: 2, number: 2, airs: nil))
            }
            let after = try await tvmaze.updates(since: .day)
            #expect(before[880_001] != after[880_001])
            let show = try await tvmaze.show(880_001)
            #expect(show.updated == after[880_001])
            #expect(show.episodes?.last?.name == "Dead Reckoning")
        }
    }

    @Test func unknownShow() async throws {
        try await withTVmaze { tvmaze, _ in
            #expect(await failure { () throws(MetadataError) in _ = try await tvmaze.show(5) } == .notFound)
        }
    }

    @Test func waitsAndAsksAgain() async throws {
        try await withTVmaze { tvmaze, source in
            source.behave(.busy(times: 2, retryAfter: 0))
            let asked = try await tvmaze.search("harbour")
            #expect(asked.count == 1)
            #expect(source.requests.count == 3)
            source.behave(.busy(times: 2, retryAfter: nil))
            let again = try await tvmaze.search("harbour")
            #expect(again.count == 1)
        }
    }

    @Test(arguments: [
        (StandInTVmaze.Mode.busy(times: 9, retryAfter: 0), MetadataError.rateLimited(retryAfter: .zero)),
        (.busy(times: 9, retryAfter: 600), .rateLimited(retryAfter: .seconds(600))),
        (.status(500), .status(500)), (.status(503), .status(503)), (.page, .malformed),
    ])
    func trouble(mode: StandInTVmaze.Mode, expected: MetadataError) async throws {
        try await withTVmaze { tvmaze, source in
            source.behave(mode)
            let error = await failure { () throws(MetadataError) in _ = try await tvmaze.search("x") }
            #expect(error == expected)
        }
    }

    @Test func away() async throws {
        try await withTVmaze { tvmaze, source in
            source.stop()
            let error = await failure { () throws(MetadataError) in _ = try await tvmaze.search("x") }
            #expect(error == .http(.connectFailed(reason: "connection refused")))
            #expect(error?.sentence(of: .tvmaze).hasPrefix("TVmaze cannot be reached.") == true)
        }
    }

    @Test func cancelledWhileWaiting() async throws {
        try await withTVmaze { tvmaze, source in
            source.behave(.silence)
            let task = Task { await failure { () throws(MetadataError) in _ = try await tvmaze.search("x") } }
            await source.requests(atLeast: 1)
            task.cancel()
            #expect(await task.value == .http(.cancelled))
        }
    }

    @Test func turns() {
        let limit = RateLimit(2, per: .seconds(10))
        let now = ContinuousClock.now
        let turns = (0..<5).map { _ in limit.reserve(at: now) - now }
        #expect(turns == [.zero, .zero, .seconds(10), .seconds(10), .seconds(20)])
        #expect(limit.reserve(at: now + .seconds(100)) == now + .seconds(100))
    }

    @Test func oddities() throws {
        let found = Data("[{\"score\":1},{\"show\":{\"id\":1,\"name\":\"A\"}},null,7]".utf8)
        #expect(try JSONDecoder().decode(Lossy<WireFound>.self, from: found).elements.map(\.show.id) == [1])
        let updates = { (text: String) in try JSONDecoder().decode(WireUpdates.self, from: Data(text.utf8)).stamps }
        #expect(try updates("[]") == [:])
        #expect(try updates("{\"1\":2,\"x\":3}") == [1: 2])
        let text = """
            {"id": 1, "name": "A", "status": "?", "url": "javascript:x", "premiered": "", "runtime": 0}
            """
        let odd = Show(try JSONDecoder().decode(WireShow.self, from: Data(text.utf8)))
        #expect((odd.status, odd.year, odd.runtime) == (.undecided, nil, nil))
        #expect(odd.url == "https://www.tvmaze.com/shows/1")
        // OWASP ASVS 5.0.0, 1.5.2: what is nested without end is an error, and no end of the stack.
        for open in ["[", "{\"show\":"] {
            let deep = Data(String(repeating: open, count: 200_000).utf8)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Lossy<WireFound>.self, from: deep) }
        }
    }

    @Test(arguments: [
        ("<p>One</p> <p>Two<br/>Three</p>", "One\nTwo\nThree"), ("a < b", "a < b"), ("<b>x", "x"),
        ("&lt;script&gt;", "<script>"), ("a\n\t b", "a\nb"),
    ])
    func plainText(html: String, text: String) {
        #expect(PlainText(html: html)?.text == text)
    }

    @Test func noText() {
        #expect(PlainText(html: "<p> </p>") == nil)
    }
}
