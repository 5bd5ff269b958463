import FoundationEssentials

/// What providers say: which claims there are, and of what kind, is up to them.
enum JSON: Decodable, Sendable, Equatable {
    case string(String)
    case number(Double)
    case bool(Bool)
    case array([JSON])
    case object([String: JSON])
    case null

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // One of these fits; that the others do not is how it is found.
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    /// An object; `nil` if these bytes are none.
    static func object(in bytes: [UInt8]) -> [String: JSON]? {
        guard case .object(let members)? = try? JSONDecoder().decode(JSON.self, from: Data(bytes)) else { return nil }
        return members
    }

    var string: String? { if case .string(let value) = self { value } else { nil } }
    var number: Double? { if case .number(let value) = self { value } else { nil } }
    var array: [JSON]? { if case .array(let value) = self { value } else { nil } }

    /// One string, or several.
    var strings: [String] { string.map { [$0] } ?? (array ?? []).compactMap(\.string) }

    /// The value at `realm_access.roles`.
    static func value(at path: String, in members: [String: JSON]) -> JSON? {
        if let direct = members[path] { return direct }
        return path.split(separator: ".").reduce(JSON.object(members)) { value, name in
            if case .object(let members)? = value { members[String(name)] } else { nil }
        }
    }
}
