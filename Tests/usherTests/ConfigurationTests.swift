import Foundation
import HTTPServer
import Logging
import Postgres
import Storage
import Testing
import Web

@testable import usher

@Suite("Configuration") struct ConfigurationTests {
    private func read(_ environment: [String: String]) throws -> Configuration {
        try Configuration(environment: environment, isRoot: true)
    }

    private func problems(_ environment: [String: String]) -> [String] {
        do {
            _ = try read(environment)
            return []
        } catch let problems as Configuration.Problems {
            return problems.sentences
        } catch {
            return ["\(error)"]
        }
    }

    @Test("Nothing set is a house of its own on loopback") func defaults() throws {
        let configuration = try read(["PATH": "/usr/bin"])
        #expect(configuration.listen == ["127.0.0.1:8080"])
        #expect(configuration.dataDirectory == "/var/lib/usher")
        #expect(configuration.downloadDirectory == "/var/lib/usher/downloads")
        #expect(configuration.databaseURL == nil)
        #expect(configuration.aria2URL == nil)
        #expect(configuration.logLevel == .info)
    }

    @Test("Everything that is wrong is said at once, each by its name") func allAtOnce() {
        let wrong = [
            "USHER_NOPE": "1", "USHER_LISTEN": "here", "USHER_LOG_LEVEL": "loud", "USHER_TLS_CERT": "/cert.pem",
            "USHER_DATA_DIR": "relative", "USHER_ARIA2_URL": "ftp://aria", "USHER_DATABASE_URL": "mysql://x",
        ]
        let sentences = problems(wrong)
        #expect(sentences.count == wrong.count)
        for name in wrong.keys { #expect(sentences.contains { $0.hasPrefix("\(name) ") }) }
    }

    @Test("A value that cannot be is refused", arguments: [",", " ", "127.0.0.1", ":8080", "127.0.0.1:99999"])
    func listen(value: String) {
        #expect(problems(["USHER_LISTEN": value]).contains { $0.hasPrefix("USHER_LISTEN ") })
    }

    @Test("Several addresses") func addresses() throws {
        #expect(try read(["USHER_LISTEN": "127.0.0.1:0, [::1]:8080"]).listen == ["127.0.0.1:0", "[::1]:8080"])
    }

    @Test("Only secrets come from files") func onlySecrets() {
        #expect(problems(["USHER_LISTEN_FILE": "/etc/hostname"]).first?.hasPrefix("USHER_LISTEN_FILE ") == true)
    }

    @Test("A secret in a file") func secretFile() throws {
        let file = "/tmp/usher-secret-\(UUID().uuidString)"
        try "postgresql://usher@db/usher\n".write(toFile: file, atomically: true, encoding: .utf8)
        defer { unlink(file) }
        #expect(try read(["USHER_DATABASE_URL_FILE": file]).databaseURL == "postgresql://usher@db/usher")
        let both = problems(["USHER_DATABASE_URL_FILE": file, "USHER_DATABASE_URL": "postgresql://usher@db/usher"])
        #expect(both == ["USHER_DATABASE_URL and USHER_DATABASE_URL_FILE are both set; keep one."])
    }

    @Test("A secret's file that is not there") func noFile() {
        let sentences = problems(["USHER_ARIA2_URL": "http://aria:6800", "USHER_ARIA2_SECRET_FILE": "/nowhere/secret"])
        #expect(sentences.count == 1)
        #expect(sentences.first?.hasPrefix("USHER_ARIA2_SECRET_FILE names /nowhere/secret") == true)
    }

    @Test("Certificates, each with its key") func certificates() throws {
        let tls = try read(["USHER_TLS_CERT": "/a.pem, /b.pem", "USHER_TLS_KEY": "/a.key,/b.key"]).tls
        #expect(tls.map(\.certificateFile) == ["/a.pem", "/b.pem"] && tls.map(\.keyFile) == ["/a.key", "/b.key"])
        #expect(
            problems(["USHER_TLS_CERT": "/a,/b", "USHER_TLS_KEY": "/a"]).first?.hasPrefix("USHER_TLS_CERT ") == true)
        #expect(problems(["USHER_TLS_KEY": "/a"]).first?.hasPrefix("USHER_TLS_KEY ") == true)
    }

