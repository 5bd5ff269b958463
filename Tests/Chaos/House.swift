import Aria2
import Foundation
import HTTPClient
import Logging
import Postgres
import Reactor
import TestSupport

/// The household: real servers, several Usher processes on one database and one aria2, and what they search.
final class House: Sendable {
    static let password = "correct horse battery staple"
    static let people = ["Anna", "Ben", "Carol", "Dora", "Emil", "Flora", "Gustav", "Hanna", "Ilja", "Jana"]

    let options: Options
    /// The primary and its standby, of which each in turn is the primary.
    let pair: TestPair
    let scratch: Scratch
    /// By how much the processes' clock is wrong.
    let clockFile: String
    let aria2: TestAria2
    let swarm: Swarm
    let indexers: [StandInIndexer]
    let tvmaze: StandInTVmaze
    let webhooks: Webhooks
    let shows: [StandInTVmaze.Show]
    let catalogue: Catalogue
    /// For each process one in front of each of the two servers.
    let proxies: [[FaultProxy]]
    let processes: [Process]
    /// Where everything arrives.
    let downloads: String
    /// Straight to the database, past the proxies, as somebody whom no limit binds.
    let database: PostgresPool
    let http = HTTPClient(group: TestDatabase.group, userAgent: "Chaos")
    let ledger = Ledger()
    private let doings = Locked(Doings())

    /// What the harness did that explains how things ended.
    private struct Doings {
        var meddled: Set<String> = []
        var strangers: Set<String> = []
        var excuses: [String] = []
        var corrupted: [String: Date] = [:]
        var spoilt: Set<UInt64> = []
        var isSecondPrimary = false
    }

    /// Which server takes writes.
    var primary: TestCluster { doings.withLock { $0.isSecondPrimary } ? pair.second : pair.first }
    /// Which one follows it.
    var standby: TestCluster { doings.withLock { $0.isSecondPrimary } ? pair.first : pair.second }
    func swapPrimary() { doings.withLock { $0.isSecondPrimary.toggle() } }

    /// Torrents that were taken out of aria2 by other hands: ours.
    var meddled: Set<String> { doings.withLock { $0.meddled } }
    /// Torrents in aria2 that are not Usher's.
    var strangers: Set<String> { doings.withLock { $0.strangers } }

    func meddle(with infohash: String) { doings.withLock { _ = $0.meddled.insert(infohash) } }
    func stranger(_ infohash: String) { doings.withLock { _ = $0.strangers.insert(infohash) } }

    /// When files of a torrent were changed last, by infohash.
    var corrupted: [String: Date] { doings.withLock { $0.corrupted } }
    func corrupt(_ infohash: String) { doings.withLock { $0.corrupted[infohash] = Date() } }

    /// Files that were changed when they had a second name already, where people look: by their inodes.
    var spoilt: Set<UInt64> { doings.withLock { $0.spoilt } }
    func spoil(_ inode: UInt64) { doings.withLock { _ = $0.spoilt.insert(inode) } }

    /// From now on a download may fail with a reason that contains this.
    func excuse(_ words: String) { doings.withLock { $0.excuses.append(words) } }
    func excuses(_ reason: String) -> Bool { doings.withLock { $0.excuses.contains { reason.contains($0) } } }

    /// How often each fault point was met.
    var reached: [String: Int] {
        processes.reduce(into: [:]) { sum, process in
            for (point, times) in process.reached { sum[point, default: 0] += times }
        }
    }

    private static let database = "household"
    private static let role = "household"

    init(_ options: Options) async throws {
        self.options = options
        scratch = try await Scratch()
        pair = try await TestPair.start(synchronous: true)
        try await Self.makeDatabase(pair)
        aria2 = try await TestAria2.start(http: http, options: ["max-concurrent-downloads=50"])
        swarm = try await Swarm.start(http: http, uploadLimit: "600K")
        indexers = [try StandInIndexer(), try StandInIndexer(apiKey: "another-key")]
        shows = Catalogue.shows(seed: options.seed)
        tvmaze = try StandInTVmaze(shows: shows)
        webhooks = try Webhooks()
        catalogue = Catalogue(seed: options.seed, world: .init(swarm: swarm, indexers: indexers))
        downloads = "\(scratch.directory)/downloads"
        clockFile = "\(aria2.directory)/clock"
        try "+0".write(toFile: clockFile, atomically: true, encoding: .utf8)
        database = PostgresPool(
            try PostgresConfiguration(url: pair.url(database: Self.database)), group: TestDatabase.group,
            logger: Logger(label: "chaos"))
        var proxies: [[FaultProxy]] = []
        var processes: [Process] = []
        for number in 1...options.processes {
            let both = [
                try await FaultProxy.start(before: pair.first.directory),
                try await FaultProxy.start(before: pair.second.directory),
            ]
            let (first, second) = (both[0].port, both[1].port)
            let environment = [
                "USHER_DATABASE_URL":
                    "postgresql://\(Self.role)@127.0.0.1:\(first),127.0.0.1:\(second)/\(Self.database)",
                "USHER_ARIA2_URL": aria2.url, "USHER_ARIA2_SECRET": aria2.secret, "USHER_TVMAZE_URL": tvmaze.url,
                "USHER_DOWNLOAD_DIR": downloads,
            ].merging(options.without.contains(ClockJumps().kind) ? [:] : ClockJumps.environment(file: clockFile)) {
                $1
            }
            proxies.append(both)
            processes.append(
                try Process(
                    number: number, environment: environment, faultPoints: "\(aria2.directory)/points\(number)"))
        }
        (self.proxies, self.processes) = (proxies, processes)
    }

