public import HTTPTypes

/// What to ask, and how much time and memory the answer may take.
public struct ClientRequest: Sendable {
    /// An absolute URL, http or https.
    public var url: String
    /// GET if not said otherwise.
    public var method: HTTPRequest.Method
    /// Fields in addition to those that libcurl makes.
    public var fields: HTTPFields
    /// What is sent with it.
    public var body: [UInt8]?
    /// For the name to be resolved and the connection to be made.
    public var connectTimeout: Duration
    /// For all of it.
    public var totalTimeout: Duration
    /// The largest body that is taken, after decompression.
    public var maxBodyBytes: Int
    /// Where it may lead.
    public var addresses: AddressPolicy

    /// A request; GET, ten seconds to connect, thirty in all, and a body of at most a MiB if not said otherwise.
    public init(
        url: String, method: HTTPRequest.Method = .get, fields: HTTPFields = [:], body: [UInt8]? = nil,
        connectTimeout: Duration = .seconds(10), totalTimeout: Duration = .seconds(30), maxBodyBytes: Int = 1 << 20,
        addresses: AddressPolicy
    ) {
        self.url = url
        self.method = method
        self.fields = fields
        self.body = body
        self.connectTimeout = connectTimeout
        self.totalTimeout = totalTimeout
        self.maxBodyBytes = maxBodyBytes
        self.addresses = addresses
    }
}

/// An answer, whatever its status: redirects and errors are answers too.
public struct ClientResponse: Sendable, Equatable {
    /// The status code.
    public var status: Int
    /// The header fields.
    public var fields: HTTPFields
    /// The body, decompressed.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// Where it sends us, as it stands there: perhaps relative, perhaps no http at all.
    public var location: String? { fields[.location] }
}
