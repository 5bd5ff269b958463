import ArgumentParser
import Aria2
import Backup
import Foundation
import Orchestrator
import Postgres
import Storage

/// Puts a backup in the place of what the database holds.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Go back to a backup. Usher must not be running.")

    @Argument(help: "The file that usher backup made.") var file: String
    @Flag(help: "Do not back up first what is there now.") var discard = false

    func run() async throws {
        let path = file.hasPrefix("/") ? file : FileManager.default.currentDirectoryPath + "/" + file
        try await Premises.open(alone: true) { premises in
            let backups = try premises.backups()
            let isEmpty = try await premises.house(migrating: false) { house in
                try await house.pool.query("SELECT to_regclass('requests') IS NULL AS empty")[0].get("empty") as Bool
            }
            if !isEmpty, !discard {
                do {
                    print("What is there now is kept in \(try await backups.make().path)")
                } catch {
                    throw UsherError("What is there now cannot be backed up (--discard does without): \(error)")
                }
            }
            let backup = try await backups.read(path)
            defer { backup.close() }
            // Refused before anything is touched: a backup that this program would not be able to work with.
            _ = try await premises.house(migrating: false) { house in
                try await Schema.migrator.pending(after: backup.migrations, of: "The backup", on: house.pool)
            }
            try await backups.restore(backup, afterwards: Torrents.afterRestore)
            try await premises.house { try await Self.recover($0) }
            print("Restored. Everybody signs in anew; usher serve goes on from there.")
        }
    }

    private static func recover(_ house: House) async throws {
        let configuration = house.configuration
        let orchestrator = house.orchestrator(
            aria2: Aria2Client(
                url: configuration.aria2URL ?? "http://127.0.0.1:1", secret: configuration.aria2Secret,
                http: house.http))
        do {
            let recovery = try await orchestrator.recover(aria2Runs: configuration.aria2URL != nil)
            print("Downloads begun since, removed: \(recovery.removed). Complete since: \(recovery.broughtBack).")
        } catch {
            throw UsherError(
                "The database is restored, but what was downloaded since could not be put right: \(error)"
                    + " Mend that, and restore again.")
        }
    }
}
