import Foundation

/// The folder of the backups, which only its owner may enter, taken by one process at a time.
final class PrivateFolder: Sendable {
    let path: String
    private let lock: CInt

    /// Makes the folder if need be, and takes it; waits for another process that has it.
    static func take(_ path: String, within patience: Duration = .seconds(60)) async throws -> PrivateFolder {
        let deadline = ContinuousClock.now + patience
        while true {
            if let folder = try PrivateFolder(path) { return folder }
            guard ContinuousClock.now < deadline else {
                throw BackupError("Another backup or restore has been working in \(path) for \(patience).")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// `nil` while another process has it.
    private init?(_ path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw BackupError("\(path) cannot be written to: \(String(cString: strerror(errno))).") }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw BackupError("\(path)/lock cannot be locked: \(String(cString: strerror(errno))).")
            }
            return nil
        }
    }

    deinit {
        close(lock)
    }

    /// A new file that only its owner may read. What an earlier process left under that name goes.
    func create(_ name: String) throws -> UnfinishedFile {
        let path = "\(path)/\(name)"
        unlink(path)  // usually there is none; if it cannot be removed the next line says so
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw BackupError("\(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        return UnfinishedFile(path: path, handle: FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    /// Gives a file that was flushed the name of a backup, and flushes that too. Answers the path.
    func give(_ file: UnfinishedFile, name: String) throws -> String {
        for number in 1...99 {
            let path = "\(path)/\(name)\(number == 1 ? "" : "-\(number)").dump"
            // A link, because it never replaces anything.
            guard link(file.path, path) == 0 else {
                if errno == EEXIST { continue }
                throw BackupError("\(path) cannot be written: \(String(cString: strerror(errno))).")
            }
            let folder = open(self.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            defer { close(folder) }
            guard folder >= 0, fsync(folder) == 0 || errno == EINVAL else {
                throw BackupError("\(self.path) cannot be flushed: \(String(cString: strerror(errno))).")
            }
            return path
        }
        throw BackupError("There are too many backups of this second.")
    }
}

/// A file in the making.
struct UnfinishedFile: Sendable {
    let path: String
    let handle: FileHandle

    /// Takes this name from it; it lives on under another, if it has one.
    func remove() {
        unlink(path)  // what stays is replaced by the next
    }
}
