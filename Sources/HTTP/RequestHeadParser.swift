public import HTTPTypes

/// Finds and reads a request's head (RFC 9112) in bytes that arrive bit by bit.
///
/// Whatever a lenient reader could understand in two ways is an error: lines end with CRLF and nothing else, there is
/// no folding, no blank where the grammar has none, no second Host, Content-Length or Transfer-Encoding.
public struct RequestHeadParser {
    private let limits: HTTPLimits
    /// Where the next byte to look at is; all before it are checked.
    private var position = 0
    private var lineStart = 0
    /// Where the head begins, after empty lines.
    private var headStart = 0
    private var emptyLines = 0
    /// What is known so far. Filled in where it lies: it is nothing to be copied at each field.
    private var head = RequestHead()
    private var hasRequestLine = false
    private var isHostValid = false
    private var hosts = 0

    /// A parser for one head.
    public init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
    }

    /// Whether a request has begun to arrive.
    public var hasBegun: Bool { position > headStart }

    /// The method, from the end of the request line on; also if something else of that line is wrong.
    public private(set) var method: HTTPRequest.Method?

    /// The bytes that the head took, once it is there.
    public var consumed: Int { position }

    /// Looks at all bytes from the first of the head on, those of earlier calls included. `nil` while it is not complete.
    public mutating func parse(_ bytes: Span<UInt8>) throws(RequestError) -> RequestHead? {
        var end = min(bytes.count, headStart + limits.head)
        while position < end {
            if position > lineStart, bytes[position - 1] == .cr {
                guard bytes[position] == .lf else { throw .malformed("CR without LF") }  // RFC 9112 §2.2
                let line = lineStart..<(position - 1)
                position += 1
                lineStart = position
                if try take(line: bytes.extracting(line)) {
                    try complete()
                    return exchange(&head, with: RequestHead())
                }
                end = min(bytes.count, headStart + limits.head)  // after an empty line there may be more
                continue
            }
            // A request line that is too long is not read to its end.
            let last = hasRequestLine ? end : min(end, lineStart + limits.target + 65)
            position = bytes.extracting(..<last).firstControl(from: position) ?? last
            if position < last {
                guard bytes[position] == .cr else {
                    throw .malformed(bytes[position] == .lf ? "LF without CR" : "control character")
                }
                position += 1
            }
            if !hasRequestLine, position - lineStart > limits.target + 64 { throw tooLong(bytes) }
        }
        if bytes.count > end {
            throw hasRequestLine ? RequestError(.requestHeaderFieldsTooLarge, "size of the head") : tooLong(bytes)
        }
        return nil
    }

    /// RFC 9112 §3: 501 to a method longer than any, 414 to a target longer than any.
    private func tooLong(_ bytes: Span<UInt8>) -> RequestError {
        bytes.extracting(lineStart..<position).firstIndex(of: .space) == nil
            ? RequestError(.notImplemented, "size of the method") : RequestError(.uriTooLong, "size of the target")
    }

    /// Whether this was the empty line that ends the head.
    private mutating func take(line: Span<UInt8>) throws(RequestError) -> Bool {
        if hasRequestLine {
            if line.isEmpty { return true }
            guard head.fields.count + hosts < limits.fields else {
                throw RequestError(.requestHeaderFieldsTooLarge, "number of fields")
            }
            let (name, value) = try splitField(line)
            if line.extracting(name).isHost {
                take(host: line.extracting(value))
            } else {
                head.fields.append(try HTTPField(line.extracting(name), line.extracting(value)))
            }
        } else if line.isEmpty {
            // RFC 9112 §2.2: a client may have sent a line end too many after the last body.
            emptyLines += 1
            headStart = lineStart
            guard emptyLines <= limits.emptyLines else { throw .malformed("empty lines") }
        } else {
            try parse(requestLine: line)
            hasRequestLine = true
        }
        return false
    }

    /// HTTPTypes knows it as a request's authority only.
    private mutating func take(host value: Span<UInt8>) {
        hosts += 1
        guard hosts == 1 else { return }
        // Of the absolute form, what stands there takes the place of the field (RFC 9112 §3.2.2).
        if head.authority == nil { head.authority = value.text }
        isHostValid = HTTP.isValidHost(value)
    }

    /// `method SP request-target SP HTTP-version` (RFC 9112 §3), with single spaces.
    private mutating func parse(requestLine line: Span<UInt8>) throws(RequestError) {
        guard let first = line.firstIndex(of: .space), let second = line.firstIndex(of: .space, from: first + 1),
            line.firstIndex(of: .space, from: second + 1) == nil
        else { throw .malformed("request line") }
        let word = line.extracting(..<first)
        guard let method = word == "GET" ? .get : HTTPRequest.Method(word.text) else { throw .malformed("method") }
        self.method = method
        let minorVersion = try parse(version: line.extracting((second + 1)...))
        let target = line.extracting((first + 1)..<second)
        guard target.count <= limits.target else { throw RequestError(.uriTooLong, "size of the target") }
        head.method = method
        head.minorVersion = minorVersion
        head.keepsAlive = minorVersion > 0
        head.target = target.text
        // RFC 9112 §3.2.3, §3.2.4: the authority form, the asterisk form
        if method == .connect { return }
        if target == "*", method == .options {
            head.path = "*"
        } else {
            try head.read(target)
        }
    }

    /// A later 1.x is answered as 1.1 (RFC 9110 §2.5).
    private func parse(version: Span<UInt8>) throws(RequestError) -> Int {
        guard version.count == 8, version.starts(with: "HTTP/"), version[5].isDigit, version[6] == UInt8(ascii: "."),
            version[7].isDigit
        else { throw .malformed("version") }
        guard version[5] == UInt8(ascii: "1") else { throw RequestError(.httpVersionNotSupported, version.text) }
        return version[7] == UInt8(ascii: "0") ? 0 : 1
    }

    /// What the fields say of the whole.
    private mutating func complete() throws(RequestError) {
        let isFirstVersion = head.minorVersion == 0
        // RFC 9112 §3.2: 400 to a request without Host, with more than one, or with one that is none.
        guard hosts == 1 || (hosts == 0 && isFirstVersion) else { throw .malformed("Host missing or doubled") }
        guard hosts == 0 || isHostValid else { throw .malformed("Host") }
        guard !head.fields.isEmpty else { return }
        // RFC 9112 §9.3: close, else 1.1 or keep-alive
        let connection = head.fields.contains(.connection) ? head.fields.tokens(.connection) : []
        head.keepsAlive = !connection.contains("close") && (!isFirstVersion || connection.contains("keep-alive"))
        head.framing = try framing(of: head.fields, minorVersion: head.minorVersion)
        head.expectsContinue = isFirstVersion ? false : try expectsContinue(head.fields)
    }

    /// RFC 9110 §10.1.1: an HTTP/1.0 client's expectation is ignored, one that cannot be met is refused.
    private func expectsContinue(_ fields: HTTPFields) throws(RequestError) -> Bool {
        guard fields.contains(.expect), let expectation = fields[.expect] else { return false }
        guard expectation.lowercased() == "100-continue" else { throw RequestError(.expectationFailed, "Expect") }
        return true
    }

    /// RFC 9112 §6.3, without the parts where it allows to guess.
    private func framing(of fields: HTTPFields, minorVersion: Int) throws(RequestError) -> BodyFraming {
        guard fields.contains(.contentLength) || fields.contains(.transferEncoding) else { return .none }
        let lengths = fields[values: .contentLength]
        let codings = fields[values: .transferEncoding]
        if let coding = codings.first {
            // RFC 9112 §6.1, §6.3: both might be an attempt to smuggle, and HTTP/1.0 has no transfer codings.
            guard lengths.isEmpty else { throw .malformed("Transfer-Encoding with Content-Length") }
            guard minorVersion > 0 else { throw .malformed("Transfer-Encoding in HTTP/1.0") }
            // RFC 9112 §7: names of codings are case-insensitive; chunked comes last, and once.
            if codings.count == 1, coding.lowercased() == "chunked" { return .chunked }
            let tokens = fields.tokens(.transferEncoding)
            guard tokens.count > 1, tokens.firstIndex(of: "chunked") == tokens.count - 1,
                tokens.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(\.isToken) })
            else { throw .malformed("Transfer-Encoding") }
            throw RequestError(.notImplemented, "transfer coding")  // RFC 9112 §6.1
        }
        guard let length = lengths.first else { return .none }
        let digits = length.utf8  // RFC 9110 §8.6, without the lists of equal values that it allows to accept
        guard lengths.count == 1, 1...18 ~= digits.count, digits.allSatisfy(\.isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0"), let length = Int(length)
        else { throw .malformed("Content-Length") }
        return length == 0 ? .none : .length(length)
    }
}

