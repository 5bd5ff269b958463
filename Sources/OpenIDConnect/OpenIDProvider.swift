import Cryptography
public import FoundationEssentials
import HTTP
public import HTTPClient
import HTTPTypes
import Reactor

/// An OpenID Connect provider, asked for who somebody is: authorization code with PKCE.
///
/// Of one sign-in nothing is remembered for the next: they are rare, and so a provider that changes its keys is believed at
/// once. Only what it says of itself holds for a minute for those who set out, who are anybody: many of them at once are one
/// question there.
public struct OpenIDProvider: Sendable {
    /// What the administrator says about it.
    public struct Settings: Sendable, Equatable {
        /// Its issuer, exactly as it calls itself.
        public var issuer: String
        /// What it calls us.
        public var clientID: String
        /// What we show it; `nil`: nothing.
        public var clientSecret: String?
        /// What people call it.
        public var name = "single sign-on"
        /// Where the groups stand among the claims, such as `groups` or `realm_access.roles`.
        public var groupsClaim = "groups"

        /// A provider of this issuer.
        public init(issuer: String, clientID: String, clientSecret: String? = nil) {
            (self.issuer, self.clientID, self.clientSecret) = (issuer, clientID, clientSecret)
        }
    }

    /// One sign-in under way: what the answer has to fit to. All of it comes from one secret that only the browser keeps.
    public struct Attempt: Sendable {
        /// Comes back with the answer.
        public let state: String
        let nonce: String
        let verifier: String
        let redirect: String

        /// - Parameters:
        ///   - secret: made at random for this sign-in.
        ///   - redirect: where the provider sends the browser back to.
        public init(secret: String, redirect: String) {
            func derived(_ purpose: String) -> String {
                Digest.hmacSHA256(key: Array(secret.utf8), message: Array(purpose.utf8)).base64URL
            }
            (state, nonce, verifier) = (derived("state"), derived("nonce"), derived("verifier"))
            self.redirect = redirect
        }
    }

    /// Who has signed in there.
    public struct Person: Sendable, Equatable {
        /// What the provider calls them, for ever.
        public var subject: String
        /// What people call them, and what they sign in with, as far as it is told.
        public var names: [String]
        /// Their groups.
        public var groups: Set<String>
    }

    /// What the administrator says about it.
    public let settings: Settings
    private let http: HTTPClient
    private let latest = Locked<Look?>(nil)

    /// What the provider says of itself, or a look at that which is under way.
    private struct Look {
        var task: Task<Result<[String: JSON], OpenIDError>, Never>
        var until: ContinuousClock.Instant
    }

    /// A provider that is asked with this client.
    public init(_ settings: Settings, http: HTTPClient) {
        (self.settings, self.http) = (settings, http)
    }

    /// Where to send the browser (Core §3.1.2.1, RFC 7636 §4.3).
    public func address(for attempt: Attempt) async throws(OpenIDError) -> String {
        let metadata = try await latestMetadata()
        let address = try endpoint("authorization_endpoint", of: metadata)
        let scopes = ["openid", "profile", "email"]
        let groups = metadata["scopes_supported"]?.strings.contains("groups") == true ? ["groups"] : []
        let query = Form([
            ("response_type", "code"), ("client_id", settings.clientID), ("redirect_uri", attempt.redirect),
            ("scope", (scopes + groups).joined(separator: " ")), ("state", attempt.state), ("nonce", attempt.nonce),
            ("code_challenge", Digest.sha256(Array(attempt.verifier.utf8)).base64URL),
            ("code_challenge_method", "S256"),
        ])
        return address.text + (address.query == nil ? "?" : "&") + query.encoded()
    }

    /// Where to send a browser that is to be signed out there as well (RP-Initiated Logout §2); nil where there is no such
    /// place. The provider may ask whether that is meant: it is not shown who it was.
    ///
    /// - Parameter address: where the provider leads it back to, if that is registered there.
    public func signOutAddress(returningTo address: String) async throws(OpenIDError) -> String? {
        let metadata = try await latestMetadata()
        guard metadata["end_session_endpoint"] != nil else { return nil }
        let place = try endpoint("end_session_endpoint", of: metadata)
        let query = Form([("client_id", settings.clientID), ("post_logout_redirect_uri", address)])
        return place.text + (place.query == nil ? "?" : "&") + query.encoded()
    }

