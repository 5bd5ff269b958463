import ArgumentParser
import Storage
import Web

/// Adds accounts.
struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user", abstract: "Add accounts.", subcommands: [Add.self])

    /// Adds an account.
    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an account; its password comes on standard input.")
        @Argument(help: "The name to sign in with.") var name: String
        @Flag(help: "May do everything.") var admin = false

        func run() async throws {
            let password = readSecret("Password: ")
            try await House.open { house in
                do {
                    _ = try await Accounts.create(
                        name: name, password: password, role: admin ? .administrator : .member, in: house.pool)
                } catch let problem as Accounts.Problem {
                    throw UsherError("\(problem)")
                }
                print("\(name) can sign in now.")
            }
        }
    }
}
