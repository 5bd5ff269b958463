import Glibc

/// The steps between a commit, what it has happen in the world, and the acknowledgement of that.
///
/// A debug build looks, whenever it comes by one, into the file that `FAULT_POINTS` in its environment names: if the
/// point's name is in it, a line each, it dies there and then (SIGKILL), and its last words name the point. That is how
/// the chaos harness proves that what was begun is done all the same. In a release build nothing is left of them.
public enum FaultPoint: String, CaseIterable, Sendable {
    /// A command or an outcome is committed, and nobody was told.
    case committed
    /// A request is claimed, and no indexer was asked.
    case searchClaimed
    /// The indexers have answered, and nothing of it is recorded.
    case searchAnswered
    /// An effect is taken, and nothing of it is done.
    case effectTaken
    /// The indexer has handed out the torrent, and nobody else has it.
    case torrentFetched
    /// An effect is done, and is not known to be.
    case effectDone
    /// The files lie where people look, and the database does not know.
    case placed
    /// It knows, and the torrent is still in aria2 and the incoming folder.
    case placeNoted
    /// An add is counted, and not made.
    case addCounted
    /// aria2 has a torrent, and the database has not seen it there.
    case added
    /// aria2 has all of it, and that is not recorded.
    case outcomeSeen
    /// Recorded, and aria2 still has it.
    case outcomeRecorded
    /// A torrent that nobody wants is out of aria2, and its files are there.
    case removed
    /// Its files are gone too, and the database does not know.
    case filesRemoved

    #if DEBUG
        private static let file = getenv("FAULT_POINTS").map { String(cString: $0) }

        private var isNamed: Bool {
            guard let path = Self.file else { return false }
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            let names = [UInt8](unsafeUninitializedCapacity: 1024) { buffer, count in
                count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
            }
            return names.split(separator: UInt8(ascii: "\n")).contains { $0.elementsEqual(rawValue.utf8) }
        }
    #endif

    /// Comes by; goes on, unless this is where it is to end.
    @inline(__always) func reach() {
        #if DEBUG
            guard isNamed else { return }
            let words = "fault point: \(rawValue)\n"
            _ = write(STDERR_FILENO, words, words.utf8.count)  // it dies all the same
            kill(getpid(), SIGKILL)
        #endif
    }
}
