import Aria2
import Backup
import Cryptography
import Foundation
import HTTPClient
import Logging
import Metadata
import Orchestrator
import Postgres
import Reactor
import Storage
import Torznab

/// What every command that touches the house needs, made from the configuration: loops, database, ways outside.
struct House: Sendable {
    let configuration: Configuration
    let logger: Logger
    let loops: EventLoopGroup
    let pool: PostgresPool
    let http: HTTPClient
    let torznab: TorznabClient
    let backups: Backups

    init(_ configuration: Configuration, databaseURL: String, loops: EventLoopGroup, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        self.loops = loops
        backups = try Backups(configuration, databaseURL: databaseURL)
        pool = PostgresPool(try PostgresConfiguration(url: databaseURL), group: loops, logger: logger)
        http = HTTPClient(group: loops, userAgent: "Usher/1.0 (a household's requests)")
        torznab = TorznabClient(http: http)
    }

    func orchestrator(aria2: Aria2Client) -> Orchestrator {
        Orchestrator(
            OrchestratorParts(
                pool: pool, http: http, aria2: aria2, torznab: torznab,
                sources: TitleSources(http: http, at: configuration.sources),
                pictures: (folder: configuration.dataDirectory + "/pictures", limit: 256 << 20),
                downloads: DownloadFolder(root: configuration.downloadDirectory), backups: backups, logger: logger))
    }

    /// Waits until the database answers.
    ///
    /// - Throws: ``UsherError`` when it does not within `limit`.
    func waitForDatabase(within limit: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + limit
        while true {
            do {
                _ = try await pool.query("SELECT 1")
                return
            } catch {
                guard ContinuousClock.now < deadline else {
                    throw UsherError("PostgreSQL does not answer: \(error)")
                }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// Runs `body` with the house of the environment. With a private PostgreSQL it is the one of a running `usher
    /// serve`, or one that is started for the occasion.
    static func open<Success: Sendable>(_ body: @Sendable (House) async throws -> Success) async throws -> Success {
        try await Premises.open { premises in try await premises.house(body) }
    }
}

/// Where a house is, before anybody is in: its database runs, and nobody is connected to it.
struct Premises: Sendable {
    let configuration: Configuration
    let databaseURL: String
    let loops: EventLoopGroup
    let logger: Logger

    /// Runs `body` on the premises that the environment names, with their PostgreSQL running.
    ///
    /// - Parameter alone: nobody else may work in the data directory.
    static func open<Success: Sendable>(
        alone: Bool = false, _ body: @Sendable (Premises) async throws -> Success
    ) async throws -> Success {
        let configuration = try Configuration()
        let logger = Logging.logger(for: configuration)
        let loops = try EventLoopGroup(threads: 1)
        defer { loops.stop() }
        func premises(_ url: String) -> Premises {
            Premises(configuration: configuration, databaseURL: url, loops: loops, logger: logger)
        }
        if !alone, let url = configuration.databaseURL { return try await body(premises(url)) }
        let directory: DataDirectory
        do {
            directory = try DataDirectory(configuration.dataDirectory)
        } catch let error as UsherError {
            // The server has it: then its PostgreSQL runs.
            let isThere = FileManager.default.fileExists(
                atPath: configuration.dataDirectory + "/postgres/PG_VERSION")
            guard !alone, isThere else { throw error }
            return try await body(premises(PrivatePostgres.url(in: configuration.dataDirectory)))
        }
        defer { withExtendedLifetime(directory) {} }
        if let url = configuration.databaseURL { return try await body(premises(url)) }
        let postgres = try PrivatePostgres(dataDirectory: directory.path, logger: logger)
        let supervision = Task { await postgres.child.supervise() }
        let result: Result<Success, any Error>
        do {
            try await postgres.waitUntilListening()
            result = .success(try await body(premises(postgres.url)))
        } catch {
            result = .failure(error)
        }
        await postgres.child.stop(within: .seconds(20))
        await supervision.value
        return try result.get()
    }

    /// Runs `body` in the house, its database up to date unless it is to be left as it is.
    func house<Success: Sendable>(
        migrating: Bool = true, _ body: @Sendable (House) async throws -> Success
    ) async throws -> Success {
        let house = try House(configuration, databaseURL: databaseURL, loops: loops, logger: logger)
        let result: Result<Success, any Error>
        do {
            try await house.waitForDatabase()
            if migrating { _ = try await Schema.migrator.run(on: house.pool) }
            result = .success(try await body(house))
        } catch {
            result = .failure(error)
        }
        await house.pool.shutdown()
        return try result.get()
    }

    /// Its backups.
    func backups() throws -> Backups {
        try Backups(configuration, databaseURL: databaseURL)
    }
}

extension Backups {
    /// Those of the house that the environment names.
    init(_ configuration: Configuration, databaseURL: String) throws {
        self.init(
            folder: configuration.backupDirectory, database: try PostgresConfiguration(url: databaseURL),
            isOwn: configuration.databaseURL == nil)
    }
}

/// How this process logs.
enum Logging {
    static func logger(for configuration: Configuration) -> Logger {
        Logger(label: "usher") { LogLine(logLevel: configuration.logLevel, label: $0) }
    }
}
