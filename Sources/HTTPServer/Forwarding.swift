import HTTP
import HTTPTypes

/// What a proxy in front says of where a request came from: `Forwarded` (RFC 7239), or else `X-Forwarded-For`, `-Proto`
/// and `-Host`.
///
/// Anybody can write these fields, so only the words of trusted proxies count. Each adds the address that it heard from
/// at the end; read from there, the first that is no trusted proxy is the client, and what stands before it is hearsay.
struct Forwarding {
    let trusted: [AddressBlock]

    func isTrusted(_ address: String) -> Bool { trusted.contains { $0.contains(address) } }

    /// Puts the client in the proxy's place, if it was a trusted proxy that the request came from.
    func apply(to request: inout Request) {
        guard !trusted.isEmpty, isTrusted(request.peer) else { return }
        request.isFromProxy = true
        for hop in hops(request.fields).reversed() {
            if let scheme = hop.scheme { request.isSecure = scheme == "https" }
            if let host = hop.host { request.head.authority = host }
            guard let address = hop.address else { break }  // hidden or unreadable: what is known so far stays
            request.peer = address
            if !isTrusted(address) { break }
        }
    }

    private struct Hop {
        var address: String?
        var scheme: String?
        var host: String?
    }

    private func hops(_ fields: HTTPFields) -> [Hop] {
        if fields.contains(.forwarded) {
            return fields[values: .forwarded].flatMap { Self.split($0, at: ",") }.map(Self.hop)
        }
        func list(_ name: HTTPField.Name) -> [String] {
            fields[values: name].flatMap { Self.split($0, at: ",") }.map { String($0.trimmed) }
        }
        let (schemes, hosts) = (list(.xForwardedProto), list(.xForwardedHost))
        let addresses = list(.xForwardedFor)
        // A proxy may keep for itself whom it speaks for, and yet say how they came.
        return (addresses.isEmpty ? [""] : addresses).map {
            // Most proxies write one of these, not a list: the nearest one's.
            Hop(
                address: Self.address($0), scheme: schemes.last.flatMap(Self.scheme),
                host: hosts.last.flatMap(Self.host))
        }
    }

    /// `for=192.0.2.60;proto=http;host=example.test` (RFC 7239 §4).
    private static func hop(_ element: Substring) -> Hop {
        var hop = Hop()
        for pair in split(element, at: ";") {
            let halves = pair.split(separator: "=", maxSplits: 1)
            guard halves.count == 2 else { continue }
            let value = unquoted(halves[1].trimmed)
            switch halves[0].trimmed.lowercased() {
            case "for": hop.address = address(value)
            case "proto": hop.scheme = scheme(value)
            case "host": hop.host = host(value)
            default: continue
            }
        }
        return hop
    }

    /// Not at separators inside quotes.
    private static func split(_ text: some StringProtocol, at separator: Character) -> [Substring] {
        var isQuoted = false
        return Substring(text).split { character in
            if character == "\"" { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
    }

    private static func unquoted(_ text: Substring) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : String(text)
    }

    /// `192.0.2.43`, `192.0.2.43:47011`, `[2001:db8::17]:47011`, and, as some write it, `2001:db8::17` (RFC 7239 §6).
    private static func address(_ text: String) -> String? {
        var bare = text[...]
        if bare.hasPrefix("["), let end = bare.firstIndex(of: "]") {
            bare = bare.dropFirst().prefix(upTo: end)
        } else if let colon = bare.firstIndex(of: ":"), !bare[bare.index(after: colon)...].contains(":") {
            bare = bare[..<colon]
        }
        return AddressBlock.isAddress(String(bare)) ? String(bare) : nil
    }

    private static func scheme(_ text: String) -> String? {
        let scheme = text.lowercased()
        return scheme == "http" || scheme == "https" ? scheme : nil
    }

    private static func host(_ text: String) -> String? {
        isValidHost(text.utf8.span) ? text : nil
    }
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}

extension HTTPField.Name {
    fileprivate static let forwarded = HTTPField.Name("Forwarded")!
    fileprivate static let xForwardedFor = HTTPField.Name("X-Forwarded-For")!
    fileprivate static let xForwardedProto = HTTPField.Name("X-Forwarded-Proto")!
    fileprivate static let xForwardedHost = HTTPField.Name("X-Forwarded-Host")!
}
