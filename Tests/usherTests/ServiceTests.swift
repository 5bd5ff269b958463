import Foundation
import Glibc
import TestSupport
import Testing

@testable import usher

/// What systemd and its like are told, and what they say.
@Suite("As a service", .timeLimit(.minutes(10))) struct ServiceTests {
    /// Where such a manager listens (sd_notify(3)).
    private final class Ear: Sendable {
        let path = "/tmp/usher-notify-\(UUID().uuidString)"
        private let descriptor: CInt

        init() throws {
            descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
            let isBound = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            try #require(isBound)
        }

        deinit {
            close(descriptor)
            unlink(path)
        }

        /// The next message; empty when none comes within half a minute.
        func next() async throws -> String {
            var bytes = [UInt8](repeating: 0, count: 256)
            let deadline = ContinuousClock.now + .seconds(30)
            while ContinuousClock.now < deadline {
                let count = recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
                if count > 0 { return String(decoding: bytes.prefix(count), as: UTF8.self) }
                try await Task.sleep(for: .milliseconds(10))
            }
            return ""
        }
    }

    @Test("It is told") func told() async throws {
        let ear = try Ear()
        ServiceManager(environment: ["NOTIFY_SOCKET": ear.path]).tell("READY=1")
        #expect(try await ear.next() == "READY=1")
        // Nobody listens, there or anywhere.
        ServiceManager(environment: ["NOTIFY_SOCKET": "/nonexistent"]).tell("READY=1")
        ServiceManager(environment: ["NOTIFY_SOCKET": String(repeating: "x", count: 200)]).tell("READY=1")
        ServiceManager(environment: [:]).tell("READY=1")
    }

    @Test(
        "Sockets and watchdog are this process's only",
        arguments: [
            (["LISTEN_FDS": "2"], []), (["LISTEN_PID": "1", "LISTEN_FDS": "2"], []),
            (["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "2"], [3, 4]),
            (["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "-1"], []),
            (["LISTEN_PID": "\(getpid())", "LISTEN_FDS": "x"], []),
        ] as [([String: String], [CInt])]) func sockets(environment: [String: String], sockets: [CInt])
    {
        #expect(ServiceManager(environment: environment).sockets == sockets)
    }

    @Test func watchdog() {
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "30000000"]).watchdogInterval == .seconds(15))
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "x"]).watchdogInterval == nil)
        #expect(ServiceManager(environment: ["WATCHDOG_USEC": "1", "WATCHDOG_PID": "1"]).watchdogInterval == nil)
        #expect(ServiceManager(environment: [:]).watchdogInterval == nil)
    }

    /// The built program, from its start over the renewal of its certificate to its end.
    @Test("It says when it is ready, that it lives, and that it stops") func life() async throws {
        let (ear, database) = (try Ear(), try await TestDatabase.makeEmpty())
        let usher = try UsherProcess(environment: [
            "USHER_DATABASE_URL": database.url, "USHER_ARIA2_URL": "http://127.0.0.1:1/jsonrpc",
        ])
        defer { usher.close() }
        try await usher.start()
        #expect(usher.url.hasPrefix("http://"))
        #expect(try await usher.stop() == 0)
        #expect(try await usher.run(["tls", "self-signed"]).status == 0)
        let folder = usher.dataDirectory + "/tls"
        try await usher.start(with: [
            "NOTIFY_SOCKET": ear.path, "WATCHDOG_USEC": "200000", "USHER_TLS_CERT": "\(folder)/cert.pem",
            "USHER_TLS_KEY": "\(folder)/key.pem",
        ])
        #expect(usher.url.hasPrefix("https://"))
        for message in ["READY=1", "WATCHDOG=1", "WATCHDOG=1"] { #expect(try await ear.next() == message) }
        #expect(try await usher.run(["tls", "self-signed"]).status == 0)
        kill(usher.pid, SIGHUP)
        while !usher.log.contains("The certificates were read again"), try await ear.next() == "WATCHDOG=1" {}
        #expect(usher.log.contains("The certificates were read again"))
        #expect(try await usher.stop() == 0)
        var last = try await ear.next()
        while last == "WATCHDOG=1" { last = try await ear.next() }
        #expect(last == "STOPPING=1")
    }
}
