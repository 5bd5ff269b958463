import Lifecycle
import Postgres
import Reactor
import Storage
import Testing

@Suite("Deliveries", .timeLimit(.minutes(10)))
struct DeliveryTests {
    private func way(
        _ fixture: Fixture, _ name: String = "Door", notices: Set<Told.Kind> = Set(Told.Kind.allCases)
    ) async throws -> Int64 {
        try await fixture.pool.withConnection {
            try await Ways.add(
                WaySettings(kind: .ntfy, name: name, address: "https://ntfy.sh", target: "t", notices: notices),
                of: fixture.user, on: $0)
        }
    }

    /// Has a notice of something that was found; once told, it is on its ways.
    private func found(_ fixture: Fixture) async throws {
        let request = try await fixture.request()
        let item = try await fixture.item(request)
        try await fixture.record([Step(item: item, event: .searchedFound, from: .pending, to: .found)], of: request)
        for _ in 0..<2 {
            _ = try await fixture.pool.withConnection { try await Notices.tell(atMost: 100, on: $0) }
        }
    }

    @Test("Each notice goes once over each way that wants it, whoever takes it") func once() async throws {
        let fixture = try await Fixture.make()
        _ = try await way(fixture)
        _ = try await way(fixture, "Porch", notices: [.found])
        _ = try await way(fixture, "Shed", notices: [.completed])
        try await found(fixture)
        #expect(try await fixture.count("deliveries") == 2)
        let taken = Locked<[Int64]>([])
        try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    let delivery = try await fixture.pool.withConnection {
                        try await Deliveries.take(lease: 60, on: $0)
                    }
                    if let delivery { taken.withLock { $0.append(delivery.id) } }
                }
            }
            try await group.waitForAll()
        }
        let ids = taken.withLock { $0 }
        #expect(ids.count == 2 && Set(ids).count == 2)
        let twice = try await fixture.refusal(
            of: "INSERT INTO deliveries (notice_id, way_id) SELECT notice_id, way_id FROM deliveries")
        #expect(twice == "23505")
    }

    @Test("What falls into quiet hours waits for their end, and is not lost") func quiet() async throws {
        let fixture = try await Fixture.make()
        _ = try await way(fixture)
        try await found(fixture)
        try await found(fixture)
        func setQuiet(fromHours from: Int, to: Int) async throws {
            try await fixture.pool.execute(
                """
                UPDATE users SET quiet_from = (now() AT TIME ZONE 'UTC')::time + make_interval(hours => \(from)::int),
                    quiet_to = (now() AT TIME ZONE 'UTC')::time + make_interval(hours => \(to)::int)
                """)
        }
        func take() async throws -> Int64? {
            try await fixture.pool.withConnection { try await Deliveries.take(lease: 60, on: $0)?.id }
        }
        try await setQuiet(fromHours: -1, to: 1)
        #expect(try await take() == nil)
        #expect(try await fixture.count("deliveries") == 2)
        // Of a clock fourteen hours ahead it is not the hour, and nobody knows the other, which is taken for UTC.
        try await fixture.pool.execute("UPDATE users SET time_zone = 'Nowhere/There'")
        #expect(try await take() == nil)
        try await setQuiet(fromHours: 13, to: 15)
        try await fixture.pool.execute("UPDATE users SET time_zone = 'Pacific/Kiritimati'")
        #expect(try await take() == nil)
        try await setQuiet(fromHours: -1, to: 1)
        let taken = [try await take(), try await take(), try await take()].compactMap(\.self)
        #expect(Set(taken).count == 2)
    }

    @Test(
        "Quiet hours may go over midnight, and begin with their first minute",
        arguments: [
            ("22:00", "07:00", "22:00", true), ("22:00", "07:00", "03:00", true), ("22:00", "07:00", "07:00", false),
            ("22:00", "07:00", "12:00", false), ("13:00", "15:00", "14:59", true), ("13:00", "15:00", "15:00", false),
            ("13:00", "15:00", "12:59", false),
        ])
    func quietTimes(_ from: String, _ to: String, _ at: String, isQuiet: Bool) async throws {
        let fixture = try await Fixture.make()
        let row = try await fixture.pool.query(
            "SELECT is_quiet(\(from)::text::time, \(to)::text::time, \(at)::text::time) AS is_quiet")[0]
        #expect(try row.get("is_quiet") == isQuiet)
    }

    @Test("Who asks to be left alone is, on the whole way; what was given up can be sent again")
    func postponedAndGivenUp() async throws {
        let fixture = try await Fixture.make()
        _ = try await way(fixture)
        try await found(fixture)
        try await found(fixture)
        func take() async throws -> Delivery? {
            try await fixture.pool.withConnection { try await Deliveries.take(lease: 60, on: $0) }
        }
        let first = try #require(try await take())
        try await fixture.pool.withConnection {
            try await Deliveries.postpone(first.id, seconds: 600, error: "Busy.", wholeWay: true, on: $0)
        }
        let other = try await take()
        #expect(other?.id == nil)
        try await fixture.pool.withConnection { connection in
            try await Deliveries.giveUp(first.id, error: "Gone.", on: connection)
            let failed = try await Deliveries.failed(limit: 9, on: connection)
            #expect(failed.map(\.error) == ["Gone."])
            #expect(try await Deliveries.sendAgain(first.id, on: connection))
            #expect(try await !Deliveries.sendAgain(first.id, on: connection))
        }
        let again = try #require(try await take())
        #expect(again.id == first.id && again.attempts == 1)
    }
}
