import ArgumentParser
import Aria2
import Foundation
import Orchestrator
import Postgres
import Storage

/// Checks that the environment works and that every stored state is consistent, and says what to do about what is not.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check that everything Usher needs works, and that all it knows fits together."
    )

    @Flag(help: "Only check what is stored.") var invariants = false

    func run() async throws {
        var findings = Findings()
        do {
            let configuration = try Configuration()
            if !invariants { Self.checkFolders(configuration, &findings) }
            findings = try await House.open { [findings, invariants] house in
                var findings = findings
                let version: String = try await house.pool.query("SHOW server_version")[0].get("server_version")
                findings.good("PostgreSQL \(version) answers, and its schema is up to date.")
                if !invariants {
                    try await Self.checkAria2(house, &findings)
                    try await Self.checkIndexers(house, &findings)
                }
                try await Self.checkInvariants(house, &findings)
                return findings
            }
        } catch let problems as Configuration.Problems {
            for sentence in problems.sentences { findings.bad(sentence, "Correct the environment.") }
        } catch {
            findings.bad("\(error)", "Without its database Usher cannot work.")
        }
        print(findings.lines.joined(separator: "\n"))
        guard findings.isHealthy else { throw ExitCode.failure }
    }

    /// What was found, a line each.
    struct Findings: Sendable {
        var lines: [String] = []
        var isHealthy = true

        mutating func good(_ sentence: String) {
            lines.append("ok    \(sentence)")
        }

        mutating func bad(_ sentence: String, _ remedy: String) {
            isHealthy = false
            lines.append("BAD   \(sentence)\n      \(remedy)")
        }
    }

    private static func checkFolders(_ configuration: Configuration, _ findings: inout Findings) {
        for (name, path) in [
            ("USHER_DATA_DIR", configuration.dataDirectory), ("USHER_DOWNLOAD_DIR", configuration.downloadDirectory),
        ] {
            let files = FileManager.default
            var place = path
            while !files.fileExists(atPath: place), place != "/" {
                place = (place as NSString).deletingLastPathComponent
            }
            guard files.isWritableFile(atPath: place) else {
                findings.bad(
                    "\(place) cannot be written to.", "Give it to the account that runs usher, or change \(name).")
                continue
            }
            do {
                let free = try files.attributesOfFileSystem(forPath: place)[.systemFreeSize] as? Int64 ?? 0
                let gigabytes = free / 1_000_000_000
                if gigabytes < 5 {
                    findings.bad(
                        "\(path) has only \(gigabytes) GB left.", "Make room, or move \(name) to a larger disk.")
                } else {
                    findings.good("\(path) can be written to and has \(gigabytes) GB left.")
                }
            } catch {
                findings.bad("\(path): \(error.localizedDescription)", "See that its disk is there.")
            }
        }
    }

    private static func checkAria2(_ house: House, _ findings: inout Findings) async throws {
        guard let url = house.configuration.aria2URL else {
            if FileManager.default.isExecutableFile(atPath: "/usr/bin/aria2c") {
                findings.good("aria2 is installed; usher serve starts it.")
            } else {
                findings.bad("aria2 is not installed.", "Run: apt-get install aria2")
            }
            return
        }
        do {
            let aria2 = Aria2Client(url: url, secret: house.configuration.aria2Secret, http: house.http)
            findings.good("aria2 \(try await aria2.version()) answers.")
        } catch {
            findings.bad(
                error.sentence, "Check USHER_ARIA2_URL and USHER_ARIA2_SECRET, and that aria2 runs with --enable-rpc.")
        }
    }

    private static func checkIndexers(_ house: House, _ findings: inout Findings) async throws {
        let indexers = try await house.pool.withConnection { try await Indexers.list(on: $0) }.filter(
            \.settings.enabled)
        if indexers.isEmpty {
            findings.bad("No indexer is set up.", "Add one on the indexers page, or with: usher indexer add NAME URL")
        }
        for indexer in indexers {
            let report = await IndexerTest(torznab: house.torznab).ask(
                url: indexer.settings.url, apiKey: indexer.settings.apiKey)
            if report.isGood {
                findings.good("\(indexer.name): \(report.sentence)")
            } else {
                findings.bad(
                    "\(indexer.name): \(report.sentence)", "Correct it on the indexers page, or switch it off.")
            }
        }
    }

    private static func checkInvariants(_ house: House, _ findings: inout Findings) async throws {
        // One moment for all of them, whatever happens meanwhile.
        let checked = try await house.pool.transaction(.readOnly) { connection in
            var checked: [(Invariant, [String])] = []
            for invariant in Invariant.all { checked.append((invariant, try await invariant.check(on: connection))) }
            return checked
        }
        for (invariant, contradictions) in checked {
            if contradictions.isEmpty {
                findings.good(invariant.sentence)
            } else {
                findings.bad(
                    "Not so: \(invariant.sentence) \(contradictions.joined(separator: "; "))",
                    "This is a defect of Usher: please report it with these lines. Nothing was changed.")
            }
        }
    }
}
