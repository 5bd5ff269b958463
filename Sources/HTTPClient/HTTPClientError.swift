/// Why there is no answer.
public enum HTTPClientError: Error, Sendable, Hashable {
    /// Nothing, or not all of it, came within the time.
    case timedOut(after: Duration)
    /// No connection could be made; with the reason.
    case connectFailed(reason: String)
    /// The name is not known.
    case resolveFailed(host: String)
    /// The policy forbids the address.
    case addressRefused(address: String)
    /// The body is larger than was allowed, in bytes.
    case tooLarge(limit: Int)
    /// The encrypted connection could not be made; with the reason.
    case tls(reason: String)
    /// Not an absolute http or https URL.
    case malformedURL
    /// What came is not HTTP, or ended too soon; with the reason.
    case protocolError(reason: String)
    /// The task was cancelled.
    case cancelled

    /// The reason in words for people. Never holds any part of the URL but the host.
    public var sentence: String {
        switch self {
        case .timedOut(let limit): "There was no complete answer within \(limit.inWords)."
        case .connectFailed(let reason): "No connection could be made: \(reason)."
        case .resolveFailed(let host): "The name “\(host)” is not known on the network."
        case .addressRefused(let address):
            "The address \(address) is refused: it is private, and not the address that was configured."
        case .tooLarge(let limit): "The answer is larger than \(limit.inBytes)."
        case .tls(let reason): "The encrypted connection failed: \(reason)."
        case .malformedURL: "This is not an address that begins with http:// or https://."
        case .protocolError(let reason): "The answer cannot be read: \(reason)."
        case .cancelled: "The request was cancelled."
        }
    }
}

extension Duration {
    fileprivate var inWords: String {
        let milliseconds = components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
        if milliseconds < 1000 { return "\(milliseconds) milliseconds" }
        return milliseconds < 2000 ? "a second" : "\(milliseconds / 1000) seconds"
    }
}

extension Int {
    fileprivate var inBytes: String {
        if self >= 1 << 20 { return "\(self >> 20) MiB" }
        return self >= 1 << 10 ? "\(self >> 10) KiB" : "\(self) bytes"
    }
}