/// A field of a trailer.
func parseField(_ line: Span<UInt8>) throws(RequestError) -> HTTPField {
    let (name, value) = try splitField(line)
    return try HTTPField(line.extracting(name), line.extracting(value))
}

/// `field-name ":" OWS field-value OWS` (RFC 9112 §5): where the name is, and where the value is.
private func splitField(_ line: Span<UInt8>) throws(RequestError) -> (name: Range<Int>, value: Range<Int>) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { throw .malformed("field name") }
    var start = colon + 1
    var end = line.count
    while start < end, line[start].isBlank { start += 1 }
    while end > start, line[end - 1].isBlank { end -= 1 }
    return (0..<colon, start..<end)
}

extension HTTPField {
    /// A blank before the colon or at the start of the line (folding) is no token either (RFC 9112 §5.1, §5.2).
    fileprivate init(_ name: Span<UInt8>, _ value: Span<UInt8>) throws(RequestError) {
        guard let name = Name(name.text) else { throw .malformed("field name") }
        self = value.withUnsafeBufferPointer { HTTPField(name: name, value: $0) }
    }
}

extension Span<UInt8> {
    /// Field names are case-insensitive (RFC 9110 §5.1).
    fileprivate var isHost: Bool {
        count == 4 && self[0] | 0x20 == UInt8(ascii: "h") && self[1] | 0x20 == UInt8(ascii: "o")
            && self[2] | 0x20 == UInt8(ascii: "s") && self[3] | 0x20 == UInt8(ascii: "t")
    }
}

extension HTTPFields {
    /// The members of a list of tokens, in lower case (RFC 9110 §5.6.1).
    func tokens(_ name: HTTPField.Name) -> [String] {
        self[values: name].flatMap { $0.split(separator: ",") }.map { $0.trimmingBlanks.lowercased() }
    }
}
