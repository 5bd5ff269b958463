import CLinux
import Glibc
import Reactor

/// An address as the socket calls take it.
struct SocketAddress {
    private var storage = sockaddr_storage()
    private var length: socklen_t = 0

    /// The addresses that `host:port` stands for. Blocks while a name is resolved.
    static func resolve(_ text: String) throws(ServerError) -> [SocketAddress] {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw ServerError("\(text): an address is host:port")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty else { throw ServerError("\(text): an address is host:port") }
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        let failure = getaddrinfo(host, String(port), &hints, &found)
        defer { freeaddrinfo(found) }
        guard failure == 0 else { throw ServerError("\(text): \(String(cString: gai_strerror(failure)))") }
        return sequence(first: found) { $0?.pointee.ai_next }.prefix { $0 != nil }.compactMap { entry in
            guard let entry = entry?.pointee, let address = entry.ai_addr else { return nil }
            var result = SocketAddress()
            result.length = entry.ai_addrlen
            withUnsafeMutableBytes(of: &result.storage) {
                $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(entry.ai_addrlen)))
            }
            return result
        }
    }

    /// Lets a system call fill in the address.
    static func filled<Failure: Error>(
        by call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) throws(Failure) -> Void
    ) throws(Failure) -> SocketAddress {
        var result = SocketAddress()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let storage = UnsafeMutablePointer<sockaddr_storage>.allocate(capacity: 1)
        storage.initialize(to: sockaddr_storage())
        defer { storage.deallocate() }
        try storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { (address) throws(Failure) in
            try call(address, &length)
        }
        result.storage = storage.pointee
        result.length = length
        return result
    }

    /// A socket that listens here, non-blocking.
    func listen() throws(SystemError) -> Descriptor {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = Descriptor(
            owning: try systemCall("socket") { socket(CInt(storage.ss_family), type, 0) })
        let raw = descriptor.raw
        var on: CInt = 1
        try systemCall("setsockopt") {
            setsockopt(raw, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<CInt>.size))
        }
        try systemCall("bind") {
            withUnsafePointer(to: storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(raw, $0, length) }
            }
        }
        try systemCall("listen") { Glibc.listen(raw, SOMAXCONN) }
        return descriptor
    }

    /// The address in numbers; an IPv4 address that IPv6 wraps, unwrapped.
    var host: String {
        var copy = storage
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        withUnsafeBytes(of: &copy) { bytes in
            let family = CInt(storage.ss_family)
            let offset =
                family == AF_INET6
                ? MemoryLayout<sockaddr_in6>.offset(of: \.sin6_addr) : MemoryLayout<sockaddr_in>.offset(of: \.sin_addr)
            guard let offset, let start = bytes.baseAddress else { return }
            // Does not fail for these families and this length.
            inet_ntop(family, start + offset, &text, socklen_t(text.count))
        }
        let host = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return host.hasPrefix("::ffff:") && host.contains(".") ? String(host.dropFirst(7)) : host
    }

    /// The port.
    var port: Int {
        var copy = storage
        // At the same place for both families.
        return withUnsafeBytes(of: &copy) { Int($0[2]) << 8 | Int($0[3]) }
    }
}

/// Why a server cannot start.
public struct ServerError: Error, CustomStringConvertible {
    /// A sentence.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
