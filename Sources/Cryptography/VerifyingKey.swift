import COpenSSL

/// A public key that others sign with, as JSON Web Keys bring it (RFC 7518 §6).
public enum VerifyingKey: Sendable, Equatable {
    /// RSASSA-PKCS1-v1_5 with SHA-256; both numbers big-endian.
    case rsa(modulus: [UInt8], exponent: [UInt8])
    /// ECDSA on P-256 with SHA-256; a point's two halves, 32 bytes each.
    case p256(x: [UInt8], y: [UInt8])

    /// Whether this is the key's signature of the message. ECDSA's is two numbers of 32 bytes, one after the other (RFC
    /// 7518 §3.4). A key that is too weak, or none at all, signs nothing.
    public func verifies(_ signature: [UInt8], of message: [UInt8]) -> Bool {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let signature = encoded(signature), let key = make() else { return false }
        defer { EVP_PKEY_free(key) }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// As OpenSSL takes it: for ECDSA in DER.
    private func encoded(_ signature: [UInt8]) -> [UInt8]? {
        guard case .p256 = self else { return signature }
        guard signature.count == 64, let pair = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(pair) }
        // The pair owns both from here on.
        guard ECDSA_SIG_set0(pair, BN_bin2bn(signature, 32, nil), BN_bin2bn(Array(signature[32...]), 32, nil)) == 1
        else { return nil }
        let length = i2d_ECDSA_SIG(pair, nil)
        guard length > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
            var end = buffer.baseAddress
            count = Int(i2d_ECDSA_SIG(pair, &end))
        }
    }

    private func make() -> OpaquePointer? {
        guard let builder = OSSL_PARAM_BLD_new() else { return nil }
        defer { OSSL_PARAM_BLD_free(builder) }
        switch self {
        case .rsa(let modulus, let exponent):
            // 2048 bits at least (RFC 7518 §3.3); the upper limit keeps a hostile key from costing time.
            guard 256...1024 ~= modulus.count, 1...8 ~= exponent.count,
                let n = BN_bin2bn(modulus, CInt(modulus.count), nil)
            else { return nil }
            defer { BN_free(n) }
            guard let e = BN_bin2bn(exponent, CInt(exponent.count), nil) else { return nil }
            defer { BN_free(e) }
            guard OSSL_PARAM_BLD_push_BN(builder, Self.lasting("n"), n) == 1,
                OSSL_PARAM_BLD_push_BN(builder, Self.lasting("e"), e) == 1
            else { return nil }
            return Self.make("RSA", of: builder)
        case .p256(let x, let y):
            guard x.count == 32, y.count == 32 else { return nil }
            let point = [4] + x + y
            // The builder keeps the address of the point until the key is made.
            return point.withUnsafeBytes { point in
                guard
                    OSSL_PARAM_BLD_push_utf8_string(
                        builder, Self.lasting("group"), Self.lasting("prime256v1"), 0) == 1,
                    OSSL_PARAM_BLD_push_octet_string(builder, Self.lasting("pub"), point.baseAddress, point.count) == 1
                else { return nil }
                return Self.make("EC", of: builder)
            }
        }
    }

    /// The builder keeps the addresses of names and strings, so they must not be those of temporary copies.
    private static func lasting(_ name: StaticString) -> UnsafePointer<CChar> {
        UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)
    }

    private static func make(_ kind: String, of builder: OpaquePointer) -> OpaquePointer? {
        guard let parameters = OSSL_PARAM_BLD_to_param(builder) else { return nil }
        defer { OSSL_PARAM_free(parameters) }
        guard let context = EVP_PKEY_CTX_new_from_name(nil, kind, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_fromdata_init(context) == 1,
            EVP_PKEY_fromdata(context, &key, copenssl_public_key, parameters) == 1
        else { return nil }
        return key
    }
}
