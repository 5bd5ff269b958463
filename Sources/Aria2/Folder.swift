import Glibc

/// An open folder. Names are looked up in it, so that what it is cannot change in between.
struct Folder: ~Copyable {
    let descriptor: CInt
    /// For messages.
    let path: String

    /// Opens a folder that was configured; it may be reached by links.
    init(opening path: String) throws(FilePlacementError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw .last("open", path) }
    }

    private init(descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// The folder below, by names that are no links.
    func descend(_ names: some Collection<String>, making: Bool) throws(FilePlacementError) -> Folder {
        var folder = try enter(".", making: false)
        for name in names { folder = try folder.enter(name, making: making) }
        return folder
    }

    private func enter(_ name: String, making: Bool) throws(FilePlacementError) -> Folder {
        let below = name == "." ? path : "\(path)/\(name)"
        if making, mkdirat(descriptor, name, 0o777) != 0, errno != EEXIST { throw .last("mkdir", below) }
        let child = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard child >= 0 else { throw .last("open", below) }
        return Folder(descriptor: child, path: below)
    }

    /// What the name stands for, links not followed; nil if nothing.
    func status(of name: String) throws(FilePlacementError) -> stat? {
        var status = stat()
        if fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 { return status }
        if errno == ENOENT { return nil }
        throw .last("stat", "\(path)/\(name)")
    }

    /// Has the names in it survive a loss of power.
    func flush() throws(FilePlacementError) {
        // Some file systems have nothing to flush for a folder, and say so.
        guard fsync(descriptor) == 0 || errno == EINVAL else { throw .last("fsync", path) }
    }
}
