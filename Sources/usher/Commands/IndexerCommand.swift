import ArgumentParser
import Orchestrator
import Postgres
import Storage
import Torznab

/// Adds and tests indexers.
struct IndexerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "indexer", abstract: "Add and test indexers.", subcommands: [Add.self, Test.self])

    /// Adds an indexer.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a Torznab indexer; its API key comes on standard input.")
        @Argument(help: "What the household calls it.") var name: String
        @Argument(help: "Its Torznab address.") var url: String

        func run() async throws {
            do { _ = try Endpoint(url: url) } catch { throw ValidationError(error.sentence) }
            let key = readSecret("API key (empty: none): ")
            try await House.open { house in
                do {
                    _ = try await house.pool.withConnection { connection in
                        try await Indexers.add(
                            IndexerSettings(name: name, url: url, apiKey: key.isEmpty ? nil : key), on: connection)
                    }
                } catch let error as PostgresError where error.isUniqueViolation(constraint: "indexers_name") {
                    throw UsherError("There is an indexer named \(name) already.")
                }
                print("\(name) was added; try it with: usher indexer test \(name)")
            }
        }
    }

    /// Asks an indexer.
    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ask an indexer, and say what it answered.")
        @Argument(help: "What the household calls it.") var name: String

        func run() async throws {
            let report = try await House.open { house in
                let indexer = try await house.pool.withConnection { try await Indexers.find(named: name, on: $0) }
                guard let indexer else { throw UsherError("There is no indexer named \(name).") }
                return await IndexerTest(torznab: house.torznab).ask(
                    url: indexer.settings.url, apiKey: indexer.settings.apiKey)
            }
            print(report.sentence)
            guard report.isGood else { throw ExitCode.failure }
        }
    }
}
