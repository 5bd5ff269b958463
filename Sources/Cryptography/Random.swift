import COpenSSL

/// Bytes that nobody can foretell.
public func randomBytes(_ count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        precondition(RAND_bytes(buffer.baseAddress, CInt(count)) == 1, "the system gives no random bytes")
        filled = count
    }
}

/// Whether both are equal, in a time that says nothing about where they differ. Lengths are not secret.
public func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
}
