import Aria2
import HTTPClient
import Storage
import Torznab

/// Why a torrent was not had from its indexer.
struct FetchFailure: Error {
    var sentence: String
    /// Trying again would not help.
    var isFinal: Bool
}

/// A torrent as it is given to aria2: validated, and rebuilt from its parsed parts.
struct FetchedTorrent: Sendable {
    var infohash: String
    var name: String
    var metainfo: [UInt8]?
    var magnet: String?

    /// Gets the torrent of a release: from its link, else by the magnet that came with it.
    ///
    /// - Throws: ``FetchFailure``.
    static func fetch(
        _ release: ReleaseRow, from indexer: Indexer?, by torznab: TorznabClient
    ) async throws -> FetchedTorrent {
        if let link = release.link, !link.hasPrefix("magnet:"), let indexer {
            do {
                let endpoint = try Endpoint(indexer)
                switch try await torznab.resolve(endpoint, item: link) {
                case .torrent(let bytes): return try FetchedTorrent(torrent: bytes)
                case .magnet(let uri): return try FetchedTorrent(magnet: uri)
                }
            } catch let error as TorznabError {
                // The magnet says the same without the indexer's help.
                if let magnet = release.magnet { return try FetchedTorrent(magnet: magnet) }
                throw FetchFailure(
                    sentence: "\(indexer.name) did not hand out the torrent: \(error.sentence)",
                    isFinal: error.isFinal)
            } catch let error as EndpointError {
                throw FetchFailure(sentence: error.sentence, isFinal: true)
            }
        }
        if let magnet = release.magnet ?? release.link, magnet.hasPrefix("magnet:") {
            return try FetchedTorrent(magnet: magnet)
        }
        throw FetchFailure(
            sentence: indexer == nil
                ? "the indexer that offered it was removed" : "the indexer gave no link to its torrent",
            isFinal: true)
    }

    private init(torrent bytes: [UInt8]) throws {
        do {
            let parsed = try Metainfo(parsing: bytes)
            infohash = parsed.infohash
            name = parsed.name
            metainfo = parsed.rebuilt(allowingPrivateTrackers: true)
        } catch {
            throw FetchFailure(sentence: "what the indexer sent is no usable torrent: \(error.sentence)", isFinal: true)
        }
    }

    private init(magnet uri: String) throws {
        do {
            let parsed = try Magnet(parsing: uri)
            infohash = parsed.infohash
            name = parsed.name ?? parsed.infohash
            magnet = parsed.uri(allowingPrivateTrackers: true)
        } catch {
            throw FetchFailure(sentence: "the indexer's magnet cannot be used: \(error.sentence)", isFinal: true)
        }
    }
}

extension TorznabError {
    /// Asking again would get the same answer.
    var isFinal: Bool {
        switch self {
        case .deadLink, .tooLarge, .http(.addressRefused), .http(.malformedURL): true
        case .status(let code): code == 404 || code == 410
        case .http, .wrongKey, .rateLimited, .answered, .notXML, .malformed: false
        }
    }
}
