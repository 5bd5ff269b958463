import Foundation
import Lifecycle
import Orchestrator
import Postgres
import Releases
import Storage
import TestSupport
import Testing

@Suite("The household", .timeLimit(.minutes(10)))
struct HouseholdTests {
    private static func wish(_ name: String = "The Long Way") -> Wish {
        Wish(kind: .movie, title: .hand(name: name, year: 2019, seasons: [:]), scope: .whole)
    }

    @Test func theSameFormIsOneWish() async throws {
        try await World.live(working: false) { world in
            let key = World.key()
            let all = try await withThrowingTaskGroup(of: Asked.self) { group in
                for _ in 0..<6 {
                    group.addTask { try await world.orchestrator.ask(Self.wish(), by: world.anna, key: key) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(all.map(\.request)).count == 1)
            #expect(all.filter { $0.outcome == .made }.count == 1)
            #expect(all.filter { $0.outcome == .repeated }.count == 5)
            #expect(try await world.count("items") == 1)
            #expect(try await world.count("request_log") == 1)
        }
    }

    @Test func manyAskForTheSameAtOnce() async throws {
        try await World.live(working: false) { world in
            let all = try await withThrowingTaskGroup(of: Asked.self) { group in
                for person in [world.anna, world.ben, world.olga] {
                    for name in ["The Long Way", "the long way!"] {
                        group.addTask {
                            try await world.orchestrator.ask(Self.wish(name), by: person, key: World.key())
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(all.map(\.request)).count == 1)
            #expect(all.filter { $0.outcome == .made }.count == 1)
            #expect(try await world.count("request_people") == 3)
            #expect(try await world.count("items") == 1)
        }
    }

    @Test func theLastOneOutCancels() async throws {
        try await World.live(working: false) { world in
            let request = try await world.askMovie(by: world.anna)
            await #expect(throws: CommandError.notAllowed) {
                try await world.orchestrator.cancel(request, by: world.ben)
            }
            await #expect(throws: CommandError.notFound) {
                try await world.orchestrator.cancel(request + 1, by: world.ben)
            }
            try await world.orchestrator.join(request, by: world.ben)
            try await world.orchestrator.join(request, by: world.ben)
            try await world.orchestrator.cancel(request, by: world.anna)
            #expect(try await world.status(request) == .pending)
            try await world.orchestrator.cancel(request, by: world.ben)
            #expect(try await world.status(request) == .cancelled)
            let error = await #expect(throws: CommandError.self) {
                try await world.orchestrator.cancel(request, by: world.ben)
            }
            guard case .refused(let refusal) = error else { throw TestSupportError("\(String(describing: error))") }
            #expect(refusal.status == .cancelled && refusal.code == .isCancelled)
            // Asked for again: wanted again.
            let again = try await world.orchestrator.ask(Self.wish(), by: world.anna, key: World.key())
            #expect(again.request == request && again.outcome == .joined)
            #expect(try await world.status(request) == .pending)
            try await world.orchestrator.cancel(request, by: world.olga)
            #expect(try await world.status(request) == .cancelled)
        }
    }

    @Test func scopesAreUnited() async throws {
        try await World.live(working: false) { world in
            let request = try await world.askShow([1: 2])
            let same = try await world.askShow([1: 2, 2: 1], episodes: [EpisodeNumber(season: 2, number: 1)])
            #expect(same == request)
            #expect(try await world.items(request).compactMap(\.episode).map(\.season) == [1, 1, 2])
            var wish = Wish(
                kind: .game, title: .hand(name: "Tide Pool", year: nil, seasons: [:]), scope: .whole,
                platforms: [.linux, .windows], eachPlatform: true)
            let game = try await world.orchestrator.ask(wish, by: world.anna, key: World.key()).request
            #expect(try await world.items(game).map(\.platform) == ["linux", "windows"])
            wish.platforms = [.mac]
            _ = try await world.orchestrator.ask(wish, by: world.ben, key: World.key())
            #expect(try await world.items(game).map(\.platform) == ["linux", "windows", "mac"])
            #expect(try await world.request(game).platforms == [.linux, .windows, .mac])
        }
    }

    @Test func twoProcessesShareTheWorkAndTheNews() async throws {
        try await World.live { world in
            let neighbour = try world.neighbour()
            let work = Task { await neighbour.run() }
            var news = neighbour.changes().makeAsyncIterator()
            // The neighbour listens when this arrives.
            while let change = await news.next(isolation: nil), change != .resync {}
            var requests: [Int64] = []
            for number in 1...8 {
                try await world.share("Film \(number) 2019 1080p WEB-DL x264-TEST", isAlive: number == 1)
                requests.append(try await world.askMovie("Film \(number)"))
            }
            for request in requests { try await world.until(request, is: .found) }
            // Each was searched once, whoever did it.
            #expect(try await world.count("searches") == 8)
            #expect(try await world.count("events") == 8)
            // Each of them by one process.
            try await world.until("all duties are taken") { try await world.count("duties") == 4 }
            try await world.choose("Film 1 2019 1080p WEB-DL x264-TEST", of: requests[0])
            try await world.until(requests[0], is: .completed)
            #expect(try await world.count("events WHERE event = 'downloadCompleted'") == 1)

            let quiet = try await world.askMovie("Quiet")
            while let change = await news.next(isolation: nil), change != .request(quiet) {}
            work.cancel()
            await work.value
        }
    }

    @Test func theWatchPassesToAnotherProcess() async throws {
        try await World.live(working: false) { world in
            try await world.share("The Long Way 2019 1080p WEB-DL x264-TEST")
            let first = Task { await world.orchestrator.run() }
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            try await world.until("the first has all duties") { try await world.count("duties") == 4 }
            first.cancel()
            await first.value
            #expect(try await world.count("duties") == 0)
            try await world.choose("The Long Way 2019 1080p WEB-DL x264-TEST", of: request)
            let neighbour = try world.neighbour()
            let second = Task { await neighbour.run() }
            try await world.until(request, is: .completed)
            second.cancel()
            await second.value
        }
    }

    @Test func nothingIsKeptWheneverItIsStopped() async throws {
        try await World.live(working: false) { world in
            world.indexer.behave(.silence)
            let request = try await world.askMovie()
            for round in 1...40 {
                let work = Task { await world.orchestrator.run() }
                // At another point of its beginning each time: none is a point at which it may keep something.
                try await Task.sleep(for: .milliseconds(round * 3))
                work.cancel()
                await work.value
                try #require(try await world.count("duties") == 0, "stopped after \(round * 3) ms")
                try #require(try await world.request(request).searchLease == nil, "stopped after \(round * 3) ms")
            }
        }
    }

    @Test func aStopGivesASearchBack() async throws {
        try await World.live(working: false) { world in
            world.indexer.behave(.silence)
            let request = try await world.askMovie()
            let work = Task { await world.orchestrator.run() }
            await world.indexer.requests(atLeast: 1)
            work.cancel()
            await work.value
            let waiting = try await world.request(request)
            #expect(waiting.searchLease == nil && (waiting.nextSearchAt ?? .distantFuture) <= .now)
            #expect(try await world.count("searches WHERE finished_at IS NOT NULL") == 0)
        }
    }
}
