import CPostgres

/// The rows of a result.
public struct Rows: RandomAccessCollection, Sendable {
    private let result: QueryResult

    init(_ result: QueryResult) {
        self.result = result
    }

    /// Zero.
    public var startIndex: Int { 0 }
    /// How many there are.
    public var endIndex: Int { result.rowCount }

    /// A row by its number.
    public subscript(position: Int) -> Row {
        precondition(indices.contains(position), "no such row")
        return Row(result: result, number: position)
    }
}

/// A row of a result.
public struct Row: Sendable {
    fileprivate let result: QueryResult
    fileprivate let number: Int

    /// The value of a column. NULL needs an optional type; text that is not of the type throws.
    public func get<Value: PostgresDecodable>(_ column: String, as: Value.Type = Value.self) throws -> Value {
        try Value(from: result.cell(row: number, column: column))
    }

    /// The value of a column by its raw value.
    @_disfavoredOverload
    public func get<Value: RawRepresentable>(_ column: String, as: Value.Type = Value.self) throws -> Value
    where Value.RawValue: PostgresDecodable {
        let cell = try result.cell(row: number, column: column)
        guard let value = Value(rawValue: try Value.RawValue(from: cell)) else { throw cell.mismatch(Value.self) }
        return value
    }

    /// The value of a column by its raw value; NULL is `nil`.
    @_disfavoredOverload
    public func get<Value: RawRepresentable>(_ column: String, as: Value?.Type = Value?.self) throws -> Value?
    where Value.RawValue: PostgresDecodable {
        let cell = try result.cell(row: number, column: column)
        if cell.isNull { return nil }
        guard let value = Value(rawValue: try Value.RawValue(from: cell)) else { throw cell.mismatch(Value.self) }
        return value
    }

    /// The values of an array column by their raw values.
    @_disfavoredOverload
    public func get<Value: RawRepresentable>(_ column: String, as: [Value].Type = [Value].self) throws -> [Value]
    where Value.RawValue: PostgresArrayElement {
        let cell = try result.cell(row: number, column: column)
        return try [Value.RawValue](from: cell).map { rawValue in
            guard let value = Value(rawValue: rawValue) else { throw cell.mismatch(Value.self) }
            return value
        }
    }
}

/// A `PGresult`, cleared when nobody has it any more.
final class QueryResult: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let columns: [String: Int32]
    let rowCount: Int

    /// Takes the result over.
    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
        rowCount = Int(PQntuples(pointer))
        guard rowCount > 0 else {
            columns = [:]
            return
        }
        let names = (0..<PQnfields(pointer)).map { (String(cString: PQfname(pointer, $0)), $0) }
        columns = Dictionary(names) { first, _ in first }
    }

    deinit { PQclear(pointer) }

    var status: ExecStatusType { PQresultStatus(pointer) }

    /// How many rows the statement changed.
    var affected: Int { Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    /// What the server says that it did: `COMMIT`, `INSERT 0 1`.
    var commandTag: String { String(cString: PQcmdStatus(pointer)) }

    var message: String { String(cString: PQresultErrorMessage(pointer)).trimmingNewlines }

    /// A field of an error by its code (`PG_DIAG_…`).
    func errorField(_ code: UInt8) -> String? {
        PQresultErrorField(pointer, Int32(code)).map { String(cString: $0) }
    }

    /// The code of an error (PostgreSQL manual, appendix A).
    var sqlState: String? { errorField(UInt8(ascii: "C")) }

    /// Whether something was to be written where it cannot be (read_only_sql_transaction).
    var isReadOnlyRefusal: Bool { sqlState == "25006" }

    func cell(row: Int, column: String) throws -> PostgresCell {
        guard let number = columns[column] else {
            throw PostgresError(.misuse("the result has no column \"\(column)\""))
        }
        if PQgetisnull(pointer, Int32(row), number) == 1 { return PostgresCell(column: column, text: nil) }
        let length = Int(PQgetlength(pointer, Int32(row), number))
        // libpq always ends a value with a zero byte, so there is an address even for an empty one.
        let text = PQgetvalue(pointer, Int32(row), number).withMemoryRebound(to: UInt8.self, capacity: length) {
            UnsafeBufferPointer(start: $0, count: length)
        }
        return PostgresCell(column: column, text: text)
    }
}

extension String {
    var trimmingNewlines: String {
        String(self[...(lastIndex { !$0.isNewline } ?? startIndex)])
    }
}
