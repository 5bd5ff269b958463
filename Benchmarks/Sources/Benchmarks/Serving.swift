import Cryptography
import Foundation
import Glibc
import HTTP
import HTTPClient
import HTTPTypes
import Logging
import Postgres
import Storage
import TestSupport
import Web

/// The built program as visitors meet it, beside nginx on the same cores.
struct Serving: Benchmark {
    let name = "serving"
    let notes = """
        `usher serve` with its whole application behind it, logging from "warning" up; nginx has two workers; wrk has two \
        threads and 32 connections, all on the same cores.
        """
    private static let token = "a session of the benchmark"
    private static let cookie = "usher=\(token)"

    func run() async throws -> [Outcome] {
        let aria2 = try await TestAria2.start(http: House.http)
        defer { aria2.stop() }
        let database = try await TestDatabase.household(requests: 50)
        try await database.download(20)
        try await database.pool.withConnection {
            try await Sessions.add(
                tokenHash: Digest.sha256(Array(Self.token.utf8)), user: 1, address: "127.0.0.1", agent: "bench", on: $0)
        }
        let settings = [
            "USHER_DATABASE_URL": database.url, "USHER_ARIA2_URL": aria2.url,
            "USHER_ARIA2_SECRET": aria2.secret, "USHER_LOG_LEVEL": "warning", "USHER_MAX_CONNECTIONS": "12000",
            "USHER_MAX_CONNECTIONS_PER_ADDRESS": "12000",
        ]
        let plain = try UsherProcess(environment: settings)
        defer { plain.close() }
        var outcomes = [try await start(plain)]
        let idle = try await settled(plain.pid)
        let secure = try UsherProcess(environment: settings)
        defer { secure.close() }
        _ = try await secure.run(["tls", "self-signed", "127.0.0.1"])
        let folder = secure.dataDirectory + "/tls"
        try await secure.start(with: ["USHER_TLS_CERT": folder + "/cert.pem", "USHER_TLS_KEY": folder + "/key.pem"])

        let page = try await Benchmarks.run(["curl", "-sf", plain.url + "/sign-in"])
        guard let match = page.firstMatch(of: #/href="(?<path>[^"]+\.css[^"]*)"/#) else {
            throw TestSupportError("The page has no stylesheet: \(page.prefix(500))")
        }
        let sheet = String(match.path)
        let file = FileManager.default.temporaryDirectory.appending(path: "usher-bench-\(UUID()).css").path
        try await Benchmarks.run(["curl", "-sf", "-o", file, plain.url + sheet])
        defer { unlink(file) }
        let size = try Data(contentsOf: URL(fileURLWithPath: file)).count
        let nginx = try await Nginx.start(
            locations: ["/healthz": "return 200 'ok\\n';", "= /sheet.css": "alias \(file);"], tls: folder)
        defer { nginx.stop() }

        outcomes.append(
            .rate(
                "small dynamic response (/healthz)",
                try await alternate {
                    try await wrk(plain.url + "/healthz")
                } _: {
                    try await wrk(nginx.url + "/healthz")
                }, beside: "nginx, return 200", atLeast: 1))
        let hummingbird = try await Hummingbird.start()
        defer { hummingbird.stop() }
        outcomes.append(
            .rate(
                "the same",
                try await alternate {
                    try await wrk(plain.url + "/healthz")
                } _: {
                    try await wrk(hummingbird.url + "/healthz")
                }, beside: "Hummingbird 2, one small page", atLeast: 2.5))
        outcomes.append(
            .rate(
                "the same over TLS 1.3",
                try await alternate {
                    try await wrk(secure.url + "/healthz")
                } _: {
                    try await wrk(nginx.secureURL + "/healthz")
                }, beside: "nginx, return 200", atLeast: 0.9))
        outcomes.append(
            .rate(
                "full TLS 1.3 handshakes, each with one request",
                try await alternate {
                    try await handshakes(secure.url)
                } _: {
                    try await handshakes(nginx.secureURL)
                }, beside: "nginx", atLeast: 0.8))
        outcomes.append(
            .rate(
                "static file of \(size / 1024) KiB",
                try await alternate {
                    try await wrk(plain.url + sheet)
                } _: {
                    try await wrk(nginx.url + "/sheet.css")
                },
                beside: "nginx, from the page cache", atLeast: 0.7))
        outcomes += try await requestsPage(plain, database)
        outcomes.append(try await streams(plain))
        outcomes.append(.size("resident memory at the start, idle", kibibytes: idle, under: 32 * 1024))
        outcomes.append(
            .size("resident memory after all of this", kibibytes: try await settled(plain.pid), under: 64 * 1024))
        return outcomes
    }

    /// From the start of the process to the first page in somebody's hands.
    private func start(_ usher: UsherProcess) async throws -> Outcome {
        var times: [Double] = []
        for round in 0..<7 {
            if round > 0 { try await usher.stop() }
            times.append(
                try await seconds {
                    try await usher.start()
                    // Not with a program that has to be started too.
                    let page = usher.url + "/sign-in"
                    guard let origin = WebURL(page)?.origin,
                        try await House.http.send(ClientRequest(url: page, addresses: .exactly(origin))).status == 200
                    else { throw TestSupportError("no page at \(page)") }
                })
        }
        return .time("start to the first page served, the database migrated", median(times), under: 0.15)
    }

