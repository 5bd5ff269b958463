import HTTP
import HTTPTypes

/// Which header fields a proxy that signs people in tells about them, by the name of the program.
public enum ProxyHeaders: String, CaseIterable, Sendable {
    /// Authelia's `Remote-…`.
    case authelia
    /// Authentik's `X-authentik-…`.
    case authentik
    /// oauth2-proxy's `X-Auth-Request-…`, with `--set-xauthrequest`.
    case oauth2Proxy = "oauth2-proxy"
    /// What `tailscale serve` tells; it knows no groups.
    case tailscale

    /// The name that never changes hands.
    var user: HTTPField.Name {
        switch self {
        case .authelia: HTTPField.Name("Remote-User")!
        case .authentik: HTTPField.Name("X-authentik-username")!
        case .oauth2Proxy: HTTPField.Name("X-Auth-Request-User")!
        case .tailscale: HTTPField.Name("Tailscale-User-Login")!
        }
    }

    /// What people call them.
    var name: HTTPField.Name {
        switch self {
        case .authelia: HTTPField.Name("Remote-Name")!
        case .authentik: HTTPField.Name("X-authentik-name")!
        case .oauth2Proxy: HTTPField.Name("X-Auth-Request-Preferred-Username")!
        case .tailscale: HTTPField.Name("Tailscale-User-Name")!
        }
    }

    /// The groups, and what stands between them.
    var groups: (field: HTTPField.Name, separator: Character)? {
        switch self {
        case .authelia: (HTTPField.Name("Remote-Groups")!, ",")
        case .authentik: (HTTPField.Name("X-authentik-groups")!, "|")
        case .oauth2Proxy: (HTTPField.Name("X-Auth-Request-Groups")!, ",")
        case .tailscale: nil
        }
    }

    /// Whom these fields name; `nil` if nobody, or if they name somebody twice: one of the two is not the proxy's word.
    func person(_ fields: HTTPFields) -> OutsidePerson? {
        let users = fields[values: user]
        guard users.count == 1, case let subject = users[0].trimmed, 1...255 ~= subject.unicodeScalars.count,
            subject.isShowable
        else { return nil }
        let names = fields[values: name]
        var groups: Set<String> = []
        if let (field, separator) = self.groups, case let lists = fields[values: field], lists.count == 1 {
            groups = Set(lists[0].split(separator: separator).map(\.trimmed))
        }
        return OutsidePerson(
            issuer: OutsidePerson.proxy, subject: subject,
            names: (names.count == 1 ? [names[0].trimmed] : []) + [subject],
            groups: groups)
    }
}
