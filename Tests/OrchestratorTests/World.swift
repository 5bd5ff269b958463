import Aria2
import Backup
import Foundation
import HTTPClient
import Lifecycle
import Logging
import Metadata
import Orchestrator
import Postgres
import Reactor
import Releases
import Storage
import TestSupport
import Testing
import Torznab

/// A household with everything that is around it, real or on loopback: PostgreSQL, an indexer, TVmaze, aria2, a swarm.
final class World: Sendable {
    let database: TestDatabase
    let indexer: StandInIndexer
    let tvmaze: StandInTVmaze
    let aria2: TestAria2
    let swarm: Swarm
    let orchestrator: Orchestrator
    let anna: Person
    let ben: Person
    let olga: Person
    /// The folder of everything that is downloaded.
    let folder: String

    var pool: PostgresPool { database.pool }

    static let http = HTTPClient(group: TestDatabase.group, userAgent: "usher-tests")
    private static let sharedSwarm = Task { try await Swarm.start(http: http) }

    /// Lives in a world until `body` returns; then all stops, promptly, and nothing in the database is contradictory.
    ///
    /// - Parameters:
    ///   - patience: how long an indexer may take for an answer.
    ///   - logger: for what the orchestrator logs; errors go to the test's output if left out.
    static func live(
        working: Bool = true, indexed: Bool = true, shows: [StandInTVmaze.Show] = [],
        patience: Duration = .seconds(60), logger: Logger? = nil, _ body: (World) async throws -> Void
    ) async throws {
        let world = try await World(shows: shows, patience: patience, logger: logger)
        if indexed { try await world.addIndexer(key: world.indexer.apiKey) }
        let work = working ? Task { await world.orchestrator.run() } : nil
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(world)) } catch { outcome = .failure(error) }
        let stop = ContinuousClock.now
        work?.cancel()
        await work?.value
        #expect(stop.duration(to: .now) < .seconds(5), "the orchestrator does not stop")
        world.indexer.stop()
        world.tvmaze.stop()
        world.aria2.stop()
        try outcome.get()
        for invariant in Invariant.all {
            let contradictions = try await world.pool.withConnection { try await invariant.check(on: $0) }
            #expect(contradictions == [], "\(invariant.sentence)")
        }
    }

    private init(shows: [StandInTVmaze.Show], patience: Duration, logger: Logger?) async throws {
        database = try await TestDatabase.make()
        swarm = try await Self.sharedSwarm.value
        aria2 = try await TestAria2.start(http: Self.http)
        indexer = try StandInIndexer()
        tvmaze = try StandInTVmaze(shows: shows)
        folder = "\(aria2.directory)/downloads"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        var people: [Person] = []
        for (name, role) in [("Anna", "member"), ("Ben", "member"), ("Olga", "administrator")] {
            let row = try await database.pool.query(
                "INSERT INTO users (name, password_hash, role) VALUES (\(name), '-', \(role)) RETURNING id")[0]
            people.append(Person(userID: try row.get("id"), isAdministrator: role == "administrator"))
        }
        (anna, ben, olga) = (people[0], people[1], people[2])
        orchestrator = try Self.orchestrator(
            over: database, aria2: aria2, tvmaze: tvmaze, folder: folder, patience: patience, logger: logger)
    }

    static func orchestrator(
        over database: TestDatabase, aria2: TestAria2, tvmaze: StandInTVmaze, folder: String,
        patience: Duration = .seconds(60), logger given: Logger? = nil
    ) throws -> Orchestrator {
        var logger = given ?? Logger(label: "test")
        if given == nil { logger.logLevel = .error }
        return try Orchestrator(
            OrchestratorParts(
                pool: database.pool, http: http, aria2: aria2.client,
                torznab: TorznabClient(http: http, timeout: patience),
                sources: TitleSources(http: http, at: .standIns(tvmaze: tvmaze.url)),
                pictures: (folder: folder + "/pictures", limit: 1 << 20), downloads: DownloadFolder(root: folder),
                backups: Backups(
                    folder: folder + "/backups", database: PostgresConfiguration(url: database.url), isOwn: false),
                logger: logger))
    }

    /// Another process on the same database.
    ///
    /// - Parameter url: its way there, if not the usual.
    func neighbour(at url: String? = nil) throws -> Orchestrator {
        let connections = try TestDatabase(url: url ?? database.url)
        neighbours.withLock { $0.append(connections) }
        return try Self.orchestrator(
            over: connections, aria2: aria2, tvmaze: tvmaze, folder: folder)
    }

    func addIndexer(key: String) async throws {
        try await addIndexer(IndexerSettings(name: "Stand-in", url: indexer.url, apiKey: key))
    }

    func addIndexer(_ settings: IndexerSettings) async throws {
        _ = try await pool.withConnection { try await Indexers.add(settings, on: $0) }
        try await orchestrator.houseChanged(searchAgain: true)
    }

    // MARK: Asking

    static func key() -> String { String(UInt64.random(in: 1 << 63 ... .max), radix: 16) }

    func askMovie(_ name: String = "The Long Way", year: Int = 2019, by person: Person? = nil) async throws -> Int64 {
        try await orchestrator.ask(
            Wish(kind: .movie, title: .hand(name: name, year: year, seasons: [:]), scope: .whole),
            by: person ?? anna, key: Self.key()
        ).request
    }

    func askShow(
        _ seasons: [Int: Int], episodes: Set<Lifecycle.EpisodeNumber> = [], by person: Person? = nil
    ) async throws -> Int64 {
        try await orchestrator.ask(
            Wish(
                kind: .show, title: .hand(name: "Harbour", year: nil, seasons: seasons),
                scope: .selection(seasons: episodes.isEmpty ? Set(seasons.keys) : [], episodes: episodes)),
            by: person ?? anna, key: Self.key()
        ).request
    }

    /// Has the swarm share a file and the indexer offer it, after what it offers already.
    @discardableResult
    func share(
        _ name: String, _ content: SharedTorrent.Content? = nil, category: Int = 2040, byMagnet: Bool = false,
        isAlive: Bool = true
    ) async throws -> SharedTorrent {
        let file = "\(name).\(UInt32.random(in: 0 ... .max))"
        let torrent = swarm.torrent(named: content == nil ? "\(file).mkv" : file, content ?? .file(size: 200_001))
        if isAlive { try await swarm.seed(torrent) }
        offers.withLock { offers in
            offers.append(
                StandInIndexer.Release(
                    title: name, delivery: byMagnet ? .magnet(torrent.magnet) : .torrent(torrent.metainfo),
                    categories: [category], size: 2_500_000_000, infohash: torrent.infohash))
            indexer.offer(offers)
        }
        return torrent
    }

    /// Has the indexer offer a magnet that is nobody's.
    func offer(magnet: String, named name: String, infohash: String, category: Int = 2040) {
        offers.withLock { offers in
            offers.append(
                StandInIndexer.Release(
                    title: name, delivery: .magnet(magnet), categories: [category], size: 2_500_000_000,
                    infohash: infohash))
            indexer.offer(offers)
        }
    }

    /// Their connections live as long as the world.
    private let neighbours = Locked<[TestDatabase]>([])
    private let offers = Locked<[StandInIndexer.Release]>([])

    // MARK: Looking

    /// Asks again and again until it is so.
    func until(
        _ what: String, within limit: Duration = .seconds(40), line: Int = #line, _ isSo: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        while try await !isSo() {
            guard ContinuousClock.now < deadline else {
                throw TestSupportError("line \(line): not so in time: \(what)\n\(try await report())")
            }
            try await Task.sleep(for: .milliseconds(25))
        }
    }

    func until(_ request: Int64, is status: Lifecycle.Status, line: Int = #line) async throws {
        try await until("request \(request) is \(status)", line: line) { try await self.status(request) == status }
    }

    func status(_ request: Int64) async throws -> Lifecycle.Status? {
        try await pool.withConnection { try await Requests.find(request, on: $0)?.status }
    }

    func request(_ id: Int64) async throws -> Storage.Request {
        try #require(try await pool.withConnection { try await Requests.find(id, on: $0) })
    }

    func items(_ request: Int64) async throws -> [Lifecycle.Item] {
        try await pool.withConnection { try await Items.list(of: request, on: $0) }
    }

    func search(of request: Int64) async throws -> Search? {
        try await pool.withConnection { try await Searches.latest(of: request, on: $0) }
    }

    /// The id of the release of this name among what the latest search saw.
    func release(_ name: String, of request: Int64) async throws -> Int64 {
        let found = try await pool.withConnection { connection in
            guard let search = try await Searches.latest(of: request, on: connection) else { return nil as Int64? }
            return try await ReleaseRows.list(of: search.id, on: connection).first { $0.name == name }?.id
        }
        guard let found else { throw TestSupportError("\(name) was not found: \(try await report())") }
        return found
    }

    /// Chooses a release by its name; answers its download.
    @discardableResult
    func choose(_ name: String, of request: Int64, by person: Person? = nil) async throws -> Int64 {
        let release = try await release(name, of: request)
        try await orchestrator.choose(release: release, of: request, by: person ?? anna)
        let download = try await pool.withConnection {
            try await Downloads.current(of: request, release: release, on: $0)
        }
        return try #require(download)
    }

    /// What the request's items say of themselves.
    func reasons(_ request: Int64) async throws -> [String?] {
        try await pool.query("SELECT reason FROM items WHERE request_id = \(request) ORDER BY id").map {
            try $0.get("reason")
        }
    }

    func count(_ table: String) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM \(raw: table)")[0].get("n")
    }

    /// Everything that people can find below the download folder, by path.
    func files() -> [String: Data] {
        var files: [String: Data] = [:]
        for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
            guard !name.hasPrefix(".incoming") else { continue }
            if let data = FileManager.default.contents(atPath: "\(folder)/\(name)") { files[name] = data }
        }
        return files
    }

    /// Whether nothing is left of it in aria2 and on its way.
    func isTidy(_ torrent: SharedTorrent) async throws -> Bool {
        try await aria2.client.snapshot().transfers[torrent.infohash] == nil
            && !FileManager.default.fileExists(atPath: "\(folder)/.incoming/\(torrent.infohash)")
    }

    private func report() async throws -> String {
        var lines: [String] = []
        for table in ["requests", "items", "searches", "downloads", "torrents", "outbox", "indexers", "duties"] {
            for row in try await pool.query("SELECT to_jsonb(t)::text AS t FROM \(raw: table) t") {
                lines.append("\(table): \(String((try row.get("t") as String).prefix(500)))")
            }
        }
        return lines.joined(separator: "\n")
    }
}
