import Glibc

/// Puts files of a complete download where people look for them. Knows nothing of titles and seasons.
///
/// On one disk a file gets a second name (hard link), and costs nothing; from disk to disk it is copied under a
/// temporary name, flushed, and then given its own. Nothing that is there is ever overwritten: the same file or the
/// same content counts as done, so that all of it can be repeated after a crash, and other content leaves the new file
/// with a number: `name (2).mkv`. No symbolic link is followed below the two folders.
///
/// All calls block.
public enum FilePlacement {
    /// One file: where it is, and where it shall be, as components of paths.
    public typealias Move = (from: [String], to: [String])

    /// Places the files, those under `.pad` excepted.
    ///
    /// - Parameters:
    ///   - moves: with `from` below `directory`, and `to` below `root`. Folders are made as needed.
    ///   - directory: the folder of the download.
    ///   - root: the folder that nothing leaves.
    /// - Returns: where each file is now, below `root`, in order.
    @discardableResult
    public static func place(
        _ moves: [Move], from directory: String, under root: String
    ) throws(FilePlacementError) -> [[String]] {
        let wanted = moves.filter { !$0.from.dropLast().contains(".pad") }
        for component in wanted.flatMap({ $0.from + $0.to }) {
            if let problem = PathComponent.problem(with: component.utf8) { throw .unsafeName(problem) }
        }
        let source = try Folder(opening: directory)
        let destination = try Folder(opening: root)
        var placed: [[String]] = []
        for move in wanted {
            guard let name = move.from.last, let newName = move.to.last else { throw .unsafeName("an empty path") }
            let origin = try source.descend(move.from.dropLast(), making: false)
            let file = try PlacedFile(name, in: origin, path: move.from)
            let folder = try destination.descend(move.to.dropLast(), making: true)
            placed.append(move.to.dropLast() + [try file.place(as: newName, in: folder)])
            try folder.flush()
        }
        return placed
    }

    /// Copies a file that was placed back to where it came from, if it is there in its length and nothing is in its old
    /// place. A copy, because aria2 may write to what it is given, and what was placed is not its any more.
    ///
    /// - Parameters:
    ///   - move: how it was placed, from `directory` to `root`.
    ///   - length: in bytes.
    /// - Returns: whether it was copied.
    public static func copyBack(
        _ move: Move, length: Int64, to directory: String, from root: String
    ) throws(FilePlacementError) -> Bool {
        for component in move.from + move.to {
            if let problem = PathComponent.problem(with: component.utf8) { throw .unsafeName(problem) }
        }
        guard let name = move.to.last, let oldName = move.from.last else { throw .unsafeName("an empty path") }
        do throws(FilePlacementError) {
            let origin = try Folder(opening: root).descend(move.to.dropLast(), making: false)
            let file = try PlacedFile(name, in: origin, path: move.to)
            guard file.length == length else { return false }
            return try file.copy(
                as: oldName, in: Folder(opening: directory).descend(move.from.dropLast(), making: true))
        } catch .missing, .notPlain {
            return false
        }
    }
}

/// Why a file was not placed.
public enum FilePlacementError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A name that must not become part of a path; with the reason.
    case unsafeName(String)
    /// A file or a folder that should be there is not.
    case missing(String)
    /// A symbolic link, or something else that is no file or no folder, is in the way.
    case notPlain(String)
    /// No room for a copy.
    case diskFull
    /// Another process is copying the same file.
    case busy(String)
    /// So many other files have the name that it is given up.
    case noFreeName(String)
    /// The system refused; the call, what it was about, and its reason.
    case system(call: String, path: String, reason: String)

    /// The reason in words for people.
    public var sentence: String {
        switch self {
        case .unsafeName(let reason): "The download has \(reason)."
        case .missing(let path): "“\(path)” is not there."
        case .notPlain(let path): "“\(path)” is a link, or neither a file nor a folder."
        case .diskFull: "The disk is full."
        case .busy(let path): "“\(path)” is being copied already."
        case .noFreeName(let path): "There are too many other files named “\(path)”."
        case .system(let call, let path, let reason): "\(call) refused “\(path)”: \(reason)."
        }
    }

    /// The sentence.
    public var description: String { sentence }

    /// What the last call of the system failed with.
    static func last(_ call: String, _ path: String) -> FilePlacementError {
        let number = errno
        switch number {
        case ENOENT: return .missing(path)
        case ELOOP, ENOTDIR: return .notPlain(path)
        case ENOSPC, EDQUOT: return .diskFull
        default: return .system(call: call, path: path, reason: String(cString: strerror(number)))
        }
    }
}
