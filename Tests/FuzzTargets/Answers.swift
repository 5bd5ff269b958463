import Foundation
import HTTPClient
import Releases

@testable import Aria2
@testable import Metadata
@testable import Torznab

extension FuzzTarget {
    /// A torrent, and what is rebuilt of it for aria2, are one torrent.
    static let bencode = FuzzTarget(name: "bencode") { input in
        guard let torrent = try? Metainfo(parsing: input) else { return }
        demand(torrent.infohash.utf8.count == 40, "no infohash: \(torrent.infohash)")
        for file in torrent.files {
            demand(file.path.allSatisfy { PathComponent.problem(with: Array($0.utf8)) == nil }, "\(file.path)")
            demand(file.length >= 0, "\(file.length) bytes")
        }
    }

    /// A magnet link names one torrent.
    static let magnet = FuzzTarget(name: "magnet") { input in
        guard let magnet = try? Magnet(parsing: String(decoding: input, as: UTF8.self)) else { return }
        demand(magnet.infohash.utf8.count == 40, "no infohash: \(magnet.infohash)")
    }

    /// What aria2 says of all that it has.
    static let aria2Answer = FuzzTarget(name: "aria2-answer") { input in
        _ = try? JSONDecoder().decode(RPCResponse<SnapshotAnswer>.self, from: Data(input))
    }

    /// What an indexer says, document or page.
    static let torznabAnswer = FuzzTarget(name: "torznab-answer") { input in
        guard let endpoint = try? Endpoint(url: "http://indexer.example/api", apiKey: "k"),
            let document = try? XMLElement.parse(input)
        else { return }
        _ = try? Capabilities(document)
        for item in (try? Feed(endpoint: endpoint, now: .now).items(document)) ?? [] {
            demand(!item.title.isEmpty, "a release without a name")
            demand((item.size ?? 0) >= 0, "\(item.size ?? 0) bytes")
        }
    }

    /// What TVmaze says of a show.
    static let tvmazeAnswer = FuzzTarget(name: "tvmaze-answer") { input in
        if let show = try? JSONDecoder().decode(WireShow.self, from: Data(input)) { _ = show }
        if let found = try? JSONDecoder().decode(Lossy<WireEpisode>.self, from: Data(input)) { _ = found }
    }

    /// A release's name.
    static let releaseName = FuzzTarget(name: "release-name") { input in
        let parsed = ParsedRelease(String(decoding: input, as: UTF8.self))
        demand(parsed.year.map { (1000...9999).contains($0) } ?? true, "the year \(parsed.year ?? 0)")
    }
}
