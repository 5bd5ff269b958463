import Aria2
import FoundationEssentials
import Logging
import Postgres
import Reactor
import Storage

/// What was put right after a restore.
public struct Recovery: Sendable, Equatable {
    /// Torrents that the database does not need, taken out of aria2 and off the incoming folder.
    public var removed = 0
    /// Torrents that the database takes to be on their way, of which files lay where people look.
    public var broughtBack = 0
}

extension Orchestrator {
    /// Makes the world fit a database that was set back to an earlier moment, before anybody works with it.
    ///
    /// What was asked for since is gone, and with it everything in the incoming folder that it was for. What was
    /// complete since is on its way once more: its files are copied back to where aria2 verifies them, so that they need
    /// not be fetched twice. All else the watcher does in its ordinary way.
    ///
    /// - Parameter aria2Runs: false for an aria2 that starts with Usher: it has forgotten everything by then.
    public func recover(aria2Runs: Bool) async throws -> Recovery {
        let needed = try await pool.withConnection { try await Torrents.needed(on: $0) }
        let incoming = try await BlockingPool.shared.run { [parts] in try parts.downloads.allIncoming() }
        let transfers = aria2Runs ? try await parts.aria2.snapshot().transfers : [:]
        var recovery = Recovery()
        for infohash in incoming where needed[infohash] == nil {
            if let transfer = transfers[infohash] { try await parts.aria2.remove(transfer) }
            let directory = parts.downloads.incoming(infohash)
            try await BlockingPool.shared.run { try FileManager.default.removeItem(atPath: directory) }
            recovery.removed += 1
        }
        for (infohash, downloads) in needed where !incoming.contains(infohash) {
            for download in downloads {
                let facts = try await pool.withConnection { try await PlacementFacts.load(download, on: $0) }
                let folder = parts.downloads
                let files = try await BlockingPool.shared.run { try facts?.bringBack(in: folder) ?? 0 }
                if files > 0 {
                    recovery.broughtBack += 1
                    break
                }
            }
        }
        return recovery
    }
}
