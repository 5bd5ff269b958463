import Glibc
import HTTPTypes

extension ClientResponse {
    /// How long the server asks to be left alone (Retry-After, RFC 9110 §10.2.3); at most a day.
    public var retryAfter: Duration? {
        fields[.retryAfter].flatMap { Self.retryAfter($0, now: time(nil)) }
    }

    /// What the field says at a moment in seconds since 1970: seconds, or a date.
    static func retryAfter(_ value: String, now: Int) -> Duration? {
        guard let seconds = Int(value) ?? MessageDate.parse(value).map({ $0 - now }) else { return nil }
        return .seconds(min(max(0, seconds), 86400))
    }
}
