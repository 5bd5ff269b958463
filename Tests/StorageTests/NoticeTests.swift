import Lifecycle
import Postgres
import Storage
import Testing

@Suite("Notices", .timeLimit(.minutes(10)))
struct NoticeTests {
    private func person(_ name: String, on request: Int64, in fixture: Fixture) async throws -> Int64 {
        try await fixture.pool.transaction { connection in
            let user: Int64 = try await connection.query(
                "INSERT INTO users (name, password_hash, role) VALUES (\(name), '-', 'member') RETURNING id")[0].get(
                    "id")
            _ = try await Requests.add(person: user, to: request, on: connection)
            return user
        }
    }

    @discardableResult
    private func tell(_ fixture: Fixture) async throws -> [Int64] {
        try await fixture.pool.withConnection { try await Notices.tell(atMost: 100, on: $0).requests }
    }

    private func kinds(of user: Int64, in fixture: Fixture) async throws -> [Told.Kind] {
        try await fixture.pool.withConnection { try await Notices.list(of: user, under: nil, limit: 50, on: $0) }.map(
            \.kind)
    }

    @Test("Each who is on a request is told of each event once, whoever tells and how often")
    func once() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let ben = try await person("Ben", on: request, in: fixture)
        let item = try await fixture.item(request)
        try await fixture.record([Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request)
        #expect(try await tell(fixture) == [request])
        #expect(try await tell(fixture).isEmpty)
        let download = try await fixture.download(request)
        try await fixture.record(
            [Step(item: item, event: .selected, from: .found, to: .downloading, download: download)], of: request)
        try await fixture.record(
            [Step(item: item, event: .downloadCompleted, from: .downloading, to: .completed)], of: request)
        // Many processes at once.
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    _ = try await fixture.pool.withConnection { try await Notices.tell(atMost: 1, on: $0) }
                }
            }
            try await group.waitForAll()
        }
        for user in [fixture.user, ben] {
            #expect(Set(try await kinds(of: user, in: fixture)) == [.completed, .started, .found])
            #expect(try await kinds(of: user, in: fixture).count == 3)
        }
        let twice = try await fixture.refusal(
            of: """
                INSERT INTO notices (user_id, request_id, kind, event_id, parts, at)
                SELECT user_id, request_id, kind, event_id, parts, at FROM notices
                """)
        #expect(twice == "23505")
    }

    @Test("What was rolled back is told to nobody") func rolledBack() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await fixture.pool.transaction { connection in
                try await Events.record(
                    [Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request, by: nil,
                    reason: nil, on: connection)
                throw Stop()
            }
        }
        #expect(try await tell(fixture).isEmpty)
        #expect(try await fixture.count("untold") == 0)
    }

    @Test("A season that arrives at once is one notice, and what was found and taken at once is not told as found")
    func rounds() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request(.show, scope: .ongoing)
        var items: [Int64] = []
        for number in 1...3 { items.append(try await fixture.item(request, EpisodeNumber(season: 1, number: number))) }
        try await fixture.record(
            items.map { Step(item: $0, event: .searchedFound, from: .pending, to: .found) }, of: request)
        let download = try await fixture.download(request)
        try await fixture.record(
            items.map { Step(item: $0, event: .selected, from: .found, to: .downloading, download: download) },
            of: request)
        try await tell(fixture)
        let told = try await fixture.pool.withConnection {
            try await Notices.list(of: fixture.user, under: nil, limit: 9, on: $0)
        }
        #expect(told.map(\.kind) == [.started])
        #expect(told.map(\.parts) == [3])
    }

    @Test("Nobody is told of their own acts, of what was before them, or of a failure that is tried again")
    func notTold() async throws {
        let fixture = try await Fixture.make()
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        let download = try await fixture.startDownload(request, item)
        let ben = try await person("Ben", on: request, in: fixture)
        try await fixture.pool.transaction { connection in
            try await Events.record(
                [Step(item: item, event: .downloadFailed, from: .downloading, to: .failed)], of: request, by: nil,
                reason: "no pieces", on: connection)
            try await Requests.noteFailure(request, count: 1, retryAfter: 3600, on: connection)
        }
        try await tell(fixture)
        #expect(try await kinds(of: ben, in: fixture).isEmpty)
        #expect(try await kinds(of: fixture.user, in: fixture) == [.started])
        try await fixture.record(
            [Step(item: item, event: .selected, from: .failed, to: .downloading, download: download)], of: request)
        try await fixture.pool.withConnection { connection in
            try await Events.record(
                [Step(item: item, event: .cancelled, from: .downloading, to: .cancelled)], of: request, by: ben,
                reason: nil, on: connection)
        }
        try await tell(fixture)
        #expect(try await kinds(of: ben, in: fixture) == [.started])
        #expect(try await kinds(of: fixture.user, in: fixture).prefix(2).contains(.cancelled))
        let byBen = try await fixture.pool.withConnection {
            try await Notices.list(of: fixture.user, under: nil, limit: 1, on: $0)
        }
        #expect(byBen.first?.by == "Ben")
    }
}
