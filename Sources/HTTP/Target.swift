import Glibc

/// The request target taken apart (RFC 9112 §3.2).
extension RequestHead {
    /// The origin form (`/path?query`, RFC 9112 §3.2.1), or the absolute form (`http://host/path?query`), which servers
    /// must accept too (§3.2.2).
    mutating func read(_ bytes: Span<UInt8>) throws(RequestError) {
        if !bytes.isEmpty, bytes[0] == UInt8(ascii: "/") { return try read(origin: bytes) }
        let scheme = bytes.extracting(..<min(bytes.count, 8)).text.lowercased()
        demandsTLS = scheme == "https://"
        guard demandsTLS || scheme.hasPrefix("http://") else { throw .malformed("form of the target") }
        let start = demandsTLS ? 8 : 7
        let end = bytes.firstIndex(from: start) { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? bytes.count
        let host = bytes.extracting(start..<end)
        guard isValidHost(host) else { throw .malformed("authority in the target") }
        authority = host.text
        try read(origin: bytes.extracting(end...))
    }

    /// The path may be empty, as it may be after an authority (RFC 3986 §3.3).
    private mutating func read(origin bytes: Span<UInt8>) throws(RequestError) {
        let end = bytes.firstIndex { !$0.isPath }
        guard end.map({ bytes[$0] == UInt8(ascii: "?") }) ?? true else { throw .malformed("character in the path") }
        let rawPath = bytes.extracting(..<(end ?? bytes.count))
        if rawPath.isEmpty || rawPath.mayHaveDotSegments || rawPath.firstIndex(of: UInt8(ascii: "%")) != nil {
            path = try Self.resolved(rawPath)
        } else {
            path = rawPath.count == target.utf8.count ? target : rawPath.text
        }
        guard let end, end + 1 < bytes.count else { return }
        let rawQuery = bytes.extracting((end + 1)...)
        guard rawQuery.allSatisfy({ $0.isTarget }) else { throw .malformed("character in the query") }
        do throws(FormError) {
            query = try rawQuery.withUnsafeBufferPointer { (bytes) throws(FormError) in try Form.parse(bytes) }
        } catch {
            throw .malformed("query: \(error)")
        }
    }

    /// Decoded first and resolved then, so that `%2e%2e` is what `..` is. An encoded slash or backslash would make what
    /// is one segment here into two elsewhere: refused.
    private static func resolved(_ path: Span<UInt8>) throws(RequestError) -> String {
        var segments: [String] = []
        var start = 1
        while true {
            let end = path.firstIndex(of: UInt8(ascii: "/"), from: start) ?? path.count
            let segment = try segment(path.extracting(min(start, end)..<end))
            let isLast = end == path.count
            if segment == "." || segment == ".." {
                if segment == ".." { _ = segments.popLast() }  // above the root is the root (RFC 3986 §5.2.4)
                if isLast { segments.append("") }
            } else {
                segments.append(segment)
            }
            guard !isLast else { return "/" + segments.joined(separator: "/") }
            start = end + 1
        }
    }

    private static func segment(_ part: Span<UInt8>) throws(RequestError) -> String {
        // The bytes are checked already, and those that a path may hold as they are mean themselves.
        guard part.firstIndex(of: UInt8(ascii: "%")) != nil else { return part.text }
        let decoded = part.withUnsafeBufferPointer { PercentCoding.decode($0) }
        guard let decoded, let segment = String(validating: decoded, as: UTF8.self),
            decoded.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") })
        else { throw .malformed("percent-encoding of the path") }
        return segment
    }
}

/// `uri-host [":" port]` (RFC 9110 §7.2), never empty, and of names only what can be a name of a host: neither
/// percent-encoding nor the punctuation that RFC 3986 §3.2.2 would allow and no host has.
public func isValidHost(_ bytes: Span<UInt8>) -> Bool {
    guard !bytes.isEmpty else { return false }
    if bytes[0] == UInt8(ascii: "[") {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
        var unused = in6_addr()
        guard inet_pton(AF_INET6, bytes.extracting(1..<end).text, &unused) == 1 else { return false }
        let rest = bytes.extracting((end + 1)...)
        return rest.isEmpty || (rest[0] == UInt8(ascii: ":") && isValidPort(rest.extracting(1...)))
    }
    let end = bytes.firstIndex { !$0.isUnreserved } ?? bytes.count
    guard 1...255 ~= end else { return false }
    return end == bytes.count || (bytes[end] == UInt8(ascii: ":") && isValidPort(bytes.extracting((end + 1)...)))
}

/// Digits; none at all is allowed (RFC 3986 §3.2.3).
private func isValidPort(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count <= 5 else { return false }
    var port = 0
    for index in bytes.indices {
        guard bytes[index].isDigit else { return false }
        port = port * 10 + Int(bytes[index] - UInt8(ascii: "0"))
    }
    return port <= 65535
}

extension Span<UInt8> {
    /// Whether one of the path's segments begins with a dot.
    fileprivate var mayHaveDotSegments: Bool {
        for index in indices.dropFirst() where self[index - 1] == UInt8(ascii: "/") {
            if self[index] == UInt8(ascii: ".") { return true }
        }
        return false
    }
}
