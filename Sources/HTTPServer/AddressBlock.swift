import Glibc

/// An address, or all that begin with the same bits: `192.168.0.0/16`, `::1`.
public struct AddressBlock: Sendable, Equatable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Reads one; `nil` if it is none.
    public init?(_ text: String) {
        let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let bytes = Self.bytes(of: String(halves[0])) else { return nil }
        var bits = bytes.count * 8
        if halves.count == 2 {
            guard let given = Int(halves[1]), 0...bits ~= given, String(given) == halves[1] else { return nil }
            bits = given
        }
        (self.bytes, self.bits) = (bytes, bits)
    }

    /// Whether the address, in numbers, is one of these.
    public func contains(_ address: String) -> Bool {
        guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
        return (0..<bits).allSatisfy { bit in (bytes[bit / 8] ^ other[bit / 8]) & (0x80 >> UInt8(bit % 8)) == 0 }
    }

    /// Whether it is an address in numbers.
    static func isAddress(_ text: String) -> Bool { bytes(of: text) != nil }

    private static func bytes(of address: String) -> [UInt8]? {
        var four = in_addr()
        if inet_pton(AF_INET, address, &four) == 1 { return withUnsafeBytes(of: &four) { Array($0) } }
        var six = in6_addr()
        if inet_pton(AF_INET6, address, &six) == 1 { return withUnsafeBytes(of: &six) { Array($0) } }
        return nil
    }
}
