import COpenSSL
import Cryptography
import Foundation
public import Reactor

/// An OpenID Connect provider that signs what a test tells it to. Its key changes whenever the test says so.
public final class StandInProvider: Sendable {
    /// What it does otherwise than it should.
    public struct Manner: Sendable {
        /// Changes the claims of the ID token.
        public var claims: @Sendable (inout [String: any Sendable]) -> Void = { _ in }
        /// RS256, ES256, or for forgeries HS256 (with the public key as secret) and none.
        public var algorithm = "RS256"
        /// The subject of userinfo; nil: the token's.
        public var userinfoSubject: String?
        /// Signs with a key that it does not show.
        public var hidesKey = false
        /// Whether it has a page for signing out.
        public var signsOut = true
        /// What it calls itself, if not by its address.
        public var issuer: String?
    }

    /// What the next answers are like.
    public let manner = Locked(Manner())
    private let nonces = Locked<[String: String]>([:])
    private let rsa = Locked(SigningKey("RSA"))
    private let ec = SigningKey("EC")
    private let server = Locked<StandInServer?>(nil)

    /// Its issuer.
    public var url: String { server.withLock { $0?.url ?? "" } }
    /// Every request so far.
    public var requests: [StandInRequest] { server.withLock { $0?.requests ?? [] } }

    /// Starts it on loopback.
    public init() throws {
        let started = try StandInServer { [weak self] request in self?.answer(request) ?? .close }
        server.withLock { $0 = started }
    }

    /// Makes new keys, as providers do from time to time.
    public func rotate() { rsa.withLock { $0 = SigningKey("RSA") } }

    /// It is away from now on.
    public func stop() { server.withLock { $0?.stop() } }

    /// Somebody signs in there: the code for the nonce that the browser was sent with.
    public func code(for nonce: String) -> String {
        let code = randomBytes(8).hex
        nonces.withLock { $0[code] = nonce }
        return code
    }

    private func answer(_ request: StandInRequest) -> StandInServer.Answer {
        let path = request.target.prefix { $0 != "?" }
        let manner = manner.withLock { $0 }
        switch path {
        case "/.well-known/openid-configuration":
            var metadata: [String: any Sendable] = [
                "issuer": manner.issuer ?? url, "authorization_endpoint": url + "/authorize",
                "token_endpoint": url + "/token", "userinfo_endpoint": url + "/userinfo", "jwks_uri": url + "/jwks",
                "scopes_supported": ["openid", "groups"],
            ]
            if manner.signsOut { metadata["end_session_endpoint"] = url + "/logout?from=usher" }
            return json(metadata)
        case "/token":
            let form = URLComponents(string: "?" + String(decoding: request.body, as: UTF8.self))?.queryItems ?? []
            let code = form.first { $0.name == "code" }?.value ?? ""
            guard let nonce = nonces.withLock({ $0.removeValue(forKey: code) }) else {
                return json(["error": "invalid_grant"], status: 400)
            }
            return json(["access_token": "at", "token_type": "Bearer", "id_token": token(nonce, manner)])
        case "/jwks":
            let keys = manner.hidesKey ? [] : [rsa.withLock { $0.jwk }, ec.jwk]
            return json(["keys": keys])
        case "/userinfo":
            return json([
                "sub": manner.userinfoSubject ?? "248289761001", "name": "Dora Example", "groups": ["media"],
            ])
        default: return json([:], status: 404)
        }
    }

    private func token(_ nonce: String, _ manner: Manner) -> String {
        let now = Int(Date().timeIntervalSince1970)
        var claims: [String: any Sendable] = [
            "iss": url, "sub": "248289761001", "aud": ["usher"], "exp": now + 300, "iat": now, "nonce": nonce,
        ]
        manner.claims(&claims)
        let message = "\(Self.part(["alg": manner.algorithm, "typ": "JWT"])).\(Self.part(claims))"
        let bytes = Array(message.utf8)
        let signature: [UInt8] =
            switch manner.algorithm {
            case "RS256": rsa.withLock { $0.sign(bytes) }
            case "ES256": ec.sign(bytes)
            case "HS256": Digest.hmacSHA256(key: Array((rsa.withLock { $0.jwk["n"] } ?? "").utf8), message: bytes)
            default: []
            }
        return "\(message).\(signature.base64URL)"
    }

    private static func part(_ object: [String: any Sendable]) -> String {
        [UInt8](encoded(object)).base64URL
    }

    private static func encoded(_ object: [String: any Sendable]) -> Data {
        guard let data = try? JSONSerialization.data(withJSONObject: object) else {
            preconditionFailure("it is made of strings, numbers and lists here, and can be written")
        }
        return data
    }

    private func json(_ object: [String: any Sendable], status: Int = 200) -> StandInServer.Answer {
        .text(
            String(decoding: Self.encoded(object), as: UTF8.self), status: status,
            type: "application/json")
    }
}

/// A private key of OpenSSL's, RSA with 2048 bits or P-256, which ends with the last reference.
private final class SigningKey: @unchecked Sendable {
    private let key: OpaquePointer
    private let kind: String

    init(_ kind: String) {
        self.kind = kind
        guard kind == "RSA" else {
            key = copenssl_generate_p256()
            return
        }
        let context = EVP_PKEY_CTX_new_from_name(nil, kind, nil)
        defer { EVP_PKEY_CTX_free(context) }
        var made: OpaquePointer?
        precondition(EVP_PKEY_keygen_init(context) == 1 && EVP_PKEY_generate(context, &made) == 1)
        key = made!
    }

    deinit { EVP_PKEY_free(key) }

    /// As the key set shows it, without a name, as some providers do.
    var jwk: [String: String] {
        if kind == "RSA" { return ["kty": "RSA", "use": "sig", "n": number("n", 256), "e": number("e", 3)] }
        return ["kty": "EC", "crv": "P-256", "x": number("qx", 32), "y": number("qy", 32)]
    }

    func sign(_ message: [UInt8]) -> [UInt8] {
        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        var length = 512
        let signature = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            precondition(EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1)
            precondition(EVP_DigestSign(context, buffer.baseAddress, &length, message, message.count) == 1)
            count = length
        }
        guard kind == "EC" else { return signature }
        return signature.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            let pair = d2i_ECDSA_SIG(nil, &start, bytes.count)
            defer { ECDSA_SIG_free(pair) }
            return Self.bytes(ECDSA_SIG_get0_r(pair), 32) + Self.bytes(ECDSA_SIG_get0_s(pair), 32)
        }
    }

    private func number(_ name: String, _ count: Int) -> String {
        var number: OpaquePointer?
        precondition(EVP_PKEY_get_bn_param(key, name, &number) == 1)
        defer { BN_free(number) }
        return Self.bytes(number, count).base64URL
    }

    private static func bytes(_ number: OpaquePointer?, _ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = Int(BN_bn2binpad(number, buffer.baseAddress, CInt(count)))
        }
    }
}
