import Lifecycle
import Logging
import Postgres
import Storage

/// What becomes of a download is told here: by the watcher, and by the effects that cannot be carried out.
///
/// Each of these is told as often as it is seen and recorded once: a download that has no item on its way any more
/// refuses the news, and that is the end of it.
extension Orchestrator {
    /// aria2 has all of it.
    func completed(_ download: Int64) async throws {
        try await tell(download) { door, _ in try await door.carryOut(.complete(download: download)) }
    }

    /// It was taken out of aria2 by other hands.
    ///
    /// - Parameter torrent: as it was before aria2 was looked at. If it was added anew since, by another process that
    ///   watches or for somebody else, then it was seen in between, and nothing happens.
    func removed(_ download: Int64, lookedAt torrent: Torrent) async throws {
        try await tell(download) { door, _ in
            guard try await Torrents.isCurrent(torrent, on: door.connection) else { return }
            try await door.carryOut(
                .removed(download: download), reason: "the download was removed from aria2 by other hands")
        }
    }

    /// It cannot succeed. The release is not accepted again for this request. The next best of what was found is taken, if
    /// that is not left to a person; if there is none and the house's policy allows, what failed is searched again after
    /// a while.
    ///
    /// - Parameters:
    ///   - torrent: as in ``removed(_:lookedAt:)``; nil if aria2 has no part in it.
    ///   - isOfRelease: false where another release would fail as well: then none is refused for it.
    func failed(
        _ download: Int64, because sentence: String, lookedAt torrent: Torrent? = nil, isOfRelease: Bool = true
    ) async throws {
        try await tell(download) { door, known in
            if let torrent {
                guard try await Torrents.isCurrent(torrent, on: door.connection) else { return }
            }
            let lost = Set(
                try await door.items().filter { $0.download == download && $0.status == .downloading }.map(\.id))
            try await door.carryOut(.fail(download: download), reason: sentence)
            let connection = door.connection
            let release = try await ReleaseRows.find(known.release, of: known.request, on: connection)
            if !isOfRelease {
                // It may be chosen again, once what is in its way is out of it.
            } else if let infohash = known.infohash ?? release?.infohash {
                try await ReleaseRows.block(infohash, for: door.request.id, reason: sentence, on: connection)
            } else if let release {
                let offer = OfferID(indexer: release.indexerName, guid: release.guid)
                try await ReleaseRows.block(offer, for: door.request.id, reason: sentence, on: connection)
            }
            let settings = try await Settings.load(on: connection)
            let found = try await door.judgeAnew()
            var left = try await door.items().filter { lost.contains($0.id) }
            if isOfRelease {
                if Chooser(door.request, settings).afterFailure == .best {
                    left = try await door.takeBest(of: found, for: left)
                    guard !left.isEmpty else { return }
                }
                if found.fitting(left).isEmpty {
                    try await door.log("exhausted", "nothing else that was found fits: \(found.sentence)")
                }
            }
            let failures = door.request.failures + 1
            let pause =
                settings.retryFailed
                ? Policy.retryDelay(afterFailure: failures, limit: settings.retryAttempts) : nil
            try await Requests.noteFailure(door.request.id, count: failures, retryAfter: pause, on: connection)
        }
    }

    /// Adds a line about a download to the history of its request.
    func note(_ sentence: String, of download: Int64) async throws {
        try await tell(download) { door, _ in try await door.log("files", sentence) }
    }

    private func tell(
        _ id: Int64, _ news: @Sendable (Door, Download) async throws -> Void
    ) async throws {
        guard let download = try await pool.withConnection({ try await Downloads.find(id, on: $0) }) else { return }
        do {
            try await withDoor(of: download.request) { try await news($0, download) }
        } catch CommandError.refused(let refusal) {
            // Late news: it was cancelled, or somebody else told of it first.
            logger.debug("Late news of download \(id)", metadata: ["reason": "\(refusal.code.rawValue)"])
        }
    }
}
