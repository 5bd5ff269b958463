import COpenSSL

/// Hash functions.
public enum Digest {
    /// SHA-1, 20 bytes: BitTorrent names torrents by it. It protects nothing.
    public static func sha1(_ message: [UInt8]) -> [UInt8] {
        digest(message, EVP_sha1())
    }

    /// SHA-256, 32 bytes.
    public static func sha256(_ message: [UInt8]) -> [UInt8] {
        digest(message, EVP_sha256())
    }

    /// HMAC with SHA-256 (RFC 2104), 32 bytes.
    public static func hmacSHA256(key: [UInt8], message: [UInt8]) -> [UInt8] {
        var length = 0
        let result = [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            let done = EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, key, key.count, message, message.count, buffer.baseAddress,
                buffer.count, &length)
            count = done == nil ? 0 : length
        }
        precondition(result.count == 32, "OpenSSL has no HMAC-SHA-256")
        return result
    }

    private static func digest(_ message: [UInt8], _ function: OpaquePointer?) -> [UInt8] {
        var length: CUnsignedInt = 0
        let result = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { buffer, count in
            let done = EVP_Digest(message, message.count, buffer.baseAddress, &length, function, nil)
            count = done == 1 ? Int(length) : 0
        }
        precondition(!result.isEmpty, "OpenSSL has no such hash function")
        return result
    }
}
