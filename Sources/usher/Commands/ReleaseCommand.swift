import ArgumentParser
import Releases

/// Reads release names.
struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Read release names.", subcommands: [Parse.self])

    /// One name a line in, one JSON object a line out.
    struct Parse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what release names mean: one name a line in, one JSON object a line out.")

        func run() {
            while let line = readLine() { print(ParsedRelease(line).json) }
        }
    }
}
