import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite struct MigratorTests {
    let database: TestDatabase
    var pool: PostgresPool { database.pool }

    init() async throws {
        database = try await TestDatabase.makeEmpty()
    }

    private static let first = Migration(
        version: 1, name: "films", sql: "CREATE TABLE films (a int); CREATE INDEX ON films (a)")
    private static let second = Migration(version: 2, name: "shows", sql: "CREATE TABLE shows (a int);")
    private static let third = Migration(version: 3, name: "films_b", sql: "ALTER TABLE films ADD b int DEFAULT 7")

    private func exists(_ table: String) async throws -> Bool {
        try await pool.query("SELECT to_regclass(\(table)) IS NOT NULL AS exists")[0].get("exists")
    }

    private func mismatch(_ migrations: [Migration]) async -> String {
        let error = await #expect(throws: MigrationMismatch.self) {
            try await Migrator(migrations: migrations).run(on: pool)
        }
        return error?.description ?? ""
    }

    @Test func appliesWhatIsMissing() async throws {
        let begin = Migrator(migrations: [Self.second, Self.first])
        #expect(try await begin.pending(on: pool).map(\.version) == [1, 2])
        #expect(try await begin.run(on: pool).map(\.version) == [1, 2])
        #expect(try await begin.run(on: pool).isEmpty)
        let more = Migrator(migrations: [Self.first, Self.second, Self.third])
        #expect(try await more.pending(on: pool).map(\.version) == [3])
        #expect(try await more.run(on: pool).map(\.name) == ["films_b"])
        #expect(try await exists("films"))
        #expect(try await more.pending(on: pool).isEmpty)
    }

    @Test func appliedOnesMustBeThePrefixOfTheKnown() async throws {
        try await Migrator(migrations: [Self.first, Self.second]).run(on: pool)
        #expect(await mismatch([Self.first]).contains("migration 2 (shows), which this version of the program does"))
        #expect(await mismatch([Self.first, Self.third, Self.second.with(version: 4)]).contains("migration 2 (shows)"))
        #expect(
            await mismatch([Self.second.with(version: 0), Self.first, Self.second]).contains("migration 1 (films)"))
    }

    @Test func appliedOnesMustNotChange() async throws {
        try await Migrator(migrations: [Self.first, Self.second]).run(on: pool)
        let changed = Migration(version: 1, name: "films", sql: Self.first.sql + " ")
        let sentence = await mismatch([changed, Self.second, Self.third])
        #expect(sentence.contains("migration 1 (films) with other statements"))
        #expect(try await pool.query("SELECT FROM schema_migrations").count == 2)
    }

    @Test func oneThatFailsLeavesNothing() async throws {
        let broken = Migration(version: 2, name: "broken", sql: "CREATE TABLE half (a int); SELECT 1 / 0")
        let error = await #expect(throws: PostgresError.self) {
            try await Migrator(migrations: [Self.first, broken]).run(on: pool)
        }
        #expect(error?.sqlState == "22012")
        #expect(try await exists("films"))
        #expect(try await !exists("half"))
        #expect(try await Migrator(migrations: [Self.first, Self.second]).run(on: pool).map(\.version) == [2])
    }

    @Test func manyAtTheSameTime() async throws {
        let pool = pool
        let migrator = Migrator(migrations: [Self.first, Self.second, Self.third])
        let applied = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<6 { tasks.addTask { try await migrator.run(on: pool).count } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        #expect(applied.sorted() == [0, 0, 0, 0, 0, 3])
    }

    @Test func waitsForALockWithoutHoldingUpOthers() async throws {
        let pool = pool
        try await Migrator(migrations: [Self.first, Self.second]).run(on: pool)
        var patient = Migrator(migrations: [Self.first, Self.second, Self.third])
        patient.lockTimeout = .milliseconds(50)
        let migrator = patient
        let (locked, lock) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let holder = Task {
            try await pool.transaction { connection in
                try await connection.query("SELECT FROM films")
                lock.finish()
                for await _ in released {}
            }
        }
        for await _ in locked {}
        let migrating = Task { try await migrator.run(on: pool).map(\.version) }
        try await eventually {
            try await !pool.query("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'ALTER%'")
                .isEmpty
        }
        // Who only reads waits for one lock timeout at most, not until the holder is done.
        #expect(try await pool.query("SELECT FROM films").isEmpty)
        release.finish()
        try await holder.value
        #expect(try await migrating.value == [3])
    }

    @Test func givesUpWithASentenceWhenALockIsNeverFree() async throws {
        let pool = pool
        try await Migrator(migrations: [Self.first, Self.second]).run(on: pool)
        var impatient = Migrator(migrations: [Self.first, Self.second, Self.third])
        (impatient.lockTimeout, impatient.patience) = (.milliseconds(20), .milliseconds(100))
        let migrator = impatient
        try await pool.transaction { connection in
            try await connection.query("SELECT FROM films")
            let error = await #expect(throws: PostgresError.self) { try await migrator.run(on: pool) }
            #expect(error?.isUnavailable == true)
            #expect(error?.description.contains("migration 3 (films_b)") == true)
        }
        #expect(try await migrator.run(on: pool).map(\.version) == [3])
    }

    /// A step that has done something and goes on for as long as nobody ends it.
    private static let endless = Migration(
        version: 2, name: "shows", sql: "CREATE TABLE shows (a int); SELECT pg_sleep(3600)")

    private func waitUntilAsleep(_ pool: PostgresPool) async throws {
        try await eventually(within: .seconds(60)) {
            try await !pool.query(
                """
                SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event = 'PgSleep' AND query LIKE '%pg_sleep(3600)'
                """
            ).isEmpty
        }
    }

    @Test func interruptedOneIsDoneByTheNextWhoTries() async throws {
        let pool = pool
        // As when the one who migrates is killed: its connections end, and nothing else tells the server.
        let proxy = try await FaultProxy.start(before: try await TestCluster.shared.value.directory)
        let victim = try TestDatabase(
            url: proxy.url(database: String(database.url.split(separator: "=").last ?? "")))
        let dying = Task { try await Migrator(migrations: [Self.first, Self.endless]).run(on: victim.pool) }
        try await waitUntilAsleep(pool)
        proxy.cut()
        await #expect(throws: PostgresError.self) { try await dying.value }
        #expect(try await Migrator(migrations: [Self.first, Self.second]).run(on: pool).map(\.version) == [2])
        #expect(try await exists("shows"))
        await victim.pool.shutdown()
    }

    @Test func serverKilledInTheMiddleOfOneGoesOnFromBeforeIt() async throws {
        let cluster = try await TestCluster.start()
        let database = try TestDatabase(url: cluster.url(database: "postgres"))
        let pool = database.pool
        let dying = Task { try await Migrator(migrations: [Self.first, Self.endless]).run(on: pool) }
        try await waitUntilAsleep(pool)
        try await cluster.kill()
        let error = await #expect(throws: PostgresError.self) { try await dying.value }
        #expect(error?.isUnavailable == true)
        try await cluster.restart()
        let tables = try await pool.query("SELECT FROM pg_tables WHERE tablename IN ('films', 'shows')")
        #expect(tables.count == 1)
        #expect(try await Migrator(migrations: [Self.first, Self.second]).run(on: pool).map(\.version) == [2])
        await pool.shutdown()
    }
}

extension Migration {
    fileprivate func with(version: Int) -> Migration { Migration(version: version, name: name, sql: sql) }
}
