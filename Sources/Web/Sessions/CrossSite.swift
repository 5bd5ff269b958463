import Cryptography
import HTTP
import HTTPTypes

/// Keeps other sites from sending forms in a visitor's name: what browsers say of where a form comes from is looked at,
/// and each form carries a token that only our own pages know.
enum CrossSite {
    /// The token for forms of somebody whose session, or visit, has this secret.
    static func formToken(boundTo secret: String) -> String {
        Digest.hmacSHA256(key: Array(secret.utf8), message: Array("form".utf8)).base64URL
    }

    /// Refuses what a browser says comes from elsewhere.
    static func checkOrigin(of request: HTTP.Request) throws {
        if let site = request.fields[.secFetchSite] {
            guard site == "same-origin" || site == "none" else { throw PageError.fromElsewhere }
            return
        }
        // An older browser. The scheme is left out: behind a proxy that speaks TLS ours is another.
        if let origin = request.fields[.origin] {
            guard let authority = request.authority, let separator = origin.firstRange(of: "://"),
                origin[separator.upperBound...].lowercased() == authority.lowercased()
            else { throw PageError.fromElsewhere }
        }
    }

    /// Refuses a form that does not carry the visitor's token.
    static func checkToken(of request: HTTP.Request, boundTo secret: String) throws {
        let sent = try Form.parse(request.body).all("csrf")
        let due = formToken(boundTo: secret)
        guard sent.count == 1, constantTimeEqual(Array(sent[0].utf8), Array(due.utf8)) else {
            throw PageError.staleForm
        }
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
