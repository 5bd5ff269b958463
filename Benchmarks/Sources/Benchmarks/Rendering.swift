import Cryptography
import HTML
import HTTP
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport

@testable import HTTPServer
@testable import Web

/// The list of requests from values that are ready, as a compiled template writes it.
struct Rendering: Benchmark {
    let name = "rendering"
    let notes = """
        One thread. The peer appends the same bytes to an array, the text between two tags and each tag a piece of its own: \
        what a program does that has nothing to look up, to escape or to decide.
        """

    func run() async throws -> [Outcome] {
        let view = try await requests()
        let page = view.rendered()
        let pieces = Self.pieces(of: page)
        let rates = try await alternate {
            Self.rate { view.rendered() }
        } _: {
            Self.rate {
                var bytes: [UInt8] = []
                bytes.reserveCapacity(16 << 10)
                for piece in pieces { bytes.append(contentsOf: piece) }
                return bytes
            }
        }
        return [
            .rate(
                "requests page from ready values, \(page.count / 1024) KiB", rates, beside: "plain appends",
                atLeast: 0.6)
        ]
    }

    /// 48 requests, 20 of them downloading.
    private func requests() async throws -> RequestListPage {
        let database = try await TestDatabase.household(requests: 50)
        try await database.download(20)
        let token = "a session of the benchmark"
        let hash = Digest.sha256(Array(token.utf8))
        let choice = ListChoice(Form())
        let (me, part, people) = try await database.pool.withConnection { connection in
            try await Sessions.add(tokenHash: hash, user: 1, address: "127.0.0.1", agent: "bench", on: connection)
            guard let me = try await Sessions.find(tokenHash: hash, on: connection) else {
                throw TestSupportError("Nobody is signed in")
            }
            let part = try await RequestListPart.load(
                choice.part, of: choice.filter, seenBy: me.id, on: connection)
            return (me, part, try await Users.list(on: connection))
        }
        var parser = RequestHeadParser()
        guard let head = try parser.parse(Array("GET /requests HTTP/1.1\r\nHost: bench\r\n\r\n".utf8).span) else {
            throw TestSupportError("no request")
        }
        let visit = Visit(
            request: Request(head: head, peer: "127.0.0.1", isSecure: false, id: RequestID(7)),
            parameters: Parameters(),
            basePath: "", secret: token, isSecretNew: false, person: me, flash: nil)
        let downloads = part.summaries.flatMap(\.downloads)
        let progress = Dictionary(uniqueKeysWithValues: downloads.map { ($0, DownloadProgress($0, nil)) })
        return RequestListPage(
            page: visit.frame("Requests", for: me, live: LiveAddress.path(downloads: downloads), refreshSeconds: 15),
            statuses: choice.statusLinks(counts: [.pending: 30, .downloading: 20], for: me), kinds: choice.kindLinks,
            narrow: choice.narrowForm(people: people, me), list: choice.query, isApproval: false,
            reason: Field("reason", "The reason, if you decline", Entries(), isRequired: true, autocomplete: "off"),
            cards: part.summaries.map { summary in
                var card = RequestCard(summary, progress: progress, times: visit.times)
                card.tick = Tick(value: "\(summary.id)")
                return card
            },
            pagination: choice.pagination(part, of: 50))
    }

    private static func pieces(of page: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = [[]]
        for byte in page {
            if byte == UInt8(ascii: "<") { pieces.append([]) }
            pieces[pieces.count - 1].append(byte)
            if byte == UInt8(ascii: ">") { pieces.append([]) }
        }
        return pieces.filter { !$0.isEmpty }
    }

    /// Pages a second.
    private static func rate(_ render: () -> [UInt8]) -> Double {
        var bytes = 0
        let rounds = 5000
        let time = ContinuousClock().measure { for _ in 0..<rounds { bytes += render().count } }
        precondition(bytes > 0)  // what was written is looked at, so that it is written
        return Double(rounds) / (time / .seconds(1))
    }
}
