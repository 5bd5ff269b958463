import Foundation
import HTTPServer
import Logging
import Metadata
import OpenIDConnect
import Storage
import Web

/// What the environment says, checked as a whole before anything starts.
struct Configuration: Sendable, Equatable {
    var listen = ["127.0.0.1:8080"]
    /// The first is for those who name no host of another.
    var tls: [ServerConfiguration.TLSFiles] = []
    /// Where plain HTTP leads to HTTPS.
    var redirect: [String] = []
    /// How long a browser that was here over TLS comes back over nothing else, in seconds; 0 to say nothing of it.
    var strictTransport = 31_536_000
    var trustedProxies: [AddressBlock] = []
    /// Who is believed when they say whom they know.
    var outside = OutsideSignIn()
    /// Where people may sign in as well.
    var provider: OpenIDProvider.Settings?
    /// Who may read `/metrics`.
    var observers = ["127.0.0.0/8", "::1"].compactMap { AddressBlock($0) }
    /// Empty, or like `/usher`.
    var basePath = ""
    var maxConnections = 4096
    var maxConnectionsPerAddress = 256
    /// How long a connection stays open between two requests, in seconds.
    var idleTimeout = 75
    var dataDirectory: String
    var downloadDirectory: String
    var backupDirectory: String
    /// `nil`: a private PostgreSQL in the data directory.
    var databaseURL: String?
    /// `nil`: a private aria2.
    var aria2URL: String?
    var aria2Secret = ""
    var sources = SourceAddresses()
    var logLevel = Logger.Level.info

    /// Everything that is wrong with the environment, a sentence each.
    struct Problems: Error, Equatable, CustomStringConvertible {
        var sentences: [String]
        var description: String { sentences.joined(separator: "\n") }
    }

    private static let names: Set<String> = [
        "USHER_LISTEN", "USHER_TLS_CERT", "USHER_TLS_KEY", "USHER_TLS_REDIRECT", "USHER_TLS_HSTS",
        "USHER_TRUSTED_PROXIES", "USHER_METRICS_FROM", "USHER_PROXY_SIGN_IN", "USHER_PROXY_SIGN_OUT_URL",
        "USHER_SIGN_IN_MAKES_ACCOUNTS", "USHER_SIGN_IN_ROLES", "USHER_OIDC_ISSUER", "USHER_OIDC_CLIENT_ID",
        "USHER_OIDC_CLIENT_SECRET", "USHER_OIDC_NAME", "USHER_OIDC_GROUPS_CLAIM",
        "USHER_BASE_PATH", "USHER_MAX_CONNECTIONS", "USHER_MAX_CONNECTIONS_PER_ADDRESS", "USHER_IDLE_TIMEOUT",
        "USHER_DATA_DIR",
        "USHER_DOWNLOAD_DIR", "USHER_BACKUP_DIR",
        "USHER_DATABASE_URL", "USHER_ARIA2_URL", "USHER_ARIA2_SECRET", "USHER_LOG_LEVEL",
    ]
    private static func addressName(_ source: SourceID) -> String { "USHER_\(source.name.uppercased())_URL" }
    private static let secrets: Set<String> = ["USHER_DATABASE_URL", "USHER_ARIA2_SECRET", "USHER_OIDC_CLIENT_SECRET"]

