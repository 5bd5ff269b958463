import Glibc

/// The steps between a commit, what it has happen in the world, and the acknowledgement of that.
///
/// A debug build that finds some of these names in its environment as `FAULT_POINT`, separated by commas, dies at the
/// first that it comes by (SIGKILL), and its last words name it: that is how the chaos harness proves that what was
/// begun is done all the same. In a release build nothing is left of them.
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
        private static let named = Set(
            getenv("FAULT_POINT").map { String(cString: $0).split(separator: ",").map(String.init) } ?? [])
    #endif

    /// Comes by; goes on, unless this is where it is to end.
    @inline(__always) func reach() {
        #if DEBUG
            guard Self.named.contains(rawValue) else { return }
            let words = "fault point: \(rawValue)\n"
            _ = write(STDERR_FILENO, words, words.utf8.count)  // it dies all the same
            kill(getpid(), SIGKILL)
        #endif
    }
}
