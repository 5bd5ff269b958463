import Aria2
import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

@Suite("A movie, a game", .timeLimit(.minutes(10)))
struct MovieTests {
    private let name = "The Long Way 2019 1080p WEB-DL x264-TEST"

    @Test(arguments: [false, true]) func itGoesAllTheWay(byMagnet: Bool) async throws {
        try await World.live { world in
            let torrent = try await world.share(name, byMagnet: byMagnet)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let download = try await world.choose(name, of: request)
            #expect(try await world.status(request) == .downloading)
            // A double click is one choice.
            #expect(try await world.choose(name, of: request) == download)
            try await world.until(request, is: .completed)
            let file = "Movies/The Long Way (2019)/\(torrent.name)"
            try await world.until("its file is in its place") { world.files()[file] != nil }
            #expect(world.files() == [file: Data(torrent.files[0].bytes)])
            try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
            #expect(try await world.count("downloads") == 1)
            #expect(try await world.count("events") == 3)
            let search = try #require(try await world.search(of: request))
            #expect(search.seen == 1 && search.sentence == "1 seen: 1 acceptable.")
            await #expect(throws: CommandError.self) { try await world.orchestrator.cancel(request, by: world.anna) }
            await #expect(throws: CommandError.self) { try await world.orchestrator.search(request, by: world.anna) }
        }
    }

    @Test func twoChooseAtOnce() async throws {
        try await World.live { world in
            let other = "The Long Way 2019 720p WEB-DL x264-TEST"
            let torrents = [try await world.share(name), try await world.share(other)]
            let request = try await world.askMovie()
            try await world.orchestrator.join(request, by: world.ben)
            try await world.until(request, is: .found)
            let releases = [try await world.release(name, of: request), try await world.release(other, of: request)]
            async let first: Void = world.orchestrator.choose(release: releases[0], of: request, by: world.anna)
            async let second: Void = world.orchestrator.choose(release: releases[1], of: request, by: world.ben)
            _ = try await (first, second)
            try await world.until(request, is: .completed)
            try await world.until("one file is there") { world.files().count == 1 }
            for torrent in torrents {
                try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
            }
            #expect(world.files().count == 1)
            #expect(try await world.count("events WHERE event = 'downloadCompleted'") == 1)
        }
    }

    @Test func twoRequestsShareATorrent() async throws {
        try await World.live { world in
            let torrent = try await world.share(name)
            let one = try await world.askMovie()
            let two = try await world.askMovie("Long Way")
            try await world.until(one, is: .found)
            try await world.until("both are searched") { try await world.search(of: two) != nil }
            try await world.choose(name, of: two)
            try await world.choose(name, of: one)
            try await world.until(one, is: .completed)
            try await world.until(two, is: .completed)
            try await world.until("both have their file") { world.files().count == 2 }
            #expect(Set(world.files().values) == [Data(torrent.files[0].bytes)])
            try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
            #expect(try await world.count("torrents") == 1)
        }
    }

    @Test func aGameLiesUnderItsPlatform() async throws {
        try await World.live { world in
            try await world.share("Rock Pool v1.2-TEST", category: 4050)
            for (title, release, place) in [
                ("Rock Pool", "Rock Pool v1.2-TEST", "Games/Rock Pool (Windows)/")
            ] {
                let request = try await world.orchestrator.ask(
                    Wish(kind: .game, title: .hand(name: title, year: nil, seasons: [:]), scope: .whole),
                    by: world.anna, key: World.key()
                ).request
                try await world.until("it was searched") { try await world.search(of: request) != nil }
                try await world.choose(release, of: request)
                try await world.until(request, is: .completed)
                try await world.until("it lies in \(place)") { world.files().keys.contains { $0.hasPrefix(place) } }
            }
        }
    }

