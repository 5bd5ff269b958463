import Foundation
import Lifecycle
import Postgres
import Reactor
import Storage
import TestSupport
import Testing

@testable import Orchestrator

/// Two who act at the same moment: who wins is defined, nothing is lost, and the history reads sensibly.
@Suite("Races", .timeLimit(.minutes(10)))
struct RaceTests {
    /// A movie that Anna and Ben want, with two releases to choose from. No worker touches it.
    private func found(_ world: World) async throws -> (request: Int64, releases: [Int64]) {
        let title = "The Long Way \(World.key().filter(\.isLetter))"
        let names = ["\(title) 2019 1080p WEB-DL x264-TEST", "\(title) 2019 720p WEB-DL x264-TEST"]
        let request = try await world.askMovie(title)
        try await world.orchestrator.join(request, by: world.ben)
        let releases = try await world.orchestrator.withDoor(of: request) { door in
            let search = try await Searches.add(
                request: request, askedBy: nil, startedAt: Date(),
                SearchOutcome(seen: 2, accepted: 2, sentence: "2 seen", answers: []), on: door.connection)
            let rows = names.map { name in
                ReleaseRow(
                    indexerID: nil, indexerName: "Stand-in", guid: name, name: name, link: nil, magnet: nil,
                    infohash: nil, size: nil, seeders: nil, peers: nil, publishedAt: nil, accepted: true, reasons: [],
                    coverage: .whole)
            }
            try await ReleaseRows.save(rows, request: request, search: search, on: door.connection)
            try await door.carryOut(.recordSearch(acceptableFor: Set(try await door.items().map(\.id))))
            return try await ReleaseRows.list(of: search, on: door.connection).map(\.id)
        }
        return (request, releases)
    }

    /// Attaches a torrent to the download, and answers it as the watcher reads it.
    private func give(_ download: Int64, in world: World) async throws -> Torrent {
        let infohash = String(repeating: "0", count: 24) + String(UInt64.random(in: 1 << 63 ... .max), radix: 16)
        return try await world.pool.withConnection { connection in
            try await Torrents.save(
                infohash: infohash, name: "T", metainfo: nil, magnet: "magnet:?xt=urn:btih:\(infohash)", on: connection)
            try await Downloads.attach(infohash, to: download, on: connection)
            return try #require(try await Torrents.wanted(on: connection).first { $0.infohash == infohash })
        }
    }

    /// Both links are dead, and nobody knows which torrents they were: neither is acceptable any more.
    @Test func whatFailedWithoutATorrentIsBlocked() async throws {
        try await World.live(working: false) { world in
            let (request, releases) = try await found(world)
            for (index, release) in releases.enumerated() {
                try await world.orchestrator.choose(release: release, of: request, by: world.anna)
                let download = try #require(try await world.items(request)[0].download)
                try await world.orchestrator.failed(download, because: "the link is dead")
                let (left, shown) = try await world.pool.withConnection { connection in
                    let details = try await RequestDetails.load(request, seenBy: world.anna.userID, on: connection)
                    return (
                        try await ReleaseRows.all(of: request, on: connection).count(where: \.accepted),
                        try #require(details).releases.count { $0.isBlocked }
                    )
                }
                #expect(left == 1 - index && shown == index + 1)
            }
        }
    }

    /// A process that stood still after its look at aria2 speaks of a torrent that another has added anew meanwhile.
    @Test func whatWasSeenBeforeATorrentWasAddedAnewChangesNothing() async throws {
        try await World.live(working: false) { world in
            let (request, releases) = try await found(world)
            try await world.orchestrator.choose(release: releases[0], of: request, by: world.anna)
            let download = try #require(try await world.items(request)[0].download)
            let earlier = try await give(download, in: world)
            try await world.pool.withConnection { try await Torrents.noteAdd(earlier.infohash, on: $0) }
            try await world.orchestrator.removed(download, lookedAt: earlier)
            try await world.orchestrator.failed(download, because: "late", lookedAt: earlier)
            #expect(try await world.status(request) == .downloading)
            let now = try await world.pool.withConnection { try await Torrents.wanted(on: $0)[0] }
            try await world.orchestrator.removed(download, lookedAt: now)
            #expect(try await world.status(request) == .cancelled)
        }
    }

    private func events(of request: Int64, in world: World) async throws -> [String] {
        try await world.pool.query("SELECT event FROM events WHERE request_id = \(request) ORDER BY id")
            .map { try $0.get("event") }
    }

