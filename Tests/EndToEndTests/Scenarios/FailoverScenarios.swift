import HTTPClient
import HTTPTypes
import Logging
import Postgres
import Reactor
import TestSupport
import Testing

extension EndToEndTests {
    /// Two Usher processes on one database, of which there are two servers.
    @Suite("Failover") struct Failover {
        @Test("PostgreSQL stands still, is lost, and its standby takes over: what was acknowledged is there, once")
        func primaryLost() async throws {
            let street = try await Street.start()
            defer { street.close() }

            // Nobody answers: a page says so, and asks to come back.
            try await street.pair.first.freeze()
            let away = try await street.people[0].send("/requests")
            #expect(away.status == 503)
            #expect(away.fields[.retryAfter] != nil)
            try await street.pair.first.thaw()
            for person in street.people {
                try await person.wait(on: "/requests", for: "the page") { $0.status == 200 }
            }

            // People ask all the time, at both processes.
            let asking = Task { try await street.askUntilToldToStop() }
            try await street.everybodyIsTold("before it is lost")
            try await street.pair.first.kill()
            // Looking goes on at the standby.
            for person in street.people {
                try await person.wait(on: "/requests", for: "the page") { $0.status == 200 }
            }
            try await street.pair.promote(street.pair.second)
            try await street.everybodyIsTold("after the promotion")

            // The old one comes back, and takes itself for the primary.
            try await street.pair.first.restart()
            try await street.everybodyIsTold("beside the old primary")
            street.stopAsking()
            let told = try await asking.value
            #expect(told.attempted.count > told.acknowledged.count)

            let stored = try await street.titles(at: street.pair.second)
            #expect(Set(stored).count == stored.count)
            #expect(told.acknowledged.isSubset(of: stored), "\(told.acknowledged.subtracting(stored)) was lost")
            #expect(Set(stored).isSubset(of: told.attempted))
            // What the old one has, it had before.
            #expect(Set(try await street.titles(at: street.pair.first)).isSubset(of: stored))
            for process in street.processes {
                let outages = process.log.split(separator: "\n").filter { $0.contains("PostgreSQL cannot be used") }
                #expect((1...3).contains(outages.count), "\(outages)")
            }
        }
    }
}

/// Two processes of Usher, and somebody at each of them.
private final class Street: Sendable {
    let pair: TestPair
    let processes: [UsherProcess]
    let people: [Browser]
    private let aria2: TestAria2
    private let acknowledgements: Locked<[Int]>
    private let isOver = Locked(false)

    /// Of a synchronous pair: whatever is committed is on both servers.
    static func start() async throws -> Street {
        let http = HTTPClient(group: TestDatabase.group, userAgent: "Browser of a test")
        let pair = try await TestPair.start(synchronous: true)
        let aria2 = try await TestAria2.start(http: http)
        let processes = try (0..<2).map { _ in
            try UsherProcess(environment: [
                "USHER_DATABASE_URL": pair.url(database: "postgres"), "USHER_ARIA2_URL": aria2.url,
                "USHER_ARIA2_SECRET": aria2.secret, "USHER_TVMAZE_URL": "http://127.0.0.1:1",
            ])
        }
        // Both at once, on a database in which there is nothing yet.
        try await withThrowingTaskGroup { starting in
            for process in processes { starting.addTask { try await process.start() } }
            try await starting.waitForAll()
        }
        let people = processes.map { process in
            Browser(http: http, address: { process.url }, log: { process.log })
        }
        let street = Street(pair, aria2, processes, people)
        try await street.moveIn()
        return street
    }

    private init(_ pair: TestPair, _ aria2: TestAria2, _ processes: [UsherProcess], _ people: [Browser]) {
        (self.pair, self.aria2, self.processes, self.people) = (pair, aria2, processes, people)
        acknowledgements = Locked([Int](repeating: 0, count: people.count))
    }

    func close() {
        for process in processes { process.close() }
        aria2.stop()
    }

    private func moveIn() async throws {
        // Each start makes a new token, and the last that was made counts.
        for process in processes {
            let page = try await people[0].get("/setup?token=\(process.setupToken ?? "")")
            guard page.hasForm("/setup") else { continue }
            _ = try await people[0].submit(
                page.form("/setup"), ["name": ["Anna"], "password": [Household.password]])
        }
        _ = try await people[0].signIn(name: "Anna")
        _ = try await people[1].signIn(name: "Anna")
    }

    // MARK: Asking

    /// What people asked for, and what they were told is asked for.
    struct Told {
        var attempted: Set<String> = []
        var acknowledged: Set<String> = []
    }

    func stopAsking() { isOver.withLock { $0 = true } }

    /// Each person asks for one title after the other, and never twice for the same.
    func askUntilToldToStop() async throws -> Told {
        try await withThrowingTaskGroup(of: Told.self) { group in
            for (number, person) in people.enumerated() {
                group.addTask { [self] in
                    var told = Told()
                    while !isOver.withLock({ $0 }) {
                        let title = "Title \(number) \(told.attempted.count)"
                        told.attempted.insert(title)
                        guard await ask(person, title) else { continue }
                        told.acknowledged.insert(title)
                        acknowledgements.withLock { $0[number] += 1 }
                    }
                    return told
                }
            }
            return try await group.reduce(into: Told()) { all, told in
                all.attempted.formUnion(told.attempted)
                all.acknowledged.formUnion(told.acknowledged)
            }
        }
    }

    /// Whether Usher said that it is done. Whatever else it says means that it is perhaps not.
    private func ask(_ person: Browser, _ title: String) async -> Bool {
        do {
            _ = try await person.askForMovie(title, year: 2019)
            return true
        } catch {
            return false
        }
    }

    /// Waits until each person who asks was told once more that it is done.
    func everybodyIsTold(_ when: String) async throws {
        let before = acknowledgements.withLock { $0 }
        let deadline = ContinuousClock.now + .seconds(90)
        while zip(before, acknowledgements.withLock({ $0 })).contains(where: { $0 == $1 }) {
            guard ContinuousClock.now < deadline else {
                throw PageError("somebody is not served \(when):\n" + processes.map(\.log).joined().suffix(6000))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// The names of all titles that a server has requests for.
    func titles(at server: TestCluster) async throws -> [String] {
        let database = try TestDatabase(url: server.url(database: "postgres"))
        let names: [String] = try await database.pool.query(
            "SELECT name FROM requests JOIN titles ON titles.id = title_id"
        ).map { try $0.get("name") }
        await database.pool.shutdown()
        return names
    }
}
