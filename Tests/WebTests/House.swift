import Aria2
import Backup
import FoundationEssentials
import HTTP
import HTTPClient
import HTTPTypes
import Lifecycle
import Logging
import Metadata
import OpenIDConnect
import Orchestrator
import Postgres
import Reactor
import Storage
import TestSupport
import Testing
import Torznab

@testable import Web

/// A house of its own: an empty database, and the pages over it. No sockets: requests go straight in.
final class House: Sendable {
    let database: TestDatabase
    let orchestrator: Orchestrator
    let web: WebApplication
    /// Where pictures are kept; gone with the house.
    let pictures = "/tmp/usher-pictures-\(UInt64.random(in: 0 ... .max))"

    var pool: PostgresPool { database.pool }

    private init(
        _ database: TestDatabase, sources: SourceAddresses = .standIns(), sourcePatience: Duration = .seconds(60),
        outside: OutsideSignIn = OutsideSignIn(), provider: OpenIDProvider.Settings? = nil
    ) throws {
        self.database = database
        // Whatever is outside is away: nothing listens at this port.
        let http = HTTPClient(group: TestDatabase.group, userAgent: "test")
        orchestrator = Orchestrator(
            OrchestratorParts(
                pool: database.pool, http: http,
                aria2: Aria2Client(url: "http://127.0.0.1:1/jsonrpc", secret: "x", http: http),
                torznab: TorznabClient(http: http), sources: TitleSources(http: http, at: sources),
                pictures: (folder: pictures, limit: 1 << 20),
                downloads: DownloadFolder(root: "/nonexistent"),
                backups: Backups(
                    folder: "/nonexistent/backups", database: try PostgresConfiguration(url: database.url), isOwn: true),
                logger: Logger(label: "test")))
        web = WebApplication(
            pool: database.pool, orchestrator: orchestrator, logger: Logger(label: "test"),
            indexerPatience: .seconds(1),
            sourcePatience: sourcePatience, outside: outside,
            provider: provider.map { OpenIDProvider($0, http: http) }
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: pictures)  // most houses have none
    }

    /// Nobody has an account yet.
    static func empty(_ sources: SourceAddresses = .standIns()) async throws -> House {
        try await House(.make(), sources: sources)
    }

    /// Over a database that may not be there.
    static func over(_ database: TestDatabase) throws -> House { try House(database) }

    /// With an administrator "Olga", an approver "Vera", the members "Anna" and "Ben", and a child "Carl", who have no
    /// password that anybody knows.
    static func inhabited(
        _ sources: SourceAddresses = .standIns(), sourcePatience: Duration = .seconds(60),
        outside: OutsideSignIn = OutsideSignIn(), provider: OpenIDProvider.Settings? = nil
    ) async throws -> House {
        let house = try await House(
            .make(), sources: sources, sourcePatience: sourcePatience, outside: outside, provider: provider)
        for (name, role) in [
            ("Olga", Role.administrator), ("Anna", .member), ("Ben", .member), ("Vera", .approver), ("Carl", .child),
        ] {
            _ = try await house.pool.transaction { connection in
                try await Users.add(name: name, passwordHash: Passwords.nobodys, role: role, on: connection)
            }
        }
        return house
    }

    /// A browser in which this person is signed in, without the third of a second that a password takes.
    func browser(of name: String? = nil, isSecure: Bool = false) async throws -> Browser {
        let browser = Browser(web, isSecure: isSecure)
        guard let name else { return browser }
        let token = Tokens.make()
        try await pool.transaction { connection in
            let user = try #require(try await Users.credentials(named: name, on: connection)).user
            try await Sessions.add(
                tokenHash: Tokens.hash(token), user: user.id, address: "192.0.2.1", agent: "Firefox/1 Linux",
                on: connection)
        }
        browser.cookies.withLock { $0[Cookies.session.name(isSecure: isSecure)] = token }
        return browser
    }

    func person(_ name: String) async throws -> Person {
        let user = try await pool.withConnection { try await Users.credentials(named: name, on: $0)?.user }
        let found = try #require(user)
        return Person(userID: found.id, isAdministrator: found.role == .administrator)
    }

    /// All that is in the database, in short: the same as before if nothing has changed.
    func contents() async throws -> String {
        try await pool.query(
            """
            SELECT string_agg(md5(query_to_xml('SELECT * FROM ' || quote_ident(tablename) || ' ORDER BY 1', true, false,
                                               '')::text), ' ' ORDER BY tablename) AS contents
            FROM pg_tables WHERE schemaname = 'public'
            """)[0].get("contents")
    }

    /// Asks for a movie in somebody's name; answers the request.
    func movie(_ title: String = "The Long Way", year: Int = 2019, by name: String = "Anna") async throws -> Int64 {
        try await orchestrator.ask(
            Wish(kind: .movie, title: .hand(name: title, year: year, seasons: [:]), scope: .whole),
            by: try await person(name), key: FormKey.make()
        ).request
    }

    /// Asks for a show with so many episodes in each of its seasons.
    func show(_ seasons: [Int: Int], by name: String = "Anna") async throws -> Int64 {
        try await orchestrator.ask(
            Wish(
                kind: .show, title: .hand(name: "Harbour", year: 2020, seasons: seasons),
                scope: .selection(seasons: Set(seasons.keys), episodes: [])),
            by: try await person(name), key: FormKey.make()
        ).request
    }

    /// Stores a search that saw these releases, as a search worker would; answers their ids.
    func found(_ names: [String], rejected: [String: String] = [:], for request: Int64) async throws -> [Int64] {
        try await pool.transaction { connection in
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: Date(),
                SearchOutcome(
                    seen: names.count + rejected.count, accepted: names.count,
                    sentence: "\(names.count + rejected.count) seen", answers: []),
                on: connection)
            let releases = names.map { Self.release($0, reason: nil) } + rejected.map { Self.release($0, reason: $1) }
            try await ReleaseRows.save(releases, request: request, search: search, on: connection)
            return try await connection.query(
                "SELECT id FROM releases WHERE request_id = \(request) ORDER BY position"
            ).map { try $0.get("id") }
        }
    }

    private static func release(_ name: String, reason: String?) -> Storage.ReleaseRow {
        Storage.ReleaseRow(
            indexerID: nil, indexerName: "Stand-in", guid: name, name: name,
            link: "http://127.0.0.1:1/download?apikey=planted-secret", magnet: nil, infohash: nil, size: 4_200_000_000,
            seeders: 12, peers: 14, publishedAt: nil, accepted: reason == nil,
            reasons: reason.map { [StoredReason(code: "test", sentence: $0, isPermanent: true)] } ?? [],
            coverage: .whole)
    }

    func count(_ table: String) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM \(raw: table)")[0].get("n")
    }
}