    /// A database of a role that is no superuser: those are bound by no limit and by no read-only setting.
    private static func makeDatabase(_ pair: TestPair) async throws {
        let pool = PostgresPool(
            try PostgresConfiguration(url: pair.url(database: "postgres")), group: TestDatabase.group,
            logger: Logger(label: "chaos"))
        try await pool.withConnection { connection in
            try await connection.execute("CREATE ROLE \(raw: role) LOGIN", within: .seconds(60))
            try await connection.execute("CREATE DATABASE \(raw: database) OWNER \(raw: role)", within: .seconds(60))
        }
        await pool.shutdown()
    }

    /// Changes something about the role under which Usher works.
    func alterRole(_ change: String) async throws {
        _ = try await database.query("ALTER ROLE \(raw: Self.role) \(raw: change)")
    }

    /// Ends all of Usher's connections from the server's side.
    func terminateBackends() async throws {
        _ = try await database.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = \(Self.role)")
    }

    // MARK: Behind Usher's back

    /// The folders of what is on its way.
    func incomingFolders() throws -> [String] {
        let incoming = "\(downloads)/.incoming"
        guard FileManager.default.fileExists(atPath: incoming) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: incoming).sorted().map { "\(incoming)/\($0)" }
    }

    /// Something that aria2 works on.
    func someTransfer(_ dice: inout Dice) async throws -> Transfer? {
        let all = try await aria2.client.snapshot().transfers.values
        return dice.pick(all.filter { $0.phase == .downloading }.sorted { $0.gid < $1.gid })
    }

    /// The process of aria2.
    func aria2PID() throws -> Int32 {
        let configuration = "--conf-path=\(aria2.directory)/aria2.conf"
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") {
            guard let pid = Int32(name), let words = FileManager.default.contents(atPath: "/proc/\(name)/cmdline"),
                words.split(separator: 0).contains(where: { $0.elementsEqual(configuration.utf8) })
            else { continue }
            return pid
        }
        throw TestSupportError("aria2 does not run")
    }

    /// Starts aria2 again where a torrent has killed it, as whoever keeps it running does; whether one had.
    func reviveAria2() async throws -> Bool {
        guard (try? aria2PID()) == nil else { return false }  // it is not there
        try await aria2.restart()
        return true
    }

    // MARK: Moving in

    /// Starts the processes; an administrator, the others, and the indexers move in.
    func moveIn() async throws {
        for process in processes { try await process.startFirst() }
        let anna = browser(.init(seed: 0))
        // Each start makes a new one, and the last of them counts.
        let token = processes.last?.usher.setupToken ?? ""
        let setup = try await anna.get("/setup?token=\(token)")
        _ = try await anna.submit(setup.form("/setup"), ["name": [Self.people[0]], "password": [Self.password]])
        for (number, indexer) in indexers.enumerated() {
            let form = try await anna.get("/admin/indexers/new").form("/admin/indexers")
            let page = try await anna.submit(
                form, ["name": ["Indexer \(number + 1)"], "url": [indexer.url], "key": [indexer.apiKey]])
            guard page.address == "/admin/indexers" else { throw TestSupportError("no indexer: \(page.text)") }
        }
        for name in Self.people.dropFirst() {
            let form = try await anna.get("/admin/accounts").form("/admin/accounts")
            _ = try await anna.submit(form, ["name": [name], "password": [Self.password]])
        }
        try await database.transaction { connection in
            try await connection.execute("UPDATE settings SET private_ways = true")
            for name in Self.people {
                try await connection.execute(
                    """
                    INSERT INTO ways (user_id, kind, name, address, notices)
                    SELECT id, 'webhook', 'Everything', \(webhooks.address(of: name)),
                        '{requested,approved,declined,found,started,completed,failed,expiring,expired,cancelled,removed,aired}'
                    FROM users WHERE name = \(name)
                    """)
            }
        }
    }

    /// A browser that is at one of the processes, another one each time that one does not answer.
    func browser(_ dice: Dice) -> Browser {
        let dice = Locked(dice)
        return Browser(
            http: http,
            address: { [processes] in
                let up = processes.filter(\.isUp)
                return dice.withLock { $0.pick(up.isEmpty ? processes : up) }?.usher.url ?? ""
            })
    }

    /// Ends everything. It also ends with this process.
    func close() {
        for process in processes { process.usher.close() }
        aria2.stop()
        swarm.stop()
        webhooks.stop()
    }
}
