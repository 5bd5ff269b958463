public import Storage

/// How people come in who are known elsewhere.
public struct OutsideSignIn: Sendable, Equatable {
    /// What trusted proxies tell of who is in front of them; `nil`: nothing is believed.
    public var proxy: ProxyHeaders?
    /// Where people sign out of the proxy.
    public var proxySignOut: String?
    /// Whether somebody without an account gets one.
    public var makesAccounts = false
    /// What those in a group may do, `*` for everybody; empty: members, until the *People* page says otherwise.
    public var roles: [String: Role] = [:]

    /// Nobody comes in by it.
    public init() {}

    /// The most that one of the groups may; `nil` when none of them leads in.
    func role(of groups: Set<String>) -> Role? {
        if roles.isEmpty { return .member }
        let roles = groups.union(["*"]).compactMap { self.roles[$0] }
        return Role.allCases.first(where: roles.contains)
    }
}

/// Somebody for whom others vouch.
struct OutsidePerson: Sendable, Equatable {
    /// Who vouches.
    var issuer: String
    /// What they call the person, for ever.
    var subject: String
    /// What an account of theirs could be called, the best first.
    var names: [String]
    var groups: Set<String>

    /// The issuer of those whom a proxy in front has signed in.
    static let proxy = "proxy"
}
