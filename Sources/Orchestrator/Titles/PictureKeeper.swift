import Cryptography
import FoundationEssentials
import Glibc
import Logging
public import Metadata
import Postgres
import Reactor
import Storage

/// A picture, ready to be shown.
public struct Picture: Sendable, Equatable {
    /// What it is by its own bytes.
    public var type: PictureType
    /// All of it.
    public var bytes: [UInt8]
}

extension Orchestrator {
    /// A picture by the key that pages use; nil if it cannot be had now.
    ///
    /// - Throws: ``CommandError/notFound`` when no source has named one of this key.
    public func picture(_ key: String) async throws -> Picture? {
        try await pictures.picture(key)
    }
}

/// Fetches pictures, once, and keeps them in a folder. Only those that a source has named: this is nobody's way to other
/// addresses.
public final class PictureKeeper: Sendable {
    /// How long a picture that could not be had is not asked for again.
    private static let rest = (gone: Duration.seconds(3600), away: Duration.seconds(60))
    private static let mostMissing = 10_000
    /// Seconds after which a picture is fetched again: the terms of TMDB allow six months.
    private static let oldest = 150 * 86400
    /// After so many new ones the folder is tidied.
    private static let tidyEvery = 32

    private let folder: String
    private let limit: Int
    private let sources: TitleSources
    private let pool: PostgresPool
    private let logger: Logger
    private let flights = Flights<String, Picture?>()
    private let missing = Locked<[String: ContinuousClock.Instant]>([:])
    private let added = Locked(0)

    /// - Parameters:
    ///   - folder: made when it is needed; what is in it may be removed at any time.
    ///   - limit: bytes that it holds at most, and a few pictures more for a while.
    init(folder: String, limit: Int, sources: TitleSources, pool: PostgresPool, logger: Logger) {
        self.folder = folder
        self.limit = limit
        self.sources = sources
        self.pool = pool
        self.logger = logger
    }

    /// What pages call the picture at an address.
    static func key(of url: String) -> String { Array(Digest.sha256(Array(url.utf8)).prefix(16)).hex }

    func picture(_ key: String) async throws -> Picture? {
        guard key.utf8.count == 32, key.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }) else {
            throw CommandError.notFound
        }
        if let kept = try await read(key) { return kept }
        if let until = missing.withLock({ $0[key] }), until > .now { return nil }
        guard let named = try await pool.withConnection({ try await Pictures.find(key, on: $0) }),
            let source = SourceID(rawValue: named.source)
        else { throw CommandError.notFound }
        return await flights.value(for: key, within: .seconds(20)) { await self.fetch(named, from: source) } ?? nil
    }

    private func fetch(_ named: PictureSource, from source: SourceID) async -> Picture? {
        do {
            let bytes = try await sources.picture(at: named.url, from: source)
            guard let type = PictureType(of: bytes) else { throw MetadataError.notFound }
            await write(bytes, named.key)
            return Picture(type: type, bytes: bytes)
        } catch {
            let isGone = (error as? MetadataError) == .notFound
            missing.withLock { missing in
                if missing.count >= Self.mostMissing { missing = [:] }
                missing[named.key] = .now + (isGone ? Self.rest.gone : Self.rest.away)
            }
            logger.debug("A picture could not be had", metadata: ["source": "\(source)", "reason": "\(error)"])
            return nil
        }
    }

    // MARK: The folder

    private func read(_ key: String) async throws -> Picture? {
        try await BlockingPool.shared.run { [path = "\(folder)/\(key)"] in
            var facts = stat()
            guard stat(path, &facts) == 0, facts.st_mtim.tv_sec > time(nil) - Self.oldest,
                let bytes = FileManager.default.contents(atPath: path).map([UInt8].init)
            else { return nil }
            return PictureType(of: bytes).map { Picture(type: $0, bytes: bytes) }
        }
    }

    private func write(_ bytes: [UInt8], _ key: String) async {
        let mustTidy = added.withLock { added in
            added += 1
            return added % Self.tidyEvery == 1
        }
        do {
            try await BlockingPool.shared.run { [folder, limit] in
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                // Whole or not at all, also for another process.
                try Data(bytes).write(to: URL(filePath: "\(folder)/\(key)"), options: .atomic)
                if mustTidy { try Self.tidy(folder, to: limit) }
            }
        } catch {
            // It is shown all the same, and fetched again the next time.
            logger.warning("Pictures cannot be kept", metadata: ["folder": "\(folder)", "reason": "\(error)"])
        }
    }

    /// Removes the oldest until the rest holds at most nine tenths of what is allowed.
    static func tidy(_ folder: String, to limit: Int) throws {
        var files: [(path: String, size: Int, at: Int)] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            var facts = stat()
            let path = "\(folder)/\(name)"
            // Another process may have removed it.
            guard stat(path, &facts) == 0 else { continue }
            files.append((path, Int(facts.st_size), facts.st_mtim.tv_sec))
        }
        var total = files.reduce(0) { $0 + $1.size }
        guard total > limit else { return }
        for file in files.sorted(by: { $0.at < $1.at }) {
            guard total > limit / 10 * 9 else { return }
            unlink(file.path)
            total -= file.size
        }
    }
}
