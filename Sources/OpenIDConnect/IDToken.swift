import Cryptography
import FoundationEssentials

/// A provider's signed word about who has signed in (OpenID Connect Core §2), checked as §3.1.3.7 demands.
struct IDToken {
    /// What it says.
    let claims: [String: JSON]

    /// What it has to be.
    struct Expectation {
        var issuer: String
        var clientID: String
        var nonce: String
        var now: Date
    }

    /// For clocks that do not agree.
    private static let leeway = 120.0

    /// - Parameter keys: the provider's, as its key set has them.
    init(_ token: String, keys: [[String: JSON]], expecting expected: Expectation) throws(OpenIDError) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let head = [UInt8](base64URL: parts[0]).flatMap(JSON.object),
            let claims = [UInt8](base64URL: parts[1]).flatMap(JSON.object), let signature = [UInt8](base64URL: parts[2])
        else { throw .token("it is not a signed JSON Web Token") }
        // What is not on this list is refused: "none", and above all HS256, which would take a public key for a secret.
        guard let algorithm = head["alg"]?.string, ["RS256", "ES256"].contains(algorithm) else {
            throw .token("its signature is neither RS256 nor ES256")
        }
        guard head["crit"] == nil else { throw .token("it demands extensions that nobody here knows") }
        let message = Array("\(parts[0]).\(parts[1])".utf8)
        let candidates = keys.compactMap { Self.key($0, for: algorithm, named: head["kid"]?.string) }
        guard candidates.contains(where: { $0.verifies(signature, of: message) }) else {
            throw .token("none of the provider's keys has signed it")
        }
        try Self.check(claims, expected)
        self.claims = claims
    }

    private static func check(_ claims: [String: JSON], _ expected: Expectation) throws(OpenIDError) {
        guard claims["iss"]?.string == expected.issuer else { throw .token("another issuer made it") }
        let audience = claims["aud"]?.strings ?? []
        guard audience.contains(expected.clientID) else { throw .token("it is for somebody else") }
        let party = claims["azp"]?.string
        guard party == expected.clientID || party == nil && audience.count == 1 else {
            throw .token("it was made for somebody else")
        }
        let now = expected.now.timeIntervalSince1970
        guard let end = claims["exp"]?.number, end > now - leeway else { throw .token("it has expired") }
        if let start = claims["nbf"]?.number, start > now + leeway { throw .token("it is not valid yet") }
        guard let issued = claims["iat"]?.number, issued < now + leeway else { throw .token("it is from the future") }
        guard let nonce = claims["nonce"]?.string, constantTimeEqual(Array(nonce.utf8), Array(expected.nonce.utf8))
        else { throw .token("it answers another question") }
        // Core §2: at most 255 characters of ASCII; others are let pass that can be written down and read.
        guard let subject = claims["sub"]?.string, 1...255 ~= subject.unicodeScalars.count,
            !subject.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { throw .token("it does not say whom it is about") }
    }

    /// A key of the set, if it may have signed: of the algorithm's kind, for signatures, and of that name. Some providers
    /// name neither their key nor its algorithm.
    private static func key(_ key: [String: JSON], for algorithm: String, named name: String?) -> VerifyingKey? {
        func number(_ member: String) -> [UInt8]? { key[member]?.string.flatMap { [UInt8](base64URL: $0) } }
        if let use = key["use"]?.string, use != "sig" { return nil }
        if let its = key["alg"]?.string, its != algorithm { return nil }
        if let name, let its = key["kid"]?.string, its != name { return nil }
        switch (algorithm, key["kty"]?.string) {
        case ("RS256", "RSA"):
            guard let modulus = number("n"), let exponent = number("e") else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case ("ES256", "EC"):
            guard key["crv"]?.string == "P-256", let x = number("x"), let y = number("y") else { return nil }
            return .p256(x: x, y: y)
        default: return nil
        }
    }
}
