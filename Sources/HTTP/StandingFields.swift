public import HTTPTypes

/// Header fields that every answer of a server has unless it sets them itself; written out once, not at each answer.
public struct StandingFields: Sendable {
    /// The fields.
    public let fields: HTTPFields
    private let names: FieldNames
    private let all: [UInt8]

    /// These fields, each name once.
    public init(_ fields: HTTPFields = [:]) {
        self.fields = fields
        names = FieldNames(fields.map(\.name))
        all = Array(capacity: fields.reduce(0) { $0 + $1.size }) { output in
            for field in fields { output.append(field) }
        }
    }

    /// The bytes that they take.
    var size: Int { all.count }

    /// Appends those that the answer does not set itself.
    func append(to output: inout OutputSpan<UInt8>, unlessIn own: HTTPFields) {
        if !own.contains(where: { names.contains($0.name) }) { return output.append(all) }
        for field in fields where !own.contains(field.name) { output.append(field) }
    }
}

/// A few names of fields. Most others are told apart by their lengths alone, which is asked for at every field of every
/// answer.
struct FieldNames: Sendable {
    private let names: [HTTPField.Name]
    /// A bit for each length; names of 63 characters and more share one.
    private let lengths: UInt64

    init(_ names: [HTTPField.Name]) {
        self.names = names
        lengths = names.reduce(0) { $0 | Self.bit($1) }
    }

    func contains(_ name: HTTPField.Name) -> Bool {
        lengths & Self.bit(name) != 0 && names.contains(name)
    }

    private static func bit(_ name: HTTPField.Name) -> UInt64 { 1 << UInt64(min(name.canonicalName.utf8.count, 63)) }
}

extension HTTPField {
    /// The bytes that its line takes.
    var size: Int { name.rawName.utf8.count + withUnsafeBytesOfValue(\.count) + 4 }
}