    /// Who has signed in, for the code that the browser brought back.
    public func person(code: String, attempt: Attempt, now: Date) async throws(OpenIDError) -> Person {
        let metadata = try await discover()
        let tokens = try await exchange(code, attempt, metadata)
        guard let text = tokens["id_token"]?.string else { throw .unreadable("there is no ID token") }
        let set = try await ask(ClientRequest(url: try endpoint("jwks_uri", of: metadata).text, addresses: addresses))
        let keys = (set["keys"]?.array ?? []).compactMap { key -> [String: JSON]? in
            if case .object(let members) = key { members } else { nil }
        }
        let expected = IDToken.Expectation(
            issuer: settings.issuer, clientID: settings.clientID, nonce: attempt.nonce, now: now)
        var claims = try IDToken(text, keys: keys, expecting: expected).claims
        if metadata["userinfo_endpoint"] != nil, let token = tokens["access_token"]?.string {
            var request = ClientRequest(
                url: try endpoint("userinfo_endpoint", of: metadata).text, addresses: addresses)
            request.fields[.authorization] = "Bearer \(token)"
            let more = try await ask(request)
            // Somebody else's access token could have been put in its place (Core §5.3.2).
            guard let subject = more["sub"], subject == claims["sub"] else { throw .token("it is about two people") }
            claims.merge(more) { _, later in later }
        }
        return person(claims)
    }

    private func person(_ claims: [String: JSON]) -> Person {
        let names = ["name", "preferred_username", "nickname", "email"].compactMap { claims[$0]?.string }
            .filter { !$0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
        return Person(
            subject: claims["sub"]?.string ?? "", names: names,
            groups: Set(JSON.value(at: settings.groupsClaim, in: claims)?.strings ?? []))
    }

    /// What the provider said of itself within the last minute; that it does not answer holds for five seconds.
    private func latestMetadata() async throws(OpenIDError) -> [String: JSON] {
        let look = latest.withLock { latest in
            if let latest, latest.until > .now { return latest }
            let task = Task { () async -> Result<[String: JSON], OpenIDError> in
                do throws(OpenIDError) {
                    return .success(try await discover())
                } catch {
                    return .failure(error)
                }
            }
            let look = Look(task: task, until: .now + .seconds(60))
            latest = look
            return look
        }
        let result = await look.task.value
        if case .failure = result {
            latest.withLock { latest in
                guard latest?.task == look.task else { return }
                latest?.until = min(look.until, .now + .seconds(5))
            }
        }
        return try result.get()
    }

    /// What the provider says of itself (Discovery §4).
    private func discover() async throws(OpenIDError) -> [String: JSON] {
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let metadata = try await ask(
            ClientRequest(url: base + "/.well-known/openid-configuration", addresses: addresses))
        guard metadata["issuer"]?.string == settings.issuer else {
            throw .misconfigured("it calls itself “\(metadata["issuer"]?.string?.prefix(200) ?? "")”")
        }
        return metadata
    }

    private func exchange(
        _ code: String, _ attempt: Attempt, _ metadata: [String: JSON]
    ) async throws(OpenIDError) -> [String: JSON] {
        var form = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", attempt.redirect),
            ("code_verifier", attempt.verifier),
        ]
        var request = ClientRequest(
            url: try endpoint("token_endpoint", of: metadata).text, method: .post, addresses: addresses)
        // Basic is what a provider takes that does not say (Discovery §3).
        let methods = metadata["token_endpoint_auth_methods_supported"]?.strings ?? ["client_secret_basic"]
        if let secret = settings.clientSecret, methods.contains("client_secret_basic") {
            // Both encoded as in a form first (RFC 6749 §2.3.1).
            let pair = [settings.clientID, secret].map { String(Form([("", $0)]).encoded().dropFirst()) }
            let text = Data(pair.joined(separator: ":").utf8).base64EncodedString()
            request.fields[.authorization] = "Basic \(text)"
        } else {
            form.append(("client_id", settings.clientID))
            if let secret = settings.clientSecret { form.append(("client_secret", secret)) }
        }
        request.fields[.contentType] = "application/x-www-form-urlencoded"
        request.body = Array(Form(form).encoded().utf8)
        return try await ask(request)
    }

    private func ask(_ request: ClientRequest) async throws(OpenIDError) -> [String: JSON] {
        var request = request
        request.fields[.accept] = "application/json"
        (request.connectTimeout, request.totalTimeout) = (.seconds(5), .seconds(15))
        let response: ClientResponse
        do {
            response = try await http.send(request)
        } catch {
            throw .away(error)
        }
        let members = JSON.object(in: response.body)
        guard response.status == 200 else {
            throw .refused(status: response.status, code: members?["error"]?.string.map { String($0.prefix(60)) })
        }
        guard let members else { throw .unreadable("it is no JSON object") }
        return members
    }

    private func endpoint(_ name: String, of metadata: [String: JSON]) throws(OpenIDError) -> WebURL {
        guard let address = metadata[name]?.string.flatMap(WebURL.init) else {
            throw .misconfigured("it has no \(name)")
        }
        return address
    }

    /// The provider may stand in the house.
    private var addresses: AddressPolicy {
        WebURL(settings.issuer).map { .publicOr($0.origin) } ?? .publicOnly
    }
}
