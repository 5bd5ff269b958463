import Foundation

/// The folder that holds what Usher keeps, and the promise that only one process works in it.
final class DataDirectory: Sendable {
    let path: String
    private let lock: CInt

    /// Makes the folder if need be, and takes its lock.
    ///
    /// - Throws: ``UsherError`` when another process has it.
    init(_ path: String) throws {
        self.path = path
        // Others may pass through (PostgreSQL's account has to), not look inside.
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o711])
        lock = open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw UsherError("\(path)/lock cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            close(lock)
            throw UsherError("Another usher works in \(path). Stop it first, or set USHER_DATA_DIR to another folder.")
        }
    }

    deinit {
        close(lock)
    }
}
