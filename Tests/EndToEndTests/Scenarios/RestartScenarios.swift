import Glibc
import HTTPClient
import HTTPTypes
import Postgres
import Reactor
import TestSupport
import Testing

extension EndToEndTests {
    /// Two Usher processes on one database and one listening socket, as a service manager hands it over.
    @Suite("Restart") struct Restart {
        @Test("Each process is restarted in turn while everybody uses them, and nobody notices")
        func inTurn() async throws {
            let service = try await Service.start()
            defer { service.close() }
            let load = Task { try await service.useUntilToldToStop() }
            for _ in 0..<2 {
                for process in service.processes {
                    let before = service.answered
                    try await process.stop()
                    try await service.wait(untilAnswered: before + 50)
                    try await process.start()
                    try await service.wait(untilAnswered: service.answered + 50)
                }
            }
            service.stopLoad()
            let use = try await load.value
            #expect(use.failures == [])
            #expect(use.asked.count > 4)
            let stored: [String] = try await service.database.pool.query(
                "SELECT name FROM requests JOIN titles ON titles.id = title_id ORDER BY name"
            ).map { try $0.get("name") }
            #expect(stored == use.asked.sorted())
        }
    }
}

private final class Service: Sendable {
    let database: TestDatabase
    let processes: [UsherProcess]
    private let aria2: TestAria2
    private let anna: Browser
    private let http = HTTPClient(group: TestDatabase.group, userAgent: "Browser of a test")
    private let state = Locked((isOver: false, answered: 0))

    /// What came of it.
    struct Use {
        /// Titles that Usher said are asked for.
        var asked: [String] = []
        var failures: [String] = []
    }

    static func start() async throws -> Service {
        let service = try await Service()
        for process in service.processes { try await process.start() }
        // Each start makes a new token, and the last that was made counts.
        _ = try await service.anna.setUpHouse(name: "Anna", token: service.processes[1].setupToken)
        _ = try await service.anna.signIn(name: "Anna")
        return service
    }

    private init() async throws {
        database = try await TestDatabase.makeEmpty()
        aria2 = try await TestAria2.start(http: http)
        let listener = try Self.listener()
        defer { Glibc.close(listener) }
        let environment = [
            "USHER_DATABASE_URL": database.url, "USHER_ARIA2_URL": aria2.url, "USHER_ARIA2_SECRET": aria2.secret,
            "USHER_TVMAZE_URL": "http://127.0.0.1:1",
        ]
        processes = try (0..<2).map { _ in try UsherProcess(environment: environment, listener: listener) }
        let first = processes[0]
        anna = Browser(http: http, address: { first.url }, log: { first.log })
    }

    func close() {
        for process in processes { process.close() }
        aria2.stop()
    }

    private static func listener() throws -> CInt {
        let descriptor = try systemCall("socket") {
            socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        try withUnsafePointer(to: &place) { place in
            try place.withMemoryRebound(to: sockaddr.self, capacity: 1) { place in
                _ = try systemCall("bind") { bind(descriptor, place, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
        }
        try systemCall("listen") { listen(descriptor, 1024) }
        return descriptor
    }

    // MARK: Load

    var answered: Int { state.withLock { $0.answered } }

    func stopLoad() { state.withLock { $0.isOver = true } }

    func wait(untilAnswered count: Int) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while answered < count {
            guard ContinuousClock.now < deadline else {
                throw PageError("nobody is served:\n" + processes.map(\.log).joined().suffix(6000))
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// People look at the list, on connections that they keep and on new ones, and two of them ask for titles.
    func useUntilToldToStop() async throws -> Use {
        await withTaskGroup(of: Use.self) { group in
            for number in 0..<16 {
                group.addTask { [self] in
                    var use = Use()
                    while !state.withLock({ $0.isOver }) {
                        do {
                            try await act(number, &use)
                            state.withLock { $0.answered += 1 }
                        } catch {
                            use.failures.append("\(number): \(error)")
                        }
                    }
                    return use
                }
            }
            return await group.reduce(into: Use()) { all, use in
                all.asked += use.asked
                all.failures += use.failures
            }
        }
    }

    private func act(_ number: Int, _ use: inout Use) async throws {
        switch number {
        case 0..<2:
            let title = "Title \(number) \(use.asked.count)"
            _ = try await anna.askForMovie(title, year: 2019)
            use.asked.append(title)
        case 2..<8:
            let page = try await anna.get("/requests")
            guard page.status == 200 else { throw PageError("\(page.status)") }
        default:
            let url = processes[0].url
            guard let origin = WebURL(url)?.origin else { throw PageError("\(url) is no address") }
            let response = try await http.send(
                ClientRequest(url: "\(url)/sign-in", fields: [.connection: "close"], addresses: .exactly(origin)))
            guard response.status == 200 else { throw PageError("\(response.status)") }
        }
    }
}
