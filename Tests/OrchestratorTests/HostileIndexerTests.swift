import Foundation
import Lifecycle
import Logging
import Postgres
import Storage
import TestSupport
import Testing

@testable import Orchestrator

/// An indexer that means harm, or might as well: it costs the household a line on the page, and nothing else.
@Suite("Hostile indexers", .timeLimit(.minutes(10)))
struct HostileIndexerTests {
    private let name = "The Long Way 2019 1080p WEB-DL x264-TEST"
    private let key = "secret9"

    // MARK: Bodies

    /// What each answers to a search, and a word of what is then said of it.
    private static let bodies: [(name: String, answer: StandInServer.Answer, said: String)] = [
        ("Endless", .endlessly(head() + Array("<rss><channel>".utf8), then: Array(item("Spam").utf8)), "more than any"),
        (
            "Endless names",
            .endlessly(head() + Array("<rss><channel><item><title>".utf8), then: Array(repeating: 0x61, count: 65_536)),
            "more than any"
        ),
        (
            "Endless fields", .endlessly(Array("HTTP/1.1 200 OK\r\n".utf8), then: Array("X-More: of it\r\n".utf8)),
            "header"
        ),
        ("Drip", .slowly(head() + Array(feed(item("Spam")).utf8), pause: .milliseconds(50)), "did not answer"),
        ("Silence", .silence, "did not answer"),
        ("Huge", .text(feed(item("Spam") + String(repeating: " ", count: 5 << 20))), "more than any"),
        ("Says more", .exactly(head("Content-Length: 100000") + Array(feed(item("Spam")).utf8)), "did not answer"),
        ("Says less", .exactly(head("Content-Length: 40") + Array(feed(item("Spam")).utf8)), "cannot be read"),
        ("Says terabytes", .exactly(head("Content-Length: 9000000000000") + Array("<rss>".utf8)), "more than any"),
        ("Bomb", .reply(status: 200, fields: ["Content-Encoding": "gzip"], body: bomb(of: 64 << 20)), "more than any"),
        (
            "No gzip", .reply(status: 200, fields: ["Content-Encoding": "gzip"], body: Array("<rss>".utf8)),
            "compression"
        ),
        ("Bad chunks", .exactly(head("Transfer-Encoding: chunked") + Array("zz\r\n<rss>".utf8)), "did not answer"),
        ("Deep", .text("<rss><channel>" + String(repeating: "<item>", count: 100_000)), "cannot be read"),
        ("Broken off", .text("<rss><channel><item><title>Half a"), "cannot be read"),
        ("Page", .text("<!DOCTYPE html><html><body>Sign in</body></html>", type: "text/html"), "HTML page"),
        ("Nothing", .text(""), "nothing"),
        (
            "Noise", .reply(status: 200, fields: [:], body: (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 151) }),
            "instead"
        ),
        ("Wrong key", .text("<error code=\"100\" description=\"Invalid API Key secret9\"/>"), "refuses the API key"),
        ("Tells", .text("<error code=\"900\" description=\"at http://a.example/?apikey=secret9&amp;q=\"/>"), "(900)"),
        ("No list", .text("<caps/>"), "no list of releases"),
        ("Elsewhere", .redirect(to: "file:///etc/passwd"), "sends us elsewhere"),
    ]

    /// All of them at once, beside one that is well.
    @Test func aLineOnThePageAndNothingElse() async throws {
        try await World.live(indexed: false, patience: .seconds(4)) { world in
            var hostile: [StandInIndexer] = []
            defer { for indexer in hostile { indexer.stop() } }
            for body in Self.bodies {
                let indexer = try StandInIndexer(apiKey: key)
                hostile.append(indexer)
                indexer.behave(.answering(body.answer))
                try await world.addIndexer(IndexerSettings(name: body.name, url: indexer.url, apiKey: key))
            }
            try await world.addIndexer(key: world.indexer.apiKey)
            try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.until("it is over") { try await world.search(of: request)?.finishedAt != nil }

            let search = try #require(try await world.search(of: request))
            #expect(search.seen == 1)
            #expect(search.answers.first { $0.indexer == "Stand-in" }?.error == nil)
            for body in Self.bodies {
                let answer = try #require(search.answers.first { $0.indexer == body.name })
                let error = try #require(answer.error, "\(body.name) is taken for an answer")
                #expect(answer.count == 0)
                #expect(error.contains(body.said), "\(body.name): \(error)")
            }
            let kept = try await world.pool.query(
                """
                SELECT (SELECT string_agg(searches::text, '') FROM searches)
                    || (SELECT string_agg(concat(last_error), '') FROM indexers) AS kept
                """)
            let text: String = try kept[0].get("kept")
            #expect(!text.contains(key))
            #expect(!text.contains(world.indexer.apiKey))
        }
    }

    /// The links of releases carry the indexer's key; nothing else does, whatever goes well or wrong.
    @Test func keysAreInLinksAndNowhereElse() async throws {
        let log = LogCollector()
        var logger = log.logger()
        logger.logLevel = .trace
        try await World.live(logger: logger) { world in
            let key = world.indexer.apiKey
            try await world.share(name)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(name, of: request)
            try await world.until(request, is: .completed)
            try await world.share("Another Way 2019 1080p WEB-DL x264-TEST", isAlive: false)
            let dead = try await world.askMovie("Another Way")
            try await world.until(dead, is: .found)
            world.indexer.offer([])
            try await world.choose("Another Way 2019 1080p WEB-DL x264-TEST", of: dead)
            try await world.until(dead, is: .failed)
            world.indexer.behave(.error(code: 900, description: "No answer for \(world.indexer.url)?apikey=\(key)"))
            let third = try await world.askMovie("A Third Way")
            try await world.until("it was searched") { try await world.search(of: third)?.finishedAt != nil }
            #expect(try await world.search(of: third)?.answers[0].error?.contains("(900)") == true)
            // A torrent that is not handed out just now is fetched again later, and the log says why.
            world.indexer.behave(.well)
            try await world.share("A Third Way 2019 1080p WEB-DL x264-TEST", isAlive: false)
            try await world.pool.execute("UPDATE indexers SET blocked_until = NULL")
            try await world.orchestrator.search(third, by: world.anna)
            try await world.until(third, is: .found)
            world.indexer.behave(.status(503))
            try await world.choose("A Third Way 2019 1080p WEB-DL x264-TEST", of: third)
            try await world.until("it was logged") { !log.lines.isEmpty }
            #expect(!log.lines.contains { $0.contains(key) }, "\(log.lines)")
            let tables = try await world.pool.query("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
            for table in try tables.map({ try $0.get("tablename") as String }) {
                let rows = "\(table) WHERE (to_jsonb(\(table)) - '{link,api_key}'::text[])::text LIKE '%\(key)%'"
                #expect(try await world.count(rows) == 0, "\(table)")
            }
            #expect(try await world.count("releases WHERE link LIKE '%\(key)%'") > 0)
        }
    }

    /// A feed that is well formed, and says what cannot be.
    @Test func liesAreNotBelieved() async throws {
        let absurd = ["-1", "0", "9223372036854775808", "99999999999999999999999999", "1e9", "NaN", "", "many"]
        let items = absurd.enumerated().map { number, value in
            Self.item(
                "\(name)\(number)", size: value,
                attributes: [
                    ("seeders", value), ("peers", value), ("grabs", value), ("category", value), ("size", value),
                    ("infohash", number.isMultiple(of: 2) ? "(removed)" : String(repeating: "z", count: 40)),
                    ("imdb", value), ("tvdbid", value), ("season", value), ("downloadvolumefactor", value),
                ], date: number.isMultiple(of: 2) ? "Fri, 31 Dec 9999 23:59:59 +0000" : "yesterday")
        }
        let twice = Self.item(name, size: "2500000000", attributes: [("seeders", "7"), ("category", "2040")])
        let others = [
            Self.item("", size: "1"), Self.item(String(repeating: name + " ", count: 2_000), size: "2500000000"),
            Self.item("\u{202E}\(name)\u{200B}\u{FEFF}", size: "2500000000"),
            "<item/>", "<item><title>\(name)</title><link>file:///etc/passwd</link></item>",
            "<item><title>\(name)</title><link>javascript:alert(1)</link></item>",
            "<item><title>&lt;script&gt;alert(1)&lt;/script&gt;</title><link>http://a.example/1</link></item>",
        ]
        let feed = Self.feed((items + others + [twice, twice]).joined())
        try await World.live(indexed: false) { world in
            let indexer = try StandInIndexer(apiKey: key)
            defer { indexer.stop() }
            indexer.behave(.answering(.text(feed)))
            try await world.addIndexer(IndexerSettings(name: "Liar", url: indexer.url, apiKey: key))
            let request = try await world.askMovie()
            try await world.until(request, is: .found)

            let search = try #require(try await world.search(of: request))
            #expect(search.answers.map(\.error) == [nil])
            let releases = try await world.pool.withConnection {
                try await ReleaseRows.list(of: search.id, on: $0)
            }
            #expect(releases.filter { $0.name == name }.map(\.seeders) == [7])
            #expect(releases.allSatisfy { ($0.size ?? 1) > 0 && ($0.seeders ?? 0) >= 0 && $0.name.count <= 500 })
            #expect(releases.allSatisfy { $0.infohash == nil })
            #expect(releases.allSatisfy { ($0.publishedAt ?? .now) <= .now })
        }
    }

    // MARK: Prowlarr

    /// An indexer that failed inside Prowlarr has answered with nothing: that cannot be told from a site that has nothing, so it
    /// is an answer, and what the others have is found all the same.
    @Test func anEmptyListIsAnAnswer() async throws {
        try await World.live(indexed: false) { world in
            let empty = try StandInIndexer(apiKey: key)
            defer { empty.stop() }
            empty.behave(.answering(.text(Self.feed(""))))
            try await world.addIndexer(IndexerSettings(name: "Empty", url: empty.url, apiKey: key))
            let waiting = try await world.askMovie("Another Way")
            try await world.until("it was searched") { try await world.request(waiting).searchAttempts == 1 }
            #expect(try await world.status(waiting) == .pending)
            #expect(try await world.search(of: waiting)?.answers.map(\.error) == [nil])
            #expect(try await world.search(of: waiting)?.seen == 0)

            try await world.addIndexer(key: world.indexer.apiKey)
            try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.until("it is over") { try await world.search(of: request)?.finishedAt != nil }
            #expect(try await world.search(of: request)?.answers.map(\.count).sorted() == [0, 1])
            #expect(try await world.count("indexers WHERE failures > 0") == 0)

            // Who sets it up is told that it may not be what it looks like.
            let report = await world.orchestrator.test(url: empty.url, apiKey: key)
            #expect(report.isGood && report.sentence.contains("0 newest releases"))
            #expect(report.sentence.contains("Its site may be away"))
        }
    }

    /// Prowlarr's `/0/api` answers each question with this, word for word.
    @Test func prowlarrsTestReleaseIsNoRelease() async throws {
        let item = """
            <item><title>Test Release</title><guid>https://prowlarr.com</guid><link>https://prowlarr.com</link>\
            <pubDate>Thu, 01 Oct 2026 12:00:00 +0000</pubDate><size>0</size>\
            <enclosure url="https://prowlarr.com" length="0" type="application/x-nzb"/></item>
            """
        try await World.live(indexed: false) { world in
            let indexer = try StandInIndexer(apiKey: key)
            defer { indexer.stop() }
            indexer.behave(.answering(.text(Self.feed(item))))
            let report = await world.orchestrator.test(url: indexer.url, apiKey: key)
            #expect(!report.isGood && report.sentence.contains("with that one's number in the place of 0"))

            try await world.addIndexer(IndexerSettings(name: "Zero", url: indexer.url, apiKey: key))
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.request(request).searchAttempts == 1 }
            #expect(try await world.status(request) == .pending)
            let search = try #require(try await world.search(of: request))
            #expect(search.seen == 1 && search.accepted == 0 && search.answers.map(\.error) == [nil])
        }
    }

    // MARK: Pages

    @Test func theSamePageAgainIsTheLast() async throws {
        try await World.live { world in
            world.indexer.page(by: 2, offsets: .ignored)
            for number in 1...5 { try await world.share("\(name)\(number)", isAlive: false) }
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            #expect(try await world.search(of: request)?.seen == 2)
            #expect(
                world.indexer.requests.map(\.query).filter { $0["t"] != "caps" }.map { $0["offset"] } == [nil, "2"])
        }
    }

    @Test func anOffsetRefusedIsTheEnd() async throws {
        try await World.live { world in
            world.indexer.page(by: 2, offsets: .refused)
            for number in 1...5 { try await world.share("\(name)\(number)", isAlive: false) }
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let search = try #require(try await world.search(of: request))
            #expect(search.seen == 2)
            #expect(search.answers.map(\.error) == [nil])
        }
    }

    @Test func whatCameBeforeAnOutageCounts() async throws {
        try await World.live { world in
            world.indexer.page(by: 2, offsets: .closing)
            for number in 1...5 { try await world.share("\(name)\(number)", isAlive: false) }
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let search = try #require(try await world.search(of: request))
            #expect(search.seen == 2)
            #expect(search.answers.map { $0.error != nil } == [true])
            #expect(search.sentence == "2 seen: 2 acceptable; only part of an answer from Stand-in.")
        }
    }

    // MARK: Parts of answers

    private static func head(_ field: String = "Content-Type: application/xml") -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\n\(field)\r\n\r\n".utf8)
    }

    private static func feed(_ items: String) -> String {
        "<rss xmlns:torznab=\"http://torznab.com/schemas/2015/feed\"><channel>\(items)</channel></rss>"
    }

    private static func item(
        _ title: String, size: String = "1", attributes: [(String, String)] = [],
        date: String = "Thu, 01 Oct 2026 12:00:00 +0000"
    ) -> String {
        """
        <item><title>\(title)</title><link>http://a.example/\(title.hashValue)</link><size>\(size)</size>\
        <pubDate>\(date)</pubDate>\
        \(attributes.map { "<torznab:attr name=\"\($0.0)\" value=\"\($0.1)\"/>" }.joined())</item>
        """
    }

    /// So many equal bytes, compressed to a two-hundredth of them.
    ///
    /// RFC 1951, 3.2.6: with fixed codes, a literal, and then as often as needed "258 bytes, one byte back".
    private static func bomb(of count: Int) -> [UInt8] {
        // RFC 1952, 2.3: deflate, no flags, no time, no system.
        var (bytes, pending, width): ([UInt8], UInt32, UInt32) = ([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255], 0, 0)
        func put(_ bits: UInt32, _ count: UInt32) {
            pending |= bits << width
            width += count
            while width >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                (pending, width) = (pending >> 8, width - 8)
            }
        }
        put(0b011, 3)  // the last block, of fixed codes
        put(0b0000_1100, 8)  // a zero: code 00110000, its first bit first
        for _ in 0..<count / 258 {
            put(0b1010_0011, 8)  // 258: code 11000101
            put(0, 5)  // one back
        }
        put(0, 7)  // the end
        put(0, 7)  // the rest of the last byte
        return bytes
    }
}
