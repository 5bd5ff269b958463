import Aria2
import Lifecycle
import Postgres
import Reactor
import Releases
import Storage

/// Which files of a torrent are fetched, and why these.
struct FileChoice: Sendable {
    var selection = FileSelection.all
    /// In bytes, of the files that are fetched and of all of them.
    var size: (chosen: Int64, all: Int64)?
    /// Less than all is wanted, and by their names it is not known which files that is.
    var isBlind = false
    /// A program that stands where a video should.
    var program: String?

    /// What is wanted of the torrent now; all of it while nobody knows its files, as of a magnet.
    static func load(_ torrent: Torrent, in orchestrator: Orchestrator) async throws -> FileChoice {
        let (stored, wanted, isVideo) = try await orchestrator.pool.withConnection { connection in
            var (wanted, isVideo): ([WantedFiles], Bool) = ([], false)
            for download in torrent.needs {
                wanted.append(try await WantedFiles.load(download, on: connection))
                // Whoever chose what calls itself a program knew it.
                if let (kind, release) = try await Downloads.subject(of: download, on: connection), kind != .game,
                    ParsedRelease(release).programEnding == nil
                {
                    isVideo = true
                }
            }
            return (try await Torrents.metainfo(torrent.infohash, on: connection), wanted, isVideo)
        }
        let folder = orchestrator.parts.downloads
        let metainfo = try await BlockingPool.shared.run {
            try stored.map { try Metainfo(parsing: $0) } ?? folder.metainfo(of: torrent.infohash)
        }
        guard let metainfo else { return FileChoice() }
        let unwanted = wanted.unwanted(of: metainfo.files)
        let left = metainfo.files.enumerated().filter { !unwanted.contains($0.offset) }.map(\.element.length)
        return FileChoice(
            selection: FileSelection(without: unwanted, of: metainfo.files.count),
            size: (chosen: left.reduce(0, +), all: metainfo.totalSize),
            isBlind: wanted.contains { $0.unwanted(of: metainfo.files) == nil },
            program: isVideo ? Self.program(in: metainfo.files) : nil)
    }

    /// The name of the largest file, where that is a program: small ones come with many a video, and are no harm by
    /// themselves.
    private static func program(in files: [Metainfo.File]) -> String? {
        let largest = files.filter { !$0.isPadding }.max { $0.length < $1.length }?.path.last
        return largest.flatMap { ParsedRelease($0).programEnding == nil ? nil : $0 }
    }

    /// Refuses a torrent that holds a program where a movie or an episode should be; whether it did.
    func refuses(_ torrent: Torrent, in orchestrator: Orchestrator) async throws -> Bool {
        guard let program, !torrent.downloads.isEmpty else { return false }
        for download in torrent.downloads {
            try await orchestrator.failed(
                download, because: "it holds no video but a program, \(program)", lookedAt: torrent)
        }
        return true
    }

    /// For the history; nil where there is nothing to say.
    func sentence(_ name: String) -> String? {
        if isBlind { return "the files of \(name) cannot be told apart by their names: all of it is fetched" }
        guard selection != .all, let size else { return nil }
        return "of the \(size.all.sized) of \(name) only what is wanted is fetched: \(size.chosen.sized)"
    }
}
