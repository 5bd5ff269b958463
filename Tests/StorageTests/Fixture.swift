import FoundationEssentials
import Lifecycle
import Postgres
import Storage
import TestSupport

/// A database with one person in it, and short ways to fill it.
struct Fixture {
    let database: TestDatabase
    let user: Int64

    var pool: PostgresPool { database.pool }

    static func make() async throws -> Fixture {
        let database = try await TestDatabase.make()
        let user: Int64 = try await database.pool.query(
            "INSERT INTO users (name, password_hash, role) VALUES ('Anna', '-', 'member') RETURNING id")[0].get("id")
        return Fixture(database: database, user: user)
    }

    /// A request for a title that nobody has asked for.
    func request(
        _ kind: Kind = .movie, scope: Scope = .whole, name: String = "Title \(UInt32.random(in: 0...UInt32.max))",
        tvmaze: Int? = nil
    ) async throws -> Int64 {
        try await pool.transaction { connection in
            var facts = TitleFacts(kind: kind, identity: name, name: name, year: 2020)
            if let tvmaze { (facts.source, facts.sourceID) = ("tvmaze", String(tvmaze)) }
            let title = try await Titles.save(facts, on: connection)
            let (id, _) = try await Requests.make(
                for: title, scope: scope, futureFrom: scope == .future ? Date() : nil, by: user, on: connection)
            _ = try await Requests.add(person: user, to: id, on: connection)
            return id
        }
    }

    /// An item of it.
    @discardableResult
    func item(_ request: Int64, _ episode: EpisodeNumber? = nil, platform: String? = nil) async throws -> Int64 {
        let added = try await pool.withConnection {
            try await Items.add(to: request, at: episode, platform: platform, on: $0)
        }
        guard let added else { throw TestSupportError("the item is there already") }
        return added
    }

    /// A release of a request, and a download of it.
    func download(_ request: Int64) async throws -> Int64 {
        try await pool.transaction { connection in
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: Date(),
                SearchOutcome(seen: 1, accepted: 1, sentence: "1 seen", answers: []), on: connection)
            try await ReleaseRows.save(
                [Self.release("Release.\(search)")], request: request, search: search, on: connection)
            let release = try await ReleaseRows.list(of: search, on: connection)[0].id
            return try await Downloads.add(request: request, release: release, chosenBy: user, on: connection)
        }
    }

    static func release(_ name: String, coverage: Coverage = .whole, infohash: String? = nil) -> ReleaseRow {
        ReleaseRow(
            indexerID: nil, indexerName: "Stand-in", guid: name, name: name, link: nil, magnet: nil,
            infohash: infohash, size: 1 << 33, seeders: nil, peers: 3, publishedAt: Date(), accepted: false,
            reasons: [StoredReason(code: "too-big", sentence: "It is too big.", isPermanent: true)],
            coverage: coverage)
    }

    /// Records steps as a decision would.
    func record(_ steps: [Step], of request: Int64) async throws {
        try await pool.withConnection {
            try await Events.record(steps, of: request, by: nil, reason: "because", on: $0)
        }
    }

    /// Carries a fresh item to DOWNLOADING; answers its download.
    @discardableResult
    func startDownload(_ request: Int64, _ item: Int64, infohash: String? = nil) async throws -> Int64 {
        let download = try await download(request)
        try await record([Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request)
        try await record(
            [Step(item: item, event: .selected, from: .found, to: .downloading, download: download)], of: request)
        if let infohash {
            try await pool.withConnection { connection in
                try await Torrents.save(
                    infohash: infohash, name: "T", metainfo: [0, 1, 255], magnet: nil, on: connection)
                try await Downloads.attach(infohash, to: download, on: connection)
            }
        }
        return download
    }

    func status(_ item: Int64) async throws -> Lifecycle.Status {
        try await pool.query("SELECT status FROM items WHERE id = \(item)")[0].get("status")
    }

    func count(_ table: String) async throws -> Int {
        try await pool.query("SELECT count(*) AS n FROM \(raw: table)")[0].get("n")
    }

    /// The SQLSTATE with which PostgreSQL refuses; `nil` when it does not.
    func refusal(of sql: SQL) async throws -> String? {
        do {
            _ = try await pool.query(sql)
            return nil
        } catch let error as PostgresError {
            return error.sqlState
        }
    }
}
