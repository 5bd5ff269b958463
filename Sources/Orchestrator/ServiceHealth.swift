import Aria2
import Glibc
import Postgres
import Storage

/// Whether what an orchestrator needs is there: why not, for each part; nothing for those that are.
public struct ServiceHealth: Sendable, Equatable {
    /// The database: it answers, and its schema is this program's.
    public var database: String?
    /// aria2 answers.
    public var aria2: String?
    /// The download folder can be written, and there is room.
    public var disk: String?
    /// Bytes that the disk of the download folder has left, if it says so.
    public var room: Int64?

    /// All of it is there.
    public var isReady: Bool { database == nil && aria2 == nil && disk == nil }
}

extension Orchestrator {
    /// Less room on the disk than this, in bytes, is none.
    private static let leastRoom: UInt64 = 64 << 20

    /// Asks all parts at once.
    public func health() async -> ServiceHealth {
        async let database = databaseProblem()
        async let aria2 = aria2Problem()
        let (disk, room) = diskHealth()
        return await ServiceHealth(database: database, aria2: aria2, disk: disk, room: room)
    }

    private func databaseProblem() async -> String? {
        do {
            return try await Schema.migrator.pending(on: pool).isEmpty ? nil : "its schema is older than the program"
        } catch {
            return "\(error)"
        }
    }

    private func aria2Problem() async -> String? {
        do {
            _ = try await parts.aria2.version(within: .seconds(2))
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Bytes that the disk of the download folder has left beyond the least that is room at all; nil: it does not say.
    var freeRoom: Int64? { diskHealth().room.map { $0 - Int64(Self.leastRoom) } }

    private func diskHealth() -> (problem: String?, room: Int64?) {
        let root = parts.downloads.root
        guard access(root, W_OK) == 0 else { return ("the download folder cannot be written", nil) }
        var figures = statvfs()
        guard statvfs(root, &figures) == 0 else {
            return ("the download folder cannot be asked how full it is", nil)
        }
        let room = UInt64(figures.f_bavail) * UInt64(figures.f_frsize)
        return (room < Self.leastRoom ? "the disk of the download folder is full" : nil, Int64(clamping: room))
    }
}
