public import HTTPTypes

/// Writes an answer as HTTP/1.1 (RFC 9112), fit for the request that it answers.
public struct ResponseEncoder: Sendable {
    private let method: HTTPRequest.Method
    private let minorVersion: Int
    /// Whether the connection can go on after this answer.
    public private(set) var keepsAlive: Bool
    /// How the body is to follow, once the head is written.
    public private(set) var transfer = Transfer.none

    /// How the body follows the head.
    public enum Transfer: Sendable, Equatable {
        /// It does not.
        case none
        /// Its bytes as they are.
        case plain
        /// Chunk by chunk.
        case chunked
    }

    /// For an answer to this request; `keepsAlive` if client and server both want to go on.
    public init(method: HTTPRequest.Method, minorVersion: Int, keepsAlive: Bool) {
        self.method = method
        self.minorVersion = minorVersion
        self.keepsAlive = keepsAlive
    }

    /// Appends status line and fields.
    public mutating func appendHead(
        of response: Response, standing: StandingFields = StandingFields(), date: String, to output: inout [UInt8]
    ) {
        let status = response.status.code < 200 ? .internalServerError : response.status
        let length: Int?
        (length, transfer) = framing(of: response.body, status: status)
        output.append("HTTP/1.1 ")
        output.append(decimal: status.code)
        output.append(" ")
        output.append(line: status.reasonPhrase)
        output.append("Date: ")  // RFC 9110 §6.6.1
        output.append(line: date)
        for field in response.fields where !Self.ours.contains(field.name) { output.append(field) }
        standing.append(to: &output, unlessIn: response.fields)
        if let length {
            output.append("Content-Length: ")
            output.append(decimal: length)
            output.append("\r\n")
        }
        if transfer == .chunked { output.append("Transfer-Encoding: chunked\r\n") }
        if !keepsAlive {
            output.append("Connection: close\r\n")
        } else if minorVersion == 0 {
            output.append("Connection: keep-alive\r\n")
        }
        output.append("\r\n")
    }

    /// Appends a chunk. Nothing for no bytes: that would be the last chunk.
    public static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        output.append(line: String(bytes.count, radix: 16))
        output.append(contentsOf: bytes)
        output.append("\r\n")
    }

    /// Appends the end of a chunked body.
    public static func appendLastChunk(to output: inout [UInt8]) {
        output.append("0\r\n\r\n")
    }

    private static let ours: [HTTPField.Name] = [
        .connection, .contentLength, .date, .transferEncoding, .upgrade, .trailer, .te,
    ]

    /// RFC 9110 §8.6, §15.3.5, §15.4.5: neither length nor body in a 204, none that could be wrong in a 304; §9.3.2: for
    /// HEAD the length that GET would have, and no body; RFC 9112 §6.1: HTTP/1.0 has no chunks, the end of the connection
    /// is the end of the body.
    private mutating func framing(
        of body: ResponseBody, status: HTTPResponse.Status
    ) -> (length: Int?, Transfer) {
        if status == .noContent || status == .notModified { return (nil, .none) }
        switch body {
        case .none: return (0, .none)
        case .bytes(let bytes): return (bytes.count, method == .head ? .none : .plain)
        case .stream where method == .head: return (nil, .none)
        case .stream where minorVersion > 0: return (nil, .chunked)
        case .stream:
            keepsAlive = false
            return (nil, .plain)
        }
    }
}