    /// Reads the environment.
    ///
    /// - Throws: ``Problems``, all of them at once.
    init(environment: [String: String] = ProcessInfo.processInfo.environment, isRoot: Bool = geteuid() == 0) throws {
        var reader = Reader(environment: environment)
        reader.refuseUnknown(
            names: Self.names.union(SourceID.allCases.map(Self.addressName)), secrets: Self.secrets)
        let home =
            environment["XDG_DATA_HOME"].map { $0 + "/usher" }
            ?? environment["HOME"].map { $0 + "/.local/share/usher" }
        let standard = isRoot ? "/var/lib/usher" : home ?? "/var/tmp/usher"
        dataDirectory = reader.path("USHER_DATA_DIR") ?? standard
        downloadDirectory = reader.path("USHER_DOWNLOAD_DIR") ?? dataDirectory + "/downloads"
        backupDirectory = reader.path("USHER_BACKUP_DIR") ?? dataDirectory + "/backups"
        if let value = reader.value("USHER_LISTEN") { listen = reader.addresses("USHER_LISTEN", value) }
        readDoor(&reader)
        readSignIn(&reader)
        databaseURL = reader.secret("USHER_DATABASE_URL")
        if let url = databaseURL, !url.hasPrefix("postgres://"), !url.hasPrefix("postgresql://"), !url.contains("=") {
            reader.problems.append(
                "USHER_DATABASE_URL is no PostgreSQL URL; it looks like postgresql://user@host/name.")
        }
        aria2URL = reader.webAddress("USHER_ARIA2_URL")
        aria2Secret = reader.secret("USHER_ARIA2_SECRET") ?? ""
        if aria2URL == nil, !aria2Secret.isEmpty {
            reader.problems.append("USHER_ARIA2_SECRET is set, USHER_ARIA2_URL is not; the private aria2 has its own.")
        }
        for source in SourceID.allCases {
            if let url = reader.webAddress(Self.addressName(source)) { sources[source] = url }
        }
        if let level = reader.value("USHER_LOG_LEVEL") {
            if let known = Logger.Level(rawValue: level.lowercased()) {
                logLevel = known
            } else {
                let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
                reader.problems.append("USHER_LOG_LEVEL is \"\(level)\"; it can be \(levels).")
            }
        }
        guard reader.problems.isEmpty else { throw Problems(sentences: reader.problems) }
    }
}

extension Configuration {
    /// TLS, what stands in front, and how many may come in.
    private mutating func readDoor(_ reader: inout Reader) {
        let (certificates, keys) = (reader.paths("USHER_TLS_CERT"), reader.paths("USHER_TLS_KEY"))
        tls = zip(certificates, keys).map { .init(certificateFile: $0, keyFile: $1) }
        if certificates.count != keys.count {
            let (more, less) =
                certificates.count > keys.count
                ? ("USHER_TLS_CERT", "USHER_TLS_KEY") : ("USHER_TLS_KEY", "USHER_TLS_CERT")
            reader.problems.append("\(more) names more files than \(less); each certificate needs its key.")
        }
        if let value = reader.value("USHER_TLS_REDIRECT") {
            redirect = reader.addresses("USHER_TLS_REDIRECT", value)
            if tls.isEmpty {
                reader.problems.append("USHER_TLS_REDIRECT is set, USHER_TLS_CERT is not; it leads nowhere.")
            }
        }
        if let seconds = reader.number("USHER_TLS_HSTS", in: 0...63_072_000) { strictTransport = seconds }
        trustedProxies = reader.blocks("USHER_TRUSTED_PROXIES")
        if reader.value("USHER_METRICS_FROM") != nil { observers = reader.blocks("USHER_METRICS_FROM") }
        if let path = reader.value("USHER_BASE_PATH"), path != "/" {
            let isPath = path.wholeMatch(of: /(\/[A-Za-z0-9._~-]+)+\/?/) != nil && !path.contains("/.")
            if !isPath { reader.problems.append("USHER_BASE_PATH is \"\(path)\"; it has to look like /usher.") }
            basePath = path.hasSuffix("/") ? String(path.dropLast()) : path
        }
        if let count = reader.number("USHER_MAX_CONNECTIONS", in: 1...1_000_000) { maxConnections = count }
        if let count = reader.number("USHER_MAX_CONNECTIONS_PER_ADDRESS", in: 1...1_000_000) {
            maxConnectionsPerAddress = count
        }
        if let seconds = reader.number("USHER_IDLE_TIMEOUT", in: 1...86_400) { idleTimeout = seconds }
    }
}

