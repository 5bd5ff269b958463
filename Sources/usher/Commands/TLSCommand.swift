import ArgumentParser
import Cryptography
import Foundation

/// What has to do with certificates.
struct TLSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tls", abstract: "Certificates.", subcommands: [SelfSigned.self])

    /// Writes a certificate for a house that has none.
    struct SelfSigned: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "self-signed", abstract: "Make a certificate that browsers ask about once.")

        @Argument(help: "Names of hosts and addresses that people type.")
        var names = ["localhost", "127.0.0.1"]

        func run() async throws {
            let folder = try Configuration().dataDirectory + "/tls"
            let made = try SelfSignedCertificate(names: names)
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            // The key first: a certificate without its key would stop the next start.
            for (name, text) in [("key.pem", made.key), ("cert.pem", made.certificate)] {
                let file = "\(folder)/\(name)"
                try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            }
            print(
                "Made for \(names.joined(separator: ", ")), for 365 days. Set these, and start or reload (SIGHUP) Usher:"
            )
            print("USHER_TLS_CERT=\(folder)/cert.pem")
            print("USHER_TLS_KEY=\(folder)/key.pem")
        }
    }
}
