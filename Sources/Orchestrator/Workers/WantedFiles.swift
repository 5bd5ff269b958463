import Aria2
import Lifecycle
import Postgres
import Releases
import Storage

/// What of a torrent a download is for.
struct WantedFiles: Sendable {
    /// The episodes that are on it; none: a movie or a game, of which everything is wanted.
    var episodes: Set<Lifecycle.EpisodeNumber>
    /// Those of its request that somebody cancelled.
    var cancelled: Set<Lifecycle.EpisodeNumber>
    /// Seasons of which every known episode is on it, or cancelled: what else a file names of those is wanted, too.
    var wholeSeasons: Set<Int>

    /// What a download is for.
    static func load(_ download: Int64, on connection: PostgresConnection) async throws -> WantedFiles {
        let (episodes, wholeSeasons) = try await Downloads.episodes(of: download, on: connection)
        return WantedFiles(
            episodes: episodes, cancelled: try await Downloads.cancelled(of: download, on: connection),
            wholeSeasons: wholeSeasons)
    }

    /// The positions of the files that nobody needs: each names episodes, and none that is wanted. `nil`: the files
    /// cannot be told apart, because one that is wanted is named by none of them.
    func unwanted(of files: [Metainfo.File]) -> Set<Int>? {
        guard !episodes.isEmpty else { return [] }
        var unwanted: Set<Int> = []
        var named: Set<Lifecycle.EpisodeNumber> = []
        for (position, file) in files.enumerated() {
            let held = Self.episodes(of: file)
            named.formUnion(held)
            if !held.isEmpty, !held.contains(where: isWanted) { unwanted.insert(position) }
        }
        return unwanted.isEmpty || episodes.isSubset(of: named) ? unwanted : nil
    }

    private func isWanted(_ episode: Lifecycle.EpisodeNumber) -> Bool {
        episodes.contains(episode) || (wholeSeasons.contains(episode.season) && !cancelled.contains(episode))
    }

    /// The episodes that a file holds, as its own name says it.
    private static func episodes(of file: Metainfo.File) -> Set<Lifecycle.EpisodeNumber> {
        guard let name = file.path.last.map({ ParsedRelease($0) }), let season = name.seasons.first else { return [] }
        return Set(name.episodes.map { .init(season: season, number: $0) })
    }
}

extension [WantedFiles] {
    /// What all of them can do without.
    func unwanted(of files: [Metainfo.File]) -> Set<Int> {
        map { $0.unwanted(of: files) ?? [] }.reduce(nil) { common, some in common?.intersection(some) ?? some } ?? []
    }
}
