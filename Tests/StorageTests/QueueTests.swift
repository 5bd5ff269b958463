import FoundationEssentials
import Lifecycle
import Postgres
import Storage
import TestSupport
import Testing

@Suite("Claims and leases", .timeLimit(.minutes(10)))
struct QueueTests {
    private func claim(_ fixture: Fixture, _ worker: String, lease: Int = 100) async throws -> Claim? {
        try await fixture.pool.withConnection { try await SearchQueue.claim(by: worker, lease: lease, on: $0) }
    }

    @Test func workersNeverClaimTheSame() async throws {
        let fixture = try await Fixture.make()
        var wanted: Set<Int64> = []
        for _ in 0..<12 { wanted.insert(try await fixture.request()) }
        let claimed = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for worker in 0..<6 {
                group.addTask {
                    var mine: [Int64] = []
                    while let claim = try await claim(fixture, "worker \(worker)") { mine.append(claim.request) }
                    return mine
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(claimed.count == 12)
        #expect(Set(claimed) == wanted)
    }

    @Test func aLeaseThatRanOutIsAnybodys() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let dead = try #require(try await claim(fixture, "dead", lease: -1))
        let living = try #require(try await claim(fixture, "living"))
        #expect(dead.request == request && living.request == request)
        #expect(try await claim(fixture, "third") == nil)
        let late = try await fixture.pool.withConnection {
            try await SearchQueue.settle(dead, by: "dead", attempts: 1, next: nil, on: $0)
        }
        #expect(!late)
        try await fixture.pool.withConnection { try await SearchQueue.release(living, by: "living", on: $0) }
        #expect(try await claim(fixture, "third") != nil)
    }

    @Test func whoWaitsIsServedFirst() async throws {
        let fixture = try await Fixture.make()
        _ = try await fixture.request()
        let second = try await fixture.request()
        try await fixture.pool.withConnection {
            try await Requests.askForSearch(second, by: fixture.user, on: $0)
        }
        #expect(try await claim(fixture, "worker")?.request == second)
    }

    @Test func whatExpiresNextComesFirstWhateverItsKind() async throws {
        let fixture = try await Fixture.make()
        // A show with several episodes is one line; a movie has less time than a show.
        let show = try await fixture.request(.show)
        for number in 1...3 { try await fixture.item(show, EpisodeNumber(season: 1, number: number)) }
        let movie = try await fixture.request(.movie)
        try await fixture.item(movie)
        try await fixture.pool.execute("UPDATE settings SET movie_expiry_days = 10, show_expiry_days = 20")
        func expiring(limit: Int) async throws -> [Int64] {
            try await fixture.pool.withConnection {
                try await RequestSummaries.list(
                    .init(), .first(.expiry), seenBy: fixture.user, limit: limit, on: $0
                ).map(\.id)
            }
        }
        #expect(try await expiring(limit: 10) == [movie, show])
        #expect(try await expiring(limit: 1) == [movie])
        #expect(
            try await fixture.pool.withConnection {
                try await RequestSummaries.list(
                    .init(part: .expired), seenBy: fixture.user, limit: 10, on: $0
                ).isEmpty
            })
    }

