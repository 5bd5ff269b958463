import Logging
import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite(.timeLimit(.minutes(10))) struct NotificationTests {
    let database: TestDatabase
    var pool: PostgresPool { database.pool }

    init() async throws {
        database = try await TestDatabase.makeEmpty()
    }

    private func notify(_ channel: String, _ payload: String) async throws {
        try await pool.execute("SELECT pg_notify(\(channel), \(payload))")
    }

    private func listeners() async throws -> [Int] {
        try await pool.query(
            """
            SELECT pid FROM pg_stat_activity
            WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR query = 'SELECT 1')
            """
        ).map { try $0.get("pid") }
    }

    @Test func arriveInOrder() async throws {
        var stream = pool.notifications(["requests", "Odd \"name\""]).makeAsyncIterator()
        #expect(await stream.next() == .reconnected)
        try await notify("requests", "1")
        try await notify("elsewhere", "2")
        try await notify("Odd \"name\"", "ü")
        try await notify("requests", "")
        #expect(await stream.next() == .notify(channel: "requests", payload: "1"))
        #expect(await stream.next() == .notify(channel: "Odd \"name\"", payload: "ü"))
        #expect(await stream.next() == .notify(channel: "requests", payload: ""))
    }

    @Test func listenerComesBackAfterItsConnectionIsLost() async throws {
        var stream = pool.notifications(["requests"]).makeAsyncIterator()
        #expect(await stream.next() == .reconnected)
        for round in 0..<3 {
            for process in try await listeners() {
                try await pool.execute("SELECT pg_terminate_backend(\(Int32(process)), 5000)")
            }
            #expect(await stream.next() == .reconnected)
            try await notify("requests", String(round))
            #expect(await stream.next() == .notify(channel: "requests", payload: String(round)))
        }
    }

    @Test func deadLineIsFoundOutByTheHeartbeat() async throws {
        let cluster = try await TestCluster.shared.value
        let proxy = try await FaultProxy.start(before: cluster.directory)
        let name = String(database.url.split(separator: "=").last ?? "")
        var configuration = try PostgresConfiguration(url: proxy.url(database: name))
        configuration.heartbeat = .milliseconds(50)
        configuration.queryDeadline = .seconds(1)
        configuration.connectTimeout = .seconds(1)
        let listening = PostgresPool(configuration, group: TestDatabase.group, logger: Logger(label: "test"))
        var stream = listening.notifications(["requests"]).makeAsyncIterator()
        #expect(await stream.next() == .reconnected)
        let first = try await listeners()
        #expect(first.count == 1)
        // Several heartbeats on a line that works change nothing.
        try await eventually { try await hasAnsweredHeartbeat() }
        try await notify("requests", "still the same connection")
        #expect(await stream.next() == .notify(channel: "requests", payload: "still the same connection"))
        proxy.behave(.silence)
        try await eventually { try await backends(of: first).isEmpty }
        proxy.behave(.forward)
        #expect(await stream.next() == .reconnected)
        try await notify("requests", "again")
        #expect(await stream.next() == .notify(channel: "requests", payload: "again"))
        await listening.shutdown()
    }

    private func hasAnsweredHeartbeat() async throws -> Bool {
        try await !pool.query(
            "SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'SELECT 1'"
        ).isEmpty
    }

    private func backends(of processes: [Int]) async throws -> Rows {
        try await pool.query("SELECT FROM pg_stat_activity WHERE pid = ANY(\(processes))")
    }

    @Test func endsWithItsStream() async throws {
        do {
            var stream = pool.notifications(["requests"]).makeAsyncIterator()
            #expect(await stream.next() == .reconnected)
            #expect(try await listeners().count == 1)
        }
        try await eventually { try await listeners().isEmpty }
    }

    @Test func flood() async throws {
        var stream = pool.notifications(["requests"]).makeAsyncIterator()
        #expect(await stream.next() == .reconnected)
        try await pool.execute("SELECT pg_notify('requests', n::text) FROM generate_series(1, 100000) n")
        try await notify("requests", "last")
        while let notification = await stream.next() {
            if notification == .notify(channel: "requests", payload: "last") { break }
        }
    }
}
