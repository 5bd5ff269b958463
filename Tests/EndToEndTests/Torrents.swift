import Foundation
import TestSupport

/// What the household's indexer offers.
extension World {
    /// Shares a torrent and has the indexer offer it.
    @discardableResult
    func share(
        _ name: String, _ content: SharedTorrent.Content, categories: [Int], by delivery: Delivery = .torrent,
        seeders: Int = 10
    ) async throws -> SharedTorrent {
        let torrent = try await swarm.seeded(named: name, content)
        let way: StandInIndexer.Delivery =
            switch delivery {
            case .torrent: .torrent(torrent.metainfo)
            case .magnet: .magnet(torrent.magnet)
            case .redirectToMagnet: .redirect(to: torrent.magnet, status: 302)
            }
        offer(
            StandInIndexer.Release(
                title: name, delivery: way, categories: categories, size: 2_500_000_000, seeders: seeders))
        return torrent
    }

    /// How a torrent is handed out.
    enum Delivery {
        case torrent, magnet, redirectToMagnet
    }

    func shareMovie(
        _ name: String, size: Int = 200_000, by delivery: Delivery = .torrent, seeders: Int = 10
    ) async throws -> SharedTorrent {
        try await share(name, .file(size: size), categories: [2040], by: delivery, seeders: seeders)
    }

    /// Where people look for what was downloaded.
    func folder(_ path: String) -> String {
        "\(usher.downloadDirectory)/\(path)"
    }

    /// The bytes of every file below a folder, by the file's name.
    func files(in path: String) -> [String: Data] {
        var files: [String: Data] = [:]
        let folder = folder(path)
        for name in FileManager.default.enumerator(atPath: folder) ?? .init() {
            guard let name = name as? String, let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
            else {
                continue
            }
            files[name.split(separator: "/").last.map(String.init) ?? name] = data
        }
        return files
    }
}

extension SharedTorrent {
    /// Its files as ``World/files(in:)`` gives them.
    var contents: [String: Data] {
        Dictionary(
            files.map { (String($0.path.split(separator: "/").last ?? ""), Data($0.bytes)) }
        ) { first, _ in first }
    }
}
