import Lifecycle
import Orchestrator
import Postgres
import Storage
import TestSupport
import Testing

/// The way to the database fails: what people were told is true, and the work goes on.
@Suite("The way to the database", .timeLimit(.minutes(10)))
struct ConnectionFaultTests {
    private static func wish(_ name: String) -> Wish {
        Wish(kind: .movie, title: .hand(name: name, year: 2019, seasons: [:]), scope: .whole)
    }

    @Test("the reply to a commit is lost: the form's key says what became of it") func replyLost() async throws {
        try await World.live(working: false) { world in
            let (proxy, remote) = try await world.remoteNeighbour()
            for (behaviour, name) in [
                (FaultProxy.Behaviour.loseReply(to: "COMMIT\u{0}"), "The Long Way"),
                (.loseRequest("COMMIT\u{0}"), "Paper Trail"),
            ] {
                let (wish, key) = (Self.wish(name), World.key())
                let before = try await world.count("requests")
                proxy.behave(behaviour)
                // Done or not, nobody knows here: and nobody says that it was done.
                let error = await #expect(throws: PostgresError.self) {
                    try await remote.ask(wish, by: world.anna, key: key)
                }
                #expect(error?.isOutcomeUnknown == true)
                proxy.behave(.forward)
                let asked = try await remote.ask(wish, by: world.anna, key: key)
                #expect(asked.outcome == (name == "The Long Way" ? .repeated : .made))
                #expect(try await world.count("requests") == before + 1)
            }
            #expect(try await world.count("request_log") == 2)
            #expect(try await world.count("form_keys") == 2)
        }
    }

    @Test("the connection is cut during the commit, and there is another: the answer is certain") func cutOnce()
        async throws
    {
        try await World.live(working: false) { world in
            let (proxy, remote) = try await world.remoteNeighbour()
            proxy.behave(.loseReply(to: "COMMIT\u{0}"))
            let asking = Task { try await remote.ask(Self.wish("The Long Way"), by: world.anna, key: World.key()) }
            // As soon as it is done the way is free again, which the second try may or may not be in time for.
            try await world.until("it is stored") { try await world.count("requests") == 1 }
            proxy.behave(.forward)
            do {
                #expect(try await asking.value.outcome != .joined)
            } catch let error as PostgresError {
                #expect(error.isOutcomeUnknown)
            }
            #expect(try await world.count("request_log") == 1)
        }
    }

    @Test("notifications come no more, without a word: the work is found by looking") func deaf() async throws {
        try await World.live(working: false) { world in
            let (proxy, remote) = try await world.remoteNeighbour()
            let work = Task { await remote.run() }
            defer { work.cancel() }
            try await world.until("it listens") { try await world.listeners() == 1 }
            proxy.behave(.deafListeners)
            try await world.share("The.Long.Way.2019.1080p.WEB-DL.x264-TEST", isAlive: false)
            let request = try await world.askMovie()
            try await world.until(request, is: .found)
            work.cancel()
            await work.value
        }
    }

    @Test("the listening connection is cut: what was missed is caught up with") func cut() async throws {
        try await World.live(working: false) { world in
            let (proxy, remote) = try await world.remoteNeighbour()
            let changes = remote.changes()
            let work = Task { await remote.run() }
            defer { work.cancel() }
            var heard = changes.makeAsyncIterator()
            #expect(await heard.next() == .resync)
            for _ in 0..<3 {
                proxy.cut(onlyListeners: true)
                while let change = await heard.next() { if change == .resync { break } }
            }
            #expect(try await world.listeners() == 1)
            work.cancel()
            await work.value
        }
    }
}

extension World {
    /// Another process, whose way to the database can be made to fail.
    fileprivate func remoteNeighbour() async throws -> (FaultProxy, Orchestrator) {
        let proxy = try await FaultProxy.start(before: try await TestCluster.shared.value.directory)
        let name = String(database.url.split(separator: "=").last ?? "")
        return (proxy, try neighbour(at: proxy.url(database: name)))
    }

    fileprivate func listeners() async throws -> Int {
        try await pool.query(
            """
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR query = 'SELECT 1') AND state = 'idle'
            """
        ).count
    }
}