    /// What came of it: nil when it was done, the code when it was refused.
    private func outcome(_ command: () async throws -> Void) async throws -> Refusal.Code? {
        do {
            try await command()
            return nil
        } catch CommandError.refused(let refusal) {
            return refusal.code
        }
    }

    /// Has two wait at the door of a request, the first before the second, and lets them in.
    private func inOrder<First: Sendable, Second: Sendable>(
        _ world: World, _ request: Int64, _ first: @escaping @Sendable () async throws -> First,
        _ second: @escaping @Sendable () async throws -> Second
    ) async throws -> (First, Second) {
        let locks: SQL = """
            SELECT count(*) AS n FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """
        let keeper = try TestDatabase(url: world.database.url)
        let tasks = try await keeper.pool.transaction { connection in
            _ = try await connection.query("SELECT id FROM requests WHERE id = \(request) FOR UPDATE")
            let one = Task { try await first() }
            try await world.until("the first waits") { try await world.pool.query(locks)[0].get("n") == 1 }
            let two = Task { try await second() }
            try await world.until("the second waits") { try await world.pool.query(locks)[0].get("n") == 2 }
            return (one, two)
        }
        return (try await tasks.0.value, try await tasks.1.value)
    }

    @Test func ofTwoWhoChooseTheFirstWins() async throws {
        try await World.live(working: false) { world in
            let (request, releases) = try await found(world)
            let (first, second) = try await inOrder(world, request) {
                try await outcome {
                    try await world.orchestrator.choose(release: releases[0], of: request, over: [], by: world.anna)
                }
            } _: {
                try await outcome {
                    try await world.orchestrator.choose(release: releases[1], of: request, over: [], by: world.ben)
                }
            }
            #expect(first == nil && second == .chosenMeanwhile)
            #expect(try await events(of: request, in: world) == ["searchedFound", "selected"])
            #expect(try await world.count("downloads") == 1)
            // Who has seen it, and means it, replaces it.
            let download = try #require(try await world.items(request)[0].download)
            try await world.orchestrator.choose(release: releases[1], of: request, over: [download], by: world.ben)
            #expect(try await world.items(request)[0].download != download)
            #expect(try await events(of: request, in: world) == ["searchedFound", "selected", "selected"])
        }
    }

    @Test func manyWhoChooseAtOnce() async throws {
        try await World.live(working: false) { world in
            let neighbour = try world.neighbour()
            for _ in 0..<15 {
                let (request, releases) = try await found(world)
                let refusals = try await withThrowingTaskGroup(of: Refusal.Code?.self) { group in
                    for (number, house) in [world.orchestrator, neighbour, world.orchestrator, neighbour].enumerated() {
                        group.addTask {
                            try await outcome {
                                try await house.choose(
                                    release: releases[number % 2], of: request, over: [],
                                    by: number < 2 ? world.anna : world.ben)
                            }
                        }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                // Both clicks on the one that wins are answered with success; the others learn of it.
                #expect(refusals.count { $0 == nil } == 2)
                #expect(refusals.count { $0 == .chosenMeanwhile } == 2)
                #expect(try await events(of: request, in: world) == ["searchedFound", "selected"])
            }
        }
    }

    @Test(arguments: [true, false])
    func aCancelThatCrossesACompletion(cancelIsFirst: Bool) async throws {
        try await World.live(working: false) { world in
            let (request, releases) = try await found(world)
            try await world.orchestrator.choose(release: releases[0], of: request, by: world.anna)
            let download = try #require(try await world.items(request)[0].download)
            let cancel = { @Sendable in
                try await outcome { try await world.orchestrator.cancel(request, by: world.olga) }
            }
            let complete = { @Sendable in
                try await outcome { try await world.orchestrator.completed(download) }
            }
            if cancelIsFirst {
                let (cancelled, told) = try await inOrder(world, request, cancel, complete)
                // Late news is no error: nobody is there to whom it could be said.
                #expect(cancelled == nil && told == nil)
                #expect(try await world.status(request) == .cancelled)
                #expect(try await events(of: request, in: world) == ["searchedFound", "selected", "cancelled"])
            } else {
                let (told, cancelled) = try await inOrder(world, request, complete, cancel)
                #expect(told == nil && cancelled == .alreadyCompleted)
                #expect(try await world.status(request) == .completed)
                #expect(try await events(of: request, in: world) == ["searchedFound", "selected", "downloadCompleted"])
            }
        }
    }

    @Test(arguments: [true, false])
    func aCancelThatCrossesAChoice(cancelIsFirst: Bool) async throws {
        try await World.live(working: false) { world in
            let (request, releases) = try await found(world)
            let cancel = { @Sendable in
                try await outcome { try await world.orchestrator.cancel(request, by: world.olga) }
            }
            let choose = { @Sendable in
                try await outcome {
                    try await world.orchestrator.choose(release: releases[0], of: request, over: [], by: world.anna)
                }
            }
            if cancelIsFirst {
                let (cancelled, chosen) = try await inOrder(world, request, cancel, choose)
                #expect(cancelled == nil && chosen == nil)
                // Whoever chooses last wants it: it is taken up again, and the history says so step by step.
                #expect(
                    try await events(of: request, in: world)
                        == ["searchedFound", "cancelled", "requeued", "searchedFound", "selected"])
                #expect(try await world.status(request) == .downloading)
            } else {
                let (chosen, cancelled) = try await inOrder(world, request, choose, cancel)
                #expect(chosen == nil && cancelled == nil)
                #expect(try await events(of: request, in: world) == ["searchedFound", "selected", "cancelled"])
                #expect(try await world.status(request) == .cancelled)
            }
        }
    }

    @Test func newsThatComesTwiceOrTooLate() async throws {
        try await World.live(working: false) { world in
            let (request, releases) = try await found(world)
            try await world.orchestrator.choose(release: releases[0], of: request, by: world.anna)
            let download = try #require(try await world.items(request)[0].download)
            let torrent = try await give(download, in: world)
            let neighbour = try world.neighbour()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for house in [world.orchestrator, neighbour, world.orchestrator, neighbour] {
                    group.addTask { try await house.completed(download) }
                }
                try await group.waitForAll()
            }
            try await world.orchestrator.failed(download, because: "late")
            try await world.orchestrator.removed(download, lookedAt: torrent)
            #expect(try await world.status(request) == .completed)
            #expect(try await events(of: request, in: world) == ["searchedFound", "selected", "downloadCompleted"])
            #expect(try await world.count("blocked_releases") == 0)
        }
    }

