public import FoundationEssentials

/// A parameter as it goes to the server.
public struct PostgresBind: Sendable, Equatable {
    /// The type's object id in `pg_type`; zero lets the server infer it from the place in the statement.
    var type: UInt32
    /// Whether `bytes` are the type's binary form rather than its text.
    var isBinary: Bool
    /// The value; `nil` is NULL.
    var bytes: [UInt8]?

    static func binary(_ type: UInt32, _ value: some FixedWidthInteger) -> PostgresBind {
        PostgresBind(type: type, isBinary: true, bytes: withUnsafeBytes(of: value.bigEndian) { [UInt8]($0) })
    }

    static func text(_ type: UInt32, _ value: String) -> PostgresBind {
        PostgresBind(type: type, isBinary: false, bytes: [UInt8](value.utf8))
    }
}

/// Object ids of built-in types (`pg_type.dat`).
enum TypeID {
    static let inferred: UInt32 = 0
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let int8: UInt32 = 20
    static let int4: UInt32 = 23
    static let float8: UInt32 = 701
    static let int4Array: UInt32 = 1007
    static let int8Array: UInt32 = 1016
    static let timestamptz: UInt32 = 1184
    static let jsonb: UInt32 = 3802
}

/// A type whose values can be interpolated into `SQL`.
///
/// `String` leaves its type to the server, so that it fits text, enumerations, intervals and whatever else has a text
/// form; where nothing tells the type (`jsonb_build_object`, `unnest`), write `\(value)::text`.
public protocol PostgresEncodable {
    /// The value as a parameter.
    var postgresBind: PostgresBind { get }
    /// NULL as a parameter where a value of this type is expected.
    static var postgresNull: PostgresBind { get }
}

extension PostgresEncodable {
    /// NULL, its type left to the server.
    public static var postgresNull: PostgresBind {
        PostgresBind(type: TypeID.inferred, isBinary: false, bytes: nil)
    }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    /// The value, or NULL.
    public var postgresBind: PostgresBind { map(\.postgresBind) ?? Wrapped.postgresNull }
}

extension Bool: PostgresEncodable {
    /// A `boolean`.
    public var postgresBind: PostgresBind { .binary(TypeID.bool, self ? UInt8(1) : 0) }
    /// NULL as a `boolean`.
    public static var postgresNull: PostgresBind { .null(TypeID.bool) }
}

extension Int: PostgresEncodable {
    /// A `bigint`.
    public var postgresBind: PostgresBind { .binary(TypeID.int8, Int64(self)) }
    /// NULL as a `bigint`.
    public static var postgresNull: PostgresBind { .null(TypeID.int8) }
}

extension Int64: PostgresEncodable {
    /// A `bigint`.
    public var postgresBind: PostgresBind { .binary(TypeID.int8, self) }
    /// NULL as a `bigint`.
    public static var postgresNull: PostgresBind { .null(TypeID.int8) }
}

extension Int32: PostgresEncodable {
    /// An `integer`.
    public var postgresBind: PostgresBind { .binary(TypeID.int4, self) }
    /// NULL as an `integer`.
    public static var postgresNull: PostgresBind { .null(TypeID.int4) }
}

extension Double: PostgresEncodable {
    /// A `double precision`.
    public var postgresBind: PostgresBind { .binary(TypeID.float8, bitPattern) }
    /// NULL as a `double precision`.
    public static var postgresNull: PostgresBind { .null(TypeID.float8) }
}

extension String: PostgresEncodable {
    /// The text, its type left to the server.
    public var postgresBind: PostgresBind { .text(TypeID.inferred, self) }
}

extension Date: PostgresEncodable {
    /// A `timestamptz`, to the microsecond.
    public var postgresBind: PostgresBind {
        .binary(TypeID.timestamptz, Int64(exactlyOrClamped: microsecondsSincePostgresEpoch))
    }
    /// NULL as a `timestamptz`.
    public static var postgresNull: PostgresBind { .null(TypeID.timestamptz) }

    private var microsecondsSincePostgresEpoch: Double {
        ((timeIntervalSinceReferenceDate + Self.postgresEpochToReferenceDate) * 1_000_000).rounded()
    }

    /// PostgreSQL counts from 2000-01-01, Foundation from 2001-01-01.
    static let postgresEpochToReferenceDate = 366.0 * 86400
}

/// A value kept as `jsonb`.
public struct JSON<Value> {
    /// The value.
    public var value: Value

    /// Marks the value as one to be kept as `jsonb`.
    public init(_ value: Value) {
        self.value = value
    }
}

extension JSON: Sendable where Value: Sendable {}
extension JSON: Equatable where Value: Equatable {}

extension JSON: PostgresEncodable where Value: Encodable {
    /// A `jsonb`. A value that has no JSON (an infinite number) becomes invalid JSON, which the server refuses.
    public var postgresBind: PostgresBind {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = (try? encoder.encode(value)).map { [UInt8]($0) } ?? []  // refused by the server, as said
        return PostgresBind(type: TypeID.jsonb, isBinary: false, bytes: bytes)
    }
    /// NULL as a `jsonb`.
    public static var postgresNull: PostgresBind { .null(TypeID.jsonb) }
}

extension PostgresBind {
    static func null(_ type: UInt32) -> PostgresBind {
        PostgresBind(type: type, isBinary: false, bytes: nil)
    }
}

extension Int64 {
    fileprivate init(exactlyOrClamped value: Double) {
        self = Int64(exactly: value) ?? (value < 0 ? .min : .max)
    }
}
