import Aria2
import FoundationEssentials
import Lifecycle
import Postgres
import Releases
import Storage

/// Where the files of a complete download belong.
struct PlacementFacts: Sendable {
    var infohash: String
    var title: Title
    /// The seasons of the episodes that completed with it.
    var seasons: Set<Int>
    /// What of the torrent it is for: a pack may bring more, which is not put anywhere.
    var wanted: WantedFiles
    /// Of a game: the platform that was wanted, else the one that the release's name says.
    var platform: Platform
    /// The torrent, unless it came by magnet: then aria2 has written it beside the files.
    var metainfo: [UInt8]?

    /// The torrent's files are missing or changed.
    struct FilesNotWhole: Error {}

    /// Those of a download that was not placed yet.
    static func load(_ id: Int64, on connection: PostgresConnection) async throws -> PlacementFacts? {
        guard let download = try await Downloads.find(id, on: connection), download.placedAt == nil,
            let infohash = download.infohash,
            let request = try await Requests.find(download.request, on: connection)
        else { return nil }
        let platform = try await Downloads.platform(of: id, on: connection)
        return PlacementFacts(
            infohash: infohash, title: request.title,
            seasons: try await Downloads.seasons(of: id, on: connection),
            wanted: try await WantedFiles.load(id, on: connection),
            platform: Platform(wanted: platform.wanted, release: platform.release),
            metainfo: try await Torrents.metainfo(infohash, on: connection))
    }

    /// Places the files; answers the folder that people look in, relative to the download folder.
    ///
    /// Safe to repeat: what is in its place already stays.
    ///
    /// - Throws: ``FilesNotWhole``, ``FilePlacementError``.
    func place(in downloads: DownloadFolder) throws -> String {
        let torrent = try torrent(in: downloads)
        let unwanted = wanted.unwanted(of: torrent.files) ?? []
        guard try torrent.isWhole(in: downloads.incoming(infohash), without: unwanted) else { throw FilesNotWhole() }
        let moves = moves(of: torrent).map(\.move)
        var top = home
        if title.kind == .show, let folder = Set(moves.map { $0.to.prefix(3) }).first, seasons.count == 1 {
            top = Array(folder)
        }
        try FilePlacement.place(moves, from: downloads.incoming(infohash), under: downloads.root)
        return top.joined(separator: "/")
    }

    /// Copies files that lie where people look back to the incoming folder, where aria2 verifies them instead of
    /// fetching them again. Answers how many; without the torrent's own words it is not known which these are: none.
    func bringBack(in downloads: DownloadFolder) throws -> Int {
        guard let metainfo else { return 0 }
        let folder = downloads.incoming(infohash)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        return try moves(of: try Metainfo(parsing: metainfo)).count { move, length in
            try FilePlacement.copyBack(move, length: length, to: folder, from: downloads.root)
        }
    }

    /// Where each file belongs, and how long it is.
    private func moves(of torrent: Metainfo) -> [(move: FilePlacement.Move, length: Int64)] {
        let unwanted = wanted.unwanted(of: torrent.files) ?? []
        return torrent.files.enumerated().filter { !$1.isPadding && !unwanted.contains($0) }.map { _, file in
            // A torrent of several files brings a folder of its own name; the title's folder takes its place.
            let inner = torrent.isSingleFile ? file.path : Array(file.path.dropFirst())
            let folder = seasonFolder(of: inner).map { home + [$0] } ?? home
            return ((from: file.path, to: folder + inner.map(DownloadFolder.component)), file.length)
        }
    }

    private func torrent(in downloads: DownloadFolder) throws -> Metainfo {
        if let metainfo { return try Metainfo(parsing: metainfo) }
        guard let saved = try downloads.metainfo(of: infohash) else { throw FilesNotWhole() }
        return saved
    }

    /// `Movies/Title (Year)`, `Shows/Title (Year)`, `Games/Title (Platform)`.
    private var home: [String] {
        let year = title.year.map { " (\($0))" } ?? ""
        switch title.kind {
        case .movie: return ["Movies", DownloadFolder.component(title.name + year)]
        case .show: return ["Shows", DownloadFolder.component(title.name + year)]
        case .game:
            return ["Games", DownloadFolder.component("\(title.name) (\(platform.label))")]
        }
    }

    /// `Season 01`, as a file's own name says it, or as there is only one.
    private func seasonFolder(of path: [String]) -> String? {
        guard title.kind == .show else { return nil }
        let named = path.last.flatMap { ParsedRelease($0).seasons.first }
        guard let season = named ?? seasons.min() else { return nil }
        return season < 10 ? "Season 0\(season)" : "Season \(season)"
    }
}

extension Platform {
    /// What a game was downloaded for. No platform in the name of a game means Windows.
    init(wanted: String?, release: String) {
        self = wanted.flatMap(Platform.init) ?? ParsedRelease(release).platforms.first ?? .windows
    }
}
