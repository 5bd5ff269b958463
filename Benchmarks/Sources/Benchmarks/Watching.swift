import Aria2
import Postgres
import TestSupport

@testable import Orchestrator

/// The look that the watcher takes at aria2 every two seconds, beside the call to aria2 that is in it.
struct Watching: Benchmark {
    let name = "watching"
    let notes = "Downloads without a peer, five of them active and the others queued, as aria2 does."
    private static let downloads = 1000

    func run() async throws -> [Outcome] {
        let aria2 = try await TestAria2.start(http: House.http)
        defer { aria2.stop() }
        let database = try await TestDatabase.household(requests: Self.downloads)
        let torrents = (1...Self.downloads).map { number in
            SharedTorrent(named: "download \(number)", .file(size: 20_000), announce: "http://127.0.0.1:9/announce")
        }
        try await fill(database.pool, torrents)
        let house = try await House(database, aria2: aria2)
        let watcher = Watcher(orchestrator: house.orchestrator)
        var memory = Watcher.Memory()
        // The first look gives aria2 all of them.
        try await watcher.tick(&memory)
        let known = try await aria2.client.snapshot().transfers.count
        guard known == Self.downloads else { throw TestSupportError("aria2 has \(known) downloads") }
        let medians = try await alternate(rounds: 9) {
            try await seconds(repetitions: 5) { try await watcher.tick(&memory) }
        } _: {
            try await seconds(repetitions: 5) { _ = try await aria2.client.snapshot() }
        }
        await house.pool.shutdown()
        return [
            .time(
                "the watcher's look at \(Self.downloads) downloads", medians, beside: "aria2's snapshot alone",
                under: 1.5)
        ]
    }

    /// A release chosen for each request, and its torrent there.
    private func fill(_ pool: PostgresPool, _ torrents: [SharedTorrent]) async throws {
        let (first, last) = (TestDatabase.firstRequest, TestDatabase.firstRequest + Int64(Self.downloads) - 1)
        for torrent in torrents {
            try await pool.execute(
                """
                INSERT INTO torrents (infohash, name, metainfo)
                VALUES (\(torrent.infohash), \(torrent.name), \(torrent.metainfo))
                """)
        }
        let hashes = torrents.map(\.infohash)
        let statements: [SQL] = [
            """
            INSERT INTO searches (request_id, started_at, seen, accepted, sentence, answers)
            SELECT id, now(), 1, 1, '1 seen', '[]' FROM requests ORDER BY id
            """,
            """
            INSERT INTO releases (request_id, search_id, indexer_name, guid, name, accepted, reasons, coverage, position)
            SELECT request_id, id, 'bench', request_id::text, 'release', true, '[]', '{}', 1 FROM searches ORDER BY id
            """,
            """
            INSERT INTO downloads (request_id, release_id, infohash)
            SELECT request_id, id, (\(hashes)::text[])[request_id - \(first) + 1] FROM releases ORDER BY id
            """,
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status)
            SELECT n, n, 'searchedFound', 'PENDING', 'FOUND' FROM generate_series(\(first), \(last)) AS n
            """,
            """
            INSERT INTO events (request_id, item_id, event, from_status, to_status, download_id)
            SELECT request_id, request_id, 'selected', 'FOUND', 'DOWNLOADING', id FROM downloads
            """,
            "UPDATE requests SET next_search_at = NULL",
            "VACUUM ANALYZE",
        ]
        try await pool.withConnection { connection in
            for statement in statements { try await connection.execute(statement) }
        }
    }
}
