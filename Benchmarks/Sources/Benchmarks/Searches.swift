import FoundationEssentials
import Postgres
import Storage
import TestSupport

@testable import Orchestrator

/// The queue's work on a request that nobody has anything for: claim, ask an indexer over HTTP, judge, record. Beside the
/// statements that this sends, sent by pgbench, which asks nobody.
struct Searches: Benchmark {
    let name = "searches"
    let notes = "The indexer is an nginx on loopback that answers every question with an empty feed; fsync is off."
    private static let clients = 16
    /// In a round.
    private static let searches = 1600

    func run() async throws -> [Outcome] {
        let database = try await TestDatabase.household(requests: Self.searches)
        let pool = database.pool
        // Ids that are nothing else, to be known again in the statements.
        for (table, first) in [("searches", 8_000_001), ("indexer_asks", 9_000_001)] {
            try await pool.execute("ALTER TABLE \(raw: table) ALTER COLUMN id RESTART WITH \(raw: String(first))")
        }
        let indexer = try await Nginx.start(locations: ["/api": Self.answers])
        _ = try await pool.withConnection {
            try await Indexers.add(IndexerSettings(name: "Empty", url: indexer.url + "/api", apiKey: "key"), on: $0)
        }
        let statements = try await Statement.record(on: database) { house in
            _ = try await SearchWorker(orchestrator: house.orchestrator).searchNext()
        }
        let script = try await script(of: statements, pool)
        let house = try await House(database)
        let medians = try await alternate {
            try await makeDue(database)
            let worker = SearchWorker(orchestrator: house.orchestrator)
            let took = try await seconds {
                try await withThrowingTaskGroup { group in
                    for _ in 0..<Self.clients { group.addTask { while try await worker.searchNext() {} } }
                    try await group.waitForAll()
                }
            }
            return Double(Self.searches) / took
        } _: {
            try await makeDue(database)
            return try await Pgbench(database: database, script: script, clients: Self.clients)
                .rate(["-t", "\(Self.searches / Self.clients)"])
        }
        await house.pool.shutdown()
        indexer.stop()
        return [
            .rate(
                "claim, search with an empty answer, record; \(Self.clients) at a time", medians,
                beside: "pgbench, the same SQL", atLeast: 0.6)
        ]
    }

    private func makeDue(_ database: TestDatabase) async throws {
        try await database.pool.execute(
            "UPDATE requests SET next_search_at = now(), search_attempts = 0, search_lease = NULL")
        try await database.tidy()
    }

    /// The script of one search: what one statement answers stands in those after it.
    private func script(of statements: [Statement], _ pool: PostgresPool) async throws -> String {
        let row = try await pool.query(
            """
            SELECT (SELECT request_id FROM searches ORDER BY id DESC LIMIT 1) AS request,
                (SELECT max(id) FROM searches) AS search, (SELECT max(id) FROM indexer_asks) AS ask
            """)[0]
        let request: Int64 = try row.get("request")
        let toTitle = TestDatabase.firstRequest - TestDatabase.firstTitle
        let names = [
            "'\(request - toTitle)'": "(:claim_id - \(toTitle))",
            "'\(request)'": ":claim_id", "'{\(request)}'": "ARRAY[:claim_id]",
            "'\(try row.get("search") as Int64)'": ":search_id", "'\(try row.get("ask") as Int64)'": ":ask_id",
        ]
        let kept = ["WITH asked AS": "claim", "INSERT INTO searches": "search", "INSERT INTO indexer_asks": "ask"]
        return statements.map { statement in
            let time = #/'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*'/#
            return statement.scripted(
                { literal in literal.wholeMatch(of: time) != nil ? ":claim_at" : names[literal] },
                keep: kept.first { statement.text.contains($0.key) }?.value)
        }.joined(separator: "\n")
    }

    private static let answers = """
        default_type application/xml;
        if ($arg_t = caps) {
            return 200 '<caps><limits max="100" default="100"/><searching><search available="yes" supportedParams="q"/><movie-search available="yes" supportedParams="q"/></searching><categories><category id="2000" name="Movies"/></categories></caps>';
        }
        return 200 '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Empty</title></channel></rss>';
        """
}
