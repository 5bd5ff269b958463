import ArgumentParser
import Backup
import Postgres
import Storage

/// Makes a backup, also while the house is served.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Back the database up, while Usher runs or not.")

    @Option(help: "Afterwards remove all backups but the newest so many; without it the house's setting.")
    var keep: Int?

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep takes a number from 1 on.") }
    }

    func run() async throws {
        try await Premises.open { premises in
            let backups = try premises.backups()
            let file = try await backups.make()
            print("\(file.path) (\(file.size) bytes)")
            let kept = try await premises.house(migrating: false) { house -> Int? in
                // Beside an upgrade this may be the newer program or the older, and the settings not as it knows them.
                do {
                    guard try await Schema.migrator.pending(on: house.pool).isEmpty else { return nil }
                } catch is MigrationMismatch {
                    return nil
                }
                return try await house.pool.withConnection { try await Settings.load(on: $0) }.backupsKept
            }
            if let count = keep ?? kept { try backups.keep(count) }
        }
    }
}
