import HTTPTypes

/// Takes the chunked transfer coding off a body (RFC 9112 §7.1) that arrives bit by bit.
public struct ChunkedDecoder {
    private let limits: HTTPLimits
    private let bodyLimit: Int
    private var state = State.size
    private var size = 0
    private var digits = 0
    private var lineLength = 0
    private var extensions = 0
    private var grammar = ChunkExtension()
    private var trailers = 0
    private var trailer: [UInt8] = []

    private enum State {
        case size, `extension`, sizeEnd
        case data, dataCR, dataLF
        case trailer, trailerEnd
        case complete
    }

    /// Whether the last chunk and the trailers are read.
    public var isComplete: Bool { state == .complete }

    /// A decoder for one body of at most so many bytes.
    public init(bodyLimit: Int, limits: HTTPLimits = HTTPLimits()) {
        self.bodyLimit = bodyLimit
        self.limits = limits
    }

    /// Reads on, appends what belongs to the body, and says how many bytes it took: all of them, or those up to the end.
    /// Trailer fields are checked and dropped.
    public mutating func decode(_ bytes: Span<UInt8>, into body: inout [UInt8]) throws(RequestError) -> Int {
        var position = 0
        while position < bytes.count, state != .complete {
            if state == .data {
                let count = min(size, bytes.count - position)
                bytes.extracting(position..<(position + count)).withUnsafeBufferPointer { body.append(contentsOf: $0) }
                position += count
                size -= count
                if size == 0 { state = .dataCR }
            } else {
                try take(bytes[position], bodySize: body.count)
                position += 1
            }
        }
        return position
    }

    private mutating func take(_ byte: UInt8, bodySize: Int) throws(RequestError) {
        switch state {
        case .size:
            if let digit = byte.hexValue {
                digits += 1
                // RFC 9112 §7.1: no overflow. Sixteen digits are leading zeros or more than any body.
                guard digits <= 15 else { throw .malformed("chunk size") }
                size = size << 4 | Int(digit)
            } else {
                guard digits > 0 else { throw .malformed("chunk size") }
                try countLine()
                if byte == .cr {
                    state = .sizeEnd
                } else {
                    state = .extension
                    try takeExtension(byte)
                }
            }
        case .extension:
            try countLine()
            if byte == .cr {
                guard grammar.mayEnd else { throw .malformed("chunk extension") }
                state = .sizeEnd
            } else {
                try takeExtension(byte)
            }
        case .sizeEnd:
            try expect(.lf, byte)
            guard size <= bodyLimit - bodySize else { throw RequestError(.contentTooLarge, "size of the body") }
            state = size == 0 ? .trailer : .data
        case .dataCR:
            try expect(.cr, byte)
            state = .dataLF
        case .dataLF:
            try expect(.lf, byte)
            (state, digits, lineLength, grammar) = (.size, 0, 0, ChunkExtension())
        case .trailer:
            trailers += 1
            guard trailers <= limits.trailers else {
                throw RequestError(.requestHeaderFieldsTooLarge, "size of the trailers")
            }
            if byte == .cr {
                state = .trailerEnd
            } else {
                guard !byte.isControl else { throw .malformed("control character") }
                trailer.append(byte)
            }
        case .trailerEnd:
            try expect(.lf, byte)
            if trailer.isEmpty {
                state = .complete
            } else {
                _ = try parseField(trailer.span)  // RFC 9110 §6.5.1: nothing here needs one, so they are not kept
                trailer.removeAll(keepingCapacity: true)
                state = .trailer
            }
        case .data, .complete:
            preconditionFailure("not read byte by byte")
        }
    }

    private func expect(_ expected: UInt8, _ byte: UInt8) throws(RequestError) {
        guard byte == expected else { throw .malformed("line end of a chunk") }
    }

    private mutating func countLine() throws(RequestError) {
        lineLength += 1
        guard lineLength <= limits.chunkLine else { throw .malformed("length of a chunk line") }
    }

    private mutating func takeExtension(_ byte: UInt8) throws(RequestError) {
        extensions += 1
        guard extensions <= limits.chunkExtensions, grammar.take(byte) else { throw .malformed("chunk extension") }
    }
}

/// `*( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )` (RFC 9112 §7.1.1). The meaning is ignored, the form
/// is not: readers that differ over it have been used to smuggle requests.
struct ChunkExtension {
    private var state = State.beforeSemicolon

    private enum State {
        case beforeSemicolon, beforeName, name, afterName, beforeValue, value, quoted, escaped, afterValue
    }

    /// Whether the line may end here.
    var mayEnd: Bool { state == .name || state == .value || state == .afterValue }

    /// Whether the byte may stand here.
    mutating func take(_ byte: UInt8) -> Bool {
        guard let next = next(byte) else { return false }
        state = next
        return true
    }

    private func next(_ byte: UInt8) -> State? {
        let isSemicolon = byte == UInt8(ascii: ";")
        let isEquals = byte == UInt8(ascii: "=")
        let isQuote = byte == UInt8(ascii: "\"")
        switch state {
        case .beforeSemicolon: return isSemicolon ? .beforeName : byte.isBlank ? .beforeSemicolon : nil
        case .beforeName: return byte.isToken ? .name : byte.isBlank ? .beforeName : nil
        case .name:
            if byte.isToken { return .name }
            return isSemicolon ? .beforeName : isEquals ? .beforeValue : byte.isBlank ? .afterName : nil
        case .afterName: return isSemicolon ? .beforeName : isEquals ? .beforeValue : byte.isBlank ? .afterName : nil
        case .beforeValue: return byte.isToken ? .value : isQuote ? .quoted : byte.isBlank ? .beforeValue : nil
        case .value:
            if byte.isToken { return .value }
            return isSemicolon ? .beforeName : byte.isBlank ? .beforeSemicolon : nil
        case .quoted:
            if isQuote { return .afterValue }
            return byte == UInt8(ascii: "\\") ? .escaped : byte.isControl ? nil : .quoted
        case .escaped: return byte.isControl ? nil : .quoted
        case .afterValue: return isSemicolon ? .beforeName : byte.isBlank ? .beforeSemicolon : nil
        }
    }
}
