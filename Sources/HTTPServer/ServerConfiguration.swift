public import HTTP

/// How a server listens, and how much it lets clients ask of it.
public struct ServerConfiguration: Sendable {
    /// Addresses with ports: `127.0.0.1:8080`, `[::]:8080`, `localhost:0`. Port 0 is any that is free.
    public var listen: [String]
    /// Speak TLS with these certificates; plain HTTP without any. Clients get the one for the host that they name, or else
    /// the first.
    public var tls: [TLSFiles]
    /// Sockets that listen already, handed over by whoever started the process; used in the place of `listen` if there are
    /// any. They are the server's from then on.
    public var sockets: [CInt] = []
    /// Addresses where plain HTTP is spoken, and every request is led to the first address of `listen` over HTTPS.
    public var redirect: [String] = []
    /// Proxies that are believed when they say whom they speak for.
    public var trustedProxies: [AddressBlock] = []
    /// Sizes.
    public var limits = HTTPLimits()
    /// Deadlines.
    public var timeouts = Timeouts()
    /// Connections at a time. When they are all in use, idle ones are closed and new ones wait.
    public var maxConnections = 4096
    /// Connections at a time from one address; beyond it 503, and beyond twice as many nothing at all. Trusted proxies
    /// may have as many as they need.
    public var maxConnectionsPerAddress = 256
    /// Requests on one connection; the answer to the last says that it is.
    public var maxRequestsPerConnection = 10_000

    /// A server at these addresses.
    public init(listen: [String] = ["127.0.0.1:8080"], tls: [TLSFiles] = []) {
        self.listen = listen
        self.tls = tls
    }

    /// Where the certificate is, both in PEM.
    public struct TLSFiles: Sendable, Equatable {
        /// The certificate and those between it and the root.
        public var certificateFile: String
        /// The private key.
        public var keyFile: String

        /// A certificate and its key.
        public init(certificateFile: String, keyFile: String) {
            self.certificateFile = certificateFile
            self.keyFile = keyFile
        }
    }

    /// Each is for the whole of what it names, however much arrives meanwhile: who sends a byte a second is not spared.
    public struct Timeouts: Sendable, Equatable {
        /// From the first byte of a request, or the connection's start, to the end of the head. Also for a TLS handshake.
        public var head: Duration = .seconds(10)
        /// From the end of the head to the end of the body.
        public var body: Duration = .seconds(60)
        /// For a client to take an answer; of a streamed one, each piece.
        public var write: Duration = .seconds(60)
        /// Between two requests.
        public var idle: Duration = .seconds(75)
        /// How long what a client still sends is read and dropped after the last answer. To close at once would make
        /// its system throw that answer away (RFC 9112 §9.6).
        public var linger: Duration = .seconds(2)

        /// The usual ones.
        public init() {}
    }
}

/// An address that a server listens at.
public struct BoundAddress: Sendable, Equatable, CustomStringConvertible {
    /// The address in numbers.
    public let host: String
    /// The port, never 0.
    public let port: Int

    /// `127.0.0.1:8080`, `[::1]:8080`.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
