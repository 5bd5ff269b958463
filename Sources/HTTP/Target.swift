import Glibc

/// A request target taken apart (RFC 9112 §3.2).
struct Target {
    var path: String
    var segments: [String]
    var query: Form
    /// Of the absolute form; it takes the place of the Host field (RFC 9112 §3.2.2).
    var authority: String?
    /// Whether the absolute form names `https`.
    var isSecure = false

    private typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    /// The origin form (`/path?query`, RFC 9112 §3.2.1), or the absolute form (`http://host/path?query`), which servers
    /// must accept too (§3.2.2).
    init(_ text: Span<UInt8>) throws(RequestError) {
        self = try text.withUnsafeBufferPointer { (bytes) throws(RequestError) in
            guard bytes.allSatisfy(\.isTarget) else { throw .malformed("character in the target") }
            return bytes.first == UInt8(ascii: "/") ? try Target(origin: bytes[...]) : try Target(absolute: bytes[...])
        }
    }

    private init(absolute bytes: Bytes) throws(RequestError) {
        let lower = bytes.prefix(8).map { $0 | 0x20 }
        let scheme = ["http://", "https://"].first { lower.starts(with: $0.utf8) }
        guard let scheme else { throw .malformed("form of the target") }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let authority = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard isValidHost(authority) else { throw .malformed("authority in the target") }
        try self.init(origin: rest[authority.endIndex...])
        self.authority = String(decoding: authority, as: UTF8.self)
        isSecure = scheme == "https://"
    }

    /// The path may be empty, as it may be after an authority (RFC 3986 §3.3).
    private init(origin bytes: Bytes) throws(RequestError) {
        let rawPath = bytes.prefix { $0 != UInt8(ascii: "?") }
        let isPlain: Bool
        (segments, isPlain) = try Self.segments(rawPath)
        if segments.isEmpty {
            path = "/"
        } else if isPlain {
            path = String(decoding: rawPath, as: UTF8.self)
        } else {
            path = segments.reduce(into: "") { $0 += "/\($1)" }
        }
        let rawQuery = bytes[rawPath.endIndex...].dropFirst()
        do throws(FormError) {
            query = rawQuery.isEmpty ? Form() : try Form.parse(rawQuery)
        } catch {
            throw .malformed("query: \(error)")
        }
    }

    /// Decoded first and resolved then, so that `%2e%2e` is what `..` is. An encoded slash or backslash would make what
    /// is one segment here into two elsewhere: refused. Says also whether they stand there as they are.
    private static func segments(_ path: Bytes) throws(RequestError) -> ([String], isPlain: Bool) {
        guard path.allSatisfy(\.isPath) else { throw .malformed("character in the path") }
        var segments: [String] = []
        var isPlain = !path.contains(UInt8(ascii: "%"))
        var rest = path.dropFirst()
        while true {
            let part = rest.prefix { $0 != UInt8(ascii: "/") }
            let isLast = part.endIndex == rest.endIndex
            let segment = try segment(part)
            let isDots = segment == "." || segment == ".."
            if segment == ".." { _ = segments.popLast() }  // above the root is the root (RFC 3986 §5.2.4)
            if isDots { isPlain = false }
            if !isDots {
                segments.append(segment)
            } else if isLast {
                segments.append("")
            }
            guard !isLast else { break }
            rest = rest[part.endIndex...].dropFirst()
        }
        return (segments == [""] ? [] : segments, isPlain)
    }

    private static func segment(_ part: Bytes) throws(RequestError) -> String {
        // The bytes are checked already, and those that a path may hold as they are mean themselves.
        guard part.contains(UInt8(ascii: "%")) else { return String(decoding: part, as: UTF8.self) }
        guard let decoded = PercentCoding.decode(part), let segment = String(validating: decoded, as: UTF8.self),
            decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") })
        else { throw .malformed("percent-encoding of the path") }
        return segment
    }
}

/// `uri-host [":" port]` (RFC 9110 §7.2), never empty, and of names only what can be a name of a host: neither
/// percent-encoding nor the punctuation that RFC 3986 §3.2.2 would allow and no host has.
public func isValidHost(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    var host = bytes[...]
    if bytes.first == UInt8(ascii: "[") {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let address = String(decoding: bytes[bytes.index(after: bytes.startIndex)..<end], as: UTF8.self)
        var unused = in6_addr()
        guard inet_pton(AF_INET6, address, &unused) == 1 else { return false }
        host = bytes[bytes.index(after: end)...]
        return host.isEmpty || (host.first == UInt8(ascii: ":") && isValidPort(host.dropFirst()))
    }
    if let colon = bytes.firstIndex(of: UInt8(ascii: ":")) {
        guard isValidPort(bytes[bytes.index(after: colon)...]) else { return false }
        host = bytes[..<colon]
    }
    return 1...255 ~= host.count && host.allSatisfy(\.isUnreserved)
}

/// Digits; none at all is allowed (RFC 3986 §3.2.3).
private func isValidPort(_ bytes: some Collection<UInt8>) -> Bool {
    guard bytes.count <= 5, bytes.allSatisfy(\.isDigit) else { return false }
    return bytes.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 65535
}
