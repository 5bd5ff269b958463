import CCurl
import Glibc
import Reactor

/// One message on its way to a server, on one thread from beginning to end.
final class MailTransfer {
    /// Of all lines of one reply.
    private static let maxReplyBytes = 8 << 10

    private let message: [UInt8]
    private let origin: Origin
    private let server: MailServer
    private let isCancelled: Locked<Bool>
    private var sent = 0
    private var reply = MailReply(code: 0, text: "")
    private var isReplyComplete = true
    private var refused: IPAddress?

    init(_ message: [UInt8], origin: Origin, server: MailServer, isCancelled: Locked<Bool>) {
        self.message = message
        self.origin = origin
        self.server = server
        self.isCancelled = isCancelled
    }

    func perform(
        from: MailAddress, to: MailAddress, within patience: Duration
    ) -> Result<MailReply, HTTPClientError> {
        guard let easy = curl_easy_init() else {
            return .failure(.connectFailed(reason: "there is not enough memory"))
        }
        let recipients = curl_slist_append(nil, "<\(to.text)>")
        defer {
            curl_easy_cleanup(easy)
            curl_slist_free_all(recipients)
        }
        setTarget(easy, sender: from)
        setSecurity(easy)
        setLimits(easy, patience)
        setCallbacks(easy)
        ccurl_set_string(easy, CURLOPT_MAIL_FROM, "<\(from.text)>")
        ccurl_set_recipients(easy, recipients)
        ccurl_set_long(easy, CURLOPT_UPLOAD, 1)
        ccurl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, curl_off_t(message.count))
        let code = withExtendedLifetime(self) { curl_easy_perform(easy) }
        return outcome(of: code, easy, patience)
    }

    private func outcome(
        of code: CURLcode, _ easy: UnsafeMutableRawPointer, _ patience: Duration
    ) -> Result<MailReply, HTTPClientError> {
        if code == CURLE_OK { return .success(reply) }
        if let refused { return .failure(.addressRefused(address: "\(refused)")) }
        // It has said why not, and that says more than libcurl's own code.
        if isReplyComplete, 400..<600 ~= reply.code { return .success(reply) }
        switch code {
        case CURLE_OPERATION_TIMEDOUT where isConnected(easy): return .failure(.timedOut(after: patience))
        case CURLE_ABORTED_BY_CALLBACK: return .failure(.cancelled)
        case CURLE_LOGIN_DENIED:
            return .failure(.connectFailed(reason: "the server offers no way to sign in that is known here"))
        case CURLE_USE_SSL_FAILED: return .failure(.tls(reason: "the server does not offer STARTTLS here"))
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            return .failure(.protocolError(reason: "it is not SMTP"))
        case CURLE_SSL_CACERT_BADFILE:
            return .failure(.tls(reason: "the certificate that it is to have cannot be read"))
        default:
            return .failure(
                HTTPClientError(code, of: easy, host: origin.host, patience: patience, limit: Self.maxReplyBytes))
        }
    }

    private func isConnected(_ easy: UnsafeMutableRawPointer) -> Bool {
        var microseconds: curl_off_t = 0
        ccurl_get_offset(easy, CURLINFO_CONNECT_TIME_T, &microseconds)
        return microseconds > 0
    }

    // MARK: Options. They fail only for lack of memory, or for a libcurl older than ours is built with.

    private func setTarget(_ easy: UnsafeMutableRawPointer, sender: MailAddress) {
        let scheme = server.security == .tls ? "smtps" : "smtp"
        let host = origin.host.contains(":") ? "[\(origin.host)]" : origin.host
        // What follows the slash is the name that we give ourselves (RFC 5321 §4.1.1.1).
        ccurl_set_string(easy, CURLOPT_URL, "\(scheme)://\(host):\(origin.port)/\(sender.domain)")
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps")
        ccurl_set_string(easy, CURLOPT_PROXY, "")
        ccurl_set_string(easy, CURLOPT_NOPROXY, "*")
        if let user = server.user {
            ccurl_set_string(easy, CURLOPT_USERNAME, user)
            ccurl_set_string(easy, CURLOPT_PASSWORD, server.password ?? "")
        }
    }

    private func setSecurity(_ easy: UnsafeMutableRawPointer) {
        ccurl_set_long(easy, CURLOPT_USE_SSL, server.security == .none ? 0 : Int(CURLUSESSL_ALL.rawValue))
        if let certificate = server.certificate {
            ccurl_set_copied_blob(easy, CURLOPT_CAINFO_BLOB, certificate, certificate.utf8.count)
        }
    }

    private func setLimits(_ easy: UnsafeMutableRawPointer, _ patience: Duration) {
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // To libcurl signing in is a part of connecting, which has a limit of its own.
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, patience.milliseconds)
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, patience.milliseconds)
        // The goodbye is not within that limit: it has this one, in seconds.
        ccurl_set_long(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, patience.milliseconds / 1000))
        ccurl_set_long(easy, CURLOPT_NOPROGRESS, 0)
    }

    private func setCallbacks(_ easy: UnsafeMutableRawPointer) {
        // It is alive until `perform` has returned, and nobody calls back after that.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_READDATA, context)
        ccurl_on_read(easy) { buffer, size, count, context in
            MailTransfer.at(context).read(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
        }
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_on_header(easy) { bytes, size, count, context in
            MailTransfer.at(context).hear(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        ccurl_on_open(easy) { context, _, address in
            guard let address else { return -1 }
            return MailTransfer.at(context).open(address)
        }
        ccurl_set_pointer(easy, CURLOPT_XFERINFODATA, context)
        ccurl_on_progress(easy) { context, _, _, _, _ in
            MailTransfer.at(context).isCancelled.withLock { $0 } ? 1 : 0
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> MailTransfer {
        Unmanaged<MailTransfer>.fromOpaque(context!).takeUnretainedValue()
    }

    // MARK: Callbacks

    private func read(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = message[sent...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        sent += part.count
        return part.count
    }

    /// A line of a reply: "250-first", "250 last" (RFC 5321 §4.2).
    private func hear(_ line: UnsafeRawBufferPointer) {
        let text = String(decoding: line, as: UTF8.self).filter { $0 != "\r" && $0 != "\n" && $0 != "\r\n" }
        // 221 is its goodbye, and not what it thinks of the message.
        guard let code = Int(text.prefix(3)), text.prefix(3).utf8.count == 3, code != 221 else { return }
        if isReplyComplete || reply.code != code { reply = MailReply(code: code, text: "") }
        let rest = text.dropFirst(3)
        isReplyComplete = rest.first != "-"
        if reply.text.utf8.count + rest.utf8.count <= Self.maxReplyBytes {
            reply.text += (reply.text.isEmpty ? "" : " ") + rest.dropFirst()
        }
    }

    private func open(_ target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let address = withUnsafePointer(to: &target.pointee.addr) { IPAddress($0) }
        guard let address, address.kind != .forbidden, server.security != .none || address.isLoopback else {
            refused = address
            return -1
        }
        refused = nil
        return socket(
            target.pointee.family, target.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue), target.pointee.protocol)
    }
}
