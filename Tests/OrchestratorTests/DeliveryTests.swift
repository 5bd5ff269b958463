import Foundation
import Postgres
import Reactor
import Storage
import TestSupport
import Testing

@testable import Orchestrator

@Suite("Notices on their ways", .timeLimit(.minutes(10)))
struct DeliveryTests {
    /// Somebody else cancels what Anna asked for: she has one notice.
    private func cancelled(_ world: World, _ name: String = "The Long Way") async throws -> Int64 {
        let request = try await world.askMovie(name)
        try await world.orchestrator.cancel(request, by: world.olga)
        return request
    }

    private func add(_ way: WaySettings, of person: Person, in world: World) async throws {
        _ = try await world.pool.withConnection { connection in
            try await Ways.allowPrivate(true, on: connection)
            return try await Ways.add(way, of: person.userID, on: connection)
        }
    }

    private func way(
        _ kind: WaySettings.Kind, _ address: String, secret: String? = nil, target: String = "",
        template: String? = nil
    ) -> WaySettings {
        WaySettings(
            kind: kind, name: "Far", address: address, secret: secret, target: target, template: template,
            notices: [.cancelled])
    }

    private func settled(_ world: World, _ count: Int) async throws {
        try await world.until("\(count) are sent") {
            try await world.pool.query("SELECT count(*) AS n FROM deliveries WHERE sent_at IS NOT NULL")[0].get("n")
                == count
        }
    }

    @Test("Two processes deliver each notice exactly once, in Overseerr's words") func webhook() async throws {
        try await World.live(indexed: false) { world in
            let far = try StandInServer { _ in .text("thanks") }
            defer { far.stop() }
            let template = """
                {"type":"{{notification_type}}", "n":1, "{{issue}}":{"a":1}, "{{extra}}":[],
                "{{media}}":{"tmdbId":"{{media_tmdbid}}", "kind":"{{media_type}}"},
                "s":"{{subject}} / {{message}} {{odd}}"}
                """
            try await add(
                way(.webhook, far.url + "/in", secret: "Bearer planted", template: template), of: world.anna, in: world)
            let neighbour = try world.neighbour()
            let work = Task { await neighbour.run() }
            let names = (1...12).map { "Film \"\($0)\" {{message}}" }
            let outcome: Result<Void, any Error>
            do {
                for name in names { _ = try await cancelled(world, name) }
                try await settled(world, names.count)
                outcome = .success(())
            } catch { outcome = .failure(error) }
            work.cancel()
            await work.value
            try outcome.get()
            #expect(far.requests.count == names.count)
            let bodies = try far.requests.map { try JSONValue($0.body) }
            let subjects = names.map {
                JSONValue.string("\($0) (2019) / It was cancelled by Olga. {{odd}}")
            }
            #expect(subjects.allSatisfy { subject in bodies.filter { $0["s"] == subject }.count == 1 })
            let one = try #require(bodies.first)
            #expect(one["type"] == .string("REQUEST_CANCELLED") && one["n"] == .integer(1))
            #expect(one["media"] == .object(["tmdbId": .string(""), "kind": .string("movie")]))
            #expect(one["issue"] == .null && one["extra"] == .array([]))
            #expect(far.requests.allSatisfy { $0.fields["authorization"] == "Bearer planted" && $0.path == "/in" })
        }
    }

    @Test("Each service is spoken to in its own way")
    func services() async throws {
        let far = try StandInServer { _ in .text("{}") }
        defer { far.stop() }
        try await World.live(working: false, indexed: false) { world in
            let orchestrator = world.orchestrator
            func sent(_ way: WaySettings) async throws -> (request: StandInRequest, body: JSONValue) {
                let answer = try await orchestrator.test(way, mayBePrivate: true)
                #expect(answer.isGood, "\(answer.sentence)")
                let request = try #require(far.requests.last)
                #expect(request.method == "POST" && request.fields["content-type"] == "application/json")
                return (request, try JSONValue(request.body))
            }
            let ntfy = try await sent(way(.ntfy, far.url + "/", secret: "tk_1", target: "hall"))
            #expect(ntfy.request.path == "/" && ntfy.request.fields["authorization"] == "Bearer tk_1")
            #expect(ntfy.body["topic"] == .string("hall") && ntfy.body["title"] == .string("Usher"))
            let discord = try await sent(way(.discord, far.url + "/api/webhooks/1/abc"))
            #expect(discord.request.path == "/api/webhooks/1/abc")
            #expect(discord.body["allowed_mentions"] == .object(["parse": .array([])]))
            let gotify = try await sent(way(.gotify, far.url, secret: "A1"))
            #expect(gotify.request.path == "/message" && gotify.request.fields["x-gotify-key"] == "A1")
            let telegram = try await sent(way(.telegram, far.url, secret: "1:x", target: "-42"))
            #expect(telegram.request.path == "/bot1:x/sendMessage")
            #expect(telegram.body["chat_id"] == .string("-42") && telegram.body["parse_mode"] == .string("HTML"))
            let apprise = try await sent(way(.apprise, far.url, target: "home"))
            #expect(apprise.request.path == "/notify/home" && apprise.body["type"] == .string("info"))
        }
    }

