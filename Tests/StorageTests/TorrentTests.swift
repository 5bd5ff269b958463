import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@Suite("Torrents and invariants", .timeLimit(.minutes(10)))
struct TorrentTests {
    private let hash = String(repeating: "0123456789", count: 4)

    private func torrent(_ fixture: Fixture) async throws -> Torrent? {
        try await fixture.pool.withConnection { try await Torrents.wanted(on: $0).first }
    }

    @Test func aTorrentIsNeededAsLongAsSomebodyDownloadsOrItsFilesLieElsewhere() async throws {
        let fixture = try await Fixture.make()
        let (one, two) = (try await fixture.request(), try await fixture.request())
        let (first, second) = (try await fixture.item(one), try await fixture.item(two))
        let a = try await fixture.startDownload(one, first, infohash: hash)
        let b = try await fixture.startDownload(two, second, infohash: hash)
        let wanted = try #require(try await torrent(fixture))
        #expect(wanted.infohash == hash && Set(wanted.downloads) == [a, b] && wanted.addAttempts == 0)
        func untidy() async throws -> [String] {
            try await fixture.pool.withConnection { connection in
                let untidy = try await Torrents.toTidy(on: connection)
                #expect(try await Torrents.isUnneeded(hash, on: connection) == !untidy.isEmpty)
                return untidy
            }
        }
        try await fixture.record(
            [Step(item: first, event: .cancelled, from: .downloading, to: .cancelled)], of: one)
        #expect(try await untidy().isEmpty)
        try await fixture.record(
            [Step(item: second, event: .downloadCompleted, from: .downloading, to: .completed)], of: two)
        #expect(try await torrent(fixture) == nil)
        #expect(try await untidy().isEmpty)
        try await fixture.pool.withConnection { try await Downloads.notePlaced(b, at: "Movies/T", on: $0) }
        #expect(try await untidy() == [hash])
        try await fixture.pool.transaction { connection in
            #expect(try await Torrents.lock(hash, on: connection))
            #expect(try await !Torrents.lock(String(repeating: "f", count: 40), on: connection))
            try await Torrents.noteTidied(hash, on: connection)
        }
        let isTidy = try await fixture.pool.withConnection { try await Torrents.toTidy(on: $0) }.isEmpty
        #expect(isTidy)
        try await fixture.pool.withConnection { connection in
            #expect(try await Torrents.known([hash, "x"], on: connection) == [hash])
            #expect(try await Torrents.metainfo(hash, on: connection) == [0, 1, 255])
            #expect(try await Torrents.magnet(hash, on: connection) == nil)
            #expect(try await Downloads.infohashes(of: [a, b, 99], on: connection) == [a: hash, b: hash])
            #expect(try await Downloads.find(b, on: connection)?.placedAt != nil)
            #expect(try await Downloads.seasons(of: b, on: connection).isEmpty)
            let (platform, release) = try await Downloads.platform(of: b, on: connection)
            #expect(platform == nil && release.hasPrefix("Release."))
        }
    }

    @Test func itsAbsenceSaysNothingWhileNobodyWantedIt() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let download = try await fixture.startDownload(request, item, infohash: hash)
        try await fixture.pool.withConnection { connection in
            try await Torrents.noteAdd(hash, on: connection)
            try await Torrents.noteAdd(hash, on: connection)
            #expect(try await Torrents.wanted(on: connection)[0].addAttempts == 2)
            let before = try await Torrents.wanted(on: connection)
            try await Torrents.noteAdd(hash, on: connection)
            // Seen before it was added anew: that says nothing of where it is now.
            #expect(try await !Torrents.isCurrent(before[0], on: connection))
            try await Torrents.noteSeen(before, session: "s", on: connection)
            #expect(try await Torrents.wanted(on: connection)[0].aria2Session == nil)
            let now = try await Torrents.wanted(on: connection)
            #expect(try await Torrents.isCurrent(now[0], on: connection))
            try await Torrents.noteSeen(now, session: "s", on: connection)
            try await Torrents.noteSeen([], session: "s", on: connection)
            let seen = try await Torrents.wanted(on: connection)[0]
            #expect(seen.addAttempts == 0 && seen.aria2Session == "s")
            // Somebody else chooses it too: it is there, and stays known to be.
            try await Torrents.save(infohash: hash, name: "T", metainfo: nil, magnet: "magnet:?", on: connection)
            #expect(try await Torrents.wanted(on: connection)[0].aria2Session == "s")
            #expect(try await Torrents.magnet(hash, on: connection) == nil)
            #expect(try await Downloads.current(of: request, release: 1, on: connection) == download)
        }
        try await fixture.record(
            [Step(item: item, event: .downloadFailed, from: .downloading, to: .failed)], of: request)
        try await fixture.pool.withConnection { connection in
            try await Torrents.save(infohash: hash, name: "T", metainfo: nil, magnet: "magnet:?", on: connection)
        }
        let row = try await fixture.pool.query("SELECT aria2_session FROM torrents")[0]
        #expect(try row.get("aria2_session", as: String?.self) == nil)
    }
}
