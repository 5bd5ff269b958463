public import Foundation
public import Postgres
import Reactor

/// A backup that is there.
public struct BackupFile: Sendable, Equatable {
    /// The file.
    public var path: String
    /// When it was made.
    public var madeAt: Date
    /// In bytes.
    public var size: Int64

    /// Without its folder.
    public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
}

/// Why there is no backup, or why one cannot be restored; for people.
public struct BackupError: Error, CustomStringConvertible {
    /// The sentence.
    public var description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Backups of the database: `pg_dump` writes them, `pg_restore` and `psql` bring them back.
///
/// Nothing else has to be backed up for Usher to go on: its other files are made anew at each start, and what aria2
/// has follows from the database. What was downloaded is the household's own, and not in it.
///
/// A backup holds secrets (hashes of passwords, keys of indexers): only its owner may read it. Sessions are not in it,
/// because what was signed out since must not be signed in by a restore; nor are leases of workers.
public struct Backups: Sendable {
    /// Where they are.
    public let folder: String
    /// Whether the database is Usher's own, so that nobody else backs it up.
    public let isOwn: Bool
    let database: ProgramSettings
    /// A thread for programs that take their time.
    let thread = BlockingPool(threads: 1, name: "backup")
    private static let passing = ["sessions", "sign_in_failures", "duties"]

    /// The backups of a database in a folder, which is made with the first.
    public init(folder: String, database: PostgresConfiguration, isOwn: Bool) {
        self.folder = folder
        self.isOwn = isOwn
        self.database = database.programSettings
    }

    /// What is there, the newest first.
    public func list() throws -> [BackupFile] {
        let files = FileManager.default
        guard files.fileExists(atPath: folder) else { return [] }
        return try files.contentsOfDirectory(atPath: folder)
            .filter { $0.hasPrefix("usher-") && $0.hasSuffix(".dump") }.sorted(by: >)
            .map { name in
                let path = "\(folder)/\(name)"
                let attributes = try files.attributesOfItem(atPath: path)
                return BackupFile(
                    path: path, madeAt: attributes[.modificationDate] as? Date ?? .distantPast,
                    size: attributes[.size] as? Int64 ?? Int64(attributes[.size] as? Int ?? 0))
            }
    }

    /// Makes one: a consistent picture of the database at one moment, while everybody goes on working.
    ///
    /// It is written beside its place, read once for a check, flushed, and only then given its name: a file that has the
    /// name of a backup is a whole one.
    public func make() async throws -> BackupFile {
        let folder = try await PrivateFolder.take(folder)
        let unfinished = try folder.create("unfinished.part")
        defer { unfinished.remove() }
        var arguments = [
            "--format=custom", "--no-owner", "--no-privileges", "--lock-wait-timeout=60000", "--no-password",
        ]
        arguments += Self.passing.map { "--exclude-table-data=public.\($0)" }
        try await program("pg_dump", arguments, reaching: true).run(into: unfinished.handle, on: thread)
        try await program("pg_restore", ["--list", unfinished.path]).run(into: .nullDevice, on: thread)
        try unfinished.handle.synchronize()
        let path = try folder.give(unfinished, name: Self.name(at: Date()))
        return try list().first { $0.path == path } ?? { throw BackupError("\(path) vanished as it was made.") }()
    }

    /// Removes all but the newest `count`, and answers how many it removed.
    @discardableResult
    public func keep(_ count: Int) throws -> Int {
        let old = try list().dropFirst(count)
        for file in old { try FileManager.default.removeItem(atPath: file.path) }
        return old.count
    }

    func program(_ name: String, _ arguments: [String], reaching: Bool = false) throws -> Program {
        guard let programs = PostgresPrograms.folder else {
            throw BackupError("\(name) is missing: install PostgreSQL's programs (apt-get install postgresql).")
        }
        guard reaching else { return Program("\(programs)/\(name)", arguments) }
        let connection = database.connection.map { ["--dbname=\($0)"] } ?? []
        return Program("\(programs)/\(name)", arguments + connection, environment: database.environment)
    }

    /// `usher-20261123T055400Z`: names in their order are moments in theirs.
    private static func name(at date: Date) -> String {
        var seconds = time_t(date.timeIntervalSince1970)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        var text = [CChar](repeating: 0, count: 32)
        strftime(&text, text.count, "usher-%Y%m%dT%H%M%SZ", &parts)
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
