public import Aria2
import Foundation
public import HTTPClient
import Logging
public import Postgres
import Reactor

/// All that a household needs, on loopback: Usher itself, an indexer, a TVmaze, and a swarm that has the torrents.
public final class World: Sendable {
    /// Usher, with a PostgreSQL and an aria2 of its own.
    public let usher: UsherProcess
    /// What it searches, once its administrator has added it.
    public let indexer: StandInIndexer
    /// What it takes for TVmaze.
    public let tvmaze: StandInTVmaze
    /// What it takes for the other sources of titles.
    public let catalogue: StandInCatalogue
    /// Who has what the indexer offers.
    public let swarm: Swarm
    /// For requests of the test's own.
    public let http = HTTPClient(group: TestDatabase.group, userAgent: "Browser of a test")
    private let releases = Locked<[StandInIndexer.Release]>([])

    /// Starts everything.
    public static func start(
        shows: [StandInTVmaze.Show] = [], works: [StandInCatalogue.Work] = []
    ) async throws -> World {
        let world = try await World(shows: shows, works: works)
        try await world.usher.start()
        return world
    }

    private init(shows: [StandInTVmaze.Show], works: [StandInCatalogue.Work]) async throws {
        indexer = try StandInIndexer()
        tvmaze = try StandInTVmaze(shows: shows)
        catalogue = try StandInCatalogue(works: works)
        swarm = try await Swarm.start(http: http)
        usher = try UsherProcess(
            environment: [
                "USHER_TVMAZE_URL": tvmaze.url, "USHER_WIKIDATA_URL": catalogue.url,
                "USHER_CINEMETA_URL": catalogue.url, "USHER_STEAM_URL": catalogue.url, "USHER_LOG_LEVEL": "debug",
            ])
    }

    /// Adds a release to what the indexer offers.
    public func offer(_ release: StandInIndexer.Release) {
        let all = releases.withLock { releases in
            releases.append(release)
            return releases
        }
        indexer.offer(all)
    }

    /// Ends everything. It also ends with this process.
    public func close() {
        usher.close()
        swarm.stop()
        indexer.stop()
        tvmaze.stop()
        catalogue.stop()
    }

    // MARK: Behind Usher's back

    /// Does something in Usher's database: time passes there when a test says so.
    @discardableResult
    public func database(_ sql: SQL) async throws -> Rows {
        let url = "host=\(usher.dataDirectory)/socket user=usher dbname=postgres"
        let pool = PostgresPool(
            try PostgresConfiguration(url: url), group: TestDatabase.group, logger: Logger(label: "world"))
        let result: Result<Rows, any Error>
        do { result = .success(try await pool.query(sql)) } catch { result = .failure(error) }
        await pool.shutdown()
        return try result.get()
    }

    /// Has Usher's workers look for work now, as news from another process would.
    public func wake() async throws {
        try await database("SELECT pg_notify('usher', 'another:house')")
    }

    /// Makes it 31 days since anybody or anything searched this request.
    public func forget(request: String) async throws {
        try await database(
            """
            UPDATE items SET created_at = now() - interval '60 days', last_searched_at = now() - interval '31 days'
            WHERE request_id = \(request)::text::bigint
            """)
        try await wake()
    }

    /// Usher's own aria2, with the secret that lies in its data directory.
    public func aria2() throws -> Aria2Client {
        let text = try String(contentsOfFile: usher.dataDirectory + "/aria2/aria2.conf", encoding: .utf8)
        var settings: [Substring: Substring] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { settings[parts[0]] = parts[1] }
        }
        guard let port = settings["rpc-listen-port"], let secret = settings["rpc-secret"] else {
            throw TestSupportError("aria2.conf names no port or no secret")
        }
        return Aria2Client(url: "http://127.0.0.1:\(port)/jsonrpc", secret: String(secret), http: http)
    }

    /// The process of Usher's own aria2.
    public func aria2PID() throws -> Int32 {
        let configuration = "--conf-path=\(usher.dataDirectory)/aria2/aria2.conf"
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let pid = Int32(name), let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
                words.split(separator: 0).contains(where: { $0.elementsEqual(configuration.utf8) })
            else { continue }
            return pid
        }
        throw TestSupportError("aria2 does not run")
    }
}