extension Configuration {
    /// How people come in who are known elsewhere.
    private mutating func readSignIn(_ reader: inout Reader) {
        if let name = reader.choice("USHER_PROXY_SIGN_IN", of: ProxyHeaders.allCases.map(\.rawValue)) {
            outside.proxy = ProxyHeaders(rawValue: name)
            if trustedProxies.isEmpty {
                reader.problems.append(
                    "USHER_PROXY_SIGN_IN is set, USHER_TRUSTED_PROXIES is not; nobody would be believed.")
            }
        }
        outside.proxySignOut = reader.webAddress("USHER_PROXY_SIGN_OUT_URL")
        if let issuer = reader.webAddress("USHER_OIDC_ISSUER") {
            if let id = reader.value("USHER_OIDC_CLIENT_ID") {
                var settings = OpenIDProvider.Settings(
                    issuer: issuer, clientID: id, clientSecret: reader.secret("USHER_OIDC_CLIENT_SECRET"))
                if let name = reader.value("USHER_OIDC_NAME") { settings.name = name }
                if let claim = reader.value("USHER_OIDC_GROUPS_CLAIM") { settings.groupsClaim = claim }
                provider = settings
            } else {
                reader.problems.append("USHER_OIDC_ISSUER is set, USHER_OIDC_CLIENT_ID is not; they go together.")
            }
        }
        outside.makesAccounts = reader.choice("USHER_SIGN_IN_MAKES_ACCOUNTS", of: ["yes", "no"]) == "yes"
        for entry in reader.list("USHER_SIGN_IN_ROLES") {
            let halves = entry.split(separator: "=").map { $0.trimmingCharacters(in: .whitespaces) }
            guard halves.count == 2, let role = Role(rawValue: halves[1]) else {
                let roles = Role.allCases.map(\.rawValue).joined(separator: ", ")
                reader.problems.append(
                    "USHER_SIGN_IN_ROLES has \"\(entry)\"; it has to look like group=role, a role being one of \(roles)."
                )
                continue
            }
            outside.roles[halves[0]] = role
        }
    }
}

/// Reads values and collects what is wrong with them.
private struct Reader {
    let environment: [String: String]
    var problems: [String] = []

    mutating func refuseUnknown(names: Set<String>, secrets: Set<String>) {
        let allowed = names.union(secrets.map { $0 + "_FILE" })
        for name in environment.keys.sorted() where name.hasPrefix("USHER_") && !allowed.contains(name) {
            problems.append("\(name) is no setting of Usher; the README lists them.")
        }
    }

    func value(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    mutating func path(_ name: String) -> String? {
        guard let path = value(name) else { return nil }
        guard path.hasPrefix("/") else {
            problems.append("\(name) is \"\(path)\"; it has to be an absolute path.")
            return nil
        }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    func list(_ name: String) -> [String] {
        (value(name) ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    mutating func blocks(_ name: String) -> [AddressBlock] {
        list(name).compactMap { text in
            let block = AddressBlock(text)
            if block == nil {
                problems.append("\(name) has \"\(text)\"; it has to look like 192.168.1.2 or 10.0.0.0/8.")
            }
            return block
        }
    }

    mutating func paths(_ name: String) -> [String] {
        let list = list(name)
        for path in list where !path.hasPrefix("/") {
            problems.append("\(name) has \"\(path)\"; it has to be an absolute path.")
        }
        return list
    }

    mutating func choice(_ name: String, of choices: [String]) -> String? {
        guard let text = value(name) else { return nil }
        guard choices.contains(text) else {
            problems.append("\(name) is \"\(text)\"; it can be \(choices.joined(separator: ", ")).")
            return nil
        }
        return text
    }

    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            problems.append("\(name) is \"\(text)\"; it is a number from \(range.lowerBound) to \(range.upperBound).")
            return nil
        }
        return number
    }

    mutating func secret(_ name: String) -> String? {
        guard let file = path(name + "_FILE") else { return value(name) }
        guard value(name) == nil else {
            problems.append("\(name) and \(name)_FILE are both set; keep one.")
            return nil
        }
        do {
            return try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            problems.append("\(name)_FILE names \(file), which cannot be read: \(error.localizedDescription)")
            return nil
        }
    }

    mutating func webAddress(_ name: String) -> String? {
        guard let text = value(name) else { return nil }
        guard let url = URLComponents(string: text), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host, !host.isEmpty
        else {
            problems.append("\(name) is \"\(text)\"; it has to look like http://host:port.")
            return nil
        }
        return text
    }

    mutating func addresses(_ name: String, _ text: String) -> [String] {
        let list = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if list.isEmpty { problems.append("\(name) is \"\(text)\"; it has to name an address.") }
        for address in list {
            let parts = address.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count >= 2, !parts[0].isEmpty, parts.last.flatMap({ UInt16($0) }) != nil
            else {
                problems.append("\(name) is \"\(address)\"; it has to look like 127.0.0.1:8080 or [::1]:8080.")
                continue
            }
        }
        return list
    }
}
