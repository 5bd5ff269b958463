import HTTP
import HTTPTypes

/// The header fields of every answer (OWASP ASVS 5.0.0, chapter 3).
enum SecurityHeaders {
    /// Nothing from elsewhere, nothing inline, in nobody's frame.
    private static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// Checked and put together once, not at each answer.
    private static let always = [
        HTTPField(name: .contentSecurityPolicy, value: contentSecurityPolicy),
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: .referrerPolicy, value: "same-origin"),
        HTTPField(name: .crossOriginOpenerPolicy, value: "same-origin"),
        HTTPField(name: .crossOriginResourcePolicy, value: "same-origin"),
    ]
    private static let notStored = HTTPField(name: .cacheControl, value: "no-store")

    /// Once: what the application has answered comes by again as an answer of the server.
    ///
    /// - Parameter strictTransport: how long, in seconds, browsers that were here over TLS shall come back over nothing
    ///   else.
    static func add(to response: inout Response, isSecure: Bool, strictTransport: Int) {
        guard !response.fields.contains(.contentSecurityPolicy) else { return }
        for field in always { response.fields.append(field) }
        if !response.fields.contains(.cacheControl) { response.fields.append(notStored) }
        if isSecure, strictTransport > 0 {
            response.fields[.strictTransportSecurity] = "max-age=\(strictTransport)"
        }
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
}
