import FoundationEssentials

/// One value of a result, in its text form. Valid only while it is decoded.
public struct PostgresCell {
    /// The name of the column, for errors.
    public let column: String
    private let text: UnsafeBufferPointer<UInt8>?

    init(column: String, text: UnsafeBufferPointer<UInt8>?) {
        self.column = column
        self.text = text
    }

    /// Whether it is NULL.
    public var isNull: Bool { text == nil }

    /// The text; throws if it is NULL.
    public func bytes() throws -> UnsafeBufferPointer<UInt8> {
        guard let text else {
            throw PostgresError(.misuse("column \"\(column)\" is NULL, and is read as a type without NULL"))
        }
        return text
    }

    /// The text as a string; throws if it is NULL.
    public func string() throws -> String {
        String(decoding: try bytes(), as: UTF8.self)
    }

    /// The error for a value that is not of the type asked for. It does not contain the value.
    public func mismatch(_ type: Any.Type) -> PostgresError {
        PostgresError(.misuse("column \"\(column)\" cannot be read as \(type)"))
    }
}

/// A type that can be read from a row.
public protocol PostgresDecodable {
    /// Reads the value.
    init(from cell: PostgresCell) throws
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    /// Reads the value; NULL is `nil`.
    public init(from cell: PostgresCell) throws {
        self = cell.isNull ? nil : try Wrapped(from: cell)
    }
}

extension Bool: PostgresDecodable {
    /// Reads a `boolean`.
    public init(from cell: PostgresCell) throws {
        switch try cell.bytes().first {
        case UInt8(ascii: "t"): self = true
        case UInt8(ascii: "f"): self = false
        default: throw cell.mismatch(Bool.self)
        }
    }
}

extension Int: PostgresDecodable {
    /// Reads an integer of any width, or a `numeric` without fraction.
    public init(from cell: PostgresCell) throws { self = try integer(in: cell) }
}

extension Int32: PostgresDecodable {
    /// Reads an integer of any width.
    public init(from cell: PostgresCell) throws { self = try integer(in: cell) }
}

extension Int64: PostgresDecodable {
    /// Reads an integer of any width.
    public init(from cell: PostgresCell) throws { self = try integer(in: cell) }
}

private func integer<Number: FixedWidthInteger>(in cell: PostgresCell) throws -> Number {
    guard let number = Number(try cell.string()) else { throw cell.mismatch(Number.self) }
    return number
}

extension Double: PostgresDecodable {
    /// Reads a `double precision`, `numeric` or integer.
    public init(from cell: PostgresCell) throws {
        guard let number = Double(try cell.string()) else { throw cell.mismatch(Double.self) }
        self = number
    }
}

extension String: PostgresDecodable {
    /// Reads the text form of any type.
    public init(from cell: PostgresCell) throws { self = try cell.string() }
}

extension JSON: PostgresDecodable where Value: Decodable {
    /// Reads a `jsonb` or `json`.
    public init(from cell: PostgresCell) throws {
        let data = Data(try cell.bytes())
        do {
            self.init(try JSONDecoder().decode(Value.self, from: data))
        } catch {
            throw cell.mismatch(Value.self)
        }
    }
}
