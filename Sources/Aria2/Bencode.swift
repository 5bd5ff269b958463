/// A value in bencoding (BEP 3), the notation of torrents.
enum Bencode: Equatable {
    case integer(Int64)
    case bytes(ArraySlice<UInt8>)
    case list([Bencode])
    case dictionary([Field])

    /// One key of a dictionary with its value.
    struct Field: Equatable {
        var key: ArraySlice<UInt8>
        var value: Bencode
        /// Where the value stands, so that it can be repeated byte for byte.
        var span: Range<Int>
    }

    /// The field of a dictionary; nil if there is none, or if this is no dictionary.
    func field(_ key: String) -> Field? {
        guard case .dictionary(let fields) = self else { return nil }
        return fields.first { $0.key.elementsEqual(key.utf8) }
    }

    subscript(_ key: String) -> Bencode? { field(key)?.value }

    var integer: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }

    var bytes: ArraySlice<UInt8>? {
        if case .bytes(let value) = self { value } else { nil }
    }

    var list: [Bencode]? {
        if case .list(let value) = self { value } else { nil }
    }

    /// A byte string in bencoding.
    static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        Array("\(bytes.count):".utf8) + bytes
    }
}

/// Reads bencoding that somebody else wrote: bounded in depth and in number of values, lengths checked before use.
struct BencodeParser {
    /// What is not as it must be, and at which byte.
    struct Malformed: Error, Equatable {
        var reason: String
        var offset: Int
    }

    static let maxDepth = 32
    /// Each costs memory, and the smallest is two bytes long.
    static let maxValues = 500_000

    private let input: [UInt8]
    private var position = 0
    private var values = 0

    /// Reads the value with which the input begins. What follows it is ignored: some torrents end in a line break.
    static func parse(_ input: [UInt8]) throws(Malformed) -> Bencode {
        var parser = BencodeParser(input: input)
        return try parser.value(depth: 0)
    }

    private init(input: [UInt8]) {
        self.input = input
    }

    private func malformed(_ reason: String) -> Malformed {
        Malformed(reason: reason, offset: position)
    }

    private func peek() throws(Malformed) -> UInt8 {
        guard position < input.count else { throw malformed("it ends too soon") }
        return input[position]
    }

    private mutating func value(depth: Int) throws(Malformed) -> Bencode {
        guard depth < Self.maxDepth else { throw malformed("it is nested too deeply") }
        values += 1
        guard values <= Self.maxValues else { throw malformed("it has too many values") }
        switch try peek() {
        case UInt8(ascii: "i"):
            position += 1
            let integer = try integer(until: UInt8(ascii: "e"))
            return .integer(integer)
        case UInt8(ascii: "l"):
            position += 1
            var list: [Bencode] = []
            while try peek() != UInt8(ascii: "e") { list.append(try value(depth: depth + 1)) }
            position += 1
            return .list(list)
        case UInt8(ascii: "d"):
            position += 1
            return .dictionary(try fields(depth: depth))
        case UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .bytes(try string())
        default:
            throw malformed("a value begins with an unknown letter")
        }
    }

    /// Keys should be in order, and in many torrents are not. A key twice would mean one thing here and another in
    /// aria2.
    private mutating func fields(depth: Int) throws(Malformed) -> [Bencode.Field] {
        var fields: [Bencode.Field] = []
        var seen: Set<ArraySlice<UInt8>> = []
        while try peek() != UInt8(ascii: "e") {
            let key = try string()
            guard seen.insert(key).inserted else { throw malformed("a key is there twice") }
            let start = position
            let value = try value(depth: depth + 1)
            fields.append(.init(key: key, value: value, span: start..<position))
        }
        position += 1
        return fields
    }

    private mutating func string() throws(Malformed) -> ArraySlice<UInt8> {
        let length = try integer(until: UInt8(ascii: ":"))
        guard length >= 0, length <= input.count - position else { throw malformed("a string is longer than the rest") }
        let start = position
        position += Int(length)
        return input[start..<position]
    }

    /// A canonical decimal number: no leading zeros, no `-0`, no plus sign.
    private mutating func integer(until end: UInt8) throws(Malformed) -> Int64 {
        let isNegative = try peek() == UInt8(ascii: "-")
        if isNegative { position += 1 }
        let start = position
        var value: Int64 = 0
        while try peek() != end {
            let byte = input[position]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else {
                throw malformed("a number has other characters")
            }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowToo) = tens.addingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
            guard !overflow, !overflowToo else { throw malformed("a number is too large") }
            value = sum
            position += 1
        }
        let digits = position - start
        guard digits > 0 else { throw malformed("a number has no digits") }
        guard digits == 1 || input[start] != UInt8(ascii: "0"), !(isNegative && value == 0) else {
            throw malformed("a number is not written in its shortest form")
        }
        position += 1
        return isNegative ? -value : value
    }
}