    @Test("What stands in front, and how many may come in") func door() throws {
        let configuration = try read([
            "USHER_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8", "USHER_BASE_PATH": "/a/usher/", "USHER_TLS_HSTS": "0",
            "USHER_MAX_CONNECTIONS": "10", "USHER_MAX_CONNECTIONS_PER_ADDRESS": "5", "USHER_IDLE_TIMEOUT": "120",
        ])
        #expect(configuration.trustedProxies.count == 2 && configuration.basePath == "/a/usher")
        #expect(configuration.strictTransport == 0 && configuration.maxConnections == 10)
        #expect(configuration.maxConnectionsPerAddress == 5 && configuration.idleTimeout == 120)
        #expect(try read(["USHER_BASE_PATH": "/"]).basePath == "")
    }

    @Test("Whom others know") func outside() throws {
        let outside = try read([
            "USHER_TRUSTED_PROXIES": "127.0.0.1", "USHER_PROXY_SIGN_IN": "oauth2-proxy",
            "USHER_SIGN_IN_MAKES_ACCOUNTS": "yes", "USHER_SIGN_IN_ROLES": "admins=administrator, *=child",
        ]).outside
        #expect(outside.proxy == .oauth2Proxy && outside.makesAccounts)
        #expect(outside.roles == ["admins": .administrator, "*": .child])
    }

    @Test(
        "At the door, too, a value that cannot be is refused",
        arguments: [
            ("USHER_TRUSTED_PROXIES", "proxy"), ("USHER_TRUSTED_PROXIES", "10.0.0.0/99"), ("USHER_BASE_PATH", "usher"),
            ("USHER_BASE_PATH", "//usher"), ("USHER_BASE_PATH", "/../usher"), ("USHER_BASE_PATH", "/a b"),
            ("USHER_TLS_HSTS", "-1"), ("USHER_PROXY_SIGN_IN", "authelia"), ("USHER_PROXY_SIGN_IN", "nginx"),
            ("USHER_OIDC_ISSUER", "https://auth.example.org"), ("USHER_OIDC_ISSUER", "auth.example.org"),
            ("USHER_SIGN_IN_ROLES", "admins"), ("USHER_SIGN_IN_ROLES", "admins=king"),
            ("USHER_SIGN_IN_MAKES_ACCOUNTS", "true"), ("USHER_PROXY_SIGN_OUT_URL", "javascript:x"),
            ("USHER_TLS_REDIRECT", "127.0.0.1:80"), ("USHER_MAX_CONNECTIONS", "0"),
            ("USHER_IDLE_TIMEOUT", "0"),
        ]) func badDoor(name: String, value: String)
    {
        #expect(problems([name: value]).contains { $0.hasPrefix("\(name) ") })
    }

    @Test("A data directory may have any name") func anyDataDirectory() throws {
        let url = PrivatePostgres.url(in: #"/srv/The house's \ data"#)
        let settings = try PostgresConfiguration(url: url).programSettings
        #expect(settings.environment["PGHOST"] == #"/srv/The house's \ data/socket"#)
    }
}

@Suite("Log lines") struct LogLineTests {
    @Test("What could end a line or steer a terminal is written out") func escapes() {
        #expect(LogLine.plain("a\nb\r\u{1b}[31m\u{7f}") == "a\\nb\\r\\x1b[31m\\x7f")
        // U+009B is ESC and [ in one, for terminals that know it.
        #expect(LogLine.plain("\u{9b}31m\u{0}\u{85}") == "\\x9b31m\\x0\\x85")
        #expect(LogLine.plain("exe.\u{202e}gpj") == "exe.\\u{202e}gpj")
        #expect(LogLine.plain("Ærø, 東京 👩‍🚀") == "Ærø, 東京 👩‍🚀")
    }

    @Test("A value does not pass for two") func quotationMarks() {
        #expect(LogLine.quotable("x\" user=\"1") == "x\\\" user=\\\"1")
        #expect(LogLine.quotable("x\\\" user=\"1") == "x\\\\\\\" user=\\\"1")
    }
}
