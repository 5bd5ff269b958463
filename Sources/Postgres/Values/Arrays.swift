/// A type whose arrays can be interpolated and read. `[UInt8]` is a `bytea`; the others are PostgreSQL arrays.
public protocol PostgresArrayElement {
    /// The array as a parameter.
    static func postgresBind(of array: [Self]) -> PostgresBind
    /// NULL where such an array is expected.
    static var postgresNullArray: PostgresBind { get }
    /// The array from its text.
    static func postgresArray(from cell: PostgresCell) throws -> [Self]
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    /// The array, or for `[UInt8]` the `bytea`.
    public var postgresBind: PostgresBind { Element.postgresBind(of: self) }
    /// NULL as such an array.
    public static var postgresNull: PostgresBind { Element.postgresNullArray }
}

extension Array: PostgresDecodable where Element: PostgresArrayElement {
    /// Reads an array, or for `[UInt8]` a `bytea`.
    public init(from cell: PostgresCell) throws { self = try Element.postgresArray(from: cell) }
}

extension UInt8: PostgresArrayElement {
    /// A `bytea`.
    public static func postgresBind(of array: [UInt8]) -> PostgresBind {
        PostgresBind(type: TypeID.bytea, isBinary: true, bytes: array)
    }
    /// NULL as a `bytea`.
    public static var postgresNullArray: PostgresBind { .null(TypeID.bytea) }
    /// Reads the hexadecimal form, `\x0aff`.
    public static func postgresArray(from cell: PostgresCell) throws -> [UInt8] {
        let text = try cell.bytes()
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else {
            throw cell.mismatch([UInt8].self)
        }
        return try stride(from: 2, to: text.count, by: 2).map { index in
            guard let high = hexDigit(text[index]), let low = hexDigit(text[index + 1]) else {
                throw cell.mismatch([UInt8].self)
            }
            return high << 4 | low
        }
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension Int: PostgresArrayElement {
    /// A `bigint[]`.
    public static func postgresBind(of array: [Int]) -> PostgresBind {
        .text(TypeID.int8Array, arrayLiteral(array.map(String.init)))
    }
    /// NULL as a `bigint[]`.
    public static var postgresNullArray: PostgresBind { .null(TypeID.int8Array) }
    /// Reads an array of integers without NULLs.
    public static func postgresArray(from cell: PostgresCell) throws -> [Int] { try numbers(in: cell) }
}

extension Int32: PostgresArrayElement {
    /// An `integer[]`.
    public static func postgresBind(of array: [Int32]) -> PostgresBind {
        .text(TypeID.int4Array, arrayLiteral(array.map(String.init)))
    }
    /// NULL as an `integer[]`.
    public static var postgresNullArray: PostgresBind { .null(TypeID.int4Array) }
    /// Reads an array of integers without NULLs.
    public static func postgresArray(from cell: PostgresCell) throws -> [Int32] { try numbers(in: cell) }
}

extension Int64: PostgresArrayElement {
    /// A `bigint[]`.
    public static func postgresBind(of array: [Int64]) -> PostgresBind {
        .text(TypeID.int8Array, arrayLiteral(array.map(String.init)))
    }
    /// NULL as a `bigint[]`.
    public static var postgresNullArray: PostgresBind { .null(TypeID.int8Array) }
    /// Reads an array of integers without NULLs.
    public static func postgresArray(from cell: PostgresCell) throws -> [Int64] { try numbers(in: cell) }
}

extension String: PostgresArrayElement {
    /// An array whose type is left to the server: `text[]`, or of an enumeration.
    public static func postgresBind(of array: [String]) -> PostgresBind {
        .text(TypeID.inferred, arrayLiteral(array.map(quoted)))
    }
    /// NULL, its type left to the server.
    public static var postgresNullArray: PostgresBind { .null(TypeID.inferred) }
    /// Reads an array without NULLs, of any type.
    public static func postgresArray(from cell: PostgresCell) throws -> [String] {
        try arrayElements(in: cell).map { element in
            guard let element else { throw cell.mismatch([String].self) }
            return element
        }
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}

private func arrayLiteral(_ elements: [String]) -> String {
    "{" + elements.joined(separator: ",") + "}"
}

private func numbers<Number: FixedWidthInteger>(in cell: PostgresCell) throws -> [Number] {
    try arrayElements(in: cell).map { element in
        guard let number = element.flatMap({ Number($0) }) else { throw cell.mismatch([Number].self) }
        return number
    }
}

/// The elements of a one-dimensional array in its text form (PostgreSQL manual, 8.15.6); `nil` is NULL.
private func arrayElements(in cell: PostgresCell) throws -> [String?] {
    let text = try cell.bytes()
    guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") else { throw cell.mismatch([String].self) }
    var elements: [String?] = []
    var index = 1
    let end = text.count - 1
    while index < end {
        var element: [UInt8] = []
        let isQuoted = text[index] == UInt8(ascii: "\"")
        if isQuoted {
            index += 1
            while index < end, text[index] != UInt8(ascii: "\"") {
                if text[index] == UInt8(ascii: "\\") { index += 1 }
                element.append(text[index])
                index += 1
            }
            index += 1
        } else {
            while index < end, text[index] != UInt8(ascii: ",") {
                if text[index] == UInt8(ascii: "{") { throw cell.mismatch([String].self) }
                element.append(text[index])
                index += 1
            }
        }
        let string = String(decoding: element, as: UTF8.self)
        elements.append(!isQuoted && string == "NULL" ? nil : string)
        index += 1  // the comma
    }
    return elements
}
