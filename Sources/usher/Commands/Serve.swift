import ArgumentParser
import Aria2
import Cryptography
import Foundation
import HTTPServer
import Logging
import OpenIDConnect
import Orchestrator
import Postgres
import Reactor
import Storage
import Web

/// The whole process, in the order in which it comes up; it goes down in the reverse.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serve the household.")

    func run() async throws {
        var configuration = try Configuration()
        configuration.maxConnections = DescriptorLimit.connections(
            wanted: configuration.maxConnections, limit: try DescriptorLimit.raise())
        let logger = Logging.logger(for: configuration)
        Signals.ignoreBrokenPipes()
        let loops = try EventLoopGroup()
        let signals = try Signals(on: loops.next())
        let directory = try DataDirectory(configuration.dataDirectory)
        try FileManager.default.createDirectory(
            atPath: configuration.downloadDirectory, withIntermediateDirectories: true)

        var children: [Child] = []
        let failure = await withTaskGroup(of: Void.self) { supervision -> (any Error)? in
            do {
                // The servers that Usher brings along, unless it was told of others.
                var databaseURL = configuration.databaseURL
                var postgres: PrivatePostgres?
                if databaseURL == nil {
                    let own = try PrivatePostgres(dataDirectory: directory.path, logger: logger)
                    supervision.addTask { await own.child.supervise() }
                    children.append(own.child)
                    databaseURL = own.url
                    postgres = own
                }
                var aria2Address = (url: configuration.aria2URL ?? "", secret: configuration.aria2Secret)
                if configuration.aria2URL == nil {
                    let aria2 = try PrivateAria2(
                        dataDirectory: directory.path, secret: randomBytes(32).hex, logger: logger)
                    supervision.addTask { await aria2.child.supervise() }
                    children.append(aria2.child)
                    aria2Address = (aria2.url, aria2.secret)
                }

                let house = try House(
                    configuration, databaseURL: databaseURL ?? "", loops: loops, logger: logger)
                try await Self.serve(house, postgres: postgres, aria2: aria2Address, until: signals)
            } catch {
                await Self.stop(children)
                return error
            }
            await Self.stop(children)
            return nil
        }
        loops.stop()
        try withExtendedLifetime(directory) { if let failure { throw failure } }
    }

    /// Serves until a signal asks to stop.
    private static func serve(
        _ house: House, postgres: PrivatePostgres?, aria2 address: (url: String, secret: String), until signals: Signals
    ) async throws {
        let configuration = house.configuration
        let database = Task {
            try await postgres?.waitUntilListening()
            try await house.waitForDatabase()
            _ = try await Schema.migrator.run(on: house.pool)
        }
        // From the first signal on there is only one way; it holds while the database is still awaited, too.
        let running = Locked<Server?>(nil)
        let asked = Task {
            for await signal in signals.received {
                // Without certificates to read again, a terminal has closed.
                guard signal == .hangup, !house.configuration.tls.isEmpty else { break }
                Self.readCertificates(of: running.withLock { $0 }, house.logger)
            }
            house.logger.info("Stopping")
            database.cancel()
        }
        let aria2 = Aria2Client(url: address.url, secret: address.secret, http: house.http)
        let orchestrator = house.orchestrator(aria2: aria2)
        // Made while the database is awaited: files are compressed, names for them found.
        let web = WebApplication(
            pool: house.pool, orchestrator: orchestrator, logger: house.logger, basePath: configuration.basePath,
            strictTransport: configuration.strictTransport, outside: configuration.outside,
            provider: configuration.provider.map { OpenIDProvider($0, http: house.http) },
            observers: configuration.observers,
            serverGauges: { [loops = house.loops] in
                [
                    Gauge("http_connections", running.withLock { $0?.connectionCount } ?? 0),
                    Gauge("event_loop_lag_seconds", await loops.lag()),
                ]
            })
        let server = Server(
            configuration: ServerConfiguration(configuration), group: house.loops, logger: house.logger,
            hooks: web.hooks
        ) { await web.respond(to: $0) }
        running.withLock { $0 = server }

        do {
            try await database.value
        } catch is CancellationError {
            return await house.pool.shutdown()
        }
        let work = Task { await orchestrator.run() }

        let result: Result<Void, any Error>
        do {
            let addresses = try await server.start()
            try await announce(addresses, web, configuration)
            let manager = ServiceManager()
            manager.tell("READY=1")
            let watchdog = Self.watchdog(for: manager, on: house.loops)
            await asked.value
            manager.tell("STOPPING=1")
            watchdog?.cancel()
            await server.shutdown(grace: .seconds(8))
            result = .success(())
        } catch {
            result = .failure(error)
        }
        work.cancel()
        await work.value
        await house.pool.shutdown()
        try result.get()
    }

    /// Says that the process lives, as long as all of its loops turn.
    private static func watchdog(for manager: ServiceManager, on group: EventLoopGroup) -> Task<Void, any Error>? {
        manager.watchdogInterval.map { interval in
            Task {
                while true {
                    for loop in group.loops { await loop.run {} }
                    manager.tell("WATCHDOG=1")
                    try await Task.sleep(for: interval)
                }
            }
        }
    }

    /// What SIGHUP asks for.
    private static func readCertificates(of server: Server?, _ logger: Logger) {
        do {
            try server?.readCertificates()
            logger.notice("The certificates were read again")
        } catch {
            logger.error("The certificates stay as they are", metadata: ["reason": "\(error)"])
        }
    }

    /// The one line that says where to go.
    private static func announce(
        _ addresses: [BoundAddress], _ web: WebApplication, _ configuration: Configuration
    ) async throws {
        guard let first = addresses.first else { return }
        // An address that means "all of them" is none to go to.
        let host = ["0.0.0.0", "::"].contains(first.host) ? "localhost:\(first.port)" : "\(first)"
        let url = "\(configuration.tls.isEmpty ? "http" : "https")://\(host)\(configuration.basePath)"
        if let token = try await web.setupToken() {
            print("Usher is ready. Set up the first administrator at \(url)/setup?token=\(token)")
        } else {
            print("Usher is ready at \(url)/")
        }
        // Standard output is a pipe where somebody waits for this line.
        fflush(nil)
    }

    private static func stop(_ children: [Child]) async {
        for child in children.reversed() { await child.stop(within: .seconds(20)) }
    }
}

extension ServerConfiguration {
    fileprivate init(_ configuration: Configuration) {
        self.init(listen: configuration.listen, tls: configuration.tls)
        sockets = ServiceManager().sockets
        redirect = configuration.redirect
        trustedProxies = configuration.trustedProxies
        maxConnections = configuration.maxConnections
        maxConnectionsPerAddress = configuration.maxConnectionsPerAddress
        timeouts.idle = .seconds(configuration.idleTimeout)
    }
}
