/// A `Set-Cookie` field (RFC 6265 §4.1).
public struct SetCookie: Sendable, Equatable {
    /// Whether the cookie comes along when another site leads here.
    public enum SameSite: String, Sendable {
        /// With links from elsewhere, not with their forms.
        case lax = "Lax"
        /// Never.
        case strict = "Strict"
    }

    /// A token.
    public let name: String
    /// Any text; percent-encoded on its way, and decoded again in `Request.cookies`.
    public let value: String
    /// Seconds; `nil` until the browser closes, 0 takes the cookie back.
    public let maxAge: Int?
    /// Only over TLS.
    public let isSecure: Bool
    /// Not for scripts.
    public let isHTTPOnly: Bool
    /// Whether it comes along from elsewhere.
    public let sameSite: SameSite

    /// A cookie for the whole host and no other. The name must be a token.
    public init(
        _ name: String, _ value: String, maxAge: Int? = nil, isSecure: Bool, isHTTPOnly: Bool = true,
        sameSite: SameSite = .lax
    ) {
        precondition(!name.isEmpty && name.utf8.allSatisfy(\.isToken), "not a cookie name: \(name)")
        precondition(isSecure || !name.hasPrefix("__"), "\(name) needs Secure")
        self.name = name
        self.value = value
        self.maxAge = maxAge
        self.isSecure = isSecure
        self.isHTTPOnly = isHTTPOnly
        self.sameSite = sameSite
    }

    /// The field's value.
    public var fieldValue: String {
        var text = "\(name)=\(PercentCoding.encode(value) { $0.isCookie && $0 != UInt8(ascii: "%") }); Path=/"
        if let maxAge { text += "; Max-Age=\(maxAge)" }
        if isSecure { text += "; Secure" }
        if isHTTPOnly { text += "; HttpOnly" }
        return text + "; SameSite=\(sameSite.rawValue)"
    }
}

/// What is not a pair is passed over: other software of the same host may have left it.
func parseCookies(_ field: String) -> [(name: String, value: String)] {
    field.split(separator: ";").compactMap { part in
        let pair = part.trimmingBlanks
        guard let equals = pair.firstIndex(of: "="), equals != pair.startIndex else { return nil }
        let raw = pair[pair.index(after: equals)...]
        guard let bytes = PercentCoding.decode(raw.utf8), let value = String(validating: bytes, as: UTF8.self) else {
            return nil
        }
        return (String(pair[..<equals]), value)
    }
}
