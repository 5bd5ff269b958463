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
        append(contentsOf: field.name.rawName.utf8)
        append(contentsOf: ": ".utf8)
        field.withUnsafeBytesOfValue { append(contentsOf: $0) }
        append(contentsOf: "\r\n".utf8)
    }

    mutating func append(line: String) {
        append(contentsOf: line.utf8)
        append(contentsOf: "\r\n".utf8)
    }
}
