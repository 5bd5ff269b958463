/// What an error of aria2 means: in words, and what helps.
public struct FailureKind: Sendable, Equatable {
    /// What to do about it.
    public enum Remedy: Sendable, Equatable, CaseIterable {
        /// The network's trouble: add it again after a while.
        case retry
        /// Forget what aria2 noted about the files on disk (`*.aria2`), and add it again with a check.
        case distrust
        /// The files are there: add it again with a check, which usually finds them complete.
        case verify
        /// This release will not come: take another.
        case nextRelease
        /// The disk is full: add nothing, tell the administrator, go on when there is room.
        case diskFull
        /// Something is set up wrongly, and no release will come until somebody has mended it.
        case administrator
        /// Another entry has the torrent: drop this one and follow that.
        case followOther
        /// Somebody took it out of aria2.
        case removed
    }

    /// aria2's number (its manual, "EXIT STATUS").
    public let code: Int
    /// For people.
    public let sentence: String
    /// What helps.
    public let remedy: Remedy

    /// Reads the error of a ``Phase/failed(code:message:)``.
    public init(code: Int, message: String) {
        self.code = code
        (sentence, remedy) = Self.meaning(of: code, message: message)
    }

    private static func meaning(of code: Int, message: String) -> (String, Remedy) {
        switch code {
        case 2: ("The other side took too long to answer.", .retry)
        case 3, 4: ("What was asked for does not exist any more.", .nextRelease)
        case 5: ("The download was too slow.", .retry)
        case 6: ("There was a problem with the network.", .retry)
        case 7: ("Nobody shared it: no bytes came for too long.", .nextRelease)
        case 8, 10: ("What was downloaded before does not fit, and is checked.", .distrust)
        case 9: ("The disk is full.", .diskFull)
        case 11, 12: ("aria2 is downloading it already.", .followOther)
        case 13: ("The files were there before the download, and are checked.", .verify)
        case 14: ("A file could not be renamed in the download folder.", .administrator)
        case 15: ("A file could not be opened in the download folder.", .administrator)
        case 16: ("A file could not be created in the download folder.", .administrator)
        case 17: ("The download folder cannot be read or written.", .administrator)
        case 18: ("A folder could not be created in the download folder.", .administrator)
        case 19: ("A name was not found on the network.", .retry)
        case 20, 25, 26, 27: ("The torrent is damaged, and aria2 cannot read it.", .nextRelease)
        case 21, 22, 23, 24: ("The server that has it refused to hand it out.", .nextRelease)
        case 28: ("aria2 did not accept the order, or the torrent in it.", .nextRelease)
        case 29: ("The server that has it is overloaded.", .retry)
        case 30: ("aria2 could not read the order.", .nextRelease)
        case 31: ("It was removed from aria2.", .removed)
        case 32: ("What was downloaded is damaged, and is checked.", .distrust)
        // aria2 knows no number for these, only words.
        case 1 where message.contains("No space left"): ("The disk is full.", .diskFull)
        case 1 where message.contains("Permission denied"):
            ("aria2 may not write to the download folder.", .administrator)
        case 0, 1: ("Something went wrong in aria2.", .distrust)
        default: ("aria2 ended with its error \(code).", .distrust)
        }
    }
}
