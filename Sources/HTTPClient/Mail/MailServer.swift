/// A server that takes mail (RFC 5321), as an administrator describes it.
public struct MailServer: Sendable, Equatable {
    /// How what is said to it is kept from others.
    public enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte (RFC 8314 §3.3).
        case tls
        /// TLS from STARTTLS on (RFC 3207), and nothing without it.
        case startTLS = "starttls"
        /// Not at all: only for one on this machine.
        case none
    }

    /// Its name or address.
    public var host: String
    /// Its port: usually 465 for TLS and 587 for STARTTLS.
    public var port: Int
    /// How it is spoken to.
    public var security: Security
    /// Who signs in there; `nil`: nobody.
    public var user: String?
    /// Their password.
    public var password: String?
    /// The certificate that it has, or its authority's, PEM, if none that this machine knows vouches for it.
    public var certificate: String?

    /// Describes one.
    public init(
        host: String, port: Int, security: Security, user: String? = nil, password: String? = nil,
        certificate: String? = nil
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.certificate = certificate
    }

    /// Whether it is on this machine.
    public var isHere: Bool {
        host.lowercased() == "localhost" || IPAddress(host)?.isLoopback == true
    }

    /// Its place; `nil` when the host is no name or address, or the port none.
    public var origin: Origin? {
        let bracketed = host.contains(":") ? "[\(host)]" : host
        // Read by the parser that connects: what comes out is what went in, or it was something else.
        guard let origin = WebURL("http://\(bracketed):\(port)")?.origin,
            origin == Origin(host: host, port: port)
        else { return nil }
        return origin
    }
}

/// A mailbox's address: an ASCII dot-atom, and the name of a host (RFC 5321 §4.1.2, without quoted names and literal
/// addresses, which nobody has).
public struct MailAddress: Sendable, Hashable {
    /// "anna@example.org".
    public let text: String
    /// "example.org".
    public let domain: String

    /// Reads an address; nil if it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, text.utf8.count <= 254, parts[0].utf8.count <= 64 else { return nil }
        func isDotted(_ part: Substring, _ others: String, least: Int) -> Bool {
            let atoms = part.split(separator: ".", omittingEmptySubsequences: false)
            return atoms.count >= least
                && atoms.allSatisfy { atom in
                    !atom.isEmpty
                        && atom.unicodeScalars.allSatisfy { scalar in
                            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
                                || others.unicodeScalars.contains(scalar)
                        }
                }
        }
        guard isDotted(parts[0], "!#$%&'*+-/=?^_`{|}~", least: 1), isDotted(parts[1], "-", least: 1),
            !parts[1].split(separator: ".").contains(where: { $0.hasPrefix("-") || $0.hasSuffix("-") })
        else { return nil }
        self.text = text
        domain = String(parts[1])
    }
}

/// What a mail server said last about a message.
public struct MailReply: Sendable, Equatable {
    /// Its code: 2yz it has it, 4yz not now, 5yz never (RFC 5321 §4.2.1).
    public var code: Int
    /// Its words, of all their lines.
    public var text: String
}
