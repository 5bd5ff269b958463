/// The names a place in a template can use: one frame for the view, one more for each section around the place.
struct Scope {
    struct Frame {
        /// The Swift that denotes the value.
        var expression: String
        var type: ValueType
        /// The name by which the section was opened, which then means the value in it: {{#note}}{{note}}{{/note}}.
        var alias: [String] = []
    }

    struct Value {
        var expression: String
        var type: ValueType
        /// The frame's own expression, so that a variable that nothing uses is not declared.
        var root: String
    }

    let structures: [String: StructDeclaration]
    var frames: [Frame]

    func resolve(_ name: Name) throws(Unresolved) -> Value {
        guard let innermost = frames.last else { throw Unresolved("there is no view here to take '\(name)' from") }
        if name.parts.isEmpty {
            return Value(expression: innermost.expression, type: innermost.type, root: innermost.expression)
        }
        for frame in frames.reversed() {
            let value = Value(expression: frame.expression, type: frame.type, root: frame.expression)
            if !frame.alias.isEmpty, name.parts.starts(with: frame.alias) {
                return try members(name.parts.dropFirst(frame.alias.count), of: value, in: name)
            }
            if fields(of: frame.type)?.contains(where: { $0.name == name.parts[0] }) == true {
                return try members(name.parts[...], of: value, in: name)
            }
        }
        let known = frames.reversed().flatMap { fields(of: $0.type) ?? [] }.map(\.name).joined(separator: ", ")
        throw Unresolved("unknown name '\(name.parts[0])'; here there is \(known.isEmpty ? "none" : known)")
    }

    /// The innermost value of a declared type.
    func innermost(_ structure: String) -> String? {
        frames.last { $0.type == .named(structure) }?.expression
    }

    private func members(_ parts: ArraySlice<String>, of value: Value, in name: Name) throws(Unresolved) -> Value {
        var value = value
        for part in parts {
            value.type = try member(part, of: value.type, in: name)
            value.expression += ".`\(part)`"
        }
        return value
    }

    private func member(_ part: String, of type: ValueType, in name: Name) throws(Unresolved) -> ValueType {
        switch (type, part) {
        case (.array, "isEmpty"), (.named("String"), "isEmpty"): return .named("Bool")
        case (.array, "count"): return .named("Int")
        case (.optional, _):
            throw Unresolved("'\(part)' in '\(name)' is a member of an optional: open that with {{#…}} first")
        case (.array, _), (.named, _):
            guard let fields = fields(of: type) else { throw Unresolved("\(type) has no '\(part)' that is declared") }
            guard let field = fields.first(where: { $0.name == part }) else {
                let known = fields.map(\.name).joined(separator: ", ")
                throw Unresolved("\(type) has no '\(part)'; it has \(known)")
            }
            return field.type
        }
    }

    private func fields(of type: ValueType) -> [StructDeclaration.Field]? {
        guard case .named(let name) = type else { return nil }
        return structures[name]?.fields
    }
}

/// Why a name means nothing where it is used.
struct Unresolved: Error {
    var message: String

    init(_ message: String) { self.message = message }
}
