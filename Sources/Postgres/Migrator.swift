import Reactor

/// One step of the schema, applied once and never changed afterwards.
public struct Migration: Sendable {
    /// Its place in the order; the first is 1.
    public let version: Int
    /// What it does, in a few words.
    public let name: String
    /// Its statements. They run in one transaction.
    public let sql: String

    /// A step of the schema.
    public init(version: Int, name: String, sql: String) {
        self.version = version
        self.name = name
        self.sql = sql
    }
}

/// A step that a database or a backup says it has.
public struct AppliedMigration: Sendable, Equatable {
    /// Its place in the order.
    public let version: Int
    /// What it did.
    public let name: String
    /// SHA-256 of its statements, hexadecimal.
    public let checksum: String

    /// Names all the parts.
    public init(version: Int, name: String, checksum: String) {
        self.version = version
        self.name = name
        self.checksum = checksum
    }
}

/// The steps known and the steps applied do not fit together. Nothing has been changed.
public struct MigrationMismatch: Error, Equatable, CustomStringConvertible {
    /// Which step differs, and how.
    public let description: String
}

/// Brings the schema to where the program expects it, forward only.
///
/// What has been applied must be the beginning of what is known, byte by byte; otherwise nothing is done. Any number of
/// processes may try at the same time: one does it, the others wait.
public struct Migrator: Sendable {
    private let migrations: [Migration]
    /// How long a step waits for a lock on a table before it lets the others pass, for longer than that, and tries again.
    /// A waiting ALTER TABLE stops everyone who comes after it.
    var lockTimeout = Duration.milliseconds(500)
    /// How long all the waiting may take.
    var patience = Duration.seconds(300)
    private static let statementDeadline = Duration.seconds(3600)
    /// The advisory lock of all migrators: "usher" in ASCII.
    public static let lock = 0x75_73_68_65_72

    /// A migrator for these steps, in any order.
    public init(migrations: [Migration]) {
        self.migrations = migrations.sorted { $0.version < $1.version }
    }

    /// Applies the steps that are missing, and says which these were.
    @discardableResult
    public func run(on pool: PostgresPool) async throws -> [Migration] {
        try await pool.withConnection { connection in
            let deadline = ContinuousClock.now + patience
            try await lock(connection, until: deadline)
            let result: Result<[Migration], any Error>
            do {
                try await createTable(connection)
                let pending = try await pending(on: connection)
                for migration in pending { try await apply(migration, on: connection, until: deadline) }
                result = .success(pending)
            } catch {
                result = .failure(error)
            }
            do {
                try await connection.query("SELECT pg_advisory_unlock(\(Self.lock))")
            } catch {
                connection.close()  // and with it goes the lock
            }
            return try result.get()
        }
    }

    /// The steps that `run` would apply.
    public func pending(on pool: PostgresPool) async throws -> [Migration] {
        try await pool.withConnection { connection in
            let exists = try await connection.query("SELECT to_regclass('schema_migrations') IS NOT NULL AS exists")
            return try exists[0].get("exists") ? try await pending(on: connection) : migrations
        }
    }

    /// The steps that would be missing in a database with these, which are a `subject`'s: "The backup".
    ///
    /// - Throws: ``MigrationMismatch`` when these are no beginning of what the program knows.
    public func pending(
        after applied: [AppliedMigration], of subject: String, on pool: PostgresPool
    ) async throws -> [Migration] {
        try await pool.withConnection { try await pending(after: applied, of: subject, on: $0) }
    }

    private func lock(_ connection: PostgresConnection, until deadline: ContinuousClock.Instant) async throws {
        while true {
            let rows = try await connection.query("SELECT pg_try_advisory_lock(\(Self.lock)) AS locked")
            if try rows[0].get("locked") { return }
            guard ContinuousClock.now < deadline else {
                throw PostgresError(.unavailable("another process has been migrating for \(patience)"))
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    private func createTable(_ connection: PostgresConnection) async throws {
        try await connection.execute(
            """
            CREATE TABLE IF NOT EXISTS schema_migrations (
                version integer PRIMARY KEY,
                name text NOT NULL,
                checksum text NOT NULL, -- SHA-256 of the statements, hexadecimal
                applied_at timestamptz NOT NULL DEFAULT now()
            )
            """)
    }

    private func pending(on connection: PostgresConnection) async throws -> [Migration] {
        let applied = try await connection.query(
            "SELECT version, name, checksum FROM schema_migrations ORDER BY version"
        ).map { row in
            AppliedMigration(
                version: try row.get("version"), name: try row.get("name"), checksum: try row.get("checksum"))
        }
        return try await pending(after: applied, of: "The database", on: connection)
    }

    private func pending(
        after applied: [AppliedMigration], of subject: String, on connection: PostgresConnection
    ) async throws -> [Migration] {
        guard applied.count <= migrations.count else {
            let newest = applied[migrations.count]
            throw MigrationMismatch(
                description: "\(subject) has migration \(newest.version) (\(newest.name)), which this version of the"
                    + " program does not know. Use the newer version of the program, or restore a backup from before it."
            )
        }
        for (applied, migration) in zip(applied, migrations) {
            guard applied.version == migration.version else {
                throw MigrationMismatch(
                    description: "\(subject) has migration \(applied.version) (\(applied.name)) where the program has"
                        + " \(migration.version) (\(migration.name)).")
            }
            guard try await applied.checksum == checksum(of: migration, on: connection) else {
                throw MigrationMismatch(
                    description: "\(subject) has migration \(applied.version) (\(applied.name)) with other statements"
                        + " than the program has.")
            }
        }
        return Array(migrations.dropFirst(applied.count))
    }

    private func checksum(of migration: Migration, on connection: PostgresConnection) async throws -> String {
        let rows = try await connection.query(
            "SELECT encode(sha256(convert_to(\(migration.sql)::text, 'UTF8')), 'hex') AS checksum")
        return try rows[0].get("checksum")
    }

    private func apply(
        _ migration: Migration, on connection: PostgresConnection, until deadline: ContinuousClock.Instant
    ) async throws {
        let checksum = try await checksum(of: migration, on: connection)
        while true {
            do {
                try await connection.inTransaction { connection in
                    try await connection.runScript(
                        """
                        SET LOCAL lock_timeout = \(lockTimeout.milliseconds);
                        SET LOCAL statement_timeout = 0
                        """)
                    try await connection.runScript(migration.sql, within: Self.statementDeadline)
                    try await connection.execute(
                        """
                        INSERT INTO schema_migrations (version, name, checksum)
                        VALUES (\(migration.version), \(migration.name), \(checksum))
                        """)
                }
                return
            } catch let error as PostgresError where error.isLockTimeout {
                guard ContinuousClock.now < deadline else {
                    throw PostgresError(
                        .unavailable(
                            "migration \(migration.version) (\(migration.name)) has waited for \(patience) in vain for"
                                + " the end of other transactions"))
                }
                try await Task.sleep(for: lockTimeout * Double.random(in: 1.5...2.5))
            }
        }
    }
}

extension PostgresError {
    fileprivate var isLockTimeout: Bool { sqlState == "55P03" }
}
