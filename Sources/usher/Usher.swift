import ArgumentParser
import Foundation

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

    /// Runs the command that is asked for, and ends the process without the handlers that `exit` calls: they take OpenSSL
    /// down, and a thread that is ending at that moment crashes in it (once in some two hundred stops).
    static func main() async {
        var status = ExitCode.success
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            status = exitCode(for: error)
            let message = fullMessage(for: error)
            if status.isSuccess {
                print(message)
            } else if !message.isEmpty {
                FileHandle.standardError.write(Data("\(message)\n".utf8))
            }
        }
        fflush(nil)
        _exit(status.rawValue)
    }
}

/// Why a command cannot go on, for people.
struct UsherError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
