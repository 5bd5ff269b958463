import Foundation
import Logging

/// What the environment says, checked as a whole before anything starts.
struct Configuration: Sendable, Equatable {
    var listen = ["127.0.0.1:8080"]
    var tls: (certificate: String, key: String)?
    var dataDirectory: String
    var downloadDirectory: String
    /// `nil`: a private PostgreSQL in the data directory.
    var databaseURL: String?
    /// `nil`: a private aria2.
    var aria2URL: String?
    var aria2Secret = ""
    var tvmazeURL = "https://api.tvmaze.com"
    var logLevel = Logger.Level.info

    static func == (left: Configuration, right: Configuration) -> Bool {
        left.listen == right.listen && left.tls?.certificate == right.tls?.certificate
            && left.tls?.key == right.tls?.key && left.dataDirectory == right.dataDirectory
            && left.downloadDirectory == right.downloadDirectory && left.databaseURL == right.databaseURL
            && left.aria2URL == right.aria2URL && left.aria2Secret == right.aria2Secret
            && left.tvmazeURL == right.tvmazeURL && left.logLevel == right.logLevel
    }

    /// Everything that is wrong with the environment, a sentence each.
    struct Problems: Error, Equatable, CustomStringConvertible {
        var sentences: [String]
        var description: String { sentences.joined(separator: "\n") }
    }

    private static let names: Set<String> = [
        "USHER_LISTEN", "USHER_TLS_CERT", "USHER_TLS_KEY", "USHER_DATA_DIR", "USHER_DOWNLOAD_DIR",
        "USHER_DATABASE_URL", "USHER_ARIA2_URL", "USHER_ARIA2_SECRET", "USHER_TVMAZE_URL", "USHER_LOG_LEVEL",
    ]
    private static let secrets: Set<String> = ["USHER_DATABASE_URL", "USHER_ARIA2_SECRET"]

    /// Reads the environment.
    ///
    /// - Throws: ``Problems``, all of them at once.
    init(environment: [String: String] = ProcessInfo.processInfo.environment, isRoot: Bool = geteuid() == 0) throws {
        var reader = Reader(environment: environment)
        reader.refuseUnknown(names: Self.names, secrets: Self.secrets)
        let home =
            environment["XDG_DATA_HOME"].map { $0 + "/usher" }
            ?? environment["HOME"].map { $0 + "/.local/share/usher" }
        let standard = isRoot ? "/var/lib/usher" : home ?? "/var/tmp/usher"
        dataDirectory = reader.path("USHER_DATA_DIR") ?? standard
        downloadDirectory = reader.path("USHER_DOWNLOAD_DIR") ?? dataDirectory + "/downloads"
        if let value = reader.value("USHER_LISTEN") { listen = reader.addresses("USHER_LISTEN", value) }
        switch (reader.path("USHER_TLS_CERT"), reader.path("USHER_TLS_KEY")) {
        case (let certificate?, let key?): tls = (certificate, key)
        case (nil, nil): break
        case (_?, nil): reader.problems.append("USHER_TLS_CERT is set, USHER_TLS_KEY is not; TLS needs both.")
        case (nil, _?): reader.problems.append("USHER_TLS_KEY is set, USHER_TLS_CERT is not; TLS needs both.")
        }
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
        if let url = reader.webAddress("USHER_TVMAZE_URL") { tvmazeURL = url }
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