    @Test("Messages lead into the house once it is known where that is, and have no links before")
    func links() async throws {
        let far = try StandInServer { _ in .text("{}") }
        defer { far.stop() }
        try await World.live(indexed: false) { world in
            let place = "https://usher.example/films"
            func body(_ way: WaySettings) async throws -> JSONValue {
                #expect(try await world.orchestrator.test(way, mayBePrivate: true).isGood)
                return try JSONValue(try #require(far.requests.last).body)
            }
            let template = #"{"where": "{{link}}"}"#
            #expect(try await body(way(.webhook, far.url, template: template)) == .object(["where": .string("")]))
            #expect(try await body(way(.ntfy, far.url, target: "hall"))["click"] == nil)
            try await world.pool.execute("UPDATE settings SET public_address = \(place)")
            let home = JSONValue.string(place + "/")
            #expect(try await body(way(.ntfy, far.url, target: "hall"))["click"] == home)
            #expect("\(try await body(way(.discord, far.url)))".contains(place))
            let gotify = try await body(way(.gotify, far.url, secret: "A1"))
            #expect(gotify["extras"]?["client::notification"]?["click"]?["url"] == home)
            let telegram = try await body(way(.telegram, far.url, secret: "1:x", target: "-42"))
            #expect("\(telegram["text"] ?? .null)".contains("href"))
            #expect("\(try await body(way(.apprise, far.url, target: "home")))".contains(place))
            try await add(way(.webhook, far.url, template: template), of: world.anna, in: world)
            let request = try await cancelled(world)
            try await settled(world, 1)
            let told = try JSONValue(try #require(far.requests.last).body)
            #expect(told == .object(["where": .string("\(place)/requests/\(request)")]))
        }
    }

    @Test("What is refused is given up at once, and says what was answered without the secret")
    func refused() async throws {
        try await World.live(indexed: false) { world in
            let far = try StandInServer { _ in .text("no token planted-key\nhere", status: 401) }
            defer { far.stop() }
            try await add(way(.gotify, far.url, secret: "planted-key"), of: world.anna, in: world)
            _ = try await cancelled(world)
            try await world.until("it is given up") {
                try await world.pool.withConnection { try await !Deliveries.failed(limit: 9, on: $0).isEmpty }
            }
            let failed = try await world.pool.withConnection { try await Deliveries.failed(limit: 9, on: $0) }
            #expect(failed.map(\.error) == ["It answered 401: no token … here"])
            #expect(failed.map(\.attempts) == [1] && far.requests.count == 1)
        }
    }

    @Test("Who answers 429 is left alone for as long as they say, in the field or in the body")
    func tooMany() async throws {
        for answer in [
            StandInServer.Answer.text("slow", status: 429, fields: ["Retry-After": "3000"]),
            .text(#"{"retry_after": 3000.2, "global": false}"#, status: 429),
            .text(#"{"ok":false,"parameters":{"retry_after":3000}}"#, status: 429),
        ] {
            try await World.live(indexed: false) { world in
                let far = try StandInServer { _ in answer }
                defer { far.stop() }
                try await add(way(.discord, far.url), of: world.anna, in: world)
                _ = try await cancelled(world)
                try await world.until("it waits") {
                    try await world.pool.query(
                        """
                        SELECT count(*) AS n FROM deliveries
                        WHERE last_error LIKE '%429%' AND due_at > now() + interval '40 minutes'
                        """)[0].get("n") == 1
                }
                #expect(far.requests.count == 1)
            }
        }
    }

    @Test("What a member enters leads nowhere inside the house") func privateAddress() async throws {
        try await World.live(indexed: false) { world in
            let far = try StandInServer { _ in .text("inside") }
            defer { far.stop() }
            try await add(way(.webhook, far.url), of: world.anna, in: world)
            try await world.pool.withConnection { try await Ways.allowPrivate(false, on: $0) }
            _ = try await cancelled(world)
            try await world.until("it is given up") {
                try await world.pool.withConnection { try await !Deliveries.failed(limit: 9, on: $0).isEmpty }
            }
            #expect(far.connections == 0)
        }
    }

    @Test("It is tried eight times over some ten hours") func pauses() {
        let pauses = (1..<DeliveryWorker.attempts).map(DeliveryWorker.pause)
        #expect(pauses == [10, 40, 160, 640, 2560, 10240, 21600])
    }
}