    @Test func hundredsAtTheSameDoors() async throws {
        try await World.live(working: false) { world in
            var requests: [(request: Int64, releases: [Int64])] = []
            for _ in 0..<5 { requests.append(try await found(world)) }
            let ids = requests.map(\.request)
            let houses = [world.orchestrator, try world.neighbour()]
            let done = Locked((done: 0, refused: 0))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<500 {
                    let (request, releases) = requests[number % requests.count]
                    let house = houses[number % 2]
                    group.addTask {
                        let code = try await outcome {
                            switch number / 5 % 5 {
                            case 0: try await house.choose(release: releases[number % 2], of: request, by: world.anna)
                            case 1: try await house.cancel(request, by: world.olga)
                            case 2: try await house.search(request, by: world.anna)
                            // Several doors one after the other, in both orders.
                            case 3:
                                _ = try await house.carryOut(
                                    .search, on: number.isMultiple(of: 2) ? ids : ids.reversed(), by: world.olga)
                            default:
                                _ = try await house.carryOut(
                                    .keep, on: number.isMultiple(of: 2) ? ids.reversed() : ids, by: world.olga)
                            }
                        }
                        done.withLock { if code == nil { $0.done += 1 } else { $0.refused += 1 } }
                    }
                }
                try await group.waitForAll()
            }
            let (all, refused) = done.withLock { $0 }
            #expect(all + refused == 500 && all > 300)
            // What must hold then is checked when the world ends.
        }
    }

    @Test func aHundredAskForOneTitle() async throws {
        try await World.live(working: false) { world in
            let neighbour = try world.neighbour()
            let people = [world.anna, world.ben, world.olga]
            let all = try await withThrowingTaskGroup(of: Asked.self) { group in
                for number in 0..<100 {
                    let house = number.isMultiple(of: 2) ? world.orchestrator : neighbour
                    group.addTask {
                        try await house.ask(
                            Wish(
                                kind: .movie, title: .hand(name: "The Long Way", year: 2019, seasons: [:]),
                                scope: .whole),
                            by: people[number % 3], key: World.key())
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(all.count == 100 && Set(all.map(\.request)).count == 1)
            #expect(all.count { $0.outcome == .made } == 1)
            #expect(try await world.count("titles") == 1)
            #expect(try await world.count("items") == 1)
            #expect(try await world.count("request_people") == 3)
        }
    }
}
