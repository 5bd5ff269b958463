/// A statement with its parameters. What is interpolated is bound, never part of the text:
///
///     "SELECT name FROM users WHERE id = \(id) AND status = ANY(\(statuses))"
///
/// A fragment interpolated into another keeps its parameters; fragments are joined with `+=`.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// The text around the parameters: always one more than these.
    private var texts: [String]
    /// The parameters, in order.
    private(set) var binds: [PostgresBind]

    /// A statement without parameters.
    public init(stringLiteral text: String) {
        texts = [text]
        binds = []
    }

    /// The statement that an interpolated string stands for.
    public init(stringInterpolation: StringInterpolation) {
        self = stringInterpolation.sql
    }

    /// A statement without parameters from trusted text, a file for instance; never from input.
    public init(raw text: String) {
        self.init(stringLiteral: text)
    }

    /// Appends a fragment with its parameters.
    public static func += (sql: inout SQL, fragment: SQL) {
        sql.texts[sql.texts.count - 1] += fragment.texts[0]
        sql.texts += fragment.texts.dropFirst()
        sql.binds += fragment.binds
    }

    /// Two fragments as one.
    public static func + (a: SQL, b: SQL) -> SQL {
        var joined = a
        joined += b
        return joined
    }

    /// The text as PostgreSQL takes it, with `$1`, `$2`, … in place of the parameters.
    public var text: String {
        guard texts.count > 1 else { return texts[0] }
        var text = texts[0]
        for (index, next) in texts.dropFirst().enumerated() {
            text += "$\(index + 1)"
            text += next
        }
        return text
    }

    fileprivate mutating func append(_ bind: PostgresBind) {
        binds.append(bind)
        texts.append("")
    }

    fileprivate mutating func append(text: String) {
        texts[texts.count - 1] += text
    }

    /// What stands in an interpolated string.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(stringLiteral: "")

        /// An empty one.
        public init(literalCapacity: Int, interpolationCount: Int) {}

        /// Text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            sql.append(text: literal)
        }

        /// A parameter.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) {
            sql.append(value.postgresBind)
        }

        /// A parameter, or NULL.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            sql.append(value.postgresBind)
        }

        /// A parameter by its raw value.
        @_disfavoredOverload
        public mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value)
        where Value.RawValue: PostgresEncodable {
            sql.append(value.rawValue.postgresBind)
        }

        /// A parameter by its raw value, or NULL.
        @_disfavoredOverload
        public mutating func appendInterpolation<Value: RawRepresentable>(_ value: Value?)
        where Value.RawValue: PostgresEncodable {
            sql.append((value?.rawValue).postgresBind)
        }

        /// An array parameter by the raw values.
        @_disfavoredOverload
        public mutating func appendInterpolation<Values: Sequence>(_ values: Values)
        where Values.Element: RawRepresentable, Values.Element.RawValue: PostgresArrayElement {
            sql.append(values.map(\.rawValue).postgresBind)
        }

        /// A fragment with its parameters.
        public mutating func appendInterpolation(_ fragment: SQL) {
            sql += fragment
        }

        /// Trusted text, the name of a column for instance; never input.
        public mutating func appendInterpolation(raw text: String) {
            sql.append(text: text)
        }
    }
}
