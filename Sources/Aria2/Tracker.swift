import Glibc
import HTTPClient

/// Trackers named by torrents and magnets. aria2 sends requests to them, so that they are checked like links.
enum Tracker {
    /// Whether aria2 may be told of it. Addresses where nobody's tracker is (link-local, multicast, cloud metadata) are
    /// refused even if private ones are allowed.
    static func isUsable(_ url: String, allowingPrivate: Bool) -> Bool {
        guard url.utf8.count <= 2000, url.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\\") }),
            let colon = url.firstRange(of: "://"),
            ["http", "https", "udp"].contains(url[..<colon.lowerBound].lowercased())
        else { return false }
        let authority = url[colon.upperBound...].prefix { !"/?#".contains($0) }
        guard !authority.contains("@"), let host = host(of: authority) else { return false }
        switch kind(of: host) {
        case .global: return true
        case .local: return allowingPrivate
        case .forbidden: return false
        }
    }

    /// Without port and brackets, in lower case.
    private static func host(of authority: Substring) -> String? {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            let rest = authority[authority.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") && isPort(rest.dropFirst()) else { return nil }
            return String(authority[authority.index(after: authority.startIndex)..<end]).lowercased()
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2, parts.count == 1 || isPort(parts[1]) else {
            return nil
        }
        return host.lowercased()
    }

    private static func isPort(_ text: Substring) -> Bool {
        UInt16(text).map { $0 > 0 } ?? false
    }

    private static func kind(of host: String) -> IPAddress.Kind {
        // Also the old notations that resolvers still understand: 2130706433, 0x7f.1, 0177.0.0.1.
        var old = in_addr()
        if inet_aton(host, &old) == 1 {
            let bytes = withUnsafeBytes(of: old) { Array($0) }
            return IPAddress(bytes.map { "\($0)" }.joined(separator: "."))?.kind ?? .forbidden
        }
        if host.contains(":") { return IPAddress(host)?.kind ?? .forbidden }
        guard host.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) }) else {
            return .forbidden
        }
        let labels = host.split(separator: ".")
        guard let last = labels.last else { return .forbidden }
        // A name without a dot, and names that mean something inside a house only.
        let isLocal = labels.count == 1 || ["localhost", "local", "internal", "lan", "home", "arpa"].contains(last)
        return isLocal ? .local : .global
    }
}
