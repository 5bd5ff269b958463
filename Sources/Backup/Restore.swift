import Foundation
public import Postgres

/// A backup as statements, ready to be carried out.
public struct ReadBackup: Sendable {
    /// The steps of the schema that it was made with.
    public let migrations: [AppliedMigration]
    let folder: PrivateFolder
    let statements: UnfinishedFile
    let prelude: UnfinishedFile

    /// Removes what reading has left.
    public func close() {
        statements.remove()
        prelude.remove()
    }
}

extension Backups {
    /// Reads a backup to its end, so that one that is damaged or cut off is found out before anything is touched.
    public func read(_ file: String) async throws -> ReadBackup {
        guard FileManager.default.isReadableFile(atPath: file) else { throw BackupError("\(file) cannot be read.") }
        let folder = try await PrivateFolder.take(folder)
        let applied = try folder.create("migrations.part")
        defer { applied.remove() }
        let statements = try folder.create("statements.part")
        do {
            try await program("pg_restore", ["--data-only", "--table=schema_migrations", "--file=-", file])
                .run(into: applied.handle, on: thread)
            let migrations = try Self.migrations(in: String(contentsOfFile: applied.path, encoding: .utf8))
            guard !migrations.isEmpty else { throw BackupError("\(file) is no backup of Usher.") }
            try await program("pg_restore", ["--no-owner", "--no-privileges", "--file=-", file])
                .run(into: statements.handle, on: thread)
            return ReadBackup(
                migrations: migrations, folder: folder, statements: statements,
                prelude: try folder.create("prelude.part"))
        } catch let failure as Program.Failure {
            statements.remove()
            throw BackupError("\(file) is no backup of Usher, or it is damaged: \(failure.words)")
        } catch {
            statements.remove()
            throw error
        }
    }

    /// Puts what was read in the place of all that the database holds, in one transaction: until it commits everything
    /// is as it was, and after a crash one or the other is there.
    ///
    /// - Parameter afterwards: statements that belong to the same transaction.
    /// - Throws: ``BackupError`` while anybody else has a session on the database.
    public func restore(_ backup: ReadBackup, afterwards: String) async throws {
        try backup.prelude.handle.write(contentsOf: Data(Self.prelude.utf8))
        let arguments = [
            "--no-psqlrc", "--quiet", "--no-password", "--single-transaction", "--set=ON_ERROR_STOP=1",
            "--set=VERBOSITY=terse", "--file=\(backup.prelude.path)", "--file=\(backup.statements.path)",
            "--command=\(afterwards)", "--command=ANALYZE",
        ]
        do {
            try await program("psql", arguments, reaching: true).run(into: .nullDevice, on: thread)
        } catch let failure as Program.Failure {
            let reason = failure.words.split(separator: "ERROR:  ").last.map(String.init) ?? failure.words
            throw BackupError("Nothing was restored, and nothing was changed: \(reason)")
        }
    }

    /// Whoever starts meanwhile waits at the migrators' lock; whoever works already is in the way.
    private static let prelude = """
        SET client_min_messages = warning;
        SET lock_timeout = '30s';
        SET statement_timeout = 0;
        SET idle_in_transaction_session_timeout = 0;
        SELECT pg_advisory_xact_lock(\(Migrator.lock));
        DO $$
        DECLARE
            others text;
        BEGIN
            LOOP
                PERFORM pg_stat_clear_snapshot();
                SELECT string_agg(DISTINCT COALESCE(NULLIF(application_name, ''), 'somebody')
                    || COALESCE(' from ' || host(client_addr), ''), ', ') INTO others
                FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend';
                EXIT WHEN others IS NULL;
                -- A session that was closed just now is seen for a moment.
                IF clock_timestamp() > transaction_timestamp() + interval '5 seconds' THEN
                    RAISE EXCEPTION 'others work on the database (%). Stop every usher first, and close other sessions.',
                        others;
                END IF;
                PERFORM pg_sleep(0.1);
            END LOOP;
        END $$;
        DROP SCHEMA public CASCADE;
        CREATE SCHEMA public;

        """

    /// The rows of `COPY public.schema_migrations (version, name, checksum, applied_at) FROM stdin`.
    private static func migrations(in script: String) throws -> [AppliedMigration] {
        let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
        guard
            let start = lines.firstIndex(where: {
                $0.hasPrefix("COPY public.schema_migrations (version, name, checksum")
            })
        else { return [] }
        return lines[(start + 1)...].prefix { $0 != "\\." }.compactMap { line in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard fields.count >= 3, let version = Int(fields[0]) else { return nil }
            return AppliedMigration(version: version, name: String(fields[1]), checksum: String(fields[2]))
        }.sorted { $0.version < $1.version }
    }
}
