import COpenSSL

/// What all TLS connections of a server share: certificates, keys, and what is spoken.
///
/// TLS 1.2 and 1.3 with forward secrecy and authenticated encryption only (Mozilla's intermediate profile, without its
/// finite-field groups). Sessions are resumed by tickets, whose keys live as long as this value.
final class TLSContext: @unchecked Sendable {  // not changed after init; OpenSSL counts references with atomics
    /// One for each certificate. The first is spoken to those who name no host, or one that no certificate is for.
    private var contexts: [OpaquePointer] = []

    init(_ files: [ServerConfiguration.TLSFiles]) throws(TLSError) {
        for files in files { contexts.append(try Self.context(files)) }
        guard let first = contexts.first else { throw TLSError("no certificate") }
        if contexts.count > 1 {
            copenssl_on_server_name(first, chooseCertificate, Unmanaged.passUnretained(self).toOpaque())
        }
    }

    deinit { contexts.forEach(SSL_CTX_free) }

    private static func context(_ files: ServerConfiguration.TLSFiles) throws(TLSError) -> OpaquePointer {
        ERR_clear_error()
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw TLSError("no TLS context") }
        do throws(TLSError) {
            let isSet =
                copenssl_set_min_version(context, CInt(TLS1_2_VERSION)) == 1
                && SSL_CTX_set_cipher_list(context, "ECDHE+AESGCM:ECDHE+CHACHA20") == 1
                && copenssl_set_groups(context, "X25519:P-256:P-384") == 1
                && SSL_CTX_set_session_id_context(context, Array("usher".utf8), 5) == 1
            guard isSet else { throw TLSError("TLS settings") }
            copenssl_set_server_options(context)
            SSL_CTX_set_alpn_select_cb(context, selectProtocol, nil)
            guard SSL_CTX_use_certificate_chain_file(context, files.certificateFile) == 1 else {
                throw TLSError("certificate \(files.certificateFile)")
            }
            guard SSL_CTX_use_PrivateKey_file(context, files.keyFile, SSL_FILETYPE_PEM) == 1 else {
                throw TLSError("key \(files.keyFile)")
            }
            guard SSL_CTX_check_private_key(context) == 1 else {
                throw TLSError("key \(files.keyFile) does not belong to certificate \(files.certificateFile)")
            }
            return context
        } catch {
            SSL_CTX_free(context)
            throw error
        }
    }

    func session(over descriptor: CInt) throws(TLSError) -> TLSSession {
        ERR_clear_error()
        guard let session = SSL_new(contexts[0]) else { throw TLSError("no TLS session") }
        guard SSL_set_fd(session, descriptor) == 1 else {
            SSL_free(session)
            throw TLSError("no TLS session")
        }
        SSL_set_accept_state(session)
        return TLSSession(session, of: self)
    }

    /// RFC 6066 §3: the certificate for the host that the client names.
    fileprivate func choose(for session: OpaquePointer, _ name: UnsafePointer<CChar>) {
        let fitting = contexts.first { X509_check_host(SSL_CTX_get0_certificate($0), name, 0, 0, nil) == 1 }
        if let fitting { SSL_set_SSL_CTX(session, fitting) }
    }
}

private func chooseCertificate(
    _ session: OpaquePointer?, _ alert: UnsafeMutablePointer<CInt>?, _ argument: UnsafeMutableRawPointer?
) -> CInt {
    if let session, let argument, let name = SSL_get_servername(session, TLSEXT_NAMETYPE_host_name) {
        // Every session keeps its context alive.
        Unmanaged<TLSContext>.fromOpaque(argument).takeUnretainedValue().choose(for: session, name)
    }
    return SSL_TLSEXT_ERR_OK
}

/// RFC 7301: HTTP/1.1 if the client offers it; if it offers only others, it is told so.
private func selectProtocol(
    _ session: OpaquePointer?, _ selected: UnsafeMutablePointer<UnsafePointer<UInt8>?>?,
    _ selectedLength: UnsafeMutablePointer<UInt8>?, _ offered: UnsafePointer<UInt8>?, _ offeredLength: CUnsignedInt,
    _ argument: UnsafeMutableRawPointer?
) -> CInt {
    let offers = UnsafeBufferPointer(start: offered, count: Int(offeredLength))
    var position = 0
    while position < offers.count {
        let name = (position + 1)..<(position + 1 + Int(offers[position]))
        guard name.upperBound <= offers.count else { break }
        if offers[name].elementsEqual("http/1.1".utf8) {
            selected?.pointee = offered.map { $0 + name.lowerBound }
            selectedLength?.pointee = UInt8(name.count)
            return SSL_TLSEXT_ERR_OK
        }
        position = name.upperBound
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL
}

/// OpenSSL would not.
struct TLSError: Error, CustomStringConvertible {
    let description: String

    /// Takes what OpenSSL says about it off its queue.
    init(_ what: String) {
        let code = ERR_get_error()
        ERR_clear_error()
        var text = [CChar](repeating: 0, count: 256)
        ERR_error_string_n(code, &text, text.count)
        let detail = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        description = code == 0 ? what : "\(what): \(String(decoding: detail, as: UTF8.self))"
    }
}
