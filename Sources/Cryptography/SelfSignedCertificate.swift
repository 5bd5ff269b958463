import COpenSSL

/// A certificate that vouches for itself, for a house that has no other.
public struct SelfSignedCertificate: Sendable {
    /// The certificate, PEM.
    public let certificate: String
    /// Its private key (P-256), PEM.
    public let key: String

    /// OpenSSL would not make it, or a name is none.
    public struct Failure: Error, Equatable, CustomStringConvertible {
        /// A sentence.
        public let description: String
    }

    /// Makes one for these names of hosts and addresses in numbers, of which the first is its subject.
    ///
    /// - Parameter days: how long it is valid from now on. More than 397 browsers do not believe, and Mozilla's recommendations
    ///   for servers ask for no more than 366.
    public init(names: [String], days: Int = 365) throws(Failure) {
        let entries = try names.map { (name) throws(Failure) in try Self.entry(for: name) }
        guard let first = names.first else { throw Failure(description: "A certificate needs a name.") }
        guard let key = copenssl_generate_p256(), let certificate = X509_new() else { throw Self.failure }
        defer {
            EVP_PKEY_free(key)
            X509_free(certificate)
        }
        let subject = X509_get_subject_name(certificate)
        let isMade =
            X509_set_version(certificate, 2) == 1  // X.509 v3
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), UInt64.random(in: 1...(.max >> 1))) == 1
            // A little before now, for clocks that are slow.
            && X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), days * 86_400) != nil
            && X509_set_pubkey(certificate, key) == 1
            && X509_NAME_add_entry_by_txt(
                subject, "CN", copenssl_utf8, Array(first.utf8), CInt(first.utf8.count), -1, 0) == 1
            && X509_set_issuer_name(certificate, subject) == 1
            && Self.add(NID_subject_alt_name, entries.joined(separator: ","), to: certificate)
            && Self.add(NID_basic_constraints, "critical,CA:FALSE", to: certificate)
            && Self.add(NID_ext_key_usage, "serverAuth", to: certificate)
            // So that this one and its successor of the same name are told apart.
            && Self.add(NID_subject_key_identifier, "hash", to: certificate)
            && Self.add(NID_authority_key_identifier, "keyid:always", to: certificate)
            && X509_sign(certificate, key, EVP_sha256()) > 0
        guard isMade else { throw Self.failure }
        self.certificate = try Self.pem { PEM_write_bio_X509($0, certificate) }
        self.key = try Self.pem { PEM_write_bio_PrivateKey($0, key, nil, nil, 0, nil, nil) }
    }

    private static func entry(for name: String) throws(Failure) -> String {
        if let address = a2i_IPADDRESS(name) {
            ASN1_OCTET_STRING_free(address)
            return "IP:\(name)"
        }
        let isName =
            name.utf8.allSatisfy { $0 < 0x80 } && name.allSatisfy { $0.isLetter || $0.isNumber || "-.*".contains($0) }
        guard isName, 1...64 ~= name.utf8.count else {
            throw Failure(description: "“\(name)” is no name of a host, and no address.")
        }
        return "DNS:\(name)"
    }

    private static func add(_ kind: CInt, _ value: String, to certificate: OpaquePointer) -> Bool {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, certificate, certificate, nil, nil, 0)
        guard let extended = X509V3_EXT_conf_nid(nil, &context, kind, value) else { return false }
        defer { X509_EXTENSION_free(extended) }
        return X509_add_ext(certificate, extended, -1) == 1
    }

    private static func pem(_ write: (OpaquePointer) -> CInt) throws(Failure) -> String {
        guard let output = BIO_new(BIO_s_mem()) else { throw failure }
        defer { BIO_free(output) }
        var start: UnsafeMutablePointer<CChar>?
        guard write(output) == 1, case let count = BIO_ctrl(output, BIO_CTRL_INFO, 0, &start), count > 0, let start
        else {
            throw failure
        }
        return UnsafeBufferPointer(start: start, count: count).withMemoryRebound(to: UInt8.self) {
            String(decoding: $0, as: UTF8.self)
        }
    }

    private static var failure: Failure { Failure(description: "OpenSSL does not make the certificate.") }
}
