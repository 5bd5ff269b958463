import HTTP
import HTTPTypes

/// The header fields of every answer (OWASP ASVS 5.0.0, chapter 3).
enum SecurityHeaders {
    /// Nothing from elsewhere, nothing inline, in nobody's frame.
    private static let contentSecurityPolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// - Parameter strictTransport: how long, in seconds, browsers that are here over TLS shall come back over nothing
    ///   else; 0: not at all.
    static func standing(strictTransport: Int) -> StandingFields {
        var fields: HTTPFields = [
            .contentSecurityPolicy: contentSecurityPolicy, .xContentTypeOptions: "nosniff",
            .referrerPolicy: "same-origin", .crossOriginOpenerPolicy: "same-origin",
            .crossOriginResourcePolicy: "same-origin", .cacheControl: "no-store",
        ]
        if strictTransport > 0 { fields[.strictTransportSecurity] = "max-age=\(strictTransport)" }
        return StandingFields(fields)
    }
}

extension HTTPField.Name {
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let crossOriginOpenerPolicy = HTTPField.Name("Cross-Origin-Opener-Policy")!
}
