import HTTP

/// Bytes that arrive at the end and are used from the start.
struct InputBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    /// All that has arrived and is not used.
    var all: ArraySlice<UInt8> { bytes[start...] }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        if start > 16 << 10 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// Takes a head out, if all of it has arrived.
    mutating func parse(with parser: inout RequestHeadParser) throws(RequestError) -> RequestHead? {
        guard count > 0, let head = try parser.parse(bytes.span.extracting(start...)) else { return nil }
        consume(parser.consumed)
        return head
    }

    /// Moves what belongs to a chunked body there.
    mutating func decode(with decoder: inout ChunkedDecoder, into body: inout [UInt8]) throws(RequestError) {
        consume(try decoder.decode(bytes.span.extracting(start...), into: &body))
    }

    /// Takes the next bytes out, which must have arrived.
    mutating func take(_ count: Int) -> [UInt8] {
        defer { consume(count) }
        return Array(bytes[start..<(start + count)])
    }

    /// Gives back what is held for bytes to come.
    mutating func shrink() {
        bytes = Array(all)
        start = 0
    }

    private mutating func consume(_ count: Int) {
        start += count
        guard start == bytes.count else { return }
        // What an idle connection holds counts thousands of times.
        bytes.removeAll(keepingCapacity: bytes.capacity <= 4096)
        start = 0
    }
}
