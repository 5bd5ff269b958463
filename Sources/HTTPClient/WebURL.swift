import CCurl

/// An http or https URL, read by the same parser that connects: what is checked is what is used.
public struct WebURL: Sendable, Hashable {
    /// The whole of it, with whatever secrets are in it: not for people.
    public let text: String
    /// "http" or "https".
    public let scheme: String
    /// Name or address, and port.
    public let origin: Origin
    /// The path as it stands, percent-encoded; at least "/".
    public let path: String
    /// What follows the question mark, percent-encoded.
    public let query: String?
    /// Whether a user name or password is in it.
    public let hasCredentials: Bool

    /// Reads an absolute URL; nil if it is none, or neither http nor https.
    public init?(_ text: String) {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard !text.utf8.contains(0), Self.read(text, into: handle) else { return nil }
        self.init(handle)
    }

    /// What a reference on this page leads to: absolute, or relative to it. Nil if that is no http.
    public func resolving(_ reference: String) -> WebURL? {
        guard let handle = curl_url() else { return nil }
        defer { curl_url_cleanup(handle) }
        guard !reference.utf8.contains(0), Self.read(text, into: handle), Self.read(reference, into: handle) else {
            return nil
        }
        return WebURL(handle)
    }

    private init?(_ handle: OpaquePointer) {
        guard let text = Self.part(CURLUPART_URL, of: handle), let scheme = Self.part(CURLUPART_SCHEME, of: handle),
            let host = Self.part(CURLUPART_HOST, of: handle), !host.isEmpty,
            let port = Self.part(CURLUPART_PORT, of: handle, CURLU_DEFAULT_PORT).flatMap({ Int($0) }),
            let path = Self.part(CURLUPART_PATH, of: handle), scheme == "http" || scheme == "https"
        else { return nil }
        self.text = text
        self.scheme = scheme
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        origin = Origin(host: isBracketed ? String(host.dropFirst().dropLast()) : host, port: port)
        self.path = path
        query = Self.part(CURLUPART_QUERY, of: handle)
        hasCredentials =
            Self.part(CURLUPART_USER, of: handle) != nil || Self.part(CURLUPART_PASSWORD, of: handle) != nil
    }

    /// Feeds carry links with blanks and with letters beyond ASCII; they are encoded on the way in.
    private static func read(_ text: String, into handle: OpaquePointer) -> Bool {
        curl_url_set(handle, CURLUPART_URL, text, CUnsignedInt(CURLU_URLENCODE | CURLU_ALLOW_SPACE)) == CURLUE_OK
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, _ flags: CInt = 0) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &value, CUnsignedInt(flags)) == CURLUE_OK, let value else {
            return nil
        }
        defer { curl_free(value) }
        return String(cString: value)
    }
}