    /// The list of 50 requests, 20 of them downloading, beside its statements alone.
    private func requestsPage(_ usher: UsherProcess, _ database: TestDatabase) async throws -> [Outcome] {
        let statements = try await Statement.record(on: database) { house in
            let web = WebApplication(pool: house.pool, orchestrator: house.orchestrator, logger: Logger(label: "bench"))
            var parser = RequestHeadParser()
            let text = "GET /requests HTTP/1.1\r\nHost: bench\r\nCookie: \(Self.cookie)\r\n\r\n"
            guard let head = try parser.parse(Array(text.utf8).span) else { throw TestSupportError("no request") }
            let response = await web.respond(
                to: Request(head: head, body: [], peer: "127.0.0.1", isSecure: false, id: RequestID(7)))
            guard response.status == .ok else { throw TestSupportError("The page is \(response.status)") }
        }
        let script = statements.map { $0.scripted { _ in nil } }.joined(separator: "\n")
        let rates = try await alternate {
            try await wrk(usher.url + "/requests", cookie: Self.cookie)
        } _: {
            try await Pgbench(database: database, script: script, clients: 32).rate(for: .seconds(3))
        }
        let pacing = Pacing(port: try port(of: usher), path: "/requests", cookie: Self.cookie)
        let latencies = try await pacing.latencies(rate: rates.one / 2, for: .seconds(10))
        return [
            .rate(
                "requests page, 48 of 50 requests, 20 downloading with aria2's figures", rates,
                beside: "pgbench, the page's SQL alone", atLeast: 0.6),
            .time(
                "its p99 at half that rate", Medians(one: quantile(0.99, of: latencies), peer: median(latencies)),
                beside: "its p50", under: 5),
        ]
    }

    private func port(of usher: UsherProcess) throws -> Int {
        guard let port = usher.url.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw TestSupportError("\(usher.url) has no port")
        }
        return port
    }

    /// Many pages that are open and to which nothing happens.
    private func streams(_ usher: UsherProcess) async throws -> Outcome {
        let count = 10_000
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = min(limit.rlim_max, 20_000)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        let port = try port(of: usher)
        guard limit.rlim_cur > count + 500 else {
            throw TestSupportError("This many connections are not allowed here")
        }
        let before = try resident(usher.pid)
        let head = Array("GET /live HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nCookie: \(Self.cookie)\r\n\r\n".utf8)
        var connections: [CInt] = []
        defer { for connection in connections { close(connection) } }
        var buffer = [UInt8](repeating: 0, count: 4096)
        for _ in 0..<count {
            let connection = try connectLoopback(port: port)
            connections.append(connection)
            write(connection, head, head.count)
            let got = read(connection, &buffer, buffer.count)
            guard got > 12, String(decoding: buffer[9..<12], as: UTF8.self) == "200" else {
                throw TestSupportError("Stream \(connections.count) was refused")
            }
        }
        let after = try resident(usher.pid)
        return .size(
            "a page that is open and idle, of \(count)", kibibytes: (after - before) / Double(count), under: 8)
    }

    /// Requests a second, all of them answered with success.
    private func wrk(_ url: String, cookie: String? = nil) async throws -> Double {
        let fields = cookie.map { ["-H", "Cookie: \($0)"] } ?? []
        let output = try await Benchmarks.run(["wrk", "-t2", "-c32", "-d3s"] + fields + [url])
        guard !output.contains("Non-2xx"), let match = output.firstMatch(of: #/Requests/sec: +(?<rate>[0-9.]+)/#),
            let rate = Double(match.rate)
        else { throw TestSupportError("wrk at \(url): \(output)") }
        return rate
    }

    /// Connections a second that agree on keys of their own and ask for one small page; so many clients as wrk has
    /// connections would only wait for each other.
    private func handshakes(_ url: String) async throws -> Double {
        let address = url.replacing("https://", with: "")
        let script = #"""
            for n in 1 2 3 4 5 6 7 8; do
                openssl s_time -connect "$1" -new -time 3 -tls1_3 -www /healthz &
            done
            wait
            """#
        let output = try await Benchmarks.run(["sh", "-c", script, "sh", address])
        return output.matches(of: #/(?<count>\d+) connections in (?<time>\d+) real seconds/#).reduce(0) {
            $0 + (Double($1.count) ?? 0) / (Double($1.time) ?? 1)
        }
    }

    /// Of a process in KiB, once it does not change any more: connections that were just closed are still to be noticed.
    private func settled(_ pid: Int32) async throws -> Double {
        var last = 0.0
        while true {
            let now = try resident(pid)
            if abs(now - last) < 64 { return now }
            last = now
            try await Task.sleep(for: .seconds(2))
        }
    }

    /// Of a process, in KiB.
    private func resident(_ pid: Int32) throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        return status.firstMatch(of: #/VmRSS:\s+(?<size>\d+)/#).flatMap { Double($0.size) } ?? 0
    }
}
