import CCurl
import Glibc

extension HTTPClientError {
    /// What a code of libcurl means for whoever asked.
    ///
    /// - Parameters:
    ///   - patience: how long was waited.
    ///   - limit: how many bytes would have been taken.
    init(_ code: CURLcode, of easy: UnsafeMutableRawPointer?, host: String, patience: Duration, limit: Int) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            self =
                wasConnected(easy)
                ? .timedOut(after: patience)
                : .connectFailed(reason: "nothing answered in time")
        case CURLE_COULDNT_RESOLVE_HOST: self = .resolveFailed(host: host)
        case CURLE_COULDNT_CONNECT: self = .connectFailed(reason: systemReason(easy))
        case CURLE_FILESIZE_EXCEEDED: self = .tooLarge(limit: limit)
        case CURLE_URL_MALFORMAT: self = .malformedURL
        case CURLE_GOT_NOTHING: self = .protocolError(reason: "the connection was closed without one")
        case CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR:
            self = .protocolError(reason: "the connection broke off")
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY: self = .protocolError(reason: "it is not HTTP")
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WRITE_ERROR:
            self = .protocolError(reason: "its compression is broken")
        case CURLE_PEER_FAILED_VERIFICATION:
            self = .tls(reason: "the server’s certificate is not valid for this address, or nobody vouches for it")
        case CURLE_SSL_CONNECT_ERROR: self = .tls(reason: "the server does not speak TLS here, or no version in common")
        default: self = .protocolError(reason: String(cString: curl_easy_strerror(code)))
        }
    }
}

private func wasConnected(_ easy: UnsafeMutableRawPointer?) -> Bool {
    var microseconds: curl_off_t = 0
    if let easy { ccurl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds) }
    return microseconds > 0
}

private func systemReason(_ easy: UnsafeMutableRawPointer?) -> String {
    var number = 0
    if let easy { ccurl_get_long(easy, CURLINFO_OS_ERRNO, &number) }
    return number == 0 ? "nothing answered" : String(cString: strerror(CInt(number))).lowercased()
}
