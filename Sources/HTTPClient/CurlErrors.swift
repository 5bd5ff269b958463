import CCurl
import Glibc

extension HTTPClientError {
    /// What a code of libcurl means for whoever asked.
    init(_ code: CURLcode, transfer: Transfer) {
        switch code {
        case CURLE_OPERATION_TIMEDOUT:
            self =
                transfer.wasConnected
                ? .timedOut(after: transfer.request.totalTimeout)
                : .connectFailed(reason: "nothing answered in time")
        case CURLE_COULDNT_RESOLVE_HOST: self = .resolveFailed(host: transfer.url.origin.host)
        case CURLE_COULDNT_CONNECT: self = .connectFailed(reason: transfer.systemReason)
        case CURLE_FILESIZE_EXCEEDED: self = .tooLarge(limit: transfer.request.maxBodyBytes)
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

extension Transfer {
    fileprivate var wasConnected: Bool {
        var microseconds: curl_off_t = 0
        if let easy { ccurl_get_offset(easy, CURLINFO_PRETRANSFER_TIME_T, &microseconds) }
        return microseconds > 0
    }

    fileprivate var systemReason: String {
        var number = 0
        if let easy { ccurl_get_long(easy, CURLINFO_OS_ERRNO, &number) }
        return number == 0 ? "nothing answered" : String(cString: strerror(CInt(number))).lowercased()
    }
}
