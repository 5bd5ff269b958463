public import HTTPTypes

/// Request line and fields, validated.
public struct RequestHead: Sendable, Equatable {
    /// Any token: whether it is implemented is for the server to say.
    public var method = HTTPRequest.Method.get
    /// As it came.
    public var target = ""
    /// Percent-decoded, without dot segments; a slash in it always parts two segments. `*` for the asterisk form, empty for
    /// CONNECT.
    public var path = ""
    /// What follows the question mark.
    public var query = Form()
    /// Host and port that the request is for: of the target if it names them, else of `Host` (RFC 9112 §3.2.2). HTTP/1.0
    /// may have neither.
    public var authority: String?
    /// Whether the target itself says `https`, in its absolute form.
    public var demandsTLS = false
    /// 0 or 1: HTTP/1.0 or HTTP/1.1.
    public var minorVersion = 1
    /// All fields but `Host`.
    public var fields = HTTPFields()
    /// How the end of the body is found.
    public var framing = BodyFraming.none
    /// Whether the client wants to go on after this request.
    public var keepsAlive = true
    /// Whether the client waits for `100 Continue` before it sends the body.
    public var expectsContinue = false
}

/// How the end of a request's body is found (RFC 9112 §6.3).
public enum BodyFraming: Sendable, Equatable {
    /// There is no body.
    case none
    /// So many bytes.
    case length(Int)
    /// Chunks.
    case chunked
}
