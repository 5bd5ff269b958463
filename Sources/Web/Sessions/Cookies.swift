import Cryptography
import HTTP

/// A cookie of ours. Over TLS its name is guarded by `__Host-`, so that no other host can set it.
struct Cookies: Sendable {
    private let base: String

    /// The token of a session.
    static let session = Cookies(base: "usher")
    /// What the forms of somebody who is not signed in are bound to.
    static let visit = Cookies(base: "usher-visit")
    /// A sign-in at the provider that is under way.
    static let detour = Cookies(base: "usher-detour")
    /// What the next page says once.
    static let flash = Cookies(base: "usher-said")

    func name(isSecure: Bool) -> String { isSecure ? "__Host-\(base)" : base }

    func cookie(_ value: String, maxAge: Int? = nil, isSecure: Bool) -> SetCookie {
        SetCookie(name(isSecure: isSecure), value, maxAge: maxAge, isSecure: isSecure)
    }

    func removal(isSecure: Bool) -> SetCookie { cookie("", maxAge: 0, isSecure: isSecure) }
}

/// Tokens that nobody can guess.
enum Tokens {
    /// 256 bits.
    static func make() -> String { randomBytes(32).base64URL }

    /// What the database keeps of one.
    static func hash(_ token: String) -> [UInt8] { Digest.sha256(Array(token.utf8)) }
}
