import CLinux
import Cryptography
import Glibc

/// A file that gets another place.
struct PlacedFile: ~Copyable {
    /// How many names are tried.
    static let maxNames = 99

    private let folder: Folder
    private let name: String
    private let path: String
    private let descriptor: CInt
    private let status: stat

    /// Opens a file, which must be an ordinary one.
    init(_ name: String, in folder: consuming Folder, path: [String]) throws(FilePlacementError) {
        self.path = path.joined(separator: "/")
        self.name = name
        let opened = openat(folder.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        self.folder = folder
        var found = stat()
        let failure: FilePlacementError? =
            opened < 0 ? .last("open", self.path) : fstat(opened, &found) != 0 ? .last("stat", self.path) : nil
        descriptor = opened
        status = found
        if let failure { throw failure }
        guard found.st_mode & S_IFMT == S_IFREG else { throw .notPlain(self.path) }
    }

    /// In bytes.
    var length: Int64 { Int64(status.st_size) }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Gives it a name in a folder, or one with a number if another file has it. Returns the name.
    func place(as wanted: String, in target: borrowing Folder) throws(FilePlacementError) -> String {
        for number in 1...Self.maxNames {
            let candidate = Self.numbered(wanted, number)
            if let there = try target.status(of: candidate) {
                if try isSame(as: candidate, there, in: target) { return candidate }
            } else if try link(as: candidate, in: target) {
                return candidate
            }
            // Else somebody was quicker with that name: look at what they made of it.
            if let there = try target.status(of: candidate), try isSame(as: candidate, there, in: target) {
                return candidate
            }
        }
        throw .noFreeName(wanted)
    }

    /// `name.mkv`, `name (2).mkv`, … of at most 255 bytes.
    static func numbered(_ name: String, _ number: Int) -> String {
        guard number > 1 else { return name }
        let dot = name.lastIndex(of: ".").flatMap { $0 > name.startIndex && name[$0...].utf8.count <= 10 ? $0 : nil }
        let ending = " (\(number))" + name[(dot ?? name.endIndex)...]
        var stem = String(name[..<(dot ?? name.endIndex)])
        while stem.utf8.count + ending.utf8.count > 255 { stem.removeLast() }
        return stem + ending
    }

    /// False if the name was taken meanwhile.
    private func link(as name: String, in target: borrowing Folder) throws(FilePlacementError) -> Bool {
        if linkat(folder.descriptor, self.name, target.descriptor, name, 0) == 0 { return true }
        switch errno {
        case EEXIST: return false
        // Another disk, or one that knows no second names or allows none.
        case EXDEV, EPERM, EMLINK, EOPNOTSUPP, ENOSYS, EACCES: return try copy(as: name, in: target)
        default: throw .last("link", "\(target.path)/\(name)")
        }
    }

    // MARK: Copying

    /// False if the name was taken meanwhile.
    ///
    /// The temporary name follows from the file, so that a copy that was broken off is found and written anew; its lock
    /// keeps a second process away.
    func copy(as name: String, in target: borrowing Folder) throws(FilePlacementError) -> Bool {
        let identity = Digest.sha1(Array("\(status.st_dev) \(status.st_ino) \(path)".utf8)).hex.prefix(16)
        let temporary = ".usher-\(identity).part"
        let place = "\(target.path)/\(temporary)"
        let output = openat(target.descriptor, temporary, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o666)
        guard output >= 0 else { throw .last("open", place) }
        defer { close(output) }
        guard flock(output, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? .busy(path) : .last("flock", place)
        }
        var opened = stat()
        guard fstat(output, &opened) == 0 else { throw .last("stat", place) }
        // The one who had the lock before has given the file its name just now.
        guard let named = try target.status(of: temporary), named.st_ino == opened.st_ino else { throw .busy(path) }
        guard ftruncate(output, 0) == 0 else { throw .last("ftruncate", place) }
        do throws(FilePlacementError) {
            try transfer(to: output, place)
            guard fsync(output) == 0 else { throw .last("fsync", place) }
        } catch {
            unlinkat(target.descriptor, temporary, 0)  // if it stays it is written anew next time
            throw error
        }
        if clinux_rename_no_replace(target.descriptor, temporary, name) == 0 { return true }
        if errno == EINVAL || errno == ENOSYS {  // the file system cannot; then a link can, which never replaces
            if linkat(target.descriptor, temporary, target.descriptor, name, 0) == 0 {
                unlinkat(target.descriptor, temporary, 0)  // if it stays it is only a second name
                return true
            }
        }
        let error = errno
        unlinkat(target.descriptor, temporary, 0)  // as above
        if error == EEXIST { return false }
        errno = error
        throw .last("rename", "\(target.path)/\(name)")
    }

    private func transfer(to output: CInt, _ place: String) throws(FilePlacementError) {
        var offset: off_t = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .last("read", path) }
            guard count > 0 else { return }
            var written = 0
            while written < count {
                let result = buffer[written..<count].withUnsafeBytes { write(output, $0.baseAddress, $0.count) }
                if result < 0, errno == EINTR { continue }
                guard result > 0 else { throw .last("write", place) }
                written += result
            }
            offset += off_t(count)
        }
    }

    // MARK: Comparing

    /// The same file, or one with the same content.
    private func isSame(
        as name: String, _ there: stat, in target: borrowing Folder
    ) throws(FilePlacementError) -> Bool {
        if there.st_dev == status.st_dev, there.st_ino == status.st_ino { return true }
        guard there.st_mode & S_IFMT == S_IFREG, there.st_size == status.st_size else { return false }
        let other = openat(target.descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard other >= 0 else { throw .last("open", "\(target.path)/\(name)") }
        defer { close(other) }
        var offset: off_t = 0
        var (mine, theirs) = ([UInt8](repeating: 0, count: 1 << 20), [UInt8](repeating: 0, count: 1 << 20))
        while offset < status.st_size {
            let left = min(mine.count, Int(status.st_size - offset))
            try fill(&mine, from: descriptor, count: left, at: offset)
            try fill(&theirs, from: other, count: left, at: offset)
            guard mine.prefix(left) == theirs.prefix(left) else { return false }
            offset += off_t(left)
        }
        return true
    }

    private func fill(
        _ buffer: inout [UInt8], from descriptor: CInt, count: Int, at offset: off_t
    ) throws(FilePlacementError) {
        var filled = 0
        while filled < count {
            let result = buffer[filled..<count].withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, $0.count, offset + off_t(filled))
            }
            if result < 0, errno == EINTR { continue }
            guard result > 0 else { throw .last("read", path) }
            filled += result
        }
    }
}