    @Test func cancelled() async throws {
        try await World.live { world in
            let torrent = try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let download = try await world.choose(name, of: request)
            try await world.until("aria2 has it") {
                try await world.aria2.client.snapshot().transfers[torrent.infohash] != nil
            }
            guard case .known(let live) = try await world.orchestrator.progress(of: [download, 99]) else {
                throw TestSupportError("aria2 does not answer")
            }
            #expect(live.keys.sorted() == [download])
            try await world.orchestrator.cancel(download: download, of: request, by: world.anna)
            #expect(try await world.status(request) == .cancelled)
            try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
            await #expect(throws: CommandError.self) {
                try await world.orchestrator.cancel(download: download, of: request, by: world.anna)
            }
            // Searched again, chosen again, and this time somebody shares it.
            try await world.orchestrator.search(request, by: world.anna)
            try await world.until(request, is: .found)
            try await world.swarm.seed(torrent)
            try await world.choose(name, of: request)
            try await world.until(request, is: .completed)
        }
    }

    @Test func anotherReleaseIsChosenOnTheWay() async throws {
        try await World.live { world in
            let first = try await world.share(name, isAlive: false)
            let better = "The Long Way 2019 2160p WEB-DL x265-TEST"
            let second = try await world.share(better)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(name, of: request)
            try await world.until("aria2 has the first") {
                try await world.aria2.client.snapshot().transfers[first.infohash] != nil
            }
            try await world.orchestrator.join(request, by: world.ben)
            try await world.choose(better, of: request, by: world.ben)
            try await world.until(request, is: .completed)
            try await world.until("nothing is left of either on its way") {
                let (isFirstTidy, isSecondTidy) = (try await world.isTidy(first), try await world.isTidy(second))
                return isFirstTidy && isSecondTidy
            }
            #expect(world.files().values.map { $0 } == [Data(second.files[0].bytes)])
            let history = try await world.pool.query(
                "SELECT event, from_status, to_status FROM events WHERE request_id = \(request) ORDER BY id")
            #expect(
                try history.map { try [$0.get("event"), $0.get("from_status"), $0.get("to_status")] as [String] } == [
                    ["searchedFound", "PENDING", "FOUND"], ["selected", "FOUND", "DOWNLOADING"],
                    ["selected", "DOWNLOADING", "DOWNLOADING"], ["downloadCompleted", "DOWNLOADING", "COMPLETED"],
                ])
        }
    }

    /// Nothing suits, and somebody takes it all the same: that is searched and found by them.
    @Test func aRejectedReleaseIsChosen() async throws {
        try await World.live { world in
            let camera = "The Long Way 2019 1080p HDCAM x264-TEST"
            let torrent = try await world.share(camera)
            let request = try await world.askMovie()
            try await world.until("it was searched") { try await world.search(of: request)?.seen == 1 }
            #expect(try await world.search(of: request)?.accepted == 0)
            #expect(try await world.status(request) == .pending)
            try await world.choose(camera, of: request)
            try await world.until(request, is: .completed)
            try await world.until("its file is in its place") {
                world.files().values.first == Data(torrent.files[0].bytes)
            }
            let history = try await world.pool.query(
                """
                SELECT event, user_id, reason FROM events WHERE request_id = \(request)
                AND event IN ('searchedFound', 'selected') ORDER BY id
                """)
            #expect(try history.map { try $0.get("event") as String } == ["searchedFound", "selected"])
            #expect(try history.map { try $0.get("user_id") as Int64? } == [world.anna.userID, world.anna.userID])
        }
    }

    /// What kills aria2 each time that it is added is not added for ever.
    @Test func aTorrentThatAria2NeverSurvivesHasFailed() async throws {
        try await World.live { world in
            let torrent = try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            // As after so many adds, none of which was followed by a look that saw it.
            try await world.pool.execute(
                """
                INSERT INTO torrents (infohash, name, metainfo, add_attempts)
                VALUES (\(torrent.infohash), 'T', \(torrent.metainfo), 5)
                """)
            let release = try await world.release(name, of: request)
            try await world.pool.execute(
                """
                CREATE FUNCTION keep_count() RETURNS trigger LANGUAGE plpgsql AS
                    $$BEGIN NEW.add_attempts = 5; RETURN NEW; END$$;
                """)
            try await world.pool.execute(
                "CREATE TRIGGER keep_count BEFORE UPDATE ON torrents FOR EACH ROW EXECUTE FUNCTION keep_count()")
            try await world.orchestrator.choose(release: release, of: request, by: world.anna)
            try await world.until(request, is: .failed)
            #expect(try await world.reasons(request)[0]?.contains("aria2 stopped each of the 5 times") == true)
            #expect(try await world.aria2.client.snapshot().transfers[torrent.infohash] == nil)
            #expect(try await world.count("blocked_releases WHERE infohash = '\(torrent.infohash)'") == 1)
        }
    }

    @Test("A magnet whose metadata kills aria2 does so once, and the others go on")
    func lethal() async throws {
        try await World.live { world in
            let peer = try LethalPeer(named: name, in: world.swarm)
            defer { peer.stop() }
            let other = "The Short Way 2019 1080p WEB-DL x264-TEST"
            let good = try await world.share(other)
            world.offer(magnet: peer.magnet, named: name, infohash: peer.infohash)
            let request = try await world.askMovie()
            let neighbour = try await world.askMovie("The Short Way")
            for request in [request, neighbour] { try await world.until(request, is: .found) }
            try await world.choose(name, of: request)
            // As whoever keeps aria2 running does.
            let keeper = Task {
                var deaths = 0
                while !Task.isCancelled {
                    if (try? await world.aria2.client.version()) == nil {
                        deaths += 1
                        try? await world.aria2.restart()
                    }
                    try? await Task.sleep(for: .milliseconds(50))
                }
                return deaths
            }
            try await world.until(request, is: .failed)
            #expect(try await world.reasons(request)[0]?.contains("the length of its pieces") == true)
            #expect(try await world.count("blocked_releases WHERE infohash = '\(peer.infohash)'") == 1)
            try await world.choose(other, of: neighbour)
            try await world.until(neighbour, is: .completed)
            keeper.cancel()
            // Once as a rule; again where it died before it had written down what the peer said.
            #expect(1..<5 ~= peer.handedOut)
            #expect(await keeper.value >= 1)
            try await world.until("nothing is left of either") {
                let transfers = try await world.aria2.client.snapshot().transfers
                return transfers[peer.infohash] == nil && transfers[good.infohash] == nil
            }
        }
    }

    @Test func removedByOtherHands() async throws {
        try await World.live { world in
            let torrent = try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.choose(name, of: request)
            try await world.until("it was seen in aria2") {
                try await world.count("torrents WHERE aria2_session IS NOT NULL") == 1
            }
            let transfer = try #require(try await world.aria2.client.snapshot().transfers[torrent.infohash])
            try await world.aria2.client.remove(transfer)
            try await world.until(request, is: .cancelled)
            #expect(try await world.reasons(request)[0]?.contains("by other hands") == true)
            #expect(try await world.count("events WHERE event = 'downloadRemoved'") == 1)
            try await world.until("nothing is left of it") { try await world.isTidy(torrent) }
        }
    }

    @Test func aria2IsLostAndComesBack() async throws {
        try await World.live { world in
            let torrent = try await world.share(name, isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            let download = try await world.choose(name, of: request)
            try await world.until("it was seen in aria2") {
                try await world.count("torrents WHERE aria2_session IS NOT NULL") == 1
            }
            try await world.aria2.kill()
            let before = try await world.count("events")
            guard case .unknown(let since) = try await world.orchestrator.progress(of: [download]) else {
                throw TestSupportError("progress is known of an aria2 that is dead")
            }
            guard case .unknown(since) = try await world.orchestrator.progress(of: [download]) else {
                throw TestSupportError("it is away since another moment")
            }
            #expect(try await world.count("events") == before)
            #expect(try await world.status(request) == .downloading)
            try await world.swarm.seed(torrent)
            try await world.aria2.restart()
            try await world.until(request, is: .completed)
            try await world.until("its file is in its place") {
                world.files().values.first == Data(torrent.files[0].bytes)
            }
        }
    }
}
