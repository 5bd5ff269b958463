import Aria2
import Backup
import Foundation
import HTTPClient
import Logging
import Metadata
import Orchestrator
import Postgres
import Reactor
import Storage
import TestSupport
import Torznab

/// What a process of Usher is made of, on a database of its own, as `usher serve` puts it together.
struct House: Sendable {
    static let loops = TestDatabase.group
    static let http = HTTPClient(group: loops, userAgent: "usher-benchmarks")
    /// An aria2 for those that do not look at it.
    private static let sharedAria2 = Task { try await TestAria2.start(http: http) }

    let pool: PostgresPool
    let orchestrator: Orchestrator

    /// - Parameter connections: to the database, of all loops.
    init(_ database: TestDatabase, aria2: TestAria2? = nil, connections: Int = 16) async throws {
        var logger = Logger(label: "bench")
        logger.logLevel = .error
        var configuration = try PostgresConfiguration(url: database.url)
        configuration.maxConnections = connections
        configuration.acquireTimeout = .seconds(20)
        configuration.queryDeadline = .seconds(600)
        pool = PostgresPool(configuration, group: Self.loops, logger: logger)
        let downloader: TestAria2
        if let aria2 { downloader = aria2 } else { downloader = try await Self.sharedAria2.value }
        let folder = downloader.directory + "/downloads"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        orchestrator = Orchestrator(
            OrchestratorParts(
                pool: pool, http: Self.http, aria2: downloader.client, torznab: TorznabClient(http: Self.http),
                sources: TitleSources(http: Self.http, at: .standIns()),
                pictures: (folder: folder + "/pictures", limit: 1 << 20), downloads: DownloadFolder(root: folder),
                backups: Backups(folder: folder + "/backups", database: configuration, isOwn: false), logger: logger))
    }

    /// Does something again and again, so many at a time, each on a loop as the tasks of the server are. Answers how
    /// often a second.
    static func rate(
        clients: Int, for duration: Duration, _ one: @escaping @Sendable (_ client: Int) async throws -> Void
    ) async throws -> Double {
        let start = ContinuousClock.now
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for client in 0..<clients {
                group.addTask(executorPreference: loops.loops[client % loops.loops.count]) {
                    var done = 0
                    while start.duration(to: .now) < duration {
                        try await one(client)
                        done += 1
                    }
                    return done
                }
            }
            return try await group.reduce(0, +)
        }
        return Double(done) / (start.duration(to: .now) / .seconds(1))
    }
}

extension TestDatabase {
    /// What the rounds before have left behind is not to make the next one slower.
    func tidy() async throws {
        try await pool.withConnection { _ = try await $0.execute("VACUUM ANALYZE", within: .seconds(600)) }
    }

    /// Where the ids of requests and items begin, the same for both, so that none is taken for something else.
    static let firstRequest: Int64 = 700_001

    /// Where those of their titles begin.
    static let firstTitle: Int64 = 500_001

    /// So many films that somebody has asked for, each a request with an item of the same id.
    static func household(requests: Int) async throws -> TestDatabase {
        let database = try await make()
        try await database.pool.withConnection { connection in
            for (table, first) in [("titles", firstTitle), ("requests", firstRequest), ("items", firstRequest)] {
                try await connection.execute(
                    "ALTER TABLE \(raw: table) ALTER COLUMN id RESTART WITH \(raw: String(first))")
            }
            try await connection.execute(
                """
                INSERT INTO users (name, password_hash, role)
                SELECT 'person ' || n, 'none', 'administrator' FROM generate_series(1, 10) AS n
                """)
            try await connection.execute(
                """
                INSERT INTO titles (kind, identity, name, year, source)
                SELECT 'movie', 'bench:' || n, 'Title ' || n, 2000 + n % 25, 'hand'
                FROM generate_series(1, \(requests)) AS n
                """)
            try await connection.execute(
                """
                INSERT INTO requests (title_id, scope, created_by)
                SELECT id, 'whole', 1 + id % 10 FROM titles ORDER BY id
                """)
            try await connection.execute(
                "INSERT INTO request_people (request_id, user_id) SELECT id, created_by FROM requests")
            try await connection.execute("INSERT INTO items (request_id) SELECT id FROM requests ORDER BY id")
            try await connection.execute("VACUUM ANALYZE")
        }
        return database
    }

    /// For each of the first requests a release is chosen, whose torrent nobody shares.
    func download(_ count: Int) async throws {
        let (first, last) = (Self.firstRequest, Self.firstRequest + Int64(count) - 1)
        let torrents = (1...count).map { number in
            SharedTorrent(named: "download \(number)", .file(size: 20_000), announce: "http://127.0.0.1:9/announce")
        }
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
            SELECT id, now(), 1, 1, '1 seen', '[]' FROM requests WHERE id <= \(last) ORDER BY id
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
