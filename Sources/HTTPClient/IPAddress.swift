import Glibc

/// An IPv4 or IPv6 address, and what kind of place it names.
public struct IPAddress: Sendable, Equatable, CustomStringConvertible {
    /// Four bytes or sixteen.
    let bytes: [UInt8]

    /// What kind of place an address names.
    public enum Kind: Sendable {
        /// Anywhere on the internet.
        case global
        /// This machine, this house, or a network that is not the internet.
        case local
        /// Never a place to send a request to.
        case forbidden
    }

    init?(_ address: UnsafePointer<sockaddr>) {
        switch CInt(address.pointee.sa_family) {
        case AF_INET:
            bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { address in
                withUnsafeBytes(of: address.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
    }

    /// Reads an address; nil if the text is none.
    public init?(_ text: String) {
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = withUnsafeBytes(of: sixteen) { Array($0) }
        } else {
            return nil
        }
    }

    private init(_ bytes: some Collection<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// As it is usually written.
    public var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count)) != nil else {
            return "unknown"
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// By the registries of special-purpose addresses (RFC 6890).
    public var kind: Kind {
        bytes.count == 4 ? kind4 : kind6
    }

    /// Whether it is this machine.
    var isLoopback: Bool {
        if let embedded { return embedded.isLoopback }
        return bytes.count == 4 ? bytes[0] == 127 : bytes == Array(repeating: 0, count: 15) + [1]
    }

    private var kind4: Kind {
        switch (bytes[0], bytes[1], bytes[2], bytes[3]) {
        case (0, _, _, _), (224..., _, _, _): .forbidden  // this network; multicast, reserved, broadcast
        case (169, 254, _, _): .forbidden  // link-local, and where clouds keep credentials
        case (100, 100, 100, 200), (192, 0, 0, 192): .forbidden  // clouds that keep them elsewhere
        case (10, _, _, _), (127, _, _, _), (172, 16...31, _, _), (192, 168, _, _): .local
        case (100, 64...127, _, _): .local  // carrier-grade NAT
        case (192, 0, 0, _), (192, 0, 2, _), (198, 51, 100, _), (203, 0, 113, _), (198, 18...19, _, _): .local
        default: .global
        }
    }

    private var kind6: Kind {
        if let embedded { return embedded.kind }
        switch (bytes[0], bytes[1]) {
        case (0, 0) where bytes.dropLast().allSatisfy { $0 == 0 }: return bytes[15] == 1 ? .local : .forbidden
        case (0xfe, 0x80...0xbf): return .forbidden  // link-local
        case (0xff, _): return .forbidden  // multicast
        case (0xfd, 0) where bytes.starts(with: [0xfd, 0, 0x0e, 0xc2]): return .forbidden  // a cloud's credentials
        case (0x20, 0x01) where bytes[2] < 2 || bytes[2] == 0x0d && bytes[3] == 0xb8: return .local  // Teredo, examples
        case (0x20...0x3f, _): return .global
        default: return .local
        }
    }

    /// The IPv4 address inside: mapped, by NAT64, by 6to4.
    private var embedded: IPAddress? {
        guard bytes.count == 16 else { return nil }
        if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff {
            return IPAddress(bytes.suffix(4))
        }
        if bytes.starts(with: [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0]) { return IPAddress(bytes.suffix(4)) }
        if bytes.starts(with: [0x20, 0x02]) { return IPAddress(bytes[2..<6]) }
        return nil
    }
}

extension AddressPolicy {
    /// Whether a request to `origin` may connect to `address`.
    func allows(_ address: IPAddress, for origin: Origin) -> Bool {
        switch address.kind {
        case .forbidden: false
        case .global: true
        case .local:
            switch self {
            case .exactly(let configured), .publicOr(let configured): origin == configured
            case .publicOnly: false
            }
        }
    }

    /// Whether a request to `origin` may be tried at all.
    func allows(_ origin: Origin) -> Bool {
        switch self {
        case .exactly(let configured): origin == configured
        case .publicOnly, .publicOr: true
        }
    }
}
