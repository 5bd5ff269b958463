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

    /// Status line, fields, and the body if it is there already.
    public mutating func encode(
        _ response: Response, standing: StandingFields = StandingFields(), date: String
    ) -> [UInt8] {
        Array(capacity: Self.size(of: response, standing: standing)) {
            encode(response, standing: standing, date: date, to: &$0)
        }
    }

    /// The same, to where there is room for it.
    public mutating func encode(
        _ response: Response, standing: StandingFields, date: String, to output: inout OutputSpan<UInt8>
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
        if transfer == .plain, case .bytes(let bytes) = response.body { output.append(bytes) }
    }

    /// How many bytes an answer takes at most.
    public static func size(of response: Response, standing: StandingFields) -> Int {
        // 200: what the server writes around the fields and the body, with the longest numbers and the date.
        var size = 200 + response.status.reasonPhrase.utf8.count + standing.size
        for field in response.fields { size += field.size }
        if case .bytes(let bytes) = response.body { size += bytes.count }
        return size
    }

    /// Appends a chunk. Nothing for no bytes: that would be the last chunk.
    public static func appendChunk(_ bytes: [UInt8], to output: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        output += "\(String(bytes.count, radix: 16))\r\n".utf8
        output += bytes
        output += [.cr, .lf]
    }

    /// Appends the end of a chunked body.
    public static func appendLastChunk(to output: inout [UInt8]) {
        output += "0\r\n\r\n".utf8
    }

    private static let ours = FieldNames([
        .connection, .contentLength, .date, .transferEncoding, .upgrade, .trailer, .te,
    ])

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
