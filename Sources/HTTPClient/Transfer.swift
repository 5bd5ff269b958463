import CCurl
import Glibc
import HTTPTypes

/// One request on its way: libcurl's easy handle, and what has come so far. Used on its loop's thread only.
final class Transfer: @unchecked Sendable {
    typealias Outcome = Result<ClientResponse, HTTPClientError>

    /// Of all header fields together.
    private static let maxHeaderBytes = 128 << 10

    let request: ClientRequest
    let url: WebURL
    private(set) var easy: UnsafeMutableRawPointer?
    private var fieldList: UnsafeMutablePointer<curl_slist>?
    private var response = ClientResponse(status: 0)
    private var headerBytes = 0
    /// What went wrong in a callback; tells more than libcurl's own code.
    private var failure: HTTPClientError?
    private var refused: IPAddress?
    private var wasAllowed = false
    private var completion: ((Outcome) -> Void)?
    private(set) var isFinished = false

    init(_ request: ClientRequest, url: WebURL) {
        self.request = request
        self.url = url
    }

    /// Makes the handle; what follows is the transport's work until `finish`.
    func prepare(userAgent: String, completion: @escaping (Outcome) -> Void) -> UnsafeMutableRawPointer? {
        self.completion = completion
        guard let easy = curl_easy_init() else { return nil }
        self.easy = easy
        setTarget(easy, userAgent: userAgent)
        setLimits(easy)
        setMethodAndBody(easy)
        setFields(easy)
        setCallbacks(easy)
        return easy
    }

    /// Frees the handle and tells the outcome, once.
    func finish(_ outcome: Outcome) {
        guard !isFinished else { return }
        isFinished = true
        if let easy { curl_easy_cleanup(easy) }
        curl_slist_free_all(fieldList)
        (easy, fieldList) = (nil, nil)
        completion?(outcome)
        completion = nil
    }

    /// What libcurl's result means. Comes before `finish`.
    func outcome(of code: CURLcode) -> Outcome {
        if let failure { return .failure(failure) }
        guard code == CURLE_OK, let easy else { return .failure(error(for: code)) }
        var status = 0
        ccurl_get_long(easy, CURLINFO_RESPONSE_CODE, &status)
        response.status = status
        return .success(response)
    }

    // MARK: Options. They fail only for lack of memory, or for a libcurl older than ours is built with.

    private func setTarget(_ easy: UnsafeMutableRawPointer, userAgent: String) {
        ccurl_set_string(easy, CURLOPT_URL, url.text)
        ccurl_set_string(easy, CURLOPT_PROTOCOLS_STR, "http,https")
        ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0)
        ccurl_set_string(easy, CURLOPT_PROXY, "")
        ccurl_set_string(easy, CURLOPT_NOPROXY, "*")
        ccurl_set_string(easy, CURLOPT_USERAGENT, userAgent)
        ccurl_set_string(easy, CURLOPT_ACCEPT_ENCODING, "")  // all that libcurl can undo
        // Shorter than servers commonly keep an idle connection: one that they close as we write is a lost request.
        ccurl_set_long(easy, CURLOPT_MAXAGE_CONN, 25)
    }

    private func setLimits(_ easy: UnsafeMutableRawPointer) {
        ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1)
        // A name that is still being resolved must not hold up the loop when its request is given up.
        ccurl_set_long(easy, CURLOPT_QUICK_EXIT, 1)
        ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
        ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, request.totalTimeout.milliseconds)
        ccurl_set_offset(easy, CURLOPT_MAXFILESIZE_LARGE, curl_off_t(max(1, request.maxBodyBytes)))
    }

    private func setMethodAndBody(_ easy: UnsafeMutableRawPointer) {
        if request.method == .head {
            ccurl_set_long(easy, CURLOPT_NOBODY, 1)
            return
        }
        if var body = request.body {
            ccurl_set_offset(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            body.withUnsafeMutableBytes { bytes in
                // An empty array has no address, and libcurl takes none for "read it from a callback".
                var nothing: UInt8 = 0
                ccurl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress ?? .init(&nothing))
            }
        }
        ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, request.method.rawValue)
    }

    private func setFields(_ easy: UnsafeMutableRawPointer) {
        fieldList = curl_slist_append(fieldList, "Expect:")
        for field in request.fields {
            let line = field.value.isEmpty ? "\(field.name.rawName);" : "\(field.name.rawName): \(field.value)"
            fieldList = curl_slist_append(fieldList, line)
        }
        ccurl_set_fields(easy, fieldList)
    }

    private func setCallbacks(_ easy: UnsafeMutableRawPointer) {
        // The transport holds the transfer for as long as libcurl may call back.
        let context = Unmanaged.passUnretained(self).toOpaque()
        ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context)
        ccurl_on_header(easy) { bytes, size, count, context in
            Transfer.at(context).header(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context)
        ccurl_on_data(easy) { bytes, size, count, context in
            Transfer.at(context).data(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context)
        ccurl_on_open(easy) { context, _, address in
            guard let address else { return -1 }
            return Transfer.at(context).open(address)
        }
        ccurl_set_pointer(easy, CURLOPT_PREREQDATA, context)
        ccurl_on_connected(easy) { context, address, _, _, _ in
            Transfer.at(context).mayUse(address.map { String(cString: $0) }) ? 0 : 1
        }
    }

    private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }

    // MARK: Callbacks. Fewer bytes taken than given ends the transfer.

    private func header(_ line: UnsafeRawBufferPointer) -> Int {
        headerBytes += line.count
        guard headerBytes <= Self.maxHeaderBytes else {
            failure = .protocolError(reason: "its header is too long")
            return 0
        }
        if line.starts(with: "HTTP/".utf8) {
            response.fields = [:]  // what came before was an interim answer (RFC 9110, 15.2)
        } else if response.body.isEmpty, let colon = line.firstIndex(of: UInt8(ascii: ":")),
            let name = HTTPField.Name(String(decoding: line[..<colon], as: UTF8.self))
        {
            let value = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x0d && $0 != 0x0a }
            response.fields.append(HTTPField(name: name, value: String(decoding: value, as: UTF8.self)))
        }
        return line.count
    }

    private func data(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard response.body.count + bytes.count <= request.maxBodyBytes else {
            failure = .tooLarge(limit: request.maxBodyBytes)
            return 0
        }
        response.body.append(contentsOf: bytes)
        return bytes.count
    }

    private func open(_ target: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let isAllowed = withUnsafePointer(to: &target.pointee.addr) { address in
            guard let address = IPAddress(address) else { return false }
            return check(address)
        }
        guard isAllowed else { return -1 }
        return socket(
            target.pointee.family, target.pointee.socktype | CInt(SOCK_CLOEXEC.rawValue), target.pointee.protocol)
    }

    /// A connection that is used again was opened under another request's policy.
    private func mayUse(_ address: String?) -> Bool {
        guard let address = address.flatMap({ IPAddress($0) }) else { return false }
        return check(address)
    }

    private func check(_ address: IPAddress) -> Bool {
        guard request.addresses.allows(address, for: url.origin) else {
            refused = address
            return false
        }
        wasAllowed = true
        return true
    }

    /// A name may have several addresses; if one of them was allowed, what failed is something else.
    private func error(for code: CURLcode) -> HTTPClientError {
        if let refused, !wasAllowed { return .addressRefused(address: "\(refused)") }
        return HTTPClientError(
            code, of: easy, host: url.origin.host, patience: request.totalTimeout, limit: request.maxBodyBytes)
    }
}

extension Duration {
    /// At least one: to libcurl none means no limit.
    var milliseconds: Int {
        max(1, Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