    @Test func whatIsAskedForDuringASearchIsSearchedAgain() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        // Nothing new; something new to look for; somebody waits.
        for (news, isDue) in [(0, false), (1, true), (2, true)] {
            try await fixture.pool.withConnection { try await Requests.searchSoon(request, on: $0) }
            let claim = try #require(try await claim(fixture, "worker"))
            #expect(claim.askedBy == nil)
            try await fixture.pool.withConnection { connection in
                if news == 1 { try await Requests.searchSoon(request, on: connection) }
                if news == 2 { try await Requests.askForSearch(request, by: fixture.user, on: connection) }
                #expect(try await SearchQueue.settle(claim, by: "worker", attempts: 7, next: 900, on: connection))
            }
            let found = try #require(try await fixture.pool.withConnection { try await Requests.find(request, on: $0) })
            #expect(found.searchLease == nil)
            #expect(found.searchAttempts == (isDue ? 0 : 7))
            let next = try #require(found.nextSearchAt)
            #expect(isDue == (next < Date().addingTimeInterval(600)))
            #expect((found.searchAskedAt != nil) == (news == 2))
        }
        // A rest without end.
        let last = try #require(try await claim(fixture, "worker"))
        #expect(last.askedBy == fixture.user)
        let isOurs = try await fixture.pool.withConnection {
            try await SearchQueue.settle(last, by: "worker", attempts: 1, next: nil, on: $0)
        }
        #expect(isOurs)
        let found = try await fixture.pool.withConnection { try await Requests.find(request, on: $0) }
        #expect(found?.nextSearchAt == nil && found?.searchAskedAt == nil && found?.searchAskedBy == nil)
        #expect(try await claim(fixture, "worker") == nil)
    }

    @Test func peopleAreServedInTurn() async throws {
        let fixture = try await Fixture.make()
        var hers: [Int64] = []
        for _ in 0..<5 { hers.append(try await fixture.request()) }
        let ben: Int64 = try await fixture.pool.query(
            "INSERT INTO users (name, password_hash, role) VALUES ('Ben', '-', 'member') RETURNING id")[0].get("id")
        let his = [try await fixture.request(), try await fixture.request()]
        try await fixture.pool.execute("UPDATE requests SET created_by = \(ben) WHERE id = ANY (\(his))")
        var served: [Int64] = []
        while let claim = try await claim(fixture, "worker") {
            served.append(claim.request)
            _ = try await fixture.pool.withConnection {
                try await SearchQueue.settle(claim, by: "worker", attempts: 1, next: nil, on: $0)
            }
        }
        #expect(served == [hers[0], his[0], hers[1], his[1], hers[2], hers[3], hers[4]])
    }

    @Test func effectsAreTakenOnceAndComeBack() async throws {
        let fixture = try await Fixture.make()
        var effects: [Effect] = []
        for _ in 1...3 {
            let request = try await fixture.request()
            effects.append(.fetch(download: try await fixture.startDownload(request, try await fixture.item(request))))
        }
        try await fixture.pool.withConnection { connection in
            try await Outbox.add(effects, on: connection)
            try await Outbox.add(effects, on: connection)
            #expect(try await Outbox.take(lease: 100, on: connection)?.effect == effects[0])
            let second = try #require(try await Outbox.take(lease: -1, on: connection))
            #expect(second.effect == effects[1] && second.attempts == 1)
            let again = try #require(try await Outbox.take(lease: 100, on: connection))
            // The lease of the second had run out: it is the longest due, or the third is.
            #expect(again.effect == effects[1] || again.effect == effects[2])
            try await Outbox.finish(again.id, on: connection)
            try await Outbox.postpone(second.id, seconds: 60, error: "no", on: connection)
        }
        #expect(try await fixture.count("outbox WHERE done_at IS NOT NULL OR last_error IS NOT NULL") >= 1)
    }

    @Test func oneHasADuty() async throws {
        let fixture = try await Fixture.make()
        try await fixture.pool.withConnection { connection in
            #expect(try await Duties.take("watcher", by: "one", for: 100, on: connection))
            #expect(try await Duties.take("watcher", by: "one", for: 100, on: connection))
            #expect(try await !Duties.take("watcher", by: "two", for: 100, on: connection))
            #expect(try await Duties.take("episodes", by: "two", for: 100, on: connection))
            try await Duties.leave("watcher", by: "two", on: connection)
            #expect(try await !Duties.take("watcher", by: "two", for: 100, on: connection))
            try await Duties.leave("watcher", by: "one", on: connection)
            #expect(try await Duties.take("watcher", by: "two", for: -1, on: connection))
            #expect(try await Duties.take("watcher", by: "one", for: 100, on: connection))
        }
    }

    @Test func aFormIsRememberedOnce() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let key = "0123456789abcdef"
        try await fixture.pool.withConnection { connection in
            #expect(try await FormKeys.request(for: key, on: connection) == nil)
            try await FormKeys.remember(key, request: request, by: fixture.user, on: connection)
            #expect(try await FormKeys.request(for: key, on: connection) == request)
            let error = await #expect(throws: PostgresError.self) {
                try await FormKeys.remember(key, request: request, by: fixture.user, on: connection)
            }
            #expect(error?.isUniqueViolation(constraint: "form_keys_pkey") == true)
        }
    }
}
