import HTTP
import HTTPTypes

/// The header fields of every answer (OWASP ASVS 5.0.0, chapter 3).
enum SecurityHeaders {
    /// Nothing from elsewhere, nothing inline, in nobody's frame.
    private static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// `strictTransport`: how long, in seconds, browsers that were here over TLS shall come back over nothing else.
    static func add(to response: inout Response, isSecure: Bool, strictTransport: Int) {
        response.fields[.contentSecurityPolicy] = contentSecurityPolicy
        response.fields[.xContentTypeOptions] = "nosniff"
        response.fields[.referrerPolicy] = "same-origin"
        response.fields[.crossOriginOpenerPolicy] = "same-origin"
        response.fields[.crossOriginResourcePolicy] = "same-origin"
        if response.fields[.cacheControl] == nil { response.fields[.cacheControl] = "no-store" }
        if isSecure, strictTransport > 0 {
            response.fields[.strictTransportSecurity] = "max-age=\(strictTransport)"
        }
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
}
