import HTTPTypes

/// Looking through bytes that are somebody else's. By index, and without a slice or an iterator for each look: a request
/// is looked through a dozen times.
extension Span<UInt8> {
    var text: String { withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }

    @inline(__always) func allSatisfy(_ holds: (UInt8) -> Bool) -> Bool { firstIndex { !holds($0) } == nil }

    @inline(__always) func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        firstIndex(from: start) { $0 == byte }
    }

    @inline(__always) func firstIndex(from start: Int = 0, where holds: (UInt8) -> Bool) -> Int? {
        precondition(start >= 0)
        var index = start
        while index < count {
            if holds(self[unchecked: index]) { return index }  // it is below `count`
            index += 1
        }
        return nil
    }

    /// Where the first control character is that ends a line or has no place in it. Eight bytes at a time: nearly all are
    /// none.
    func firstControl(from start: Int) -> Int? {
        precondition(start >= 0)
        return withUnsafeBytes { bytes in
            let ones: UInt64 = 0x0101_0101_0101_0101
            var index = start
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
                // Sets the high bit of a byte that is below 0x20, or is 0x7f; what it borrows for that may set those of
                // later bytes, so only the first counts.
                let (low, delete) = (word &- ones &* 0x20, word ^ (ones &* 0x7f))
                let found = ((low & ~word) | ((delete &- ones) & ~delete)) & (ones &* 0x80)
                guard found != 0 else {
                    index += 8
                    continue
                }
                index += found.trailingZeroBitCount / 8
                if bytes[index].isControl { return index }
                index += 1  // a tab
            }
            while index < bytes.count {
                if bytes[index].isControl { return index }
                index += 1
            }
            return nil
        }
    }

    @inline(__always) func starts(with text: StaticString) -> Bool {
        guard count >= text.utf8CodeUnitCount else { return false }
        for index in 0..<text.utf8CodeUnitCount where self[index] != text.utf8Start[index] { return false }
        return true
    }

    @inline(__always) static func == (bytes: borrowing Span<UInt8>, text: StaticString) -> Bool {
        bytes.count == text.utf8CodeUnitCount && bytes.starts(with: text)
    }
}

/// Writing where the room is there already.
extension OutputSpan<UInt8> {
    @inline(__always) mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        withUnsafeMutableBufferPointer { buffer, count in
            precondition(bytes.count <= buffer.count - count, "more bytes than there is room for")
            (UnsafeMutableRawPointer(buffer.baseAddress!) + count).copyMemory(from: source, byteCount: bytes.count)
            count += bytes.count
        }
    }

    @inline(__always) mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @_disfavoredOverload
    mutating func append(_ text: String) {
        text.utf8Span.span.withUnsafeBytes { append($0) }
    }

    mutating func append(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { append($0) }
    }

    mutating func append(line: String) {
        append(line)
        append("\r\n")
    }

    mutating func append(_ field: HTTPField) {
        append(field.name.rawName)
        append(": ")
        field.withUnsafeBytesOfValue { append(UnsafeRawBufferPointer($0)) }
        append("\r\n")
    }

    /// A number that is not negative.
    mutating func append(decimal number: Int) {
        if number > 9 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
