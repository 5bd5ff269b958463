import ArgumentParser
import Postgres
import Storage

/// Brings the database's schema up to date.
struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Bring the database up to date.")

    func run() async throws {
        try await House.open { house in
            // Opening the house has migrated it.
            print(try await Schema.migrator.pending(on: house.pool).isEmpty ? "The database is up to date." : "")
        }
    }
}
