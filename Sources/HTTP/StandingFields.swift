public import HTTPTypes

/// Header fields that every answer of a server has unless it sets them itself; written out once, not at each answer.
public struct StandingFields: Sendable {
    /// The fields.
    public let fields: HTTPFields
    private let all: [UInt8]

    /// These fields, each name once.
    public init(_ fields: HTTPFields = [:]) {
        self.fields = fields
        var all: [UInt8] = []
        for field in fields { all.append(field) }
        self.all = all
    }

    /// Appends those that the answer does not set itself.
    func append(to output: inout [UInt8], unlessIn own: HTTPFields) {
        if !own.contains(where: { fields.contains($0.name) }) { return output.append(contentsOf: all) }
        for field in fields where !own.contains(field.name) { output.append(field) }
    }
}

extension [UInt8] {
    mutating func append(_ field: HTTPField) {
        append(field.name.rawName)
        append(": ")
        field.withUnsafeBytesOfValue { append(contentsOf: $0) }
        append("\r\n")
    }

    mutating func append(line: String) {
        append(line)
        append("\r\n")
    }

    /// Of a constant: at every answer a dozen of these, and to copy them as sequences would take three times as long.
    @inline(__always) mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    @_disfavoredOverload
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// A number that is not negative.
    mutating func append(decimal number: Int) {
        if number > 9 { append(decimal: number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }
}
