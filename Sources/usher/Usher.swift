import ArgumentParser

/// Takes a household's requests for movies, shows and games through their whole life.
@main
struct Usher: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "usher",
        abstract: "A household asks for movies, TV shows and games, and watches them arrive.",
        discussion: "Settings come from the environment (USHER_…); the README lists them.",
        subcommands: [
            Serve.self, Migrate.self, TLSCommand.self, DoctorCommand.self, BackupCommand.self, RestoreCommand.self,
            UserCommand.self, IndexerCommand.self, ReleaseCommand.self,
        ],
        defaultSubcommand: nil)
}

/// Why a command cannot go on, for people.
struct UsherError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
