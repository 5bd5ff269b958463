/// A host and a port: what an administrator vouches for by configuring it.
public struct Origin: Sendable, Hashable {
    /// A name or an address in lower case, an IPv6 address without brackets.
    public let host: String
    /// The port, the scheme's own if none is written.
    public let port: Int

    /// An origin.
    public init(host: String, port: Int) {
        self.host = host.lowercased()
        self.port = port
    }
}

/// Where a request may lead. Checked on the address that is connected to, so that a name that means one address now
/// and another a moment later (DNS rebinding) gains nothing.
///
/// Unspecified, link-local, multicast and cloud metadata addresses are refused whatever the policy.
public enum AddressPolicy: Sendable, Hashable {
    /// Only this host and port; it may be private.
    case exactly(Origin)
    /// Any public address.
    case publicOnly
    /// This host and port, which may be private, or any public address.
    case publicOr(Origin)
}
