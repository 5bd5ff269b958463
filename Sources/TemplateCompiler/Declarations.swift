/// What a comment can declare.
enum Declaration: Equatable {
    case view(StructDeclaration)
    case type(StructDeclaration)
    case imports(String)

    var structure: StructDeclaration? {
        switch self {
        case .view(let declaration), .type(let declaration): declaration
        case .imports: nil
        }
    }
}

struct StructDeclaration: Equatable {
    var name: String
    var fields: [Field]
    var location: Location

    struct Field: Equatable {
        var name: String
        var type: ValueType
        /// Swift, as it was written after `=`.
        var defaultValue: String?
        var location: Location
    }
}

/// A type as far as templates care.
indirect enum ValueType: Equatable, CustomStringConvertible {
    case named(String)
    case array(ValueType)
    case optional(ValueType)

    var description: String {
        switch self {
        case .named(let name): name
        case .array(let element): "[\(element)]"
        case .optional(let wrapped): "\(wrapped)?"
        }
    }
}

/// Reads `view Name { field: Type = default, … }`, `type Name { … }` and `import Module` out of a comment.
/// A comment that begins with none of these words is only a comment.
struct DeclarationParser {
    private var rest: Substring
    private var location: Location

    static func declarations(in comment: Token) throws(Diagnostic) -> [Declaration] {
        var start = comment.location
        start.column += 3  // after {{!
        var parser = DeclarationParser(rest: comment.content[...], location: start)
        parser.skipBlank()
        guard ["view", "type", "import"].contains(String(parser.rest.prefix { !$0.isWhitespace })) else { return [] }
        var declarations: [Declaration] = []
        while !parser.rest.isEmpty {
            declarations.append(try parser.declaration())
            parser.skipBlank()
        }
        return declarations
    }

    private mutating func declaration() throws(Diagnostic) -> Declaration {
        let place = location
        let word = try identifier("view, type or import")
        skipBlank()
        switch word {
        case "view": return .view(try structure())
        case "type": return .type(try structure())
        case "import": return .imports(try identifier("the name of a module"))
        default: throw Diagnostic(location: place, message: "expected view, type or import, not '\(word)'")
        }
    }

    private mutating func structure() throws(Diagnostic) -> StructDeclaration {
        let place = location
        let name = try identifier("a type's name")
        guard name.first?.isUppercase == true else {
            throw Diagnostic(location: place, message: "a type's name begins with a capital, unlike '\(name)'")
        }
        skipBlank()
        try expect("{")
        var fields: [StructDeclaration.Field] = []
        skipSeparators()
        while !take("}") {
            let field = try field()
            if fields.contains(where: { $0.name == field.name }) {
                throw Diagnostic(location: field.location, message: "'\(field.name)' is already declared")
            }
            fields.append(field)
            skipSeparators()
        }
        return StructDeclaration(name: name, fields: fields, location: place)
    }

    private mutating func field() throws(Diagnostic) -> StructDeclaration.Field {
        let place = location
        let name = try identifier("a field's name or }")
        skipBlank()
        try expect(":")
        skipBlank()
        let type = try type()
        skipSpaces()
        return .init(name: name, type: type, defaultValue: take("=") ? try defaultValue() : nil, location: place)
    }

    private mutating func type() throws(Diagnostic) -> ValueType {
        var type: ValueType
        if take("[") {
            type = .array(try self.type())
            try expect("]")
        } else {
            var name = try identifier("a type")
            while take(".") { name += "." + (try identifier("a type")) }
            type = .named(name)
        }
        while take("?") { type = .optional(type) }
        return type
    }

    /// Up to the end of the line, or a comma, a closing brace or a comment outside of quotes and brackets.
    private mutating func defaultValue() throws(Diagnostic) -> String {
        let place = location
        var value = ""
        var depth = 0
        var quoted = false
        while let next = rest.first, !next.isNewline {
            if next == "\"" { quoted.toggle() }
            if !quoted {
                if depth == 0, next == "," || next == "}" || rest.hasPrefix("//") { break }
                if "([{".contains(next) { depth += 1 }
                if ")]}".contains(next) { depth -= 1 }
            }
            value.append(next)
            advance()
        }
        guard !value.trimmed.isEmpty else { throw Diagnostic(location: place, message: "expected a default value") }
        return value.trimmed
    }

    private mutating func identifier(_ expected: String) throws(Diagnostic) -> String {
        let name = String(rest.prefix { String($0).isIdentifier || $0.isNumber })
        guard name.isIdentifier else {
            throw Diagnostic(location: location, message: "expected \(expected)\(found)")
        }
        for _ in name { advance() }
        return name
    }

    private mutating func expect(_ character: Character) throws(Diagnostic) {
        guard take(character) else { throw Diagnostic(location: location, message: "expected '\(character)'\(found)") }
    }

    private var found: String { rest.first.map { ", found '\($0)'" } ?? " before the end of the comment" }

    private mutating func take(_ character: Character) -> Bool {
        guard rest.first == character else { return false }
        advance()
        return true
    }

    private mutating func skipSeparators() {
        skipBlank()
        while take(",") { skipBlank() }
    }

    /// White space, and comments from // to the end of the line.
    private mutating func skipBlank() {
        while let next = rest.first {
            if rest.hasPrefix("//") {
                while let next = rest.first, !next.isNewline { advance() }
            } else if next.isWhitespace {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func skipSpaces() {
        while rest.first == " " || rest.first == "\t" { advance() }
    }

    private mutating func advance() {
        let next = rest.removeFirst()
        if next.isNewline {
            location.line += 1
            location.column = 1
        } else {
            location.column += next.utf8.count
        }
    }
}
